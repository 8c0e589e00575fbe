// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/nodestable.h"
#include "core/net/uri.h"
#include "core/protocol/redirect.h"

#include <QHash>

#include <map>
#include <optional>

namespace slotscope {

/// Where an address comes from. A guessed address gets no credentials before the server there has answered like Redis
/// without them.
enum class AddressOrigin : quint8 { Seed, Announced, Guessed };

/// One address that we connect to, and the node that answers there.
struct NodeAddress
{
    Endpoint endpoint;
    AddressOrigin origin = AddressOrigin::Guessed;
    QByteArray wantedId; ///< id of the node expected there
    QByteArray id; ///< id that the node there reports; empty until then
    QByteArray runId; ///< run id of the server process; empty if not reported
    bool ready = false;
    int failures = 0; ///< number of consecutive failed attempts
    Error lastError; ///< error of the last failed attempt; meaningless if `failures` is 0
    NodesTablePtr table; ///< the latest node table received from there
    std::optional<QByteArray> left; ///< id a seed had before its node was found to have left the cluster
    bool foreign = false; ///< a seed that belongs to another cluster than the watched one

    [[nodiscard]] bool isSeed() const { return origin == AddressOrigin::Seed; }
};

/// Tracks which node is at which address: the candidate addresses of each node, the node found at each address, and
/// seeds that left or belong to another cluster. Pure: it uses no sockets, and the time is a parameter. It requests
/// connections to be opened, closed or forgotten through takeActions(); the owner of the connections carries that out.
class NodeDirectory
{
public:
    struct Candidate
    {
        Endpoint endpoint;
        AddressOrigin origin = AddressOrigin::Guessed;
    };
    struct Action
    {
        enum class Kind : quint8 { Open, Close, Forget };
        Kind kind = Kind::Open;
        QString address; ///< key in addresses(); already removed there for Kind::Close
    };
    /// What is known about a node, apart from its connections.
    struct KnownNode
    {
        AnnouncedAddress address;
        QString tellerHost; ///< host of the connection that reported it, for nodes that do not know their own address
        std::optional<Endpoint> reachedAt; ///< where the node answered last
        qint64 searchedAt = 0; ///< 0: not searched yet; in the future: all candidates are being tried until then
        bool named = false; ///< at least one current table contains it
        bool replaced = false; ///< another node now answers at the address where this one answered last
        bool announcedTried = false; ///< the announced address was tried although the node is reachable at another
    };

    /// `searchAfterMs` is the time after which other candidates are tried if the announced address has not answered.
    /// `seedsAreOne` treats seeds that do not know each other as one cluster, because it is just being created.
    NodeDirectory(ConnectionTarget target, int searchAfterMs, bool seedsAreOne = false);

    void begin(); ///< requests connections to all seeds
    void linkChanged(const QString &address, bool ready, int failures, const Error &error = {});
    /// Takes the ids that the server reported while connecting, before anything else is read over that connection.
    void greeted(const QString &address, const QByteArray &nodeId, const QByteArray &runId);
    /// Takes a node table. If it comes from another node than expected, earlier data is forgotten. Returns true if the
    /// table contains news.
    bool tableRead(const QString &address, NodesTablePtr table);
    /// Call if no table can be read there (not permitted, loading, …): the address then counts as a node of its own
    /// with this id.
    void identified(const QString &address, const QByteArray &id);
    /// Call if the server has no cluster mode: its address serves as its id.
    void foundStandalone(const QString &address);
    /// Adds another member of a standalone replication tree, by its announced address.
    void addMember(const Endpoint &endpoint);
    /// Takes the addresses of all members that the Sentinels name, the primary first. The connection to a member that
    /// they no longer name and that does not answer is closed.
    void setMembers(const QList<Endpoint> &members);
    /// Replaces the address map. Connections outside it, except seeds, are closed; each node is looked for again.
    void setAddressMap(const QHash<QString, Endpoint> &map);
    /// Drops what the server reported before it was restarted.
    void dropTable(const QString &address);
    /// Drops the addresses that no node names any more, and looks for nodes without a connection.
    void tick(qint64 now);
    /// Opens a connection to each known node that has none: to its first candidate address at once, to the others if
    /// the first has not answered in time.
    void searchMissing(qint64 now);
    void forgetUnknown();
    /// Seeds that have not identified themselves and should be asked again. If the whole cluster was replaced, the
    /// seeds that had left are included.
    [[nodiscard]] QList<QString> strangers();

