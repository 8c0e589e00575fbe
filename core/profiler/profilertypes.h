// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/profiler/monitorline.h"
#include "core/session/commandgate.h"

#include <optional>
#include <vector>

namespace slotscope {

/// How the lines of a profile are grouped.
enum class ProfileBy : quint8 { CommandAndPrefix, CommandName, KeyPrefix, Client, Node };
inline constexpr size_t profileGroupings = 5;

/// A stored line, with only some arguments, and long ones truncated.
struct ProfileLine
{
    MonitorLine line;
    int node = 0; ///< index among the profile's nodes
    qsizetype arguments = 0; ///< number of arguments that the command had
    QByteArray prefix; ///< prefix of its first key, "user:*", or why there is none
};

/// Lines with something in common.
struct ProfileGroup
{
    QByteArray name;
    quint64 lines = 0;
    std::vector<quint64> byNode; ///< indexed by position among the profile's nodes
};
struct ProfileGroups
{
    std::vector<ProfileGroup> groups; ///< sorted by lines, largest first
    quint64 others = 0, otherLines = 0; ///< number of further groups, and of their lines
    quint64 unnamedLines = 0; ///< lines that arrived when no further groups could be added
};

/// Selects lines. Empty fields match all.
struct ProfileFilter
{
    QByteArrayList words; ///< words that must all occur in a command's name, an argument, or the client
    ProfileBy by = ProfileBy::CommandName;
    QByteArray group; ///< name of a group of kind `by`
    [[nodiscard]] bool isEmpty() const { return words.isEmpty() && group.isEmpty(); }
};

/// What to profile, and limits at which it ends automatically; 0: no limit.
struct ProfileOrder
{
    QByteArrayList nodes; ///< node ids
    qint64 milliseconds = 0;
    quint64 lines = 0;
    qint64 pingMicroseconds = 0; ///< ends when the 90th percentile of a node's last pings exceeds this
    int readPerSecond = 200'000; ///< lines parsed per second; further ones are counted and dropped. 0: all
    UserConsent consent = UserConsent::None;
};

enum class ProfileEnd : quint8 { None, Asked, Time, Lines, Ping, NoNode };

/// One node of a profile.
struct ProfileNode
{
    enum class State : quint8 { Opening, Watched, Refused, Ended };
    QByteArray id;
    QString name;
    State state = State::Opening;
    std::optional<Error> problem; ///< for Refused, and for an unrequested Ended
    quint64 lines = 0;
    qint64 pingMicroseconds = -1; ///< 90th percentile of its last pings; -1: unknown
};

/// Number of lines per node in one second.
struct ProfileSecond
{
    qint64 second = 0; ///< seconds since the start
    std::vector<quint64> byNode;
};

/// A request for a profile's data.
struct ProfileLook
{
    ProfileBy by = ProfileBy::CommandAndPrefix;
    ProfileFilter filter; ///< for the latest lines
    size_t mostGroups = 500, mostLines = 200;
};

/// The present state of a profile.
struct ProfileSnapshot
{
    bool isRunning = false;
    ProfileEnd end = ProfileEnd::None;
    qint64 startedAt = 0; ///< ms since 1970; 0: never started
    qint64 milliseconds = 0; ///< running time so far
    quint64 lines = 0, dropped = 0, odd = 0; ///< dropped lines were only counted; odd ones could not be parsed
    quint64 bytes = 0;
    quint64 linesOfLastSecond = 0;
    quint64 kept = 0, letGo = 0; ///< parsed lines that are stored, and older ones that were dropped
    qint64 ownDelay = 0; ///< recent delay of our own thread in microseconds
    std::vector<ProfileNode> nodes;
    std::vector<ProfileSecond> seconds; ///< of the last five minutes
    ProfileGroups groups;
    std::vector<ProfileLine> newest; ///< lines that match the filter, newest first
};

} // namespace slotscope
