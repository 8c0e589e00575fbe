// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/protocol/value.h"

#include <QStringList>

#include <memory>
#include <vector>

namespace slotscope {

/// One cell of the table that compares the nodes' answers.
struct BroadcastCell
{
    QString text;
    bool differs = false; ///< differs from the most frequent text
    bool isMissing = false; ///< the node's answer lacks this row, or the node has not answered
};
struct BroadcastRow
{
    QString label;
    std::vector<BroadcastCell> cells; ///< in the order of the nodes
    bool differs = false;
};
/// A range of rows of a BroadcastTable.
struct BroadcastRows
{
    int first = 0;
    std::vector<BroadcastRow> rows;
    int count = 0; ///< number of rows, after filtering
    int differing = 0; ///< number of rows that differ, in the whole table
    int compared = 0; ///< number of rows in the whole table
    bool isCut = false; ///< an answer has more rows than can be compared
};

/// Compares the answers of several nodes to one command row by row: one row per setting or field, else per item. Pure.
class BroadcastTable final
{
public:
    static constexpr int mostRows = 5000;

    /// An answer is null if the node has not answered, or failed.
    explicit BroadcastTable(const std::vector<std::shared_ptr<const Value>> &answers);
    [[nodiscard]] BroadcastRows rows(bool onlyDifferences, int first, int most) const;

private:
    std::vector<BroadcastRow> m_rows;
    int m_differing = 0;
    bool m_isCut = false;
};

} // namespace slotscope
