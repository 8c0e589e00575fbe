// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/local/localcluster.h"
#include "core/session/clustersession.h"

#include <QCoro/QCoroTask>
#include <QTest>

#include <functional>

// A deadline, not a wait: five seconds, Qt's own, are not enough for servers on a machine that is busy with other
// tests.
#undef QTRY_VERIFY
#undef QTRY_COMPARE
#define QTRY_VERIFY(expression) QTRY_VERIFY_WITH_TIMEOUT(expression, 20000)
#define QTRY_COMPARE(actual, expected) QTRY_COMPARE_WITH_TIMEOUT(actual, expected, 20000)

namespace slotscope::test {

/// Debian's redis-server, and the newer servers below SLOTSCOPE_SERVERS, as name -> path; with SLOTSCOPE_SERVER the one
/// of that name alone.
[[nodiscard]] QList<std::pair<QByteArray, QString>> serversFound();
/// For initTestCase() of a test that ctest runs for one server each.
#define SKIP_WITHOUT_SERVER                                                                                            \
    do {                                                                                                               \
        if (slotscope::test::serversFound().isEmpty())                                                                 \
            QSKIP("this server was not unpacked (tests/support/servers.sh)");                                          \
    } while (false)

/// A local cluster for one test; a failure to start fails the test with the reason.
class TestCluster
{
public:
    explicit TestCluster(LocalClusterOptions options = {}) : m_cluster(std::move(options)) { }
    [[nodiscard]] bool start();
    [[nodiscard]] const QString &failure() const { return m_failure; }
    [[nodiscard]] LocalCluster &operator*() { return m_cluster; }
    [[nodiscard]] LocalCluster *operator->() { return &m_cluster; }
    /// A target with only the seeds of these nodes.
    [[nodiscard]] ConnectionTarget target(const QList<int> &seeds) const;
    [[nodiscard]] QString address(int node) const { return m_cluster.nodes()[size_t(node)].endpoint.toString(); }
    /// Runs a command on one node over a connection of its own, as a user of another tool would.
    [[nodiscard]] Result<Value> run(int node, const Command &command) const;
    /// `count` small keys PREFIX1, PREFIX2, … by a script; `prefix` has the hash tag of a slot that the node owns.
    [[nodiscard]] bool fill(int node, const QByteArray &prefix, int count) const;
    [[nodiscard]] bool dropFilled(int node, const QByteArray &prefix, int count) const;

private:
    LocalCluster m_cluster;
    QString m_failure;
};

/// A session that has found its cluster; null where it did not in eight seconds.
[[nodiscard]] std::unique_ptr<ClusterSession> connectTo(const ConnectionTarget &target);

/// Waits until the session's view fulfils the condition.
[[nodiscard]] bool waitForView(ClusterSession &session, const std::function<bool(const ClusterView &)> &condition,
                               int timeoutMs = 15000);

/// The node at "host:port" (announced), nullptr where the view has none.
[[nodiscard]] const NodeState *nodeAt(const ClusterView &view, const QString &address);
[[nodiscard]] bool hasFinding(const ClusterView &view, Finding::Kind kind);

} // namespace slotscope::test
