// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/pubsubmodels.h"

#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "core/pubsub/keyevents.h"
#include "core/pubsub/pubsubwords.h"

#include <QDateTime>

#include <algorithm>
#include <array>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr qsizetype shownOfPayload = 200, shownOfChannel = 300;

int colourOfPubSubNode(const ClusterViewPtr &view, const QByteArray &id)
{
    const NodeState *node = view ? view->node(id) : nullptr;
    return node && node->shard >= 0 ? view->shards.at(size_t(node->shard)).colour : -1;
}

} // namespace

QString channelText(const PubSubMessage &message)
{
    if (const auto event = keyEventOf(message.channel, message.payload))
        return toDisplay(event->event)
            + (event->database > 0 ? PubSubMessagesModel::tr(" · db %1").arg(event->database) : QString());
    return toDisplay(message.channel.left(shownOfChannel));
}

PubSubMessagesModel::PubSubMessagesModel(QObject *parent) : QAbstractTableModel(parent) { }

/// Number of messages in the list (newest first) that are newer than `serial`.
qsizetype PubSubMessagesModel::newerThan(quint64 serial, const PubSubMessages &messages) const
{
    return std::partition_point(messages.begin(), messages.end(),
                                [serial](const PubSubMessagePtr &each) { return each->serial > serial; })
        - messages.begin();
}

void PubSubMessagesModel::take(const PubSubSnapshot &snapshot, const ClusterViewPtr &view)
{
    m_view = view;
    const auto now = snapshot.shown ? snapshot.shown : std::make_shared<const PubSubMessages>();
    if (now == m_rows && snapshot.filter == m_filter)
        return;
    const bool isOther = snapshot.filter != m_filter || m_rows->empty() || now->empty()
        || now->front()->serial < m_rows->front()->serial || now->back()->serial > m_rows->front()->serial;
    m_filter = snapshot.filter;
    if (isOther) {
        beginResetModel();
        m_rows = now;
        endResetModel();
        return;
    }
    const int before = int(m_rows->size()), after = int(now->size());
    const int added = int(newerThan(m_rows->front()->serial, *now));
    if (added > 0) {
        auto both = std::make_shared<PubSubMessages>(now->begin(), now->begin() + added);
        both->insert(both->end(), m_rows->begin(), m_rows->end());
        beginInsertRows({}, 0, added - 1);
        m_rows = std::move(both);
        endInsertRows();
    }
    const int rest = before + added;
    if (after < rest) {
        beginRemoveRows({}, after, rest - 1);
        m_rows = now;
        endRemoveRows();
    } else if (after > rest) { // a search of older messages has found more
        beginInsertRows({}, rest, after - 1);
        m_rows = now;
        endInsertRows();
    }
}

PubSubMessagePtr PubSubMessagesModel::at(int row) const
{
    return row >= 0 && row < rowCount() ? (*m_rows)[size_t(row)] : nullptr;
}

int PubSubMessagesModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows->size());
}

int PubSubMessagesModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(Column::Count_);
}

QString PubSubMessagesModel::text(const PubSubMessage &message, Column column) const
{
    switch (column) {
    case Column::Time: return QDateTime::fromMSecsSinceEpoch(message.at).toString(u"HH:mm:ss.zzz"_s);
    case Column::From: return message.node;
    case Column::Channel: return message.isGap() ? tr("gap") : channelText(message);
    case Column::Message: {
        if (message.isGap())
            return gapText(message);
        const auto event = keyEventOf(message.channel, message.payload);
        const QByteArray &bytes = event ? event->key : message.payload;
        return toDisplay(bytes.left(shownOfPayload)) + (bytes.size() > shownOfPayload ? u"…"_s : QString());
    }
    case Column::Size: return message.isGap() ? QString() : byteSize(message.bytes);
    default: return {};
    }
}

