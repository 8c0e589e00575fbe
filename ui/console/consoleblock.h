// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/console/consoletab.h"
#include "core/console/errorhelp.h"

#include <QHash>

#include <deque>
#include <optional>

namespace slotscope {

/// One command with its replies, as far as the window has read them: heads and requested lines. GUI thread.
struct ConsoleBlock
{
    static constexpr size_t mostMessages = 10'000;
    static constexpr int pageSize = 64; ///< lines per request
    static constexpr int mostPages = 64; ///< pages kept per view of a reply

    quint64 entry = 0;
    ConsoleOrder order;
    QString line; ///< the command as text, without secrets
    QString aim; ///< such as "all nodes"; empty: the cluster or a node
    qint64 at = 0; ///< when it was sent, ms since 1970
    std::vector<ConsoleOutcome> nodes;
    bool isDone = false;
    bool isFolded = false;
    bool isSent = true; ///< false: the command gate did not let it through
    QString kept; ///< why it was not sent
    AnswerView view = AnswerView::Cli;
    bool onlyDifferences = false;

    /// Lines of the current view of a node's reply that were read so far.
    struct Window
    {
        QHash<qint64, QStringList> pages;
        QSet<qint64> asked;
        qint64 count = 0;
        bool isWhole = false, isGone = false;
        bool isKnown = false; ///< `count` is known for this view
    };
    std::vector<Window> windows; ///< one per node
    std::optional<BroadcastRows> rows; ///< the rows of the side-by-side view that were read last
    bool areRowsAsked = false;
    std::optional<ErrorHelp> help;
    std::deque<QString> messages; ///< messages of a stream
    quint64 droppedMessages = 0;

    [[nodiscard]] bool isBroadcast() const { return order.aim.isBroadcast(); }
    [[nodiscard]] bool isStream() const
    {
        return !messages.empty()
            || (!nodes.empty()
                && (nodes[0].state == ConsoleOutcome::State::Streaming
                    || nodes[0].state == ConsoleOutcome::State::Ended));
    }
    [[nodiscard]] bool hasFailed() const; ///< some node refused the command or did not reply
    /// A line of the reply of node 0; empty if it is not read yet.
    [[nodiscard]] std::optional<QString> lineAt(qint64 index) const;
    [[nodiscard]] qint64 lineCount() const;
};

} // namespace slotscope
