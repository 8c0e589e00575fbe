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

/// All that was heard from and of one node: the input of buildView(). Filled by the session.
struct NodeObservation
{
    QByteArray id; ///< empty only for a named address that never told its id, or whose node is no part of the cluster
    Reach reach;
    NodesTablePtr table; ///< its last CLUSTER NODES; null where it never answered
    qint64 tableAt = 0; ///< when, ms since 1970
    std::optional<ClusterInfo> clusterInfo;
    std::shared_ptr<const ServerInfo> info; ///< its last INFO, null where it never came
    qint64 infoAt = 0;
    QString refused; ///< what the ACL refuses here, such as "CLUSTER NODES: NOPERM …"; empty: nothing
    QByteArrayList deniedCommands; ///< of these, what the user has no right to: "CLUSTER NODES", "INFO"
    bool standalone = false; ///< it said that cluster mode is off there
    bool named = false; ///< the user named this address
    std::shared_ptr<const QList<ClusterLink>> links; ///< CLUSTER LINKS, null where it was not asked
    bool isBusy = false; ///< it answers BUSY: a script or function runs, and nothing else is served
    QStringList announcedAs = {}; ///< "host:port" by which others name it, where the user's address map says so
    QStringList twins = {}; ///< addresses where other processes answer with the same id (a copied nodes.conf)
    QHash<QByteArray, QByteArray> settings = {}; ///< cluster-…, as CONFIG GET told them last; empty: not told
};

enum class NodeCondition : quint8 {
    Ok,
    MaybeFailed /* fail? said by somebody */,
    Failed /* fail said by somebody */,
    Unreachable /* from here only */,
    Handshake,
    NoAddress,
    Loading,
    Unknown,
};

/// One node, as the whole cluster describes it.
struct NodeState
{
    QByteArray id;
    AnnouncedAddress address; ///< as most observers say
    QString name; ///< "host:port" to show; the reachable address where the announced host is empty
    bool primary = false;
    bool roleKnown = false; ///< false: nobody told whether it is a primary or a replica; `primary` is false then
    QByteArray primaryId; ///< of a replica
    int shard = -1; ///< index into ClusterView::shards; -1: outside (handshake, ghost, unknown primary)
    NodeFlags flags; ///< union of what observers say, without Myself
    quint64 configEpoch = 0;
    SlotSet slots; ///< what this node owns in the agreed map
    QList<OpenSlot> openSlots; ///< from its own line
    bool openSlotsKnown = false; ///< its own line was read: it has no others open
    NodeCondition condition = NodeCondition::Unknown;
    QList<int> saidFailedBy, saidMaybeFailedBy; ///< indices of observers (nodes)
    QList<int> knownBy; ///< observers whose table has it; empty where all have it
    bool knownByAll = true;
    Reach reach;
    bool named = false; ///< the user named an address of it
    /// Where all other nodes that answer look for it in vain, on the bus too; nothing: they know where it is.
    std::optional<AnnouncedAddress> soughtAt;
    std::shared_ptr<const ServerInfo> info; ///< null: never heard
    qint64 infoAt = 0; ///< ms since 1970
    qint64 observedAt = 0; ///< when its own table was read; 0: never
    QString refused;
    [[nodiscard]] bool isReplica() const { return roleKnown && !primary; }
    /// The host that it shares with others or not: as it announces it, else where we reach it; IPv6 without brackets.
    [[nodiscard]] QString host() const { return address.host.isEmpty() ? hostOfAddress(name) : address.host; }
    /// The last INFO where the node answers now; null where it would be a figure of the past.
    [[nodiscard]] const ServerInfo *currentInfo() const
    {
        return reach.state == Reach::State::Ready ? info.get() : nullptr;
    }
    /// Figures of it are of the past: it does not answer now. They are not shown, or with their age.
    [[nodiscard]] bool isInfoOld() const { return info && !currentInfo(); }
    std::optional<qint64> lagBytes; ///< of a replica: its primary's offset minus its own, as far as both are known
};

