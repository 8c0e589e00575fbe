// SPDX-License-Identifier: GPL-3.0-or-later
// What a console's tab holds; for its own source files.
#pragma once

#include "core/console/consolelinks.h"
#include "core/console/consoletab.h"

#include <map>
#include <optional>

namespace slotscope {

struct ConsoleTab::Shared
{
    using Ptr = std::shared_ptr<Shared>;

    /// State of the connection to a node.
    struct LinkNow
    {
        bool isInMulti = false;
        int queued = 0, watched = 0, subscriptions = 0, running = 0, database = 0;
        bool areRepliesOff = false, skipsNext = false, isMonitoring = false, isResp3 = true;
        quint64 stream = 0; ///< entry that receives messages
        int streamNode = 0; ///< index of the node in that entry
        QStringList attributes; ///< received before the reply that they describe
        [[nodiscard]] bool holdsStream() const { return isMonitoring || subscriptions > 0 || stream != 0; }
    };
    struct Answer
    {
        std::shared_ptr<const Value> value; ///< null: no answer, or dropped
        ConsoleOutcome outcome;
        std::map<AnswerView, std::unique_ptr<AnswerLines>> lines;
        qint64 memory = 0;
        bool isGone = false;
    };
    struct Entry
    {
        Command command;
        std::vector<Answer> answers;
        std::unique_ptr<BroadcastTable> table;
    };

    QPointer<ClusterSession> session;
    std::unique_ptr<ConsoleLinks> links;
    std::map<QByteArray, LinkNow> now; ///< of open links, by node id
    std::map<quint64, Entry> entries;
    std::unique_ptr<BatchStream<ConsoleEvent>> events;
    std::unique_ptr<BatchStream<ConsoleMessage>> messages;
    QByteArray held; ///< node of the transaction, if the tab is aimed at the cluster
    bool isMultiDue = false; ///< MULTI was typed, but no key has determined the node yet
    QByteArray lastNode;
    QHash<int, QByteArray> moved; ///< maps slots to their owners, from MOVED replies
    quint64 movedOf = 0; ///< revision of the view that `moved` is newer than
    QString user;
    quint64 stops = 0;
    qint64 memory = 0;
    ConsoleState told;

    [[nodiscard]] QString nameOf(const QByteArray &nodeId) const;
    [[nodiscard]] ConsoleState state() const;
    void tellState(const QString &why = {});
    void tellOutcome(quint64 entry, int node);
    void tellDone(quint64 entry);
    /// Stores the answer, with its first lines in the outcome.
    void keep(quint64 entry, int node, Value value);
    void letGoOfOldest();
    void takeMessage(const QByteArray &nodeId, const Value &message);
    void takeEnd(const QByteArray &nodeId, const Error &error);
    void endStream(const QByteArray &nodeId, const QString &why);
};

/// Sends commands to nodes.
struct ConsoleSending
{
    using Shared = ConsoleTab::Shared;
    using Ptr = Shared::Ptr;
    using Replies = Connection::Replies;

    /// One command being sent to one node.
    struct Way
    {
        ConsoleOrder order;
        int node = 0; ///< index of the node in the entry
        QByteArray nodeId;
        LinkEffect effect = LinkEffect::None;
        bool beginsMulti = false; ///< MULTI is sent before it
        bool isAsking = false;
        quint64 stops = 0;
    };
    /// Asks the gate. Error::Code::NeedsConsent if consent is required, with serverPrefix "NAME" if the connection's
    /// name must be typed. Secrets in the command are remembered.
    [[nodiscard]] static QCoro::Task<Result<>> judged(Ptr self, ConsoleOrder order);
    /// Returns the one node that all commands of a pipeline go to.
    [[nodiscard]] static QCoro::Task<Result<QByteArray>> oneNodeOf(Ptr self, QList<ConsoleOrder> orders);
    [[nodiscard]] static QCoro::Task<bool> sendTogether(Ptr self, std::vector<Way> ways,
                                                        std::shared_ptr<DedicatedLink> link);
    [[nodiscard]] static QCoro::Task<Result<QList<QByteArray>>> targetsOf(Ptr self, ConsoleOrder order);
    /// Returns true after a reply that is no error, or if none was expected.
    [[nodiscard]] static QCoro::Task<bool> send(Ptr self, std::shared_ptr<Way> way);
    [[nodiscard]] static QCoro::Task<bool> sendOnce(Ptr self, std::shared_ptr<Way> way,
                                                    std::shared_ptr<DedicatedLink> link);
    static void begin(Shared &shared, const ConsoleOrder &order, const QList<QByteArray> &nodes);
    static void failWith(Shared &shared, const Way &way, Error error);
    /// Whether the command was sent without a reply to wait for.
    [[nodiscard]] static bool wasTold(Shared &shared, const Way &way, DedicatedLink &link);
    static void openStream(Shared &shared, const Way &way);
    static void takeState(Shared &shared, const Way &way);
    static void greetAlike(Shared &shared, const Way &way);
    static void takeEffect(Shared &shared, const Way &way, const Value &reply);
    /// Sets `way` to the target of a redirect and returns true. Returns false if the reply is no redirect, or must not
    /// be obeyed.
    [[nodiscard]] static bool follow(Shared &shared, Way &way, const Value &reply);
    /// The local answer to MULTI, EXEC and DISCARD while the transaction's node is unknown; nullopt for other commands.
    [[nodiscard]] static std::optional<QString> withoutNode(Shared &shared, const ConsoleOrder &order);
};

} // namespace slotscope
