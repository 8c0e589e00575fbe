// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/cardlayout.h"

#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/models/nodewords.h"

#include <QMap>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int gap = 16;
constexpr int minimumCardWidth = 400;
constexpr int cardHeadHeight = 53;
constexpr int warningHeight = 22;
constexpr int cardRowHeight = 34;
constexpr int padding = 12;

bool matchesFilter(const ClusterView &view, const NodeState &node, const QStringList &words)
{
    return std::all_of(words.begin(), words.end(), [&](const QString &word) {
        return node.name.contains(word, Qt::CaseInsensitive)
            || QString::fromLatin1(node.id).contains(word, Qt::CaseInsensitive)
            || stateWord(node).text.contains(word, Qt::CaseInsensitive)
            || roleWord(node).contains(word, Qt::CaseInsensitive)
            || shardWord(view, node).contains(word, Qt::CaseInsensitive)
            || node.address.hostname.contains(word, Qt::CaseInsensitive);
    });
}

qint64 keysOf(const ClusterView &view, const ShardState &shard)
{
    const NodeState *primary = shard.primary < 0 ? nullptr : &view.nodes.at(size_t(shard.primary));
    return primary && primary->currentInfo() ? primary->currentInfo()->keys.value_or(-1) : -1;
}

Card shardCard(const ClusterView &view, const ShardState &shard, qint64 allKeys)
{
    Card card;
    card.title = view.cluster      ? tr("Shard %1").arg(shard.number)
        : shard.replicas.isEmpty() ? tr("Server")
        : view.sentinels           ? view.sentinels->primaryName
                                   : tr("Primary and replicas");
    card.colour = shard.colour;
    const qint64 keys = keysOf(view, shard);
    if (view.cluster) {
        card.detail = rangesText(shard.slots, 6);
        card.slots = shard.slots;
        card.summary = tr("%1 slots").arg(groupedNumber(shard.slots.count()));
        card.shortSummary = card.summary;
        if (keys >= 0 && allKeys > 0)
            card.summary += u" · "_s + tr("%1 % of keys").arg(100.0 * double(keys) / double(allKeys), 0, 'f', 1);
    } else if (keys >= 0) {
        card.summary = counted(keys, tr("1 key"), tr("%1 keys"));
    }
    if (shard.primary >= 0)
        card.rows.push_back({.node = shard.primary, .indented = false, .matches = true, .rect = {}});
    else
        card.warning = tr("no primary is known");
    for (const int replica : shard.replicas)
        card.rows.push_back({.node = replica, .indented = true, .matches = true, .rect = {}});
    return card;
}

Card outsideCard(const ClusterView &view)
{
    Card card;
    card.kind = Card::Kind::Outside;
    for (size_t i = 0; i < view.nodes.size(); ++i) {
        if (view.nodes[i].shard < 0)
            card.rows.push_back({.node = int(i), .indented = false, .matches = true, .rect = {}});
    }
    card.title = counted(qint64(card.rows.size()), tr("1 node outside"), tr("%1 nodes outside"));
    card.summary = tr("in no shard");
    return card;
}

std::vector<Card> shardCards(const ClusterView &view)
{
    qint64 allKeys = 0;
    for (const ShardState &shard : view.shards)
        allKeys += std::max<qint64>(0, keysOf(view, shard));
    std::vector<Card> cards;
    for (const ShardState &shard : view.shards)
        cards.push_back(shardCard(view, shard, allKeys));
    if (Card outside = outsideCard(view); !outside.rows.empty())
        cards.push_back(std::move(outside));
    return cards;
}

QString cardHostOf(const NodeState &node)
{
    return node.address.hostname.isEmpty() ? node.host() : node.address.hostname;
}

std::vector<Card> hostCards(const ClusterView &view)
{
    QMap<QString, Card> byHost;
    for (size_t i = 0; i < view.nodes.size(); ++i)
        byHost[cardHostOf(view.nodes[i])].rows.push_back(
            {.node = int(i), .indented = false, .matches = true, .rect = {}});
    std::vector<Card> cards;
    for (auto it = byHost.begin(); it != byHost.end(); ++it) {
        Card card = it.value();
        card.kind = Card::Kind::Host;
        card.title = it.key();
        int primaries = 0;
        int together = 0;
        for (const CardRow &row : card.rows) {
            const NodeState &node = view.nodes[size_t(row.node)];
            primaries += node.primary ? 1 : 0;
            const NodeState *primary = node.primary ? nullptr : view.node(node.primaryId);
            together += primary && cardHostOf(*primary) == it.key() ? 1 : 0;
        }
        const int replicas = int(card.rows.size()) - primaries;
        QStringList parts;
        if (primaries > 0)
            parts.append(counted(primaries, tr("1 primary"), tr("%1 primaries")));
        if (replicas > 0)
            parts.append(counted(replicas, tr("1 replica"), tr("%1 replicas")));
        card.summary = parts.join(u" · "_s);
        if (together > 0)
            card.warning = together == 1 ? tr("▲ 1 replica shares this host with its primary")
                                         : tr("▲ %1 replicas share this host with their primary").arg(together);
        cards.push_back(std::move(card));
    }
    return cards;
}

