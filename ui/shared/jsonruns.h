// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QList>
#include <QString>

namespace slotscope {

class Theme;

/// Part of a one-line JSON text with one colour: its end, and its kind.
struct JsonRun
{
    enum class What : quint8 { Sign, Name, Text, Number, Word };
    int end = 0;
    What what = What::Sign;
};
[[nodiscard]] QList<JsonRun> jsonRuns(const QString &text);
[[nodiscard]] QColor jsonColour(JsonRun::What what, const Theme &theme);

} // namespace slotscope
