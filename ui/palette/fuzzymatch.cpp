// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/palette/fuzzymatch.h"

#include <limits>
#include <vector>

namespace slotscope {
namespace {

constexpr int hit = 10;
constexpr int inARow = 12;
constexpr int wordStart = 16;
constexpr int textStart = 6;
constexpr int sameCase = 1;
constexpr int gapLetter = -1;
constexpr int none = std::numeric_limits<int>::min() / 2;
constexpr qsizetype maximum = 256; // limits the table, whose size is the product of both lengths

bool startsWord(QStringView text, qsizetype at)
{
    if (at == 0)
        return true;
    const QChar before = text.at(at - 1), here = text.at(at);
    return !before.isLetterOrNumber() || (before.isLower() && here.isUpper()) || (before.isLetter() && here.isDigit());
}

int worth(QStringView text, qsizetype at, QChar wanted)
{
    return hit + (startsWord(text, at) ? wordStart : 0) + (at == 0 ? textStart : 0)
        + (text.at(at) == wanted ? sameCase : 0);
}

} // namespace

std::optional<FuzzyMatch> fuzzyMatch(QStringView pattern, QStringView text)
{
    QString wanted;
    for (const QChar c : pattern) {
        if (!c.isSpace())
            wanted += c;
    }
    const auto n = size_t(wanted.size()), m = size_t(std::min(text.size(), maximum));
    if (n == 0)
        return FuzzyMatch();
    if (n > m)
        return std::nullopt;
    // best[i * m + j]: score of the first i + 1 characters with character i at position j; from: position of character
    // i - 1
    std::vector<int> best(n * m, none), from(n * m, -1);
    for (size_t i = 0; i < n; ++i) {
        const QChar letter = wanted.at(qsizetype(i));
        int carried = none, carriedFrom = -1; // best score of the preceding characters, minus the gap since
        for (size_t j = 0; j < m; ++j) {
            if (i > 0 && j > 0) {
                carried += carried > none ? gapLetter : 0;
                const int row = best[(i - 1) * m + j - 1];
                const int inRow = row > none ? row + inARow : none;
                if (text.at(qsizetype(j)).toCaseFolded() == letter.toCaseFolded() && std::max(carried, inRow) > none) {
                    const bool joined = inRow >= carried;
                    best[i * m + j] = std::max(carried, inRow) + worth(text, qsizetype(j), letter);
                    from[i * m + j] = joined ? int(j - 1) : carriedFrom;
                }
                if (row > carried) {
                    carried = row;
                    carriedFrom = int(j - 1);
                }
            } else if (i == 0 && text.at(qsizetype(j)).toCaseFolded() == letter.toCaseFolded()) {
                best[j] = worth(text, qsizetype(j), letter) + gapLetter * int(std::min<size_t>(j, 12));
            }
        }
    }
    const auto last = best.cbegin() + qsizetype((n - 1) * m);
    const auto top = std::max_element(last, best.cend());
    if (*top == none)
        return std::nullopt;
    FuzzyMatch match{.score = *top, .positions = {}};
    int at = int(top - last);
    for (size_t i = n; i-- > 0; at = from[i * m + size_t(at)])
        match.positions.prepend(at);
    return match;
}

} // namespace slotscope
