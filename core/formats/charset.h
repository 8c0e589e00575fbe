// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArrayView>
#include <QString>

namespace slotscope {

[[nodiscard]] bool knowsCharset(const QString &charset);
/// Names for a menu: "utf-8", "utf-16-le", ….
[[nodiscard]] QStringList knownCharsets();

/// Converts valid UTF-8. Unlike QString::fromUtf8, keeps U+FEFF at the start, which is a character here.
[[nodiscard]] QString utf8Text(QByteArrayView utf8);

struct CharsetText
{
    QString text; ///< without byte order mark
    QByteArray mark; ///< the byte order mark, if there was one
    qsizetype badAt = -1; ///< position of the first byte that is invalid in this charset; `text` ends there
};
[[nodiscard]] CharsetText fromCharset(QByteArrayView bytes, const QString &charset);
/// Fails if the charset lacks a character.
[[nodiscard]] Result<QByteArray> toCharset(const QString &text, const QString &charset);

} // namespace slotscope
