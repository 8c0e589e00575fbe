// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/console/broadcasttable.h"
#include "core/console/consoletypes.h"
#include "core/session/batchstream.h"
#include "core/session/clustersession.h"

namespace slotscope {

/// A line of a stream that a command opened: a message, a change of subscription, a line of MONITOR.
struct ConsoleMessage
{
    quint64 entry = 0; ///< 0: of no stream, as an invalidation of CLIENT TRACKING
    QString nodeName;
    qint64 at = 0; ///< ms since 1970
    QString text;
};

/// One tab of the console: runs commands over connections of its own, so that MULTI, SELECT or SUBSCRIBE concern this
/// tab alone, and keeps the answers, of which the window asks for the lines that it shows. On the session's thread.
class ConsoleTab final
{
    Q_DISABLE_COPY_MOVE(ConsoleTab)
public:
    /// Memory of the answers that are kept; then the oldest go.
    static constexpr qint64 mostMemory = 512LL * 1024 * 1024;
    static constexpr size_t mostMessages = 10'000; ///< of streams, on their way to the window

    explicit ConsoleTab(QPointer<ClusterSession> session);
    ~ConsoleTab();

    void listen(std::shared_ptr<BatchSink<ConsoleEvent>> events, std::shared_ptr<BatchSink<ConsoleMessage>> messages);
    /// Runs a command. What the nodes say comes as events, each when it is there; finishes when all have spoken, with
    /// whether each of them said something else than an error. Error where it was not sent: the gate refuses it, or
    /// wants consent.
    [[nodiscard]] QCoro::Task<Result<bool>> run(ConsoleOrder order);
    /// Several commands to one node in one go; not followed when redirected. Aimed at the cluster, their keys have to
    /// be of one node.
    [[nodiscard]] QCoro::Task<Result<bool>> runTogether(QList<ConsoleOrder> orders);
    /// Ends the connections that commands or streams hold; a transaction on another one goes on.
    void stop();
    /// Ends all connections; the next ones speak RESP3, or RESP2.
    void setResp3(bool resp3);

    /// Lines of an answer. Finds out where lines are only as far as that takes a moment: ask again while !isWhole.
    [[nodiscard]] QCoro::Task<Result<ConsoleLines>> lines(quint64 entry, int node, AnswerView view, qint64 first,
                                                          int most) const;
    /// The answers of all nodes side by side.
    [[nodiscard]] QCoro::Task<Result<BroadcastRows>> table(quint64 entry, bool onlyDifferences, int first,
                                                           int most) const;
    /// What each node has said so far; empty where there is no such command.
    [[nodiscard]] std::vector<ConsoleOutcome> outcomes(quint64 entry) const;
    /// The answer itself, to be read on any thread.
    [[nodiscard]] QCoro::Task<Result<std::shared_ptr<const Value>>> answer(quint64 entry, int node) const;
    void forget(quint64 entry);

private:
    struct Shared;
    friend struct ConsoleSending;
    std::shared_ptr<Shared> m_shared;
};

} // namespace slotscope
