// SPDX-License-Identifier: GPL-3.0-or-later
// The keys that are used most: counters of an LFU policy on real servers, HOTKEYS from a fake (no server here has it).
#include "core/profiler/hotkeys.h"
#include "support/testcluster.h"
#include "tests/support/clirun.h"
#include "tests/support/fakeserver.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class tst_HotKeys : public QObject
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
    }

    void nothingCounts()
    {
        const QByteArray id = m_session->view()->nodes.front().id;
        const auto told = QCoro::waitFor(HotKeysReader(m_session.get()).read({.nodeId = id}));
        QVERIFY(told);
        QVERIFY(told->source == HotKeySource::None && told->keys.empty() && !told->problem);
        QCOMPARE(told->policy, "noeviction"_ba);
        QVERIFY2(hotKeysNote(*told).contains(u"noeviction"_s), qPrintable(hotKeysNote(*told)));
        const auto [code, out, err] = cli({u"hotkeys"_s});
        QCOMPARE(code, 1);
        QVERIFY2(err.contains("allkeys-lfu"), err.constData());
    }

    void countersAreRead()
    {
        for (int i = 0; i < 3; ++i)
            QVERIFY(m_cluster->run(i, {"CONFIG"_ba, "SET"_ba, "maxmemory-policy"_ba, "allkeys-lfu"_ba}));
        const QByteArray odd("hot\0\xff", 5);
        for (int i = 0; i < 3000; ++i)
            QVERIFY(QCoro::waitFor(m_session->execute({"SET"_ba, "k:" + QByteArray::number(i), "1"_ba})));
        QVERIFY(QCoro::waitFor(m_session->execute({"SET"_ba, odd, "1"_ba})));
        for (int i = 0; i < 1000; ++i)
            QVERIFY(QCoro::waitFor(m_session->execute({"GET"_ba, odd})));
        HotKeysReader reader(m_session.get());
        qint64 seen = 0, hottest = 0;
        for (const NodeState &node : m_session->view()->nodes) {
            const auto told = QCoro::waitFor(reader.read({.nodeId = node.id, .most = 5}));
            QVERIFY(told);
            QVERIFY2(!told->problem, qPrintable(hotKeysNote(*told)));
            QVERIFY(told->source == HotKeySource::Counters && !told->isPart);
            QCOMPARE(told->keys.size(), 5u);
            QCOMPARE(told->decayMinutes, 1);
            seen += told->seen;
            hottest += told->keys.front().key == odd;
            for (const HotKey &key : told->keys)
                QVERIFY(key.frequency >= 0 && key.frequency <= 255 && key.frequency <= told->keys.front().frequency);
        }
        QVERIFY(seen >= 3001); // at least all keys, SCAN may return a key twice
        QCOMPARE(hottest, 1);
        const auto [code, out, err] = cli({u"hotkeys"_s, u"--top"_s, u"1"_s, u"--json"_s});
        QVERIFY2(code == 0, err.constData());
        QCOMPARE(out.count('\n'), 3);
        bool isThere = false;
        for (const QByteArray &line : out.split('\n')) {
            const QJsonObject said = QJsonDocument::fromJson(line).object();
            const QJsonObject key = said.value(u"keys"_s).toArray().first().toObject();
            isThere = isThere
                || key.value(u"key"_s).toObject().value(u"base64"_s).toString() == QString::fromLatin1(odd.toBase64());
        }
        QVERIFY2(isThere, out.constData());
    }

    void aUserWithoutTheRight()
    {
        for (int i = 0; i < 3; ++i)
            QVERIFY(m_cluster->run(
                i, {"ACL"_ba, "SETUSER"_ba, "few"_ba, "on"_ba, ">pw"_ba, "~*"_ba, "+@all"_ba, "-object"_ba}));
        ConnectionTarget target = m_cluster->target({0});
        target.credentials.user = u"few"_s;
        target.credentials.password = u"pw"_s;
        const auto session = connectTo(target);
        QVERIFY(session);
        const auto told =
            QCoro::waitFor(HotKeysReader(session.get()).read({.nodeId = session->view()->nodes.front().id}));
        QVERIFY(told && told->problem && told->keys.empty());
        QCOMPARE(told->problem->code, Error::Code::NoPermission);
        QVERIFY2(hotKeysNote(*told).contains(u"NOPERM"_s) || hotKeysNote(*told).contains(u"object"_s),
                 qPrintable(hotKeysNote(*told)));
    }

    void hotkeysAreMeasured_data()
    {
        QTest::addColumn<bool>("othersSession");
        QTest::newRow("ours") << false;
        QTest::newRow("somebody else's") << true;
    }
    void hotkeysAreMeasured()
    {
        QFETCH(const bool, othersSession);
        bool isActive = othersSession, hasData = othersSession;
        QByteArrayList sent;
        FakeServer server([&](const QByteArrayList &command) -> QByteArray {
            const QByteArray word = command.value(0).toUpper(), second = command.value(1).toUpper();
            if (word == "INFO")
                return bulk("redis_version:8.6.0\r\nredis_mode:standalone\r\nrole:master\r\nrun_id:abc\r\n"
                            "maxmemory_policy:noeviction\r\n");
            if (word == "COMMAND")
                return commandTable();
            if (word != "HOTKEYS")
                return word == "CLUSTER" ? "-ERR This instance has cluster support disabled\r\n"_ba : "+OK\r\n"_ba;
            sent.append(command.join(' '));
            if (second == "START")
                isActive = hasData = true;
            else if (second == "STOP")
                isActive = false;
            else if (second == "GET")
                return hasData ? report(isActive) : "$-1\r\n"_ba;
            return "+OK\r\n"_ba;
        });
        ConnectionTarget target;
        target.seeds = {server.endpoint()};
        const auto session = connectTo(target);
        QVERIFY(session);
        const QByteArray id = session->view()->nodes.front().id;
        const auto told =
            QCoro::waitFor(HotKeysReader(session.get()).read({.nodeId = id, .milliseconds = 200, .most = 2}));
        QVERIFY(told);
        QVERIFY2(told->source == HotKeySource::Measured, qPrintable(hotKeysNote(*told)));
        QCOMPARE(told->keys, (std::vector<HotKey>{{"x"_ba, 104, 900, -1}, {"y"_ba, 98, -1, -1}}));
        QVERIFY(told->allMicroseconds == 220 && told->allBytes == 2000 && told->durationMs == 6408);
        QCOMPARE(told->isOthers, othersSession);
        if (othersSession)
            QCOMPARE(sent, QByteArrayList{"HOTKEYS GET"}); // a HOTKEYS session of another client is not changed
        else
            QCOMPARE(sent,
                     (QByteArrayList{"HOTKEYS GET", "HOTKEYS START METRICS 2 CPU NET COUNT 2 DURATION 2", "HOTKEYS GET",
                                     "HOTKEYS STOP", "HOTKEYS RESET"}));
    }

