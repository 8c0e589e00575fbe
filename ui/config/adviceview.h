// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/advisor.h"

#include <QScrollArea>

class QVBoxLayout;

namespace slotscope {

class ConfigModel;
class PageContext;
class Theme;

/// What the servers' guides would have set otherwise, each with why, where and the command that mends it. It reads
/// nothing by itself: it looks at what the settings are. GUI thread.
class AdviceView final : public QScrollArea
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AdviceView)
public:
    /// The model outlives it.
    AdviceView(PageContext &context, ConfigModel &model, QWidget *parent = nullptr);
    [[nodiscard]] const std::vector<Advice> &advice() const { return m_advice; }
    [[nodiscard]] bool isFilled() const;

Q_SIGNALS:
    void settingChosen(const QByteArray &setting); ///< it is to be shown in the table
    void readingWanted(); ///< it is shown, and the settings may be old

protected:
    void showEvent(QShowEvent *event) override;

private:
    void update();
    void addCard(const Advice &advice);
    void addNotSeen();

    PageContext &m_context;
    ConfigModel &m_model;
    std::vector<Advice> m_advice;
    QWidget *m_content = nullptr;
    QVBoxLayout *m_layout = nullptr;
};

} // namespace slotscope
