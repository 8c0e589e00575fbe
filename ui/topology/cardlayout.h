// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"

#include <QRect>

namespace slotscope {

/// Size of the cards: the largest one is used with which all cards are visible without scrolling.
enum class CardSize : quint8 {
    Roomy, ///< with a plot and values; only if all shards fit side by side
    Medium, ///< one line per node
    Compact, ///< small lines, as many cards per row as fit
};
enum class CardGrouping : quint8 { Shards, Hosts };

/// A node's line on a card; rectangles are in content pixels.
struct CardRow
{
    int node = -1; ///< index into the view
    bool indented = false; ///< a replica below its primary
    bool matches = true; ///< the node passes the filter
    QRect rect;
    QRect area; ///< area that reacts to the mouse; contains at least `rect`
};

/// Worst problem of the card's nodes, shown by the frame of the card.
enum class CardTrouble : quint8 { None, Warning, Error };

struct Card
{
    enum class Kind : quint8 { Shard, Host, Outside };
    Kind kind = Kind::Shard;
    QString title, detail, summary; ///< such as "Shard 1", "0–5460", "5,461 slots · 33.3 % of keys"
    QString shortSummary; ///< replaces the summary if the detail needs the space; may be empty
    QString warning; ///< shown below the head; empty: none
    CardTrouble trouble = CardTrouble::None;
    int colour = -1; ///< shard colour; -1: no chip
    SlotSet slots; ///< for the position bar; empty for a host card
    std::vector<CardRow> rows;
    QRect rect;
    QRect plot; ///< only on a roomy card
};

/// Cards of a view and their positions. Pure.
struct CardLayout
{
    std::vector<Card> cards;
    CardSize size = CardSize::Medium;
    int columns = 1;
    int height = 0;

    /// Groups the nodes; a card without a matching node is left out. `onlyTrouble`: also leaves out cards without a
    /// problem.
    static CardLayout build(const ClusterView &view, CardGrouping grouping, const QString &filter,
                            bool onlyTrouble = false);
    /// Places the cards in `width` pixels, in the largest size that fits into `height`; if none does, the view scrolls.
    /// Roomy cards leave `below` pixels free if possible.
    void place(int width, int height, int below = 0);
    [[nodiscard]] int troubled() const; ///< number of cards with a problem

    struct Position
    {
        int card = -1, row = -1;
        [[nodiscard]] bool isValid() const { return card >= 0 && row >= 0; }
    };
    [[nodiscard]] Position at(const QPoint &point) const;
    [[nodiscard]] const Card *cardAt(const QPoint &point) const; ///< null: outside of the cards
    [[nodiscard]] Position find(int node) const;
    [[nodiscard]] const CardRow *row(Position position) const;
    [[nodiscard]] Position below(Position position,
                                 int step) const; ///< ±1 moves up or down in the same column, across cards
    [[nodiscard]] Position beside(Position position,
                                  int step) const; ///< the same line of the card on the left or right

private:
    [[nodiscard]] bool placeRoomy(int width, int height, int below); ///< returns false if they do not fit
    void placeInColumns(int width, int leastWidth, int (*heightOf)(const Card &), void (*placeRows)(Card &));
};

} // namespace slotscope
