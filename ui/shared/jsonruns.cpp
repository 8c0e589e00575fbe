// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/jsonruns.h"

#include "ui/shared/theme.h"

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

QList<JsonRun> jsonRuns(const QString &text)
{
    QList<JsonRun> runs;
    const int size = int(text.size());
    for (int i = 0; i < size;) {
        const QChar c = text[i];
        int end = i + 1;
        auto what = JsonRun::What::Sign;
        if (c == u'"') {
            while (end < size && text[end] != u'"')
                end += text[end] == u'\\' ? 2 : 1;
            end = std::min(size, end + 1);
            int after = end;
            while (after < size && text[after].isSpace())
                ++after;
            what = after < size && text[after] == u':' ? JsonRun::What::Name : JsonRun::What::Text;
        } else if (c.isDigit() || c == u'-') {
            while (end < size && (text[end].isLetterOrNumber() || u"+-."_s.contains(text[end])))
                ++end;
            what = JsonRun::What::Number;
        } else if (c.isLetter()) {
            while (end < size && text[end].isLetter())
                ++end;
            what = JsonRun::What::Word;
        }
        if (!runs.isEmpty() && runs.back().what == what && what == JsonRun::What::Sign)
            runs.back().end = end;
        else
            runs.append({end, what});
        i = end;
    }
    return runs;
}

QColor jsonColour(JsonRun::What what, const Theme &theme)
{
    const ThemeTokens &tokens = theme.tokens();
    switch (what) {
    case JsonRun::What::Sign: return tokens.muted;
    case JsonRun::What::Name: return tokens.accent;
    case JsonRun::What::Text: return tokens.ok;
    case JsonRun::What::Number: return tokens.warn;
    case JsonRun::What::Word: return QColor(theme.isDark() ? 0xa698f0 : 0x5945c6);
    }
    return tokens.text;
}

} // namespace slotscope
