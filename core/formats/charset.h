// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArrayView>
#include <QString>

namespace slotscope {

[[nodiscard]] bool knowsCharset(const QString &charset);
/// "utf-8", "utf-16-le", …: for a menu.
[[nodiscard]] QStringList knownCharsets();

/// Valid UTF-8 as text. QString::fromUtf8 drops U+FEFF at the beginning, which is a character here.
[[nodiscard]] QString utf8Text(QByteArrayView utf8);

struct CharsetText
{
    QString text; ///< without a byte order mark
    QByteArray mark; ///< the byte order mark that stood there
    qsizetype badAt = -1; ///< first byte that is no text in this charset; text goes up to it
};
[[nodiscard]] CharsetText fromCharset(QByteArrayView bytes, const QString &charset);
/// Fails where the charset lacks a character.
[[nodiscard]] Result<QByteArray> toCharset(const QString &text, const QString &charset);

} // namespace slotscope
