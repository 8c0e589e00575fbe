// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/text.h"
#include "core/base/tr.h"

namespace slotscope {

/// Cuts everything before the next `separator` (or to the end) off `rest` and returns it.
[[nodiscard]] inline QByteArrayView takeUntil(QByteArrayView &rest, char separator)
{
    const qsizetype end = rest.indexOf(separator);
    const QByteArrayView part = end < 0 ? rest : rest.first(end);
    rest = end < 0 ? QByteArrayView() : rest.sliced(end + 1);
    return part;
}

/// Cuts the next line off and returns it without its "
/// " or "\r
/// ".
[[nodiscard]] inline QByteArrayView takeLine(QByteArrayView &rest)
{
    QByteArrayView line = takeUntil(rest, '\n');
    if (line.endsWith('\r'))
        line.chop(1);
    return line;
}

/// Returns an Error::Parse with what is wrong (QT_TRANSLATE_NOOP in the context "slotscope") and the offending text,
/// shortened if it is long.
[[nodiscard]] inline Error parseError(const char *what, QByteArrayView offending)
{
    constexpr qsizetype shown = 120;
    QString text = toDisplay(offending.first(std::min(offending.size(), shown)));
    if (text.size() > shown || offending.size() > shown)
        text = text.left(shown) + QChar(0x2026);
    return failure(Error::Code::Parse, QStringLiteral("%1: %2").arg(tr(what), text)).value();
}

[[nodiscard]] inline QString latin(QByteArrayView text)
{
    return QString::fromLatin1(text.data(), text.size());
}

} // namespace slotscope
