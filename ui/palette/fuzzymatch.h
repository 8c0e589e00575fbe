// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QStringView>

#include <optional>

namespace slotscope {

struct FuzzyMatch
{
    int score = 0; ///< higher is better
    QList<int> positions; ///< ascending positions of the matched characters in the text
};

/// All characters of the pattern must occur in the text in this order; case and spaces in the pattern are ignored. Word
/// starts, adjacent characters and an early start increase the score. Returns nothing if the text does not match. An
/// empty pattern matches with score 0.
[[nodiscard]] std::optional<FuzzyMatch> fuzzyMatch(QStringView pattern, QStringView text);

} // namespace slotscope
