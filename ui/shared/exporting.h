// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <functional>

class QImage;
class QMenu;
class QPushButton;
class QWidget;

namespace slotscope {

class Theme;

/// Shows a short message about the user's last action in the status line of the window to which `from` belongs; does
/// nothing if that has none.
void tellBriefly(QWidget *from, const QString &text);
/// Asks for a file, writes it, and shows the result. `suffix` has no dot.
void saveBytes(QWidget *parent, const QString &proposedName, const QString &suffix, const QByteArray &bytes);
/// Asks for a file and writes bytes that take time to make: they are made in another thread after the file was chosen.
void saveMade(QWidget *parent, const QString &proposedName, const QString &suffix, std::function<QByteArray()> make);
void saveImage(QWidget *parent, const QString &proposedName, const QImage &image);
/// The "Export" button of a page; its menu is filled each time it is opened.
[[nodiscard]] QPushButton *exportButton(const Theme &theme, QWidget *parent, std::function<void(QMenu *)> fill);

/// Opens a folder of Slotscope in the system's file manager, and creates it if needed. Returns false on failure.
[[nodiscard]] bool openOwnFolder(const QString &folder);

} // namespace slotscope