QVariant PubSubMessagesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const PubSubMessage &message = *(*m_rows)[size_t(index.row())];
    const auto column = Column(index.column());
    switch (role) {
    case Qt::DisplayRole: return text(message, column);
    case Qt::ToolTipRole:
        return column == Column::Channel && !message.isGap() ? toDisplay(message.channel.left(shownOfChannel))
                                                             : QVariant();
    case SubscriptionRole: return message.subscription;
    case GapRole: return message.isGap();
    case MonospaceRole: return column != Column::Size;
    case NumberRole: return column == Column::Size;
    case ElideEndRole: return column == Column::Message || column == Column::Channel;
    case ToneRole: return int(message.isGap() ? Tone::Warning : column == Column::Size ? Tone::Muted : Tone::Neutral);
    case ShardColourRole:
        return column == Column::From ? QVariant(colourOfPubSubNode(m_view, message.nodeId)) : QVariant();
    case Qt::AccessibleTextRole: return text(message, Column::Channel) + u", "_s + text(message, Column::Message);
    default: return {};
    }
}

QVariant PubSubMessagesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    static constexpr std::array<const char *, size_t(Column::Count_)> titles{
        QT_TR_NOOP("Time"), QT_TR_NOOP("From"), QT_TR_NOOP("Channel"), QT_TR_NOOP("Message"), QT_TR_NOOP("Size")};
    static constexpr std::array<QLatin1StringView, size_t(Column::Count_)> names{"time"_L1, "node"_L1, "channel"_L1,
                                                                                 "message"_L1, "size"_L1};
    if (role == NumberRole)
        return Column(section) == Column::Size;
    if (role == Qt::DisplayRole)
        return tr(titles.at(size_t(section)));
    return role == ColumnNameRole ? QVariant(QString(names.at(size_t(section)))) : QVariant();
}

ActiveChannelsModel::ActiveChannelsModel(QObject *parent) : QAbstractTableModel(parent) { }

void ActiveChannelsModel::take(const ActiveChannels &channels, const ClusterViewPtr &view)
{
    beginResetModel();
    m_channels = channels;
    m_view = view;
    endResetModel();
}

const ActiveChannel *ActiveChannelsModel::at(int row) const
{
    return row >= 0 && row < rowCount() ? &m_channels.channels[size_t(row)] : nullptr;
}

int ActiveChannelsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_channels.channels.size());
}

int ActiveChannelsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(Column::Count_);
}

int ActiveChannelsModel::shardOf(const ActiveChannel &channel) const
{
    const NodeState *node = m_view && !channel.nodes.isEmpty() ? m_view->node(channel.nodes.front()) : nullptr;
    return channel.isShard && node ? node->shard : -1;
}

QString ActiveChannelsModel::text(const ActiveChannel &channel, Column column) const
{
    switch (column) {
    case Column::Channel: return toDisplay(channel.name.left(shownOfChannel));
    case Column::Where:
        if (!channel.isShard)
            return tr("all nodes");
        return shardOf(channel) >= 0 ? shardTitle(m_view->shards[size_t(shardOf(channel))]) : tr("one shard");
    case Column::Subscribers: return groupedNumber(channel.subscribers);
    default: return {};
    }
}

QVariant ActiveChannelsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ActiveChannel &channel = m_channels.channels[size_t(index.row())];
    const auto column = Column(index.column());
    const int shard = shardOf(channel);
    switch (role) {
    case Qt::DisplayRole: return text(channel, column);
    case SortRole: return column == Column::Subscribers ? QVariant(channel.subscribers) : text(channel, column);
    case NumberRole: return column == Column::Subscribers;
    case MonospaceRole: return column == Column::Channel;
    case ToneRole: return int(column == Column::Where && !channel.isShard ? Tone::Muted : Tone::Neutral);
    case ShardColourRole:
        return column == Column::Where && shard >= 0 ? QVariant(m_view->shards[size_t(shard)].colour) : QVariant();
    case Qt::AccessibleTextRole:
        return tr("%1, %2, %3 subscribers")
            .arg(text(channel, Column::Channel), text(channel, Column::Where), text(channel, Column::Subscribers));
    default: return {};
    }
}

QVariant ActiveChannelsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    static constexpr std::array<const char *, size_t(Column::Count_)> titles{QT_TR_NOOP("Channel"), QT_TR_NOOP("Where"),
                                                                             QT_TR_NOOP("Listeners")};
    static constexpr std::array<QLatin1StringView, size_t(Column::Count_)> names{"channel"_L1, "where"_L1,
                                                                                 "subscribers"_L1};
    if (role == NumberRole)
        return Column(section) == Column::Subscribers;
    if (role == Qt::DisplayRole)
        return tr(titles.at(size_t(section)));
    return role == ColumnNameRole ? QVariant(QString(names.at(size_t(section)))) : QVariant();
}

} // namespace slotscope