/// A primary and its replicas.
struct ShardState
{
    int number = 0; ///< 1, 2, … as people call it; keeps for the life of a session, and over it (ShardMemory)
    int colour = 0; ///< 0 … 35, index into the shard palette; keeps as the number does
    QString name = {}; ///< what the user calls it; empty: nothing
    int primary = -1; ///< index into nodes; -1: no primary known
    QList<int> replicas; ///< indices into nodes; a dead former primary that lost its slots is among them
    SlotSet slots;
};

/// An address that the user named and that leads to no node of the cluster.
struct Stranger
{
    QString address;
    bool answers = false; ///< then it is a server of its own
    Error error; ///< why not
    friend bool operator==(const Stranger &, const Stranger &) = default;
};

/// A whole cluster at one moment; immutable, shared across threads. Indices are into `nodes`.
struct ClusterView
{
    static constexpr qint16 noOwner = -1;

    bool cluster = true; ///< false: a standalone server, or a primary and its replicas without cluster mode
    qint64 takenAt = 0; ///< ms since 1970
    quint64 revision = 0; ///< grows with each view of a session
    std::vector<NodeState> nodes; ///< sorted by shard, primary first, then address
    std::vector<ShardState> shards; ///< sorted by number
    std::array<qint16, slotCount> owner{}; ///< owning primary of each slot, noOwner where uncovered
    bool slotsKnown = false; ///< a table of slots was read; else owners, gaps and disputes are not known
    SlotSet covered, uncovered, disputed; ///< disputed: observers name different owners, or two primaries claim it
    QHash<int, SlotSet> denied; ///< node -> slots that others say it owns and that it does not claim itself
    SlotSet unserved; ///< covered on paper: their owner has failed, or does not answer us
    QHash<quint16, QList<int>> openSlots; ///< slot -> nodes whose own line has it open
    std::vector<NodeObservation> observations; ///< per observer, for the detail panel
    QList<Stranger> strangers;
    SentinelStatePtr sentinels; ///< what the Sentinels say; null where the connection goes through none
    int observers = 0; ///< nodes that answered
    bool agreed = false; ///< all observers tell the same
    bool settling = false; ///< something is there that passes by itself mostly, and is no finding before it has lasted
    QList<Finding> findings; ///< worst first
    quint64 currentEpoch = 0;

    [[nodiscard]] int indexOf(QByteArrayView id) const; ///< -1 where unknown
    [[nodiscard]] const NodeState *node(QByteArrayView id) const;
    [[nodiscard]] Severity health() const; ///< severity of the worst finding
    [[nodiscard]] const NodeObservation *observationOf(QByteArrayView id) const;

    QHash<QByteArray, int> indexById;
};
using ClusterViewPtr = std::shared_ptr<const ClusterView>;

/// What one view must know of those before. Keeps shard numbers and colours stable: a shard is recognised by its
/// primary or any of its replicas.
struct ShardNames
{
    QHash<QByteArray, int> numberOfNode; ///< node id -> shard number
    QHash<int, QString> nameOfNumber; ///< what the user calls a shard
    qint64 disputedSince = 0; ///< ms since 1970; 0: the last view had no disputed slot
    qint64 deniedSince = 0; ///< the same for slots that their owner does not claim
    QHash<QByteArray, qint64> passingSince; ///< links that are missing, handshakes: since when each was seen
};

/// Puts all observations together. Pure: same input, same view. `now` in ms since 1970. `sentinels`: the primary is
/// whom they name; null where nobody asks any.
[[nodiscard]] ClusterView buildView(const std::vector<NodeObservation> &observations, ShardNames &names, qint64 now,
                                    SentinelStatePtr sentinels = {});

/// One observer's statement about one node, for the detail panel.
struct Opinion
{
    int observer = -1; ///< index into ClusterView::nodes
    const NodeLine *line = nullptr; ///< null: this observer does not know the node
    qint64 takenAt = 0;
};
[[nodiscard]] std::vector<Opinion> opinionsOf(const ClusterView &view, QByteArrayView id);

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::ClusterViewPtr)
