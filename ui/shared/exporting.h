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

/// A word on what the user just did, in the line of the window that `from` belongs to; nowhere where it has none.
void tellBriefly(QWidget *from, const QString &text);
/// Asks for a file and writes to it; that it was written, or why not, is told. `suffix` without the dot.
void saveBytes(QWidget *parent, const QString &proposedName, const QString &suffix, const QByteArray &bytes);
/// The same where the bytes take time to be made: once a file was chosen, on another thread.
void saveMade(QWidget *parent, const QString &proposedName, const QString &suffix, std::function<QByteArray()> make);
void saveImage(QWidget *parent, const QString &proposedName, const QImage &image);
/// The "Export" button of a page; its menu is filled anew each time it is opened.
[[nodiscard]] QPushButton *exportButton(const Theme &theme, QWidget *parent, std::function<void(QMenu *)> fill);

/// Opens a folder of ours in the system's file manager; made where it is missing. False where that fails.
[[nodiscard]] bool openOwnFolder(const QString &folder);

} // namespace slotscope
