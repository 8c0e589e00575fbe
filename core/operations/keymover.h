// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/runcontext.h"

#include "core/net/room.h"

#include <QDeadlineTimer>

namespace slotscope {

/// Two nodes between which keys go, with links of its own; one for each database in use.
struct KeyRoute
{
    NodeRef source, target;
    QByteArray targetHost; ///< as the source reaches it: announced, never what we were redirected to
    QByteArray targetPort; ///< the TLS port where the source's tls-cluster is on
    struct Database
    {
        int number = 0;
        std::shared_ptr<NodeLink> link; ///< to the source
    };
    std::vector<Database> databases;
    std::shared_ptr<NodeLink> sourceLink; ///< that of database 0
    std::shared_ptr<NodeLink> targetLink;
    QByteArray sourceRun; ///< the source's run id: another after a failover or a restart; empty: not told
    Credentials credentials; ///< for MIGRATE, never logged; a command's password as it is when a call goes out
    int patienceMs = 0; ///< of the links: a huge key takes its time
    int migrateTimeoutMs = 2000; ///< of a MIGRATE that goes alone (a big key, or after trouble), for each I/O step
    int nodeTimeoutMs = 0; ///< the shorter cluster-node-timeout of both ends; 0: not known
    /// A source whose target is silent serves nobody while it waits for one MIGRATE after the other, and what has been
    /// sent cannot be unsent. So the time limits of all that are under way add up to this at most.
    int stallBudgetMs = 1000;
    std::shared_ptr<Room> room; ///< in the budget, for the limits of what is under way
    bool careful = false; ///< the last calls timed out: one at a time, with the long limit, until one succeeds
    bool foreign = false; ///< the source does not own the slots, it imports them: it shows their keys after ASKING only
    double keysPerMs = 20; ///< measured; what a call may hold is cut by it
    int keyLimit = 100; ///< keys in a call, grown while calls stay short
    int smallInARow = 0; ///< keys whose MEMORY USAGE was asked and small, since the last big one or slow call
    bool sizesDenied = false; ///< the user may not ask MEMORY USAGE: a big key goes with others
    int rounds = 0;
    qint64 migrateCalls = 0;
};

/// Opens the links, and asks both ends for what MIGRATE must know. `callTimeoutMs` as in MigrationOptions.
[[nodiscard]] QCoro::Task<Result<std::shared_ptr<KeyRoute>>>
openRoute(std::shared_ptr<RunContext> context, NodeRef source, NodeRef target, int callTimeoutMs);

/// A link for each database of the source that holds keys by its INFO keyspace and has none yet: clients may begin to
/// use one at any time. Asked when the slots are MIGRATING, no key can come to them in a further one.
[[nodiscard]] QCoro::Task<Result<>> openDatabases(std::shared_ptr<RunContext> context, std::shared_ptr<KeyRoute> route,
                                                  Value keyspace);

/// What becomes of the keys of some slots.
struct KeyMoves
{
    QList<quint16> slots;
    std::shared_ptr<KeyRoute> route;
    MigrationOptions options;
    /// Keys of database 0 as read when the slots were opened, by slot; empty: not read yet.
    QHash<quint16, QByteArrayList> first;
    std::optional<QDeadlineTimer> downUntil; ///< set while an end says CLUSTERDOWN or LOADING
};

/// Moves all keys of the slots, until the source has none. BUSYKEY is settled by the policy, equal values replaced.
/// IOERR is tried again a few times with less in a call, CLUSTERDOWN and LOADING for a minute; the rest is the Error.
[[nodiscard]] QCoro::Task<Result<>> moveKeys(std::shared_ptr<RunContext> context, std::shared_ptr<KeyMoves> moves);

/// Keys that one GETKEYSINSLOT asks for.
inline constexpr int keysPerQuestion = 1000;

/// Settles keys that MIGRATE found on the target: equal values are replaced, and so is what a call left there that
/// timed out (RunContext::timedOut); other different ones are treated as the policy says.
[[nodiscard]] QCoro::Task<Result<>> settleBusyKeys(std::shared_ptr<RunContext> context, std::shared_ptr<KeyRoute> route,
                                                   std::shared_ptr<NodeLink> link, int database, QByteArrayList keys,
                                                   BusyKeyPolicy policy);

/// Where RunContext::timedOut keeps the keys of a database.
[[nodiscard]] QByteArray timedOutIn(const KeyRoute &route, int database);

/// What MIGRATE was refused with, for people: which keys, whereto, and what to do where it took too long.
[[nodiscard]] Error migrateError(const KeyRoute &route, const QByteArrayList &keys, const Value &reply);

/// MIGRATE's words for these keys, with the time limit of each I/O step.
[[nodiscard]] Command migrateCommand(const KeyRoute &route, int database, const QByteArrayList &keys, bool replace,
                                     int limitMs);

/// MIGRATE deletes what it has moved. Where it says OK and the key is still there (a proxy in between, a server that is
/// not well), asking again would never end.
class StuckKeys
{
public:
    /// `sent`: to be moved in this round; `left`: what the source has after it.
    [[nodiscard]] std::optional<QByteArray> next(const QHash<quint16, QByteArrayList> &sent,
                                                 const QHash<quint16, QByteArrayList> &left)
    {
        for (auto slot = left.cbegin(); slot != left.cend(); ++slot) {
            const QByteArrayList before = sent.value(slot.key());
            const QByteArrayList head = slot->mid(0, looked);
            const auto stuck = std::find_if(head.begin(), head.end(),
                                            [&before](const QByteArray &key) { return before.contains(key); });
            if (stuck == head.end())
                m_rounds.remove(slot.key());
            else if (++m_rounds[slot.key()] >= most)
                return *stuck;
        }
        return {};
    }

private:
    static constexpr qsizetype looked = 3;
    static constexpr int most = 3;
    QHash<quint16, int> m_rounds; ///< in a row, by slot
};

/// What a source is called that keeps a key which it says to have moved.
[[nodiscard]] Error stuckError(const KeyRoute &route, const QByteArray &key);

} // namespace slotscope
