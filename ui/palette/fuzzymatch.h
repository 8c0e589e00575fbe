// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QStringView>

#include <optional>

namespace slotscope {

struct FuzzyMatch
{
    int score = 0; ///< higher is better
    QList<int> positions; ///< of the letters of the text that matched, rising
};

/// Every letter of the pattern occurs in the text in order, whatever the case; blanks in the pattern are passed over.
/// Starts of words, letters in a row and an early start score. Nothing where it does not match. An empty pattern
/// matches with score 0.
[[nodiscard]] std::optional<FuzzyMatch> fuzzyMatch(QStringView pattern, QStringView text);

} // namespace slotscope
