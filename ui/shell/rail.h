// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QButtonGroup;

namespace slotscope {

class Theme;

/// The slim list of pages at the left; Up and Down walk through it.
class Rail final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Rail)
public:
    explicit Rail(const Theme &theme, QWidget *parent = nullptr);
    void setCurrent(const QString &id);

Q_SIGNALS:
    void pageChosen(const QString &id);

private:
    QButtonGroup *m_group;
};

} // namespace slotscope
