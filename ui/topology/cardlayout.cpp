// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/cardlayout.h"

#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/cluster/hostloss.h"
#include "core/models/nodewords.h"
#include "ui/topology/cardmeasures.h"

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
constexpr int minimumCompactWidth = 250, compactGap = 8, compactPadding = 12, compactRowHeight = 21;
constexpr int mostCardWidth = 760, mostCardHeight = 640;

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
    card.title = view.cluster      ? shardTitle(shard)
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
        card.rows.push_back({.node = shard.primary, .indented = false, .matches = true, .rect = {}, .area = {}});
    else
        card.warning = tr("no primary is known");
    for (const int replica : shard.replicas)
        card.rows.push_back({.node = replica, .indented = true, .matches = true, .rect = {}, .area = {}});
    return card;
}

Card outsideCard(const ClusterView &view)
{
    Card card;
    card.kind = Card::Kind::Outside;
    for (size_t i = 0; i < view.nodes.size(); ++i) {
        if (view.nodes[i].shard < 0)
            card.rows.push_back({.node = int(i), .indented = false, .matches = true, .rect = {}, .area = {}});
    }
    card.title = counted(qint64(card.rows.size()), tr("1 node without a shard"), tr("%1 nodes without a shard"));
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

std::vector<Card> hostCards(const ClusterView &view)
{
    QMap<QString, Card> byHost;
    for (size_t i = 0; i < view.nodes.size(); ++i)
        byHost[hostNameOf(view.nodes[i])].rows.push_back(
            {.node = int(i), .indented = false, .matches = true, .rect = {}, .area = {}});
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
            together += primary && hostNameOf(*primary) == it.key() ? 1 : 0;
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

int headOf(const Card &card)
{
    const int head = card.kind == Card::Kind::Shard && !card.slots.isEmpty() ? cardHeadHeight : cardHeadHeight - 14;
    return head + (card.warning.isEmpty() ? 0 : warningHeight);
}

int mediumHeight(const Card &card)
{
    return headOf(card) + int(card.rows.size()) * cardRowHeight + padding;
}

void placeMediumRows(Card &card)
{
    int y = card.rect.top() + headOf(card);
    for (CardRow &row : card.rows) {
        const int indent = row.indented ? 22 : 0;
        row.rect = QRect(card.rect.left() + 14 + indent, y, card.rect.width() - 28 - indent, cardRowHeight);
        row.area = row.rect;
        y += cardRowHeight;
    }
}

int compactHeight(const Card &card)
{
    return 2 * compactPadding + std::max(2, int(card.rows.size())) * compactRowHeight;
}

void placeCompactRows(Card &card)
{
    int y = card.rect.top() + compactPadding;
    for (CardRow &row : card.rows) {
        row.rect = QRect(card.rect.left() + compactNumber, y, card.rect.width() - compactNumber - 6, compactRowHeight);
        row.area = row.rect;
        y += compactRowHeight;
    }
}

/// A single replica shows values of its own; several replicas get one line each.
int replicaHeight(const Card &card)
{
    return card.rows.size() == 2 ? roomyLink + roomyName + roomyFigures : roomyName + roomyLine;
}

int roomyLeast(const Card &card)
{
    const int replicas = int(card.rows.size()) - 1;
    return headOf(card) + roomyName + roomyHead + roomyPlot + roomyBars + 2 * roomyFigures
        + (replicas == 0 ? roomyLink : replicas * replicaHeight(card)) + padding;
}

void placeRoomyRows(Card &card)
{
    const int left = card.rect.left() + 16, width = card.rect.width() - 32;
    const int plot = roomyPlot + card.rect.height() - roomyLeast(card);
    int y = card.rect.top() + headOf(card);
    for (size_t i = 0; i < card.rows.size(); ++i) {
        CardRow &row = card.rows[i];
        const int above = i == 1 && card.rows.size() == 2 ? roomyLink : 0;
        const int height = i == 0 ? roomyName + roomyHead + plot + roomyBars + 2 * roomyFigures : replicaHeight(card);
        row.rect = QRect(left - 6, y + above, width + 12, roomyName);
        row.area = QRect(left - 6, y, width + 12, height);
        if (i == 0)
            card.plot = QRect(left + roomyIndent, y + roomyName + roomyHead, width - roomyIndent, plot - 10);
        y += height;
    }
}

CardTrouble troubleOf(const ClusterView &view, const Card &card)
{
    if (card.kind != Card::Kind::Shard)
        return CardTrouble::None;
    CardTrouble worst = card.rows.empty() || card.rows.front().indented ? CardTrouble::Error : CardTrouble::None;
    for (const CardRow &row : card.rows) {
        const Tone tone = linkWord(view, view.nodes[size_t(row.node)]).tone;
        const CardTrouble trouble = tone == Tone::Bad ? CardTrouble::Error
            : tone == Tone::Warning                   ? CardTrouble::Warning
                                                      : CardTrouble::None;
        worst = std::max(worst, trouble);
    }
    return worst;
}

} // namespace

CardLayout CardLayout::build(const ClusterView &view, CardGrouping grouping, const QString &filter, bool onlyTrouble)
{
    CardLayout layout;
    layout.cards = grouping == CardGrouping::Shards ? shardCards(view) : hostCards(view);
    for (Card &card : layout.cards)
        card.trouble = troubleOf(view, card);
    if (onlyTrouble)
        std::erase_if(layout.cards, [](const Card &card) { return card.trouble == CardTrouble::None; });
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

void CardLayout::place(int width, int room, int below)
{
    const bool areShards =
        std::all_of(cards.begin(), cards.end(), [](const Card &card) { return card.kind != Card::Kind::Host; });
    size = CardSize::Roomy;
    if (areShards && placeRoomy(width, room, below))
        return;
    size = CardSize::Medium;
    placeInColumns(width, minimumCardWidth, mediumHeight, placeMediumRows);
    if (height <= room || !areShards)
        return;
    size = CardSize::Compact;
    placeInColumns(width, minimumCompactWidth, compactHeight, placeCompactRows);
}

bool CardLayout::placeRoomy(int width, int room, int below)
{
    const int count = int(cards.size());
    if (count == 0 || (width + gap) / (minimumCardWidth + gap) < count)
        return false;
    int least = 0;
    for (const Card &card : cards) {
        if (card.kind != Card::Kind::Shard || card.rows.empty() || card.rows.front().indented)
            return false;
        least = std::max(least, roomyLeast(card));
    }
    if (least > room)
        return false;
    columns = count;
    const int cardWidth = std::min(mostCardWidth, (width - (count - 1) * gap) / count);
    height = std::clamp(room - below, least, std::max(least, mostCardHeight));
    for (int i = 0; i < count; ++i) {
        Card &card = cards[size_t(i)];
        card.rect = QRect(i * (cardWidth + gap), 0, cardWidth, height);
        placeRoomyRows(card);
    }
    return true;
}

void CardLayout::placeInColumns(int width, int leastWidth, int (*heightOf)(const Card &), void (*placeRows)(Card &))
{
    const int between = leastWidth == minimumCompactWidth ? compactGap : gap;
    columns = std::max(1, (width + between) / (leastWidth + between));
    const int cardWidth = (width - (columns - 1) * between) / columns;
    int y = 0;
    for (size_t first = 0; first < cards.size(); first += size_t(columns)) {
        const size_t last = std::min(cards.size(), first + size_t(columns));
        int tallest = 0;
        for (size_t i = first; i < last; ++i)
            tallest = std::max(tallest, heightOf(cards[i]));
        for (size_t i = first; i < last; ++i) {
            cards[i].rect = QRect(int(i - first) * (cardWidth + between), y, cardWidth, tallest);
            placeRows(cards[i]);
        }
        y += tallest + between;
    }
    height = std::max(0, y - between);
}

int CardLayout::troubled() const
{
    return int(
        std::count_if(cards.begin(), cards.end(), [](const Card &card) { return card.trouble != CardTrouble::None; }));
}

CardLayout::Position CardLayout::at(const QPoint &point) const
{
    for (size_t card = 0; card < cards.size(); ++card) {
        if (!cards[card].rect.contains(point))
            continue;
        for (size_t i = 0; i < cards[card].rows.size(); ++i) {
            if (cards[card].rows[i].area.contains(point))
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
