// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <algorithm>
#include <utility>

namespace slotscope {

/// A place in the text of an answer: before the character.
struct ReplyPoint
{
    qint64 line = 0;
    int column = 0;
    friend auto operator<=>(const ReplyPoint &, const ReplyPoint &) = default;
};

/// What of one answer's lines is selected. Pure.
struct ReplySelection
{
    quint64 entry = 0; ///< 0: nothing
    int view = 0; ///< the AnswerView that its lines are of
    ReplyPoint anchor, end; ///< where the mouse was pressed, and where it is

    [[nodiscard]] ReplyPoint first() const { return std::min(anchor, end); }
    [[nodiscard]] ReplyPoint last() const { return std::max(anchor, end); }
    [[nodiscard]] bool isEmpty() const { return entry == 0 || anchor == end; }
    /// The columns of a line of `length` characters that are selected, from and to; equal ones: none.
    [[nodiscard]] std::pair<int, int> columnsOf(qint64 line, int length) const
    {
        if (isEmpty() || line < first().line || line > last().line)
            return {0, 0};
        const int from = line == first().line ? first().column : 0;
        const int to = line == last().line ? last().column : length;
        return {std::clamp(from, 0, length), std::clamp(to, 0, length)};
    }
};

} // namespace slotscope
