// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"

#include <QRect>

namespace slotscope {

/// How much a card shows: the largest with which all cards are seen without scrolling is taken.
enum class CardSize : quint8 {
    Roomy, ///< a plot and figures; only where all shards fit beside each other
    Medium, ///< a line for each node
    Compact, ///< small lines, as many cards in a row as fit
};
enum class CardGrouping : quint8 { Shards, Hosts };

/// A node's line on a card; rectangles are in content pixels.
struct CardRow
{
    int node = -1; ///< index into the view
    bool indented = false; ///< a replica below its primary
    bool matches = true; ///< passes the filter
    QRect rect;
    QRect area; ///< what belongs to the node; where it is pointed at. At least `rect`.
};

/// What is wrong with one of its nodes: the frame of the card shows it.
enum class CardTrouble : quint8 { None, Warning, Error };

struct Card
{
    enum class Kind : quint8 { Shard, Host, Outside };
    Kind kind = Kind::Shard;
    QString title, detail, summary; ///< "Shard 1", "0–5460", "5,461 slots · 33.3 % of keys"
    QString shortSummary; ///< stands in for the summary where the detail needs room; may be empty
    QString warning; ///< below the head, empty: none
    CardTrouble trouble = CardTrouble::None;
    int colour = -1; ///< shard colour, -1: no chip
    SlotSet slots; ///< of the position bar; a host card has none
    std::vector<CardRow> rows;
    QRect rect;
    QRect plot; ///< of a roomy card
};

/// Cards of a view and where they lie. Pure.
struct CardLayout
{
    std::vector<Card> cards;
    CardSize size = CardSize::Medium;
    int columns = 1;
    int height = 0;

    /// Groups the nodes; a card without a matching node is left out. `onlyTrouble`: also one where nothing is wrong.
    static CardLayout build(const ClusterView &view, CardGrouping grouping, const QString &filter,
                            bool onlyTrouble = false);
    /// Places the cards in `width` pixels, in the largest size that fits into `height`; where none does, it scrolls.
    /// Roomy cards leave `below` pixels free where they have room enough.
    void place(int width, int height, int below = 0);
    [[nodiscard]] int troubled() const; ///< cards with a trouble

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

private:
    [[nodiscard]] bool placeRoomy(int width, int height, int below); ///< false: they do not fit
    void placeInColumns(int width, int leastWidth, int (*heightOf)(const Card &), void (*placeRows)(Card &));
};

} // namespace slotscope
