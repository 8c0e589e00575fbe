// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScrollArea>
#include <QSet>

class QButtonGroup;
class QToolButton;

namespace slotscope {

class Theme;
struct PageInfo;

/// The narrow list of pages on the left, in groups; Up and Down move through it.
class Rail final : public QScrollArea
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Rail)
public:
    explicit Rail(const Theme &theme, QWidget *parent = nullptr);
    void setCurrent(const QString &id);
    void setBusy(const QSet<QString> &pages); ///< pages that get a dot, because a task is running there
    void retranslate(); ///< updates the texts in the current language

Q_SIGNALS:
    void pageChosen(const QString &id);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    [[nodiscard]] QToolButton *makeButton(const PageInfo &info, const Theme &theme, QWidget *parent);

    QButtonGroup *m_group;
};

} // namespace slotscope
