// SPDX-License-Identifier: GPL-3.0-or-later
// Shards that do not fail over by themselves: the plan says why, and what still works.
#include "core/base/errortext.h"
#include "support/operating.h"
#include "tests/support/testmain.h"

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class tst_Elections : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_cluster = std::make_unique<TestCluster>();
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
        m_operator = std::make_unique<Operator>(m_cluster->target({1, 2, 3}));
        QVERIFY2(m_operator->connect(), qPrintable(m_operator->failure()));
        m_replica = m_operator->idAt(m_cluster->address(3));
    }
    void cleanup()
    {
        m_operator.reset();
        m_cluster.reset();
    }

    void aReplicaThatMayNotStandIsNamedAndCanBeForced()
    {
        QVERIFY(m_cluster->run(3, {"CONFIG", "SET", "cluster-replica-no-failover", "yes"}));
        QTRY_VERIFY_WITH_TIMEOUT(hasFinding(*m_operator->look(), Finding::Kind::NoFailover), 20000);
        (**m_cluster).killNode(0);
        QTRY_VERIFY_WITH_TIMEOUT(nodeAt(*m_operator->look(), m_cluster->address(0))->condition == NodeCondition::Failed,
                                 20000);
        const auto plan = m_operator->plan(force());
        QVERIFY(plan);
        const QString warned = warnings(*plan).join(u'\n');
        QVERIFY2(warned.contains(u"set to start no failover by itself"), qPrintable(warned));
        VERIFY_DONE(m_operator->run(force(), true));
        QVERIFY(m_operator->look()->node(m_replica)->primary);
    }

    void aStaleReplicaIsTold()
    {
        // Values so small that the replica's data is too old for an election after four seconds.
        for (const char *setting : {"cluster-replica-validity-factor", "repl-ping-replica-period"})
            QVERIFY(m_cluster->run(3, {"CONFIG", "SET", setting, "1"}));
        QVERIFY(m_cluster->run(0, {"ACL", "SETUSER", "default", "-psync", "-sync"}));
        QVERIFY(m_cluster->run(0, {"CLIENT", "KILL", "TYPE", "replica"}));
        constexpr int staleSeconds = 4;
        QTRY_VERIFY_WITH_TIMEOUT(
            m_operator->look()->node(m_replica)->info->primaryLinkDownSeconds.value_or(0) > staleSeconds, 20000);
        const auto graceful = m_operator->plan(FailoverRequest{.replicaId = m_replica});
        QVERIFY(graceful);
        const QString refused = refusals(*graceful).join(u'\n');
        QVERIFY2(refused.contains(u"The replication link of %1 is down"_s.arg(m_cluster->address(3))),
                 qPrintable(refused));
        QVERIFY2(refused.contains(u"received nothing from its primary for"), qPrintable(refused));
        (**m_cluster).killNode(0);
        QTRY_VERIFY_WITH_TIMEOUT(nodeAt(*m_operator->look(), m_cluster->address(0))->condition == NodeCondition::Failed,
                                 20000);
        VERIFY_DONE(m_operator->run(force(), true)); // a manual failover is allowed, and writes since then are lost
        QVERIFY(m_operator->look()->node(m_replica)->primary);
    }

    void aPrimaryWithoutSlotsHasNoElection()
    {
        for (int i = 0; i < 6; ++i) // otherwise the emptied primary would become a replica
            QVERIFY(m_cluster->run(i, {"CONFIG", "SET", "cluster-allow-replica-migration", "no"}));
        ReshardRequest request;
        request.sources = {m_operator->idAt(m_cluster->address(0))};
        request.target = m_operator->idAt(m_cluster->address(1));
        request.everything = true;
        VERIFY_DONE(m_operator->run(request));
        const auto plan = m_operator->plan(FailoverRequest{.replicaId = m_replica});
        QVERIFY(plan);
        const QString refused = refusals(*plan).join(u'\n');
        QVERIFY2(refused.contains(m_cluster->address(0) + u" owns no slot"_s), qPrintable(refused));
    }

private:
    FailoverRequest force() const { return {.replicaId = m_replica, .mode = FailoverRequest::Mode::Force}; }
    std::unique_ptr<TestCluster> m_cluster;
    std::unique_ptr<Operator> m_operator;
    QByteArray m_replica;
};

SLOTSCOPE_TEST(tst_Elections)
#include "tst_elections.moc"
