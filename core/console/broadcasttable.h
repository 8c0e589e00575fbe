// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/protocol/value.h"

#include <QStringList>

#include <memory>
#include <vector>

namespace slotscope {

/// One cell of the answers side by side.
struct BroadcastCell
{
    QString text;
    bool differs = false; ///< from what most nodes say
    bool isMissing = false; ///< this node does not have that row, or has not answered
};
struct BroadcastRow
{
    QString label;
    std::vector<BroadcastCell> cells; ///< in the order of the nodes
    bool differs = false;
};
/// Rows of a BroadcastTable.
struct BroadcastRows
{
    int first = 0;
    std::vector<BroadcastRow> rows;
    int count = 0; ///< rows in all
    int differing = 0; ///< of all
    int compared = 0; ///< rows whether shown or not
    bool isCut = false; ///< an answer has more than could be compared
};

/// What several nodes said to one command, row by row: a setting or field a row, else an item a row. Pure.
class BroadcastTable final
{
public:
    static constexpr int mostRows = 5000;

    /// Null where a node has not answered, or failed.
    explicit BroadcastTable(const std::vector<std::shared_ptr<const Value>> &answers);
    [[nodiscard]] BroadcastRows rows(bool onlyDifferences, int first, int most) const;

private:
    std::vector<BroadcastRow> m_rows;
    int m_differing = 0;
    bool m_isCut = false;
};

} // namespace slotscope
