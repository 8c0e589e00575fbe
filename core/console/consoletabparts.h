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

    /// How the connection to a node stands.
    struct LinkNow
    {
        bool isInMulti = false;
        int queued = 0, watched = 0, subscriptions = 0, running = 0, database = 0;
        bool areRepliesOff = false, skipsNext = false, isMonitoring = false, isResp3 = true;
        quint64 stream = 0; ///< entry that messages go to
        int streamNode = 0; ///< its number in that entry
        QStringList attributes; ///< that came before the reply to come
        [[nodiscard]] bool holdsStream() const { return isMonitoring || subscriptions > 0 || stream != 0; }
    };
    struct Answer
    {
        std::shared_ptr<const Value> value; ///< null: none came, or it was let go
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
    std::map<QByteArray, LinkNow> now; ///< of open links
    std::map<quint64, Entry> entries;
    std::unique_ptr<BatchStream<ConsoleEvent>> events;
    std::unique_ptr<BatchStream<ConsoleMessage>> messages;
    QByteArray held; ///< node of a transaction, where the tab is aimed at the cluster
    bool isMultiDue = false; ///< MULTI was typed, and no key has told the node yet
    QByteArray lastNode;
    QHash<int, QByteArray> moved; ///< owners of slots that MOVED told
    quint64 movedOf = 0; ///< revision of the view that they go beyond
    QString user;
    quint64 stops = 0;
    qint64 memory = 0;
    ConsoleState told;

    [[nodiscard]] QString nameOf(const QByteArray &nodeId) const;
    [[nodiscard]] ConsoleState state() const;
    void tellState(const QString &why = {});
    void tellOutcome(quint64 entry, int node);
    void tellDone(quint64 entry);
    /// Keeps the answer, with its first lines in the outcome.
    void keep(quint64 entry, int node, Value value);
    void letGoOfOldest();
    void takeMessage(const QByteArray &nodeId, const Value &message);
    void takeEnd(const QByteArray &nodeId, const Error &error);
    void endStream(const QByteArray &nodeId, const QString &why);
};

/// The ways of commands to nodes.
struct ConsoleSending
{
    using Shared = ConsoleTab::Shared;
    using Ptr = Shared::Ptr;
    using Replies = Connection::Replies;

    /// One command on its way to one node.
    struct Way
    {
        ConsoleOrder order;
        int node = 0; ///< its number in the entry
        QByteArray nodeId;
        LinkEffect effect = LinkEffect::None;
        bool beginsMulti = false; ///< MULTI goes before it
        bool isAsking = false;
        quint64 stops = 0;
    };
    /// Whether the gate lets it pass; else Error::Code::NeedsConsent, with serverPrefix "NAME" where the connection's
    /// name has to be typed. Its secrets are remembered.
    [[nodiscard]] static QCoro::Task<Result<>> judged(Ptr self, ConsoleOrder order);
    /// The one node that all of a pipeline go to.
    [[nodiscard]] static QCoro::Task<Result<QByteArray>> oneNodeOf(Ptr self, QList<ConsoleOrder> orders);
    [[nodiscard]] static QCoro::Task<bool> sendTogether(Ptr self, std::vector<Way> ways,
                                                        std::shared_ptr<DedicatedLink> link);
    [[nodiscard]] static QCoro::Task<Result<QList<QByteArray>>> targetsOf(Ptr self, ConsoleOrder order);
    /// True where some reply came that is no error, or none was asked for.
    [[nodiscard]] static QCoro::Task<bool> send(Ptr self, std::shared_ptr<Way> way);
    [[nodiscard]] static QCoro::Task<bool> sendOnce(Ptr self, std::shared_ptr<Way> way,
                                                    std::shared_ptr<DedicatedLink> link);
    static void begin(Shared &shared, const ConsoleOrder &order, const QList<QByteArray> &nodes);
    static void failWith(Shared &shared, const Way &way, Error error);
    /// Whether the command was only told, without a reply to wait for.
    [[nodiscard]] static bool wasTold(Shared &shared, const Way &way, DedicatedLink &link);
    static void openStream(Shared &shared, const Way &way);
    static void takeState(Shared &shared, const Way &way);
    static void greetAlike(Shared &shared, const Way &way);
    static void takeEffect(Shared &shared, const Way &way, const Value &reply);
    /// Where a redirect leads; nothing where it is none, or not to be followed.
    [[nodiscard]] static bool follow(Shared &shared, Way &way, const Value &reply);
    /// What MULTI, EXEC and DISCARD are before the node of a transaction is known; nothing for the rest.
    [[nodiscard]] static std::optional<QString> withoutNode(Shared &shared, const ConsoleOrder &order);
};

} // namespace slotscope
