// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/console/consoletab.h"
#include "core/console/errorhelp.h"

#include <QHash>

#include <deque>
#include <optional>

namespace slotscope {

/// One command with its answer, as the window knows it: heads and the lines that were asked for. GUI thread.
struct ConsoleBlock
{
    static constexpr size_t mostMessages = 10'000;
    static constexpr int pageSize = 64; ///< lines that are asked for at once
    static constexpr int mostPages = 64; ///< kept of one view of an answer

    quint64 entry = 0;
    ConsoleOrder order;
    QString line; ///< the command for people, without secrets
    QString aim; ///< "all nodes"; empty: the cluster or a node
    qint64 at = 0; ///< when it was sent, ms since 1970
    std::vector<ConsoleOutcome> nodes;
    bool isDone = false;
    bool isFolded = false;
    bool isSent = true; ///< false: the gate kept it back
    QString kept; ///< why
    AnswerView view = AnswerView::Cli;
    bool onlyDifferences = false;

    /// Lines of the current view of a node's answer, as far as they were read.
    struct Window
    {
        QHash<qint64, QStringList> pages;
        QSet<qint64> asked;
        qint64 count = 0;
        bool isWhole = false, isGone = false;
        bool isKnown = false; ///< `count` was told for this view
    };
    std::vector<Window> windows; ///< one a node
    std::optional<BroadcastRows> rows; ///< of the answers side by side: those read last
    bool areRowsAsked = false;
    std::optional<ErrorHelp> help;
    std::deque<QString> messages; ///< of a stream
    quint64 droppedMessages = 0;

    [[nodiscard]] bool isBroadcast() const { return order.aim.isBroadcast(); }
    [[nodiscard]] bool isStream() const
    {
        return !messages.empty()
            || (!nodes.empty()
                && (nodes[0].state == ConsoleOutcome::State::Streaming
                    || nodes[0].state == ConsoleOutcome::State::Ended));
    }
    [[nodiscard]] bool hasFailed() const; ///< some node refused it, or did not answer
    /// A line of the answer of node 0; nothing where it is not there yet.
    [[nodiscard]] std::optional<QString> lineAt(qint64 index) const;
    [[nodiscard]] qint64 lineCount() const;
};

} // namespace slotscope
