// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/console/answerlines.h"
#include "core/console/linkeffect.h"
#include "core/session/commandgate.h"

#include <QMetaType>
#include <QStringList>

namespace slotscope {

/// Where a console tab sends its commands.
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
    QByteArray nodeId = {}; ///< only for Kind::Node

    [[nodiscard]] bool isBroadcast() const { return kind != Kind::Cluster && kind != Kind::Node; }
    friend bool operator==(const ConsoleAim &, const ConsoleAim &) = default;
};

/// State of a tab's connections.
struct ConsoleState
{
    bool isInMulti = false;
    int queued = 0; ///< number of commands in MULTI
    int watched = 0; ///< number of watched keys
    bool areRepliesOff = false;
    int subscriptions = 0;
    bool isMonitoring = false;
    int database = 0;
    QString user; ///< user of an AUTH in this tab; empty: the connection's
    QString heldNode; ///< node to which a transaction is bound
    bool isResp3 = true;
    int running = 0; ///< number of commands that wait for a reply
    friend bool operator==(const ConsoleState &, const ConsoleState &) = default;
};

/// One node's result for one command, without the answer itself, which stays on the core thread.
struct ConsoleOutcome
{
    enum class State : quint8 {
        Waiting,
        Answered,
        Refused, ///< error reply
        Failed, ///< no reply
        Unasked, ///< sent without expecting a reply, because replies are off
        Streaming, ///< messages follow
        Ended, ///< the stream of messages has ended
    };
    State state = State::Waiting;
    QByteArray nodeId;
    QString nodeName;
    bool fromReplica = false;
    qint64 microseconds = 0;
    QStringList redirects; ///< such as "MOVED to 127.0.0.1:7002 (slot 5)"
    QStringList lines; ///< the first lines as printed by redis-cli
    qint64 lineCount = 0; ///< number of lines known so far
    bool areLinesWhole = false;
    bool isAggregate = false; ///< has items that can be shown as a tree or table
    QByteArray serverError; ///< for State::Refused: the server's message, without secrets
    Error error; ///< for State::Failed
    QString note; ///< our own remark: why there is no answer, or what follows
};

/// An event from a tab to the window.
struct ConsoleEvent
{
    enum class Kind : quint8 { Outcome, Message, Done, State };
    Kind kind = Kind::Outcome;
    quint64 entry = 0;
    int nodes = 0; ///< for Outcome: number of nodes the command was sent to
    int node = 0; ///< for Outcome: index of the node
    ConsoleOutcome outcome;
    QString message; ///< for Message: a line of SUBSCRIBE or MONITOR
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

/// Some lines of an answer.
struct ConsoleLines
{
    qint64 first = 0;
    QStringList lines;
    qint64 count = 0; ///< number of all lines known so far
    bool isWhole = true; ///< `count` is final
    bool isGone = false; ///< the answer was dropped to save memory
};

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::ConsoleAim)
