// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

class QImage;
class QWidget;

namespace slotscope {

/// Asks for a file and writes to it; a failure is told to the user. `suffix` without the dot.
void saveBytes(QWidget *parent, const QString &proposedName, const QString &suffix, const QByteArray &bytes);
void saveImage(QWidget *parent, const QString &proposedName, const QImage &image);

} // namespace slotscope
