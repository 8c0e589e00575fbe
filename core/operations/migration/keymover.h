// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/migration/runcontext.h"

#include "core/net/inflightlimit.h"

#include <QDeadlineTimer>

namespace slotscope {

/// The route of keys from one node to another, with its own connections: one for each database in use.
struct KeyRoute
{
    NodeRef source, target;
    QByteArray targetHost; ///< as the source reaches it: the announced host, never a redirect's
    QByteArray targetPort; ///< the TLS port if tls-cluster is on at the source
    struct Database
    {
        int number = 0;
        std::shared_ptr<NodeLink> link; ///< to the source
    };
    std::vector<Database> databases;
    std::shared_ptr<NodeLink> sourceLink; ///< the link of database 0
    std::shared_ptr<NodeLink> targetLink;
    QByteArray sourceRun; ///< the source's run id, which changes on failover or restart; empty: unknown
    Credentials credentials; ///< for MIGRATE, never logged; a password from a command is the latest
    int patienceMs = 0; ///< timeout of the links, long enough for a huge key
    int migrateTimeoutMs = 2000; ///< timeout per I/O step of a MIGRATE sent alone (a big key, or after failures)
    int nodeTimeoutMs = 0; ///< the shorter cluster-node-timeout of both nodes; 0: unknown
    /// Limit for the sum of timeouts of all pending calls. While the target is silent, the source is blocked by one
    /// MIGRATE after the other, and calls already sent cannot be withdrawn.
    int stallBudgetMs = 1000;
    std::shared_ptr<InFlightLimit> room; ///< tracks how much of the budget is in use
    bool careful = false; ///< after timeouts: sends single calls with the long timeout until one succeeds
    bool foreign = false; ///< the source does not own the slots but imports them, so keys need ASKING
    double keysPerMs = 20; ///< measured; determines the size of a call
    int keyLimit = 100; ///< keys per call; grows while calls stay short
    int smallInARow = 0; ///< number of small keys by MEMORY USAGE since the last big key or slow call
    bool sizesDenied = false; ///< MEMORY USAGE is not permitted, so big keys are not moved separately
    int rounds = 0;
    qint64 migrateCalls = 0;
};

/// Opens the links and queries both nodes for what MIGRATE must know. `callTimeoutMs` as in MigrationOptions.
[[nodiscard]] QCoro::Task<Result<std::shared_ptr<KeyRoute>>>
openRoute(std::shared_ptr<RunContext> context, NodeRef source, NodeRef target, int callTimeoutMs);

/// Opens a link to each database that contains keys by the source's INFO keyspace, because clients may start using one
/// at any time. Once the slots are MIGRATING, no keys can be added in further databases.
[[nodiscard]] QCoro::Task<Result<>> openDatabases(std::shared_ptr<RunContext> context, std::shared_ptr<KeyRoute> route,
                                                  Value keyspace);

/// The transfer of the keys of some slots.
struct KeyMoves
{
    QList<quint16> slots;
    std::shared_ptr<KeyRoute> route;
    MigrationOptions options;
    /// Keys of database 0 as read when the slots were opened, by slot; empty: not read yet.
    QHash<quint16, QByteArrayList> first;
    std::optional<QDeadlineTimer> downUntil; ///< set while a node reports CLUSTERDOWN or LOADING
};

/// Moves all keys of the slots until the source has none left. BUSYKEY is handled by the policy; equal values are
/// replaced. IOERR is retried a few times with smaller calls, CLUSTERDOWN and LOADING for a minute. Other errors are
/// returned.
[[nodiscard]] QCoro::Task<Result<>> moveKeys(std::shared_ptr<RunContext> context, std::shared_ptr<KeyMoves> moves);

/// Number of keys that one GETKEYSINSLOT asks for.
inline constexpr int keysPerQuestion = 1000;

/// Handles keys that MIGRATE found on the target. Equal values are replaced, and so are copies left by a call that
/// timed out (RunContext::timedOut). Other differences are handled by the policy.
[[nodiscard]] QCoro::Task<Result<>> settleBusyKeys(std::shared_ptr<RunContext> context, std::shared_ptr<KeyRoute> route,
                                                   std::shared_ptr<NodeLink> link, int database, QByteArrayList keys,
                                                   BusyKeyPolicy policy);

/// The key of a database in RunContext::timedOut.
[[nodiscard]] QByteArray timedOutIn(const KeyRoute &route, int database);

/// Explains an error of MIGRATE to the user: which keys, which target, and what to do about a timeout.
[[nodiscard]] Error migrateError(const KeyRoute &route, const QByteArrayList &keys, const Value &reply);

/// The MIGRATE command for these keys, with the timeout for each I/O step.
[[nodiscard]] Command migrateCommand(const KeyRoute &route, int database, const QByteArrayList &keys, bool replace,
                                     int limitMs);

/// Detects keys that stay on the source although MIGRATE replied OK (a proxy in between, a faulty server). Without it,
/// the keys would be sent again forever.
class StuckKeys
{
public:
    /// `sent` was sent in this round; `left` is what the source still has. Returns a stuck key if there is one.
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
    QHash<quint16, int> m_rounds; ///< by slot: number of consecutive rounds
};

/// The error for a source that keeps a key which it reported as moved.
[[nodiscard]] Error stuckError(const KeyRoute &route, const QByteArray &key);

} // namespace slotscope
