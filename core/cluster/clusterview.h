// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterinfo.h"
#include "core/cluster/finding.h"
#include "core/cluster/nodestable.h"
#include "core/cluster/reach.h"
#include "core/cluster/sentinelstate.h"
#include "core/cluster/serverinfo.h"

#include <QHash>
#include <QMetaType>

#include <array>
#include <memory>

namespace slotscope {

/// All data about one node, from the node itself and from our connection to it: the input of buildView(). Filled by the
/// session.
struct NodeObservation
{
    QByteArray id; ///< node id; empty only for a seed address that never reported an id or is not part of the cluster
    Reach reach;
    NodesTablePtr table; ///< its latest CLUSTER NODES; null if it never answered
    qint64 tableAt = 0; ///< when the table was read, in ms since 1970
    std::optional<ClusterInfo> clusterInfo;
    std::shared_ptr<const ServerInfo> info; ///< its latest INFO; null if it never arrived
    qint64 infoAt = 0;
    QString refused; ///< what ACLs refuse, such as "CLUSTER NODES: NOPERM …"; empty if nothing
    QByteArrayList deniedCommands; ///< the refused commands that lack an ACL permission: "CLUSTER NODES", "INFO"
    bool standalone = false; ///< the server reported that it has no cluster mode
    bool named = false; ///< the user entered this address
    std::shared_ptr<const QList<ClusterLink>> links; ///< CLUSTER LINKS; null if it was not queried
    bool isBusy = false; ///< it replies BUSY: a script or function runs, and it serves nothing else
    QStringList announcedAs = {}; ///< "host:port" by which other nodes know it, from the user's address map
    QStringList twins = {}; ///< addresses at which other processes report the same id (a copied nodes.conf)
    QHash<QByteArray, QByteArray> settings = {}; ///< latest cluster-* settings from CONFIG GET; empty if unknown
};

enum class NodeCondition : quint8 {
    Ok,
    MaybeFailed /* some observer reports fail? */,
    Failed /* some observer reports fail */,
    Unreachable /* only we cannot reach it */,
    Handshake,
    NoAddress,
    Loading,
    Unknown,
};

/// The state of one node, combined from the reports of all nodes.
struct NodeState
{
    QByteArray id;
    AnnouncedAddress address; ///< as reported by most observers
    QString name; ///< "host:port" for display; the address that we connect to if the announced host is empty
    bool primary = false;
    bool roleKnown = false; ///< false: nobody reported whether it is a primary or a replica, and `primary` is false
    QByteArray primaryId; ///< only for replicas
    /// index into ClusterView::shards; -1: in no shard (in handshake, without a known address, or with an unknown
    /// primary)
    int shard = -1;
    NodeFlags flags; ///< union of the flags reported by observers, without Myself
    quint64 configEpoch = 0;
    SlotSet slots; ///< slots that this node owns in the agreed slot map
    QList<OpenSlot> openSlots; ///< migrating and importing slots in its own table
    bool openSlotsKnown = false; ///< its own line was read, so `openSlots` is complete
    NodeCondition condition = NodeCondition::Unknown;
    QList<int> saidFailedBy, saidMaybeFailedBy; ///< indices into `nodes` of the observers that report fail or fail?
    QList<int> knownBy; ///< observers whose table contains it; empty if all do
    bool knownByAll = true;
    Reach reach;
    bool named = false; ///< the user entered an address of it
    /// An outdated address: all answering nodes look for this node there in vain, on the cluster bus too. nullopt if
    /// they know the right address.
    std::optional<AnnouncedAddress> soughtAt;
    std::shared_ptr<const ServerInfo> info; ///< null: never received
    qint64 infoAt = 0; ///< time of `info` in ms since 1970
    qint64 observedAt = 0; ///< when its own table was read, in ms since 1970; 0: never
    QString refused;
    [[nodiscard]] bool isReplica() const { return roleKnown && !primary; }
    /// Host name or IP (IPv6 without brackets), to compare with other nodes' hosts: as announced, else the one we
    /// connect to.
    [[nodiscard]] QString host() const { return address.host.isEmpty() ? hostOfAddress(name) : address.host; }
    /// The last INFO if the node answers now; null if it is outdated.
    [[nodiscard]] const ServerInfo *currentInfo() const
    {
        return reach.state == Reach::State::Ready ? info.get() : nullptr;
    }
    /// Whether INFO is outdated because the node does not answer now. Its figures are then hidden, or shown with their
    /// age.
    [[nodiscard]] bool isInfoOld() const { return info && !currentInfo(); }
    std::optional<qint64> lagBytes; ///< for replicas: the primary's replication offset minus its own, if both are known
};

/// A primary and its replicas.
struct ShardState
{
    /// 1, 2, … as shown to the user; stays the same within a session and, with ShardMemory, in later ones
    int number = 0;
    int colour = 0; ///< 0 … 35, index into the shard palette; as stable as `number`
    QString name = {}; ///< the user's name for the shard; empty: none
    int primary = -1; ///< index into `nodes`; -1: no known primary
    QList<int> replicas; ///< indices into `nodes`, including a failed former primary that lost its slots
    SlotSet slots;
};

/// An address entered by the user that leads to no node of the cluster.
struct Stranger
{
    QString address;
    bool answers = false; ///< a server answers there, but it is not part of the cluster
    Error error; ///< why nothing answers
    friend bool operator==(const Stranger &, const Stranger &) = default;
};

/// The whole cluster at one moment. Immutable and shared between threads. Indices refer to `nodes`.
struct ClusterView
{
    static constexpr qint16 noOwner = -1;