int heightOf(const Card &card)
{
    const int head = card.kind == Card::Kind::Shard && !card.slots.isEmpty() ? cardHeadHeight : cardHeadHeight - 14;
    return head + (card.warning.isEmpty() ? 0 : warningHeight) + int(card.rows.size()) * cardRowHeight + padding;
}

void placeRows(Card &card)
{
    int y = card.rect.top() + heightOf(card) - padding - int(card.rows.size()) * cardRowHeight;
    for (CardRow &row : card.rows) {
        const int indent = row.indented ? 22 : 0;
        row.rect = QRect(card.rect.left() + 14 + indent, y, card.rect.width() - 28 - indent, cardRowHeight);
        y += cardRowHeight;
    }
}

} // namespace

CardLayout CardLayout::build(const ClusterView &view, CardGrouping grouping, const QString &filter)
{
    CardLayout layout;
    layout.cards = grouping == CardGrouping::Shards ? shardCards(view) : hostCards(view);
    const QStringList words = filter.split(u' ', Qt::SkipEmptyParts);
    if (words.isEmpty())
        return layout;
    for (Card &card : layout.cards) {
        for (CardRow &row : card.rows)
            row.matches = matchesFilter(view, view.nodes[size_t(row.node)], words);
    }
    std::erase_if(layout.cards, [](const Card &card) {
        return std::none_of(card.rows.begin(), card.rows.end(), [](const CardRow &row) { return row.matches; });
    });
    return layout;
}

void CardLayout::place(int width)
{
    columns = std::max(1, (width + gap) / (minimumCardWidth + gap));
    const int cardWidth = (width - (columns - 1) * gap) / columns;
    int y = 0;
    for (size_t first = 0; first < cards.size(); first += size_t(columns)) {
        const size_t last = std::min(cards.size(), first + size_t(columns));
        int tallest = 0;
        for (size_t i = first; i < last; ++i)
            tallest = std::max(tallest, heightOf(cards[i]));
        for (size_t i = first; i < last; ++i) {
            cards[i].rect = QRect(int(i - first) * (cardWidth + gap), y, cardWidth, tallest);
            placeRows(cards[i]);
        }
        y += tallest + gap;
    }
    height = std::max(0, y - gap);
}

CardLayout::Position CardLayout::at(const QPoint &point) const
{
    for (size_t card = 0; card < cards.size(); ++card) {
        if (!cards[card].rect.contains(point))
            continue;
        for (size_t i = 0; i < cards[card].rows.size(); ++i) {
            if (cards[card].rows[i].rect.contains(point))
                return {int(card), int(i)};
        }
    }
    return {};
}

const Card *CardLayout::cardAt(const QPoint &point) const
{
    const auto found =
        std::find_if(cards.begin(), cards.end(), [&point](const Card &card) { return card.rect.contains(point); });
    return found == cards.end() ? nullptr : &*found;
}

CardLayout::Position CardLayout::find(int node) const
{
    for (size_t card = 0; node >= 0 && card < cards.size(); ++card) {
        for (size_t i = 0; i < cards[card].rows.size(); ++i) {
            if (cards[card].rows[i].node == node)
                return {int(card), int(i)};
        }
    }
    return {};
}

const CardRow *CardLayout::row(Position position) const
{
    return position.isValid() ? &cards.at(size_t(position.card)).rows.at(size_t(position.row)) : nullptr;
}

CardLayout::Position CardLayout::below(Position position, int step) const
{
    if (!position.isValid())
        return cards.empty() ? Position{} : Position{0, 0};
    const auto rowsOf = [this](int card) { return int(cards.at(size_t(card)).rows.size()); };
    if (const int row = position.row + step; row >= 0 && row < rowsOf(position.card))
        return {position.card, row};
    int card = position.card + step * columns;
    if (card < 0 || card >= int(cards.size()) || rowsOf(card) == 0)
        return position;
    return {card, step > 0 ? 0 : rowsOf(card) - 1};
}

CardLayout::Position CardLayout::beside(Position position, int step) const
{
    if (!position.isValid())
        return cards.empty() ? Position{} : Position{0, 0};
    const int card = std::clamp(position.card + step, 0, int(cards.size()) - 1);
    return {card, std::min(position.row, int(cards.at(size_t(card)).rows.size()) - 1)};
}

} // namespace slotscope