private:
    static QByteArray number(qint64 value) { return ':' + QByteArray::number(value) + "\r\n"; }
    static QByteArray report(bool isActive)
    {
        return "*1\r\n*18\r\n" + bulk("tracking-active") + number(isActive) + bulk("sample-ratio") + number(1)
            + bulk("selected-slots") + "*0\r\n" + bulk("all-commands-all-slots-us") + number(220)
            + bulk("net-bytes-all-commands-all-slots") + number(2000) + bulk("collection-start-time-unix-ms")
            + number(1769420604522) + bulk("collection-duration-ms") + number(6408) + bulk("by-cpu-time-us") + "*6\r\n"
            + bulk("z") + number(18) + bulk("x") + number(104) + bulk("y") + number(98) + bulk("by-net-bytes")
            + "*2\r\n" + bulk("x") + number(900);
    }
    /// Returns a COMMAND reply of a server with HOTKEYS that leaves out all other commands.
    static QByteArray commandTable()
    {
        return "*1\r\n*10\r\n" + bulk("hotkeys") + number(-2) + "*0\r\n" + number(0) + number(0) + number(0)
            + "*0\r\n*0\r\n*0\r\n*1\r\n*10\r\n" + bulk("hotkeys|get") + number(2) + "*0\r\n" + number(0) + number(0)
            + number(0) + "*0\r\n*0\r\n*0\r\n*0\r\n";
    }
    [[nodiscard]] CliRun cli(const QStringList &words) const
    {
        return runCli(QStringList{u"--uri"_s, m_cluster->target({0}).toUri()} + words);
    }

    std::unique_ptr<TestCluster> m_cluster;
    std::shared_ptr<ClusterSession> m_session;
};

SLOTSCOPE_TEST(tst_HotKeys)
#include "tst_hotkeys.moc"
