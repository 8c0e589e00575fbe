// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QList>

namespace slotscope {

/// List of the window's shortcuts, collected from it: each QShortcut is described by its whatsThis(), each QAction by
/// its text. GUI thread.
class ShortcutSheet final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ShortcutSheet)
public:
    struct Key
    {
        QString keys, act;
        friend bool operator==(const Key &, const Key &) = default;
    };
    struct Part
    {
        QString title;
        QList<Key> keys;
    };
    explicit ShortcutSheet(const QList<Part> &parts, QWidget *parent = nullptr);

    /// Shortcuts of a widget and its children, except those in `except`. In order of creation; shortcuts without a
    /// description are left out.
    [[nodiscard]] static QList<Key> keysOf(const QWidget *widget, const QWidget *except = nullptr);
    [[nodiscard]] QString text() const; ///< all text, for tests and for copying
private:
    QList<Part> m_parts;
};

} // namespace slotscope
