// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/console/broadcasttable.h"
#include "core/console/consoletypes.h"
#include "core/session/batchstream.h"
#include "core/session/clustersession.h"

namespace slotscope {

/// One line of a stream that a command opened: a message, a subscription change, or a MONITOR line.
struct ConsoleMessage
{
    quint64 entry = 0; ///< 0: belongs to no stream, such as an invalidation of CLIENT TRACKING
    QString nodeName;
    qint64 at = 0; ///< ms since 1970
    QString text;
};

/// One tab of the console: runs commands over connections of its own, so that MULTI, SELECT or SUBSCRIBE affect only
/// this tab. Stores the answers; the window requests the lines that it shows. On the session's thread.
class ConsoleTab final
{
    Q_DISABLE_COPY_MOVE(ConsoleTab)
public:
    /// Memory limit for stored answers; beyond it, the oldest are dropped.
    static constexpr qint64 mostMemory = 512LL * 1024 * 1024;
    static constexpr size_t mostMessages = 10'000; ///< of streams, on their way to the window

    explicit ConsoleTab(QPointer<ClusterSession> session);
    ~ConsoleTab();

    void listen(std::shared_ptr<BatchSink<ConsoleEvent>> events, std::shared_ptr<BatchSink<ConsoleMessage>> messages);
    /// Runs a command. Answers arrive as events, one per node. Finishes when all nodes have answered; true if each
    /// replied without an error. An Error means that nothing was sent, because the gate refused it or wants consent.
    [[nodiscard]] QCoro::Task<Result<bool>> run(ConsoleOrder order);
    /// Sends several commands to one node in a pipeline; redirects are not followed. If the tab is aimed at the
    /// cluster, all keys must be on one node.
    [[nodiscard]] QCoro::Task<Result<bool>> runTogether(QList<ConsoleOrder> orders);
    /// Closes connections on which commands or streams are active; a transaction on another connection continues.
    void stop();
    /// Closes all connections; new ones use RESP3 or RESP2.
    void setResp3(bool resp3);

    /// Returns lines of an answer. Line positions are determined only as far as that is fast: call again while
    /// !isWhole.
    [[nodiscard]] QCoro::Task<Result<ConsoleLines>> lines(quint64 entry, int node, AnswerView view, qint64 first,
                                                          int most) const;
    /// Returns the comparison of all nodes' answers.
    [[nodiscard]] QCoro::Task<Result<BroadcastRows>> table(quint64 entry, bool onlyDifferences, int first,
                                                           int most) const;
    /// The results so far, one per node; empty if there is no such entry.
    [[nodiscard]] std::vector<ConsoleOutcome> outcomes(quint64 entry) const;
    /// The answer itself, which may be read on any thread.
    [[nodiscard]] QCoro::Task<Result<std::shared_ptr<const Value>>> answer(quint64 entry, int node) const;
    void forget(quint64 entry);

private:
    struct Shared;
    friend struct ConsoleSending;
    std::shared_ptr<Shared> m_shared;
};

} // namespace slotscope