    [[nodiscard]] QList<Action> takeActions() { return std::exchange(m_actions, {}); }

    [[nodiscard]] const std::map<QString, NodeAddress> &addresses() const { return m_addresses; }
    [[nodiscard]] const NodeAddress *at(const QString &address) const;
    /// Returns the best connection to a node: one that is up, preferably at the announced address. Null if there is
    /// none.
    [[nodiscard]] const NodeAddress *wayTo(const QByteArray &id) const;
    /// Whether a server answers at the node's address, but does not say which node it is (busy with a script, loading).
    [[nodiscard]] bool isHeldUp(const QByteArray &id) const;
    /// Whether every known address of the node is outside the hosts that the user permits.
    [[nodiscard]] bool isOutside(const QByteArray &id) const;
    /// Why there is no connection to the node, if an attempt has failed.
    [[nodiscard]] std::optional<Error> whyUnreachable(const QByteArray &id) const;
    /// Returns the addresses for a connection to a node: the best current one first, then all other candidates.
    [[nodiscard]] QList<Candidate> endpointsOf(const QByteArray &id) const;
    /// Returns the address of the best connection to each identified node.
    [[nodiscard]] QList<QString> nodeWays() const;
    /// Addresses of other servers that report this node's id but are separate processes (a copied nodes.conf).
    [[nodiscard]] QStringList twinsOf(const QByteArray &id) const;
    [[nodiscard]] const QHash<QByteArray, KnownNode> &known() const { return m_known; }
    [[nodiscard]] bool isStandalone() const { return m_standalone; }
    /// Whether each known node is connected, not permitted, or has had all its candidate addresses tried.
    [[nodiscard]] bool isSettled(qint64 now) const;
    /// Returns an error if the seeds belong to more than one cluster; the session then refuses to show them together.
    [[nodiscard]] std::optional<Error> conflict() const;
    [[nodiscard]] QStringList foreignSeeds() const;
    /// Whether the user configured this host, or a node table announces it.
    [[nodiscard]] bool isKnownHost(const QString &host) const;
    /// Returns the id of the node at a redirect's address; empty if no table contains it. If at least the host is
    /// known, the address is tried as a guess: a redirect alone must not lead us to send credentials.
    [[nodiscard]] QByteArray targetOf(const Redirect &redirect, const QByteArray &answering);

private:
    NodeAddress &open(const Endpoint &endpoint, AddressOrigin origin, const QByteArray &wantedId);
    void close(const QString &address);
    void forget(NodeAddress &way);
    void dismiss(NodeAddress &way);
    void identify(NodeAddress &way, const QByteArray &id);
    void discover(const NodeAddress &observer);
    [[nodiscard]] QList<Candidate> candidatesFor(const QByteArray &id) const;
    /// The address for the node in the user's address map.
    [[nodiscard]] std::optional<Endpoint> mappedPlaceOf(const QByteArray &id, const KnownNode &node) const;
    /// Whether the connection uses the node's mapped address or, without a map entry, its announced one.
    [[nodiscard]] bool isAtAnnounced(const NodeAddress &way) const;
    [[nodiscard]] bool isForeign(const NodesTable &table) const;
    [[nodiscard]] bool hasLeft(const QByteArray &id, const NodesTable &table) const;
    [[nodiscard]] bool isReplaced() const;
    void tryAnnounced(const QByteArray &id, KnownNode &node);

    ConnectionTarget m_target;
    int m_searchAfterMs;
    bool m_seedsAreOne;
    bool m_standalone = false;
    std::map<QString, NodeAddress> m_addresses; ///< by Endpoint::toString()
    QHash<QByteArray, KnownNode> m_known; ///< by node id
    QList<Action> m_actions;
};

} // namespace slotscope
