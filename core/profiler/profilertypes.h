// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/profiler/monitorline.h"
#include "core/session/commandgate.h"

#include <optional>
#include <vector>

namespace slotscope {

/// By what the lines of a profile are put together.
enum class ProfileBy : quint8 { CommandAndPrefix, CommandName, KeyPrefix, Client, Node };
inline constexpr size_t profileGroupings = 5;

/// A line as it is kept: long arguments cut, at most a few of them.
struct ProfileLine
{
    MonitorLine line;
    int node = 0; ///< place among the profile's nodes
    qsizetype arguments = 0; ///< that the command had
    QByteArray prefix; ///< of its first key, "user:*"; or why there is none
};

/// Lines that have something in common.
struct ProfileGroup
{
    QByteArray name;
    quint64 lines = 0;
    std::vector<quint64> byNode; ///< by place among the profile's nodes
};
struct ProfileGroups
{
    std::vector<ProfileGroup> groups; ///< the most lines first
    quint64 others = 0, otherLines = 0; ///< groups beyond these, and their lines
    quint64 unnamedLines = 0; ///< came when as many groups as are told apart were there already
};

/// Which lines are meant. What is empty holds for all.
struct ProfileFilter
{
    QByteArrayList words; ///< all have to occur: in a command's name, an argument, or the client
    ProfileBy by = ProfileBy::CommandName;
    QByteArray group; ///< name of a group of `by`
    [[nodiscard]] bool isEmpty() const { return words.isEmpty() && group.isEmpty(); }
};

/// What a profile is to watch, and when it ends by itself; 0: no such limit.
struct ProfileOrder
{
    QByteArrayList nodes; ///< ids
    qint64 milliseconds = 0;
    quint64 lines = 0;
    qint64 pingMicroseconds = 0; ///< when 90 % of a node's last pings no longer stay below
    int readPerSecond = 200'000; ///< lines that are looked into; more are counted, and dropped. 0: all
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
    std::optional<Error> problem; ///< for Refused, and for Ended where nobody asked for it
    quint64 lines = 0;
    qint64 pingMicroseconds = -1; ///< 90 % of its last pings took no longer; -1: not known
};

/// Lines of one second by node.
struct ProfileSecond
{
    qint64 second = 0; ///< since the start
    std::vector<quint64> byNode;
};

/// What is asked of a profile.
struct ProfileLook
{
    ProfileBy by = ProfileBy::CommandAndPrefix;
    ProfileFilter filter; ///< of the newest lines
    size_t mostGroups = 500, mostLines = 200;
};

/// A profile as it stands.
struct ProfileSnapshot
{
    bool isRunning = false;
    ProfileEnd end = ProfileEnd::None;
    qint64 startedAt = 0; ///< ms since 1970; 0: never started
    qint64 milliseconds = 0; ///< that it has run
    quint64 lines = 0, dropped = 0, odd = 0; ///< dropped ones were counted, not looked into; odd ones could not be read
    quint64 bytes = 0;
    quint64 linesOfLastSecond = 0;
    quint64 kept = 0, letGo = 0; ///< read ones that can still be shown, and older ones that cannot
    qint64 ownDelay = 0; ///< microseconds: so late was our own thread lately
    std::vector<ProfileNode> nodes;
    std::vector<ProfileSecond> seconds; ///< the last five minutes
    ProfileGroups groups;
    std::vector<ProfileLine> newest; ///< newest first, those that the filter means
};

} // namespace slotscope
