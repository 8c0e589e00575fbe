// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QJsonObject>
#include <QList>
#include <QStringList>

namespace slotscope {

/// How a drill takes nodes away from their clients.
enum class DrillWay : quint8 {
    Failover, ///< CLUSTER FAILOVER on a replica: nothing fails, the shard changes its primary
    Pause, ///< CLIENT PAUSE … ALL: clients wait, the cluster bus goes on, nobody takes over
    DebugSleep, ///< DEBUG SLEEP: the whole server stands still, the bus too
    OwnCommand, ///< commands of the user's own stop and start the server
};
[[nodiscard]] QString drillWayName(DrillWay way); ///< "failover", "pause", "debug-sleep", "command"
[[nodiscard]] std::optional<DrillWay> drillWayOf(const QString &name); ///< nothing for other names

/// What a drill is asked to do.
struct DrillSpec
{
    QByteArray nodeId = {}; ///< of the shard whose primary is taken away, or a replica of it; empty: see host
    QString host = {}; ///< or every node of this host, as hostNameOf() has it
    DrillWay way = DrillWay::Failover;
    int milliseconds = 0; ///< how long the nodes are away; 0: long enough for an election (a pause: five seconds)
    QStringList stop = {}, start = {}; ///< words of the user's commands, with {host}, {port}, {id}
    bool back = true; ///< the layout from before is made again at the end
    friend bool operator==(const DrillSpec &, const DrillSpec &) = default;
};
constexpr int mostDrillMs = 600'000;
constexpr int localCommandMs = 30'000; ///< a command of the user's own has so long to come to its end

[[nodiscard]] QJsonObject toJson(const DrillSpec &spec);
[[nodiscard]] DrillSpec drillSpecFrom(const QJsonObject &json);

/// A typed line as words: single and double quotes and a backslash mean what they do in a shell, nothing else does.
/// Error::InvalidArgument where a quote is not closed.
[[nodiscard]] Result<QStringList> localWords(const QString &line);
/// Whether the program of such words is there; a name without a slash is looked for in PATH.
[[nodiscard]] bool isLocalProgram(const QStringList &words);
/// The words for one node. A placeholder's value never makes a new word. Error::InvalidArgument where the program is
/// missing, or a value has characters that no host name, port or id has: a server names its host, and the user's
/// program may be a shell.
[[nodiscard]] Result<QStringList> localCommandFor(const QStringList &words, const QString &address,
                                                  const QByteArray &id);
/// As it is shown, word by word; each is quoted where that tells the words apart.
[[nodiscard]] QString localLine(const QStringList &words);
/// What looks as if it held a password (--pass=…, -a …, token=…, sshpass -p), without the password, in a word or in a
/// part of one; empty: nothing. Such a command is not taken: it
/// would stand in the journal, and in the process list.
[[nodiscard]] QString secretLikeWord(const QStringList &words);

/// Keys of a probe: in a slot of one shard, with a hash tag.
struct DrillLane
{
    int shard = 0; ///< its number, as people call it
    QByteArray primary; ///< id of its primary when the drill was planned
    QString primaryName;
    QByteArray tag; ///< "{tag}" is in every key
    quint16 slot = 0;
    int replicas = 0; ///< linked replicas: so many have to acknowledge a write for WAIT to count
    bool control = false; ///< of a shard that the drill leaves alone
    friend bool operator==(const DrillLane &, const DrillLane &) = default;
};
/// One node that the drill takes away.
struct DrillTarget
{
    QByteArray id;
    QString name; ///< "host:port"
    bool primary = false;
    int shard = 0; ///< number
    QByteArray heir; ///< a graceful failover's replica
    QString heirName;
    int slot = -1; ///< one of its shard's slots: who serves it has taken over; -1: not known
    friend bool operator==(const DrillTarget &, const DrillTarget &) = default;
};

/// Where a node stood before the drill.
struct DrillPlace
{
    QByteArray id;
    QString name;
    QByteArray primaryId; ///< empty: a primary
    QString slotRanges; ///< as SlotSet::toString() has them
    friend bool operator==(const DrillPlace &, const DrillPlace &) = default;
};

/// All that a run must know of a drill. Journalled with the plan.
struct DrillPlan
{
    DrillSpec spec; ///< with the time that 0 stood for
    QList<DrillTarget> targets;
    QList<DrillLane> lanes;
    QHash<QByteArray, QString> observers; ///< id -> name: whose CLUSTER NODES is read meanwhile
    bool failsOver = true; ///< a replica is expected to take over
    bool endsEarly = false; ///< nobody said how long: the nodes come back soon after a replica has taken over
    qint64 nodeTimeoutMs = 0;
    int deadlineMs = 0; ///< an election that has not come by then is not waited for
    QList<DrillPlace> before = {}; ///< the layout that is made again; empty: it is not
    [[nodiscard]] int slotOf(const DrillTarget &target) const; ///< of its shard; -1: not known
    friend bool operator==(const DrillPlan &, const DrillPlan &) = default;
};
[[nodiscard]] QJsonObject toJson(const DrillPlan &plan);
/// Error::Parse where it is none that this program makes.
[[nodiscard]] Result<DrillPlan> drillPlanFrom(const QJsonObject &json);

inline const QByteArray drillKeyPrefix = "slotscope:drill:"; ///< NOLINT: one text for plan, probe and documents

} // namespace slotscope