    bool cluster = true; ///< false: a standalone server, or a primary with replicas, without cluster mode
    qint64 takenAt = 0; ///< ms since 1970
    quint64 revision = 0; ///< increases with each view of a session
    std::vector<NodeState> nodes; ///< sorted by shard, then primary first, then by address
    std::vector<ShardState> shards; ///< sorted by number
    std::array<qint16, slotCount> owner{}; ///< index of each slot's primary, or noOwner
    bool slotsKnown = false; ///< a slot table was read; otherwise owners, gaps and disputes are unknown
    /// disputed: observers report different owners, or two primaries claim the slot
    SlotSet covered, uncovered, disputed;
    /// maps a node's index to slots that other nodes assign to it but that it does not claim
    QHash<int, SlotSet> denied;
    SlotSet unserved; ///< slots that have an owner, but one that has failed or does not answer us
    /// maps a slot to the indices of the nodes whose own line shows it as migrating or importing
    QHash<quint16, QList<int>> openSlots;
    std::vector<NodeObservation> observations; ///< one per observer, for the detail panel
    QList<Stranger> strangers;
    SentinelStatePtr sentinels; ///< reports of the Sentinels; null without Sentinels
    int observers = 0; ///< number of nodes that answered
    bool agreed = false; ///< all observers report the same state
    bool settling = false; ///< some state is usually temporary, and becomes a finding only if it lasts
    QList<Finding> findings; ///< most severe first
    quint64 currentEpoch = 0;

    [[nodiscard]] int indexOf(QByteArrayView id) const; ///< Index of the node with this id, -1 if unknown.
    [[nodiscard]] const NodeState *node(QByteArrayView id) const;
    [[nodiscard]] Severity health() const; ///< severity of the worst finding
    [[nodiscard]] const NodeObservation *observationOf(QByteArrayView id) const;

    QHash<QByteArray, int> indexById;
};
using ClusterViewPtr = std::shared_ptr<const ClusterView>;

/// What each view needs to know about earlier views. It keeps shard numbers and colours stable: a shard is recognised
/// by its primary or any of its replicas.
struct ShardNames
{
    QHash<QByteArray, int> numberOfNode; ///< maps a node id to its shard's number
    QHash<int, QString> nameOfNumber; ///< maps a shard number to the user's name for the shard
    qint64 disputedSince = 0; ///< ms since 1970; 0: the last view had no disputed slot
    qint64 deniedSince = 0; ///< the same time for slots whose supposed owner does not claim them
    QHash<QByteArray, qint64> passingSince; ///< when each missing bus link, or node in handshake, was first seen
};

/// Combines all observations into a view. Pure: the same input gives the same view. `now` is in ms since 1970. If
/// `sentinels` is set, the primary is the server that they name; null without Sentinels.
[[nodiscard]] ClusterView buildView(const std::vector<NodeObservation> &observations, ShardNames &names, qint64 now,
                                    SentinelStatePtr sentinels = {});

/// What one observer reports about one node, for the detail panel.
struct PeerReport
{
    int observer = -1; ///< index into ClusterView::nodes
    const NodeLine *line = nullptr; ///< null: this observer does not know the node
    qint64 takenAt = 0;
};
[[nodiscard]] std::vector<PeerReport> peerReportsOf(const ClusterView &view, QByteArrayView id);

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::ClusterViewPtr)
