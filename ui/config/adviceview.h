// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/advisor.h"

#include <QScrollArea>

class QVBoxLayout;

namespace slotscope {

class ConfigModel;
class PageContext;
class Theme;

/// Recommendations from the servers' guides, each with the reason, the nodes concerned and the command that applies it.
/// It does not read settings itself, but uses those of the model. GUI thread.
class AdviceView final : public QScrollArea
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AdviceView)
public:
    /// The model must outlive it.
    AdviceView(PageContext &context, ConfigModel &model, QWidget *parent = nullptr);
    [[nodiscard]] const std::vector<Advice> &advice() const { return m_advice; }
    [[nodiscard]] bool isFilled() const;

Q_SIGNALS:
    void settingChosen(const QByteArray &setting); ///< the setting shall be shown in the table
    void readingWanted(); ///< the view became visible, and the settings may be outdated

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
