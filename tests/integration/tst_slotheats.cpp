// SPDX-License-Identifier: GPL-3.0-or-later
// Hot slots as the servers tell them, and what is said where they do not.
#include "core/cluster/slot.h"
#include "core/session/slotheat.h"
#include "support/testcluster.h"
#include "tests/support/clirun.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class tst_SlotHeats : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        SKIP_WITHOUT_SERVER;
        LocalClusterOptions options;
        options.serverPath = serversFound().constFirst().second;
        options.replicasPerPrimary = 0;
        m_cluster = std::make_unique<TestCluster>(options);
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
        m_session = connectTo(m_cluster->target({0}));
        QVERIFY(m_session);
        const auto reply = m_cluster->run(0, {"CLUSTER"_ba, "SLOT-STATS"_ba, "SLOTSRANGE"_ba, "0"_ba, "0"_ba});
        m_tells = reply && !reply->isError();
    }

    void whereItIsNotCounted()
    {
        const auto use = QCoro::waitFor(SlotUseReader(m_session.get()).readAll());
        QVERIFY(use);
        QCOMPARE(use->unsupported.size(), m_tells ? 0 : 3);
        QCOMPARE(use->withoutCpu.size(), m_tells ? 3 : 0);
        const auto [code, out, err] = cli({u"slots"_s, u"--heat"_s, u"cpu"_s, u"--for"_s, u"1"_s});
        QCOMPARE(code, 1);
        QVERIFY2(err.contains(m_tells ? "not counted, see cluster-slot-stats-enabled" : "no CLUSTER SLOT-STATS"),
                 err.constData());
    }

    void theHottestIsFound()
    {
        if (!m_tells)
            QSKIP("this server has no CLUSTER SLOT-STATS");
        for (int i = 0; i < 3; ++i)
            QVERIFY(m_cluster->run(i, {"CONFIG"_ba, "SET"_ba, "cluster-slot-stats-enabled"_ba, "yes"_ba}));
        const SlotUseReader reader(m_session.get());
        const auto before = QCoro::waitFor(reader.readAll());
        QVERIFY(before);
        for (int i = 0; i < 2000; ++i)
            QVERIFY(QCoro::waitFor(m_session->execute({"SET"_ba, "hot"_ba, QByteArray(200, 'x')})));
        for (int i = 0; i < 20; ++i)
            QVERIFY(QCoro::waitFor(m_session->execute({"SET"_ba, "cold:" + QByteArray::number(i), "1"_ba})));
        const auto now = QCoro::waitFor(reader.readAll());
        QVERIFY(now);
        for (const SlotMetric metric : {SlotMetric::Cpu, SlotMetric::Network}) {
            const SlotHeat heat = slotHeat(&*before, *now, metric);
            QCOMPARE(heat.known, slotCount);
            QCOMPARE(heat.hottest.value(0, -1), int(slotOfKey("hot")));
            QVERIFY(heat.values[slotOfKey("hot")] * 2 > heat.sum);
        }
        const auto [code, out, err] = cli({u"slots"_s, u"--heat"_s, u"network"_s, u"--for"_s, u"1"_s, u"--json"_s});
        QVERIFY2(code == 0, err.constData());
        const QJsonObject said = QJsonDocument::fromJson(out).object();
        QCOMPARE(said.value(u"slotsKnown"_s).toInt(), slotCount);
        QCOMPARE(said.value(u"metric"_s).toString(), u"networkBytesPerSecond"_s);
    }

private:
    [[nodiscard]] CliRun cli(const QStringList &words) const
    {
        return runCli(QStringList{u"--uri"_s, (*m_cluster)->uri()} + words);
    }

    std::unique_ptr<TestCluster> m_cluster;
    std::unique_ptr<ClusterSession> m_session;
    bool m_tells = false;
};

SLOTSCOPE_TEST(tst_SlotHeats)
#include "tst_slotheats.moc"
