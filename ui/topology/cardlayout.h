// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"

#include <QRect>

namespace slotscope {

enum class CardGrouping : quint8 { Shards, Hosts };

/// A node's line on a card; rectangles are in content pixels.
struct CardRow
{
    int node = -1; ///< index into the view
    bool indented = false; ///< a replica below its primary
    bool matches = true; ///< passes the filter
    QRect rect;
};

struct Card
{
    enum class Kind : quint8 { Shard, Host, Outside };
    Kind kind = Kind::Shard;
    QString title, detail, summary; ///< "Shard 1", "0–5460", "5,461 slots · 33.3 % of keys"
    QString shortSummary; ///< stands in for the summary where the detail needs room; may be empty
    QString warning; ///< below the head, empty: none
    int colour = -1; ///< shard colour, -1: no chip
    SlotSet slots; ///< of the position bar; a host card has none
    std::vector<CardRow> rows;
    QRect rect;
};

/// Cards of a view and where they lie. Pure.
struct CardLayout
{
    std::vector<Card> cards;
    int columns = 1;
    int height = 0;

    /// Groups the nodes; a card without a matching node is left out.
    static CardLayout build(const ClusterView &view, CardGrouping grouping, const QString &filter);
    /// Places the cards in `width` pixels, in as many columns as fit.
    void place(int width);

    struct Position
    {
        int card = -1, row = -1;
        [[nodiscard]] bool isValid() const { return card >= 0 && row >= 0; }
    };
    [[nodiscard]] Position at(const QPoint &point) const;
    [[nodiscard]] const Card *cardAt(const QPoint &point) const; ///< null: beside the cards
    [[nodiscard]] Position find(int node) const;
    [[nodiscard]] const CardRow *row(Position position) const;
    [[nodiscard]] Position below(Position position,
                                 int step) const; ///< ±1 in the same column, over the borders of cards
    [[nodiscard]] Position beside(Position position,
                                  int step) const; ///< the same line of the card at the left or right
};

} // namespace slotscope
