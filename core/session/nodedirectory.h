// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/nodestable.h"
#include "core/net/uri.h"
#include "core/protocol/redirect.h"

#include <QHash>

#include <map>
#include <optional>

namespace slotscope {

/// How an address came to us, which decides what it is told: a guess is sent no credentials before it has answered like
/// a Redis server without them.
enum class AddressOrigin : quint8 { Seed, Announced, Guessed };

/// One address that we talk to, and who answers there.
struct NodeAddress
{
    Endpoint endpoint;
    AddressOrigin origin = AddressOrigin::Guessed;
    QByteArray wantedId; ///< whom we hope to find there
    QByteArray id; ///< who answers there, in its own words; empty until told
    QByteArray runId; ///< of the process that answers; empty where not told
    bool ready = false;
    int failures = 0; ///< attempts in a row that failed
    Error lastError; ///< of the last attempt that failed; of no meaning without failures
    NodesTablePtr table; ///< the last that came from there
    std::optional<QByteArray> left; ///< who a seed was that was found to be no part of the cluster any more
    bool foreign = false; ///< a seed of another cluster than the one that we watch

    [[nodiscard]] bool isSeed() const { return origin == AddressOrigin::Seed; }
};

/// Who is who at which address: candidates for each node, what answers lead to which identity, seeds that left or that
/// belong to another cluster. Pure: it knows no socket, and the time is a parameter. What it wants done (open a way,
/// close one, forget what was heard over one) it leaves in takeActions(), which whoever owns the links carries out.
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
        QString address; ///< key into addresses(); of a closed way no longer there
    };
    /// What is known of a node beside the ways to it.
    struct KnownNode
    {
        AnnouncedAddress address;
        QString tellerHost; ///< host of the way that named it, for nodes that do not know their own address
        std::optional<Endpoint> reachedAt; ///< where it answered last
        qint64 searchedAt = 0; ///< 0: not yet; in the future: all candidates are being tried until then
        bool named = false; ///< some current table still has it
        bool replaced = false; ///< where it answered last, another node answers now
        bool announcedTried = false; ///< its announced address was tried although it was reached by another
    };

    /// `searchAfterMs`: an announced address that has not answered by then is looked for elsewhere.
    /// `seedsAreOne`: seeds that do not know one another are taken for one cluster all the same, as it is being made.
    NodeDirectory(ConnectionTarget target, int searchAfterMs, bool seedsAreOne = false);

    void begin(); ///< asks for ways to all seeds
    void linkChanged(const QString &address, bool ready, int failures, const Error &error = {});
    /// What the greeting told, before anything else is heard over that way.
    void greeted(const QString &address, const QByteArray &nodeId, const QByteArray &runId);
    /// A table came. Where it says that somebody else answers than was thought, what was heard before is forgotten.
    /// True where it tells what was not known before.
    bool tableRead(const QString &address, NodesTablePtr table);
    /// No table comes from there (not permitted, loading, …); the way stands for itself under this id.
    void identified(const QString &address, const QByteArray &id);
    /// The server has no cluster mode: its address is its name.
    void foundStandalone(const QString &address);
    /// Another member of a standalone replication tree, at the address that it is known by.
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
    /// Seeds that have not told who they are, to be asked again. Where the whole cluster was replaced, those that had
    /// left are among them.
    [[nodiscard]] QList<QString> strangers();

    [[nodiscard]] QList<Action> takeActions() { return std::exchange(m_actions, {}); }

    [[nodiscard]] const std::map<QString, NodeAddress> &addresses() const { return m_addresses; }
    [[nodiscard]] const NodeAddress *at(const QString &address) const;
    /// The best way to a node: one that is up, at its announced address where there are several. Null where there is
    /// none.
    [[nodiscard]] const NodeAddress *wayTo(const QByteArray &id) const;
    /// Whether a server answers at the node's address, but does not say which node it is (busy with a script, loading).
    [[nodiscard]] bool isHeldUp(const QByteArray &id) const;
    /// Whether each address where the node may be lies outside the hosts that the user permits.
    [[nodiscard]] bool isOutside(const QByteArray &id) const;
    /// Why there is no connection to the node, if an attempt has failed.
    [[nodiscard]] std::optional<Error> whyUnreachable(const QByteArray &id) const;
    /// Where a connection to a node may be opened: the best way to it first, then all other places where it may be.
    [[nodiscard]] QList<Candidate> endpointsOf(const QByteArray &id) const;
    /// The best way to each identified node, by address.
    [[nodiscard]] QList<QString> nodeWays() const;
    /// Addresses of further servers that answer with this node's id but are other processes (a copied nodes.conf).
    [[nodiscard]] QStringList twinsOf(const QByteArray &id) const;
    [[nodiscard]] const QHash<QByteArray, KnownNode> &known() const { return m_known; }
    [[nodiscard]] bool isStandalone() const { return m_standalone; }
    /// Whether each connection is ready or has failed, and no candidate address is left to be tried.
    [[nodiscard]] bool isSettled(qint64 now) const;
    /// The seeds belong to more than one cluster: nothing may be said or done about both together.
    [[nodiscard]] std::optional<Error> conflict() const;
    [[nodiscard]] QStringList foreignSeeds() const;
    /// Whether the user named this host, or a table that we read announces it.
    [[nodiscard]] bool isKnownHost(const QString &host) const;
    /// Node id behind a redirect's address; empty where no table knows it. An address that no table names is tried
    /// where the host is known, as a guess: a redirect alone is no reason to hand out credentials.
    [[nodiscard]] QByteArray targetOf(const Redirect &redirect, const QByteArray &answering);

private:
    NodeAddress &open(const Endpoint &endpoint, AddressOrigin origin, const QByteArray &wantedId);
    void close(const QString &address);
    void forget(NodeAddress &way);
    void dismiss(NodeAddress &way);
    void identify(NodeAddress &way, const QByteArray &id);
    void discover(const NodeAddress &observer);
    [[nodiscard]] QList<Candidate> candidatesFor(const QByteArray &id) const;
    /// Where the user's map says that the node is reached.
    [[nodiscard]] std::optional<Endpoint> mappedPlaceOf(const QByteArray &id, const KnownNode &node) const;
    /// Where it is to be reached: by the user's map, else as it announces.
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
