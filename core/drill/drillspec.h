// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QJsonObject>
#include <QList>
#include <QStringList>

namespace slotscope {

/// How a drill takes nodes away from their clients.
enum class DrillWay : quint8 {
    Failover, ///< CLUSTER FAILOVER on a replica: nothing fails, the shard only changes its primary
    Pause, ///< CLIENT PAUSE … ALL: clients wait, the cluster bus works, no failover
    DebugSleep, ///< DEBUG SLEEP: the whole server is blocked, including the bus
    OwnCommand, ///< the user's commands stop and start the server
};
[[nodiscard]] QString drillWayName(DrillWay way); ///< "failover", "pause", "debug-sleep", "command"
[[nodiscard]] std::optional<DrillWay> drillWayOf(const QString &name); ///< nullopt for other names

/// What a drill should do.
struct DrillSpec
{
    QByteArray nodeId = {}; ///< a node of the shard whose primary is taken away, or a replica; empty: see host
    QString host = {}; ///< alternatively, all nodes of this host, as in hostNameOf()
    DrillWay way = DrillWay::Failover;
    int milliseconds = 0; ///< how long the nodes are away; 0: long enough for an election (a pause: five seconds)
    QStringList stop = {}, start = {}; ///< arguments of the user's commands, with {host}, {port}, {id}
    bool back = true; ///< restore the original layout at the end
    friend bool operator==(const DrillSpec &, const DrillSpec &) = default;
};
constexpr int mostDrillMs = 600'000;
constexpr int localCommandMs = 30'000; ///< time within which a user's command must end

[[nodiscard]] QJsonObject toJson(const DrillSpec &spec);
[[nodiscard]] DrillSpec drillSpecFrom(const QJsonObject &json);

/// Splits a typed line into words. Single and double quotes and backslashes work as in a shell; nothing else is
/// interpreted. Error::InvalidArgument if a quote is not closed.
[[nodiscard]] Result<QStringList> localWords(const QString &line);
/// Whether the program exists; a name without a slash is looked up in PATH.
[[nodiscard]] bool isLocalProgram(const QStringList &words);
/// Fills in the placeholders for one node. A value never creates a further word. Error::InvalidArgument if the program
/// is missing, or a value contains characters not allowed in a host name, port or id: host names come from servers, and
/// the user's program may be a shell.
[[nodiscard]] Result<QStringList> localCommandFor(const QStringList &words, const QString &address,
                                                  const QByteArray &id);
/// The command for display, with words quoted if necessary to separate them.
[[nodiscard]] QString localLine(const QStringList &words);
/// Returns the word, or part of one, that seems to contain a password (--pass=…, -a …, token=…, sshpass -p), without
/// the password; empty if there is none. Such a command is refused, because it would appear in the journal and in the
/// process list.
[[nodiscard]] QString secretLikeWord(const QStringList &words);

/// Keys of a probe: in one slot of a shard, with a hash tag.
struct DrillLane
{
    int shard = 0; ///< shard number
    QByteArray primary; ///< id of its primary when the drill was planned
    QString primaryName;
    QByteArray tag; ///< "{tag}" is part of every key
    quint16 slot = 0;
    int replicas = 0; ///< number of connected replicas, which must acknowledge a write with WAIT
    bool control = false; ///< in a shard that the drill does not affect
    friend bool operator==(const DrillLane &, const DrillLane &) = default;
};
/// One node that the drill takes away.
struct DrillTarget
{
    QByteArray id;
    QString name; ///< "host:port"
    bool primary = false;
    int shard = 0; ///< shard number
    QByteArray heir; ///< replica for a graceful failover
    QString heirName;
    int slot = -1; ///< one of its shard's slots, whose owner shows who took over; -1: unknown
    friend bool operator==(const DrillTarget &, const DrillTarget &) = default;
};

/// Role and slots of a node before the drill.
struct DrillPlace
{
    QByteArray id;
    QString name;
    QByteArray primaryId; ///< empty: it was a primary
    QString slotRanges; ///< in the format of SlotSet::toString()
    friend bool operator==(const DrillPlace &, const DrillPlace &) = default;
};

/// Everything that a run needs to know about a drill. Written to the journal with the plan.
struct DrillPlan
{
    DrillSpec spec; ///< with a duration of 0 replaced
    QList<DrillTarget> targets;
    QList<DrillLane> lanes;
    /// maps the ids of the nodes whose CLUSTER NODES is read during the drill to their names
    QHash<QByteArray, QString> observers;
    bool failsOver = true; ///< a replica is expected to take over
    bool endsEarly = false; ///< no duration was given: the nodes return soon after a replica has taken over
    qint64 nodeTimeoutMs = 0;
    int deadlineMs = 0; ///< time limit for an election
    QList<DrillPlace> before = {}; ///< layout to restore; empty: it is not restored
    [[nodiscard]] int slotOf(const DrillTarget &target) const; ///< slot of its shard; -1: unknown
    friend bool operator==(const DrillPlan &, const DrillPlan &) = default;
};
[[nodiscard]] QJsonObject toJson(const DrillPlan &plan);
/// Error::Parse if this program could not have made it.
[[nodiscard]] Result<DrillPlan> drillPlanFrom(const QJsonObject &json);

inline const QByteArray drillKeyPrefix = "slotscope:drill:"; ///< NOLINT: shared by plan and probe

} // namespace slotscope
