// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/local/localcluster.h"
#include "core/session/clustersession.h"

#include <QCoro/QCoroTask>
#include <QTest>

#include <functional>

// These are deadlines, the macros return as soon as the condition holds. Qt's default of five seconds is too short for
// servers on a machine that runs other tests at the same time.
#undef QTRY_VERIFY
#undef QTRY_COMPARE
#define QTRY_VERIFY(expression) QTRY_VERIFY_WITH_TIMEOUT(expression, 20000)
#define QTRY_COMPARE(actual, expected) QTRY_COMPARE_WITH_TIMEOUT(actual, expected, 20000)

namespace slotscope::test {

/// Returns the installed servers as pairs of name and path: Debian's redis-server, and the newer servers in the folder
/// SLOTSCOPE_SERVERS. If SLOTSCOPE_SERVER is set, only the server of that name.
[[nodiscard]] QList<std::pair<QByteArray, QString>> serversFound();
/// Skips the test if its server is not installed. For initTestCase() of a test class that ctest runs once per server.
#define SKIP_WITHOUT_SERVER                                                                                            \
    do {                                                                                                               \
        if (slotscope::test::serversFound().isEmpty())                                                                 \
            QSKIP("this server was not unpacked (tests/support/servers.sh)");                                          \
    } while (false)

/// A local cluster for one test. If the cluster does not start, the test fails with the reason.
class TestCluster
{
public:
    explicit TestCluster(LocalClusterOptions options = {}) : m_cluster(std::move(options)) { }
    [[nodiscard]] bool start();
    [[nodiscard]] const QString &failure() const { return m_failure; }
    [[nodiscard]] LocalCluster &operator*() { return m_cluster; }
    [[nodiscard]] LocalCluster *operator->() { return &m_cluster; }
    /// Returns a connection target whose seeds are only these nodes.
    [[nodiscard]] ConnectionTarget target(const QList<int> &seeds) const;
    [[nodiscard]] QString address(int node) const { return m_cluster.nodes()[size_t(node)].endpoint.toString(); }
    /// Runs a command on one node over a separate connection, as another tool would.
    [[nodiscard]] Result<Value> run(int node, const Command &command) const;
    /// Creates `count` small keys PREFIX1, PREFIX2, … with a script. `prefix` contains a hash tag whose slot the node
    /// owns.
    [[nodiscard]] bool fill(int node, const QByteArray &prefix, int count) const;
    [[nodiscard]] bool dropFilled(int node, const QByteArray &prefix, int count) const;

private:
    LocalCluster m_cluster;
    QString m_failure;
};

/// Returns a session that has found its cluster, or null if it did not find it within eight seconds.
[[nodiscard]] std::unique_ptr<ClusterSession> connectTo(const ConnectionTarget &target);

/// Waits until the session's view fulfils the condition. Returns false on timeout.
[[nodiscard]] bool waitForView(ClusterSession &session, const std::function<bool(const ClusterView &)> &condition,
                               int timeoutMs = 15000);

/// Returns the node that announces "host:port", or nullptr if the view has none.
[[nodiscard]] const NodeState *nodeAt(const ClusterView &view, const QString &address);
[[nodiscard]] bool hasFinding(const ClusterView &view, Finding::Kind kind);

} // namespace slotscope::test
