// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pubsub/activechannels.h"
#include "core/pubsub/keyeventsettings.h"
#include "core/pubsub/messagebook.h"
#include "core/pubsub/subscriptionline.h"
#include "core/pubsub/subscriptionseat.h"

#include <QHash>

#include <functional>

namespace slotscope {

/// The subscriptions of one user, each on the nodes that its kind requires (SubscriptionKind), over one separate
/// connection to each such node. They move to other nodes when a node fails or a slot moves; periods without reception
/// are reported as gaps. On the session's thread.
class Subscriptions final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Subscriptions)
public:
    /// Called for each complete message, and each gap, before it is stored.
    using Taker = std::function<void(const PubSubMessage &message, const SubscriptionOrder &order)>;
    static constexpr size_t mostSubscriptions = 200;

    explicit Subscriptions(QPointer<ClusterSession> session);
    ~Subscriptions() override; ///< closes the connections

    void setTaker(Taker taker) { m_taker = std::move(taker); }
    void setResp3(bool resp3) { m_resp3 = resp3; } ///< for connections opened from now on

    /// Returns its id; Error if the subscription exists already, or there are too many.
    [[nodiscard]] Result<int> add(const SubscriptionOrder &order);
    void remove(int id);
    void setPaused(int id, bool paused); ///< a paused subscription is ended on the servers
    void askAgain(); ///< retries refused subscriptions, and reads the settings for key events
    void setBounds(const MessageBook::Bounds &bounds) { m_book.setBounds(bounds); }
    void clear() { m_book.clear(); }
    [[nodiscard]] PubSubSnapshot look(const PubSubFilter &filter);
    [[nodiscard]] QCoro::Task<Result<PubSubSnapshot>> lookNow(PubSubFilter filter);
    [[nodiscard]] QCoro::Task<Result<int>> addNow(SubscriptionOrder order);

    [[nodiscard]] QCoro::Task<Result<ActiveChannels>> activeChannels() const;
    /// Runs PUBLISH, or SPUBLISH on the owner of the channel's slot, if the gate allows it. Error::Code::NeedsConsent
    /// if consent is required.
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> publish(QByteArray channel, QByteArray message, bool shard,
                                                                UserConsent consent) const;

private:
    using Seat = SubscriptionSeat;
    struct Entry
    {
        int id = 0;
        SubscriptionOrder order;
        bool isPaused = false, alsoFitsKeyEvents = false;
        std::vector<Seat> seats;
    };
    struct Wanted
    {
        int shard = -1; ///< shard number
        QByteArray nodeId;
    };
    using NameKey = std::pair<QByteArray, QByteArray>; ///< command and name

    // choosing the nodes: subscriptionsplaces.cpp
    void takeView();
    void placeAll();
    void place(Entry &entry);
    void dropGone(Entry &entry);
    void put(Entry &entry, const Wanted &wanted);
    void ask(Entry &entry, Seat &seat);
    void leave(const Entry &entry, Seat &seat);
    [[nodiscard]] std::vector<Wanted> wantedFor(const Entry &entry);
    [[nodiscard]] QByteArray homeNode();
    [[nodiscard]] QByteArray ownerOf(const Entry &entry) const;
    void takeMoved(Entry &entry, Seat &seat, const QByteArray &words);
    [[nodiscard]] SubscriptionLine &lineTo(const QByteArray &nodeId);
    void dropIdleLines();

    void connectLine(SubscriptionLine &line);
    void takeSubscribed(const QByteArray &nodeId, SubscriptionKind kind, const QByteArray &name);
    void takeRefused(const QByteArray &nodeId, SubscriptionKind kind, const QByteArray &name, const Error &error,
                     const QByteArray &words);
    void takeTakenAway(const QByteArray &nodeId, SubscriptionKind kind, const QByteArray &name);
    void takeEnd(SubscriptionLine &line, const Error &error);
    void takeMessage(const QByteArray &nodeId, SubscriptionKind kind, const QByteArray &name, const QByteArray &channel,
                     const QByteArray &payload);
    void tick();
    void tellGap(const Entry &entry, const Seat &seat); ///< reports the gap up to now
    void lookSoon(); ///< queries the nodes, then chooses the places again
    [[nodiscard]] Entry *entryWith(int id);
    [[nodiscard]] std::pair<Entry *, Seat *> seatOf(const QByteArray &nodeId, SubscriptionKind kind,
                                                    const QByteArray &name);
    [[nodiscard]] QByteArrayList keyEventPatterns() const;
    [[nodiscard]] bool wantsSettings() const;
    [[nodiscard]] QString nameOfNode(const QByteArray &id) const;

    QPointer<ClusterSession> m_session;
    Taker m_taker;
    bool m_resp3 = true;
    MessageBook m_book;
    std::vector<Entry> m_entries;
    std::map<NameKey, int> m_ids;
    std::map<QByteArray, SubscriptionLine *> m_lines; ///< by node id; child objects
    QHash<QByteArray, QString> m_names; ///< names of nodes that sent messages
    QByteArray m_home; ///< node used for channels and patterns
    QHash<QByteArray, qint64> m_failedAt; ///< maps a node to the steadyMs() when it failed as m_home
    QHash<int, QByteArray> m_moved; ///< maps a slot to its owner from a MOVED reply, until the next view
    QSet<QByteArray> m_ready; ///< nodes that answer, according to the last view
    KeyEventSettings m_settings;
    int m_lastId = 0;
    QTimer m_timer;
};

} // namespace slotscope
