// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QList>
#include <QString>

namespace slotscope {

class Theme;

/// Where JSON in one line changes its colour: letters up to there, and what they are.
struct JsonRun
{
    enum class What : quint8 { Sign, Name, Text, Number, Word };
    int end = 0;
    What what = What::Sign;
};
[[nodiscard]] QList<JsonRun> jsonRuns(const QString &text);
[[nodiscard]] QColor jsonColour(JsonRun::What what, const Theme &theme);

} // namespace slotscope
