// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/models/tableroles.h"
#include "core/pubsub/activechannels.h"
#include "core/pubsub/pubsubtypes.h"

#include <QAbstractTableModel>

namespace slotscope {

/// Messages and gaps, newest first. Updates insert rows at the top and remove old ones at the end; a row that stays
/// does not change.
class PubSubMessagesModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PubSubMessagesModel)
public:
    enum class Column : int { Time, From, Channel, Message, Size, Count_ };
    enum Role : int { SubscriptionRole = Qt::UserRole + 70, GapRole };
    explicit PubSubMessagesModel(QObject *parent = nullptr);

    void take(const PubSubSnapshot &snapshot, const ClusterViewPtr &view);
    [[nodiscard]] PubSubMessagePtr at(int row) const; ///< null: no such row
    [[nodiscard]] const PubSubFilter &filter() const { return m_filter; }
    [[nodiscard]] const std::shared_ptr<const PubSubMessages> &messages() const { return m_rows; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    [[nodiscard]] QString text(const PubSubMessage &message, Column column) const;
    [[nodiscard]] qsizetype newerThan(quint64 serial, const PubSubMessages &messages) const;

    std::shared_ptr<const PubSubMessages> m_rows = std::make_shared<PubSubMessages>();
    PubSubFilter m_filter;
    ClusterViewPtr m_view;
};

/// The channel, such as "order.paid"; for key events the event ("expired", with its database if it is not 0).
[[nodiscard]] QString channelText(const PubSubMessage &message);

/// Channels that have subscribers.
class ActiveChannelsModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ActiveChannelsModel)
public:
    enum class Column : int { Channel, Where, Subscribers, Count_ };
    explicit ActiveChannelsModel(QObject *parent = nullptr);

    void take(const ActiveChannels &channels, const ClusterViewPtr &view);
    [[nodiscard]] const ActiveChannel *at(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    [[nodiscard]] int shardOf(const ActiveChannel &channel) const; ///< index into the view's shards; -1: none
    [[nodiscard]] QString text(const ActiveChannel &channel, Column column) const;

    ActiveChannels m_channels;
    ClusterViewPtr m_view;
};

} // namespace slotscope
