// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QShortcut>

namespace slotscope {

/// A shortcut that works while the focus is in `page`, listed with `title` in the sheet of shortcuts.
template <typename Act>
QShortcut *addPageShortcut(QWidget *page, const QKeySequence &keys, const QString &title, Act act)
{
    auto *shortcut = new QShortcut(keys, page);
    shortcut->setWhatsThis(title);
    shortcut->setContext(Qt::WidgetWithChildrenShortcut);
    QObject::connect(shortcut, &QShortcut::activated, page, act);
    return shortcut;
}

/// Keys with the same meaning on all pages: run, stop or pause, the other half of the page, remove what is selected.
inline QKeySequence runKeys()
{
    return {Qt::CTRL | Qt::Key_Return};
}
inline QKeySequence pauseKeys()
{
    return {Qt::CTRL | Qt::Key_Period};
}
inline QKeySequence otherHalfKeys()
{
    return {Qt::CTRL | Qt::Key_B};
}
inline QKeySequence removeKeys()
{
    return {Qt::CTRL | Qt::Key_Delete};
}

} // namespace slotscope
