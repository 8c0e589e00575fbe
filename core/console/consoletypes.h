// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/console/answerlines.h"
#include "core/console/linkeffect.h"
#include "core/session/commandgate.h"

#include <QMetaType>
#include <QStringList>

namespace slotscope {

/// Where a tab of the console sends its commands.
struct ConsoleAim
{
    enum class Kind : quint8 {
        Cluster, ///< to the owner of the command's keys
        Node,
        Primaries,
        Replicas,
        All,
    };
    Kind kind = Kind::Cluster;
    QByteArray nodeId = {}; ///< for Kind::Node

    [[nodiscard]] bool isBroadcast() const { return kind != Kind::Cluster && kind != Kind::Node; }
    friend bool operator==(const ConsoleAim &, const ConsoleAim &) = default;
};

/// How a tab's connections stand.
struct ConsoleState
{
    bool isInMulti = false;
    int queued = 0; ///< commands in MULTI
    int watched = 0; ///< keys
    bool areRepliesOff = false;
    int subscriptions = 0;
    bool isMonitoring = false;
    int database = 0;
    QString user; ///< given with AUTH in this tab; empty: the connection's
    QString heldNode; ///< that a transaction is bound to
    bool isResp3 = true;
    int running = 0; ///< commands that wait for their answers
    friend bool operator==(const ConsoleState &, const ConsoleState &) = default;
};

/// What one node said to one command, without the answer itself, which stays on the core thread.
struct ConsoleOutcome
{
    enum class State : quint8 {
        Waiting,
        Answered,
        Refused, ///< an error reply
        Failed, ///< no reply came
        Unasked, ///< sent; the connection's replies are off
        Streaming, ///< messages follow
        Ended, ///< they did
    };
    State state = State::Waiting;
    QByteArray nodeId;
    QString nodeName;
    bool fromReplica = false;
    qint64 microseconds = 0;
    QStringList redirects; ///< "MOVED to 127.0.0.1:7002 (slot 5)"
    QStringList lines; ///< the first ones as redis-cli shows them
    qint64 lineCount = 0; ///< known so far
    bool areLinesWhole = false;
    bool isAggregate = false; ///< has items, to be shown as a tree or table
    QByteArray serverError; ///< of State::Refused: the server's words, without secrets
    Error error; ///< of State::Failed
    QString note; ///< from us: why there is no answer, what comes next
};

/// What a tab tells the window.
struct ConsoleEvent
{
    enum class Kind : quint8 { Outcome, Message, Done, State };
    Kind kind = Kind::Outcome;
    quint64 entry = 0;
    int nodes = 0; ///< of Outcome: how many are asked
    int node = 0; ///< of Outcome: which of them
    ConsoleOutcome outcome;
    QString message; ///< of Message: a line of SUBSCRIBE or MONITOR
    ConsoleState state;
};

struct ConsoleOrder
{
    quint64 entry = 0;
    Command command;
    ConsoleAim aim;
    bool followsRedirects = true;
    UserConsent consent = UserConsent::None;
};

/// A part of an answer.
struct ConsoleLines
{
    qint64 first = 0;
    QStringList lines;
    qint64 count = 0; ///< of all lines, as far as known
    bool isWhole = true; ///< `count` is known for good
    bool isGone = false; ///< the answer was let go to save memory
};

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::ConsoleAim)
