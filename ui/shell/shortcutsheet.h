// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QList>

namespace slotscope {

/// What keys do, as it is found in the window: each QShortcut tells by its whatsThis(), each QAction by its text. GUI
/// thread.
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

    /// The keys of a widget and what it holds, without those of `except` and what that holds. In the order of their
    /// making; those that say nothing are left out.
    [[nodiscard]] static QList<Key> keysOf(const QWidget *widget, const QWidget *except = nullptr);
    [[nodiscard]] QString text() const; ///< all of it, for tests and to copy
private:
    QList<Part> m_parts;
};

} // namespace slotscope
