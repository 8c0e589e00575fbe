// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <algorithm>
#include <utility>

namespace slotscope {

/// A position in the text of a reply, before a character.
struct ReplyPoint
{
    qint64 line = 0;
    int column = 0;
    friend auto operator<=>(const ReplyPoint &, const ReplyPoint &) = default;
};

/// Selected lines of one reply. Pure.
struct ReplySelection
{
    quint64 entry = 0; ///< 0: nothing is selected
    int view = 0; ///< the AnswerView to which the lines belong
    ReplyPoint anchor, end; ///< where the mouse was pressed, and where it is now

    [[nodiscard]] ReplyPoint first() const { return std::min(anchor, end); }
    [[nodiscard]] ReplyPoint last() const { return std::max(anchor, end); }
    [[nodiscard]] bool isEmpty() const { return entry == 0 || anchor == end; }
    /// Selected columns, from and to, in a line of `length` characters; equal values: none.
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
