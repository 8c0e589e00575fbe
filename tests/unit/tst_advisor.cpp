// SPDX-License-Identifier: GPL-3.0-or-later
// What the guides would have set otherwise.
#include "core/config/advisor.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestAdvisor : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nothingToSay();
    void single_data();
    void single();
    void memoryOfAHost();
    void passwordsOfReplication();
    void differentTimeouts();
    void onlyWhatWasTold();
    void sameSettings_data();
    void sameSettings();

private:
    using Values = QMap<QByteArray, QByteArray>;
    /// Settings that cause no advice.
    static Values good()
    {
        return {{"protected-mode", "yes"},
                {"requirepass", "mark"},
                {"masterauth", "mark"},
                {"masteruser", ""},
                {"aclfile", ""},
                {"bind", "* -::*"},
                {"maxmemory", "104857600"},
                {"maxmemory-policy", "allkeys-lru"},
                {"appendonly", "yes"},
                {"appendfsync", "everysec"},
                {"save", ""},
                {"disable-thp", "yes"},
                {"tcp-keepalive", "300"},
                {"timeout", "0"},
                {"maxclients", "10000"},
                {"slowlog-log-slower-than", "10000"},
                {"latency-monitor-threshold", "100"},
                {"repl-backlog-size", "10485760"},
                {"replica-read-only", "yes"},
                {"cluster-node-timeout", "15000"},
                {"cluster-require-full-coverage", "no"},
                {"notify-keyspace-events", ""},
                {"enable-debug-command", "no"},
                {"enable-module-command", "no"},
                {"stop-writes-on-bgsave-error", "yes"}};
    }
    struct Made
    {
        std::vector<NodeConfig> nodes;
        ClusterView view;
    };
    /// Returns a primary and a replica on the same host with 1 GB of memory.
    static Made make(const Values &changes = {}, const Values &ofReplica = {})
    {
        Made made;
        made.view.cluster = true;
        for (int i = 0; i < 2; ++i) {
            NodeConfig config;
            config.nodeId = i == 0 ? "a" : "b";
            config.nodeName = QString::fromLatin1(config.nodeId);
            config.readAt = 1;
            config.values = good();
            for (auto each = changes.cbegin(); each != changes.cend(); ++each)
                config.values[each.key()] = *each;
            for (auto each = ofReplica.cbegin(); i == 1 && each != ofReplica.cend(); ++each)
                config.values[each.key()] = *each;
            made.nodes.push_back(config);
            NodeState node;
            node.id = config.nodeId;
            node.address.host = u"10.0.0.1"_s;
            node.roleKnown = true;
            node.primary = i == 0;
            node.primaryId = i == 0 ? QByteArray() : "a"_ba;
            ServerInfo info;
            info.totalSystemMemory = 1LL << 30;
            info.usedMemory = 1 << 20;
            node.info = std::make_shared<const ServerInfo>(info);
            made.view.indexById.insert(node.id, i);
            made.view.nodes.push_back(node);
        }
        return made;
    }
    static const Advice *find(const std::vector<Advice> &all, const char *setting)
    {
        for (const Advice &each : all)
            if (each.setting == setting)
                return &each;
        return nullptr;
    }
};

void TestAdvisor::nothingToSay()
{
    const Made made = make();
    const auto all = advise(made.nodes, made.view);
    QVERIFY2(all.empty(), all.empty() ? "" : qPrintable(all.front().title));
}

void TestAdvisor::single_data()
{
    QTest::addColumn<QByteArray>("setting");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<int>("weight");
    const auto row = [](const char *setting, const char *value, Advice::Weight weight) {
        QTest::addRow("%s=%s", setting, value) << QByteArray(setting) << QByteArray(value) << int(weight);
    };
    using Weight = Advice::Weight;
    row("maxmemory", "0", Weight::Warning);
    row("maxmemory-policy", "noeviction", Weight::Note);
    row("appendfsync", "no", Weight::Warning);
    row("appendonly", "no", Weight::Warning);
    row("disable-thp", "no", Weight::Warning);
    row("tcp-keepalive", "0", Weight::Warning);
    row("maxclients", "4064", Weight::Warning);
    row("slowlog-log-slower-than", "-1", Weight::Note);
    row("latency-monitor-threshold", "0", Weight::Note);
    row("repl-backlog-size", "1048576", Weight::Note);
    row("replica-read-only", "no", Weight::Warning);
    row("cluster-node-timeout", "2000", Weight::Warning);
    row("cluster-require-full-coverage", "yes", Weight::Note);
    row("notify-keyspace-events", "KEA", Weight::Note);
    row("enable-debug-command", "yes", Weight::Warning);
    row("enable-module-command", "yes", Weight::Warning);
    row("masterauth", "", Weight::Error);
}

void TestAdvisor::single()
{
    QFETCH(const QByteArray, setting);
    QFETCH(const QByteArray, value);
    QFETCH(const int, weight);
    const Made made = make({{setting, value}});
    const auto all = advise(made.nodes, made.view);
    const Advice *advice = find(all, setting.constData());
    QVERIFY(advice);
    QCOMPARE(int(advice->weight), weight);
    QCOMPARE(advice->nodes, (QStringList{u"a"_s, u"b"_s}));
    QCOMPARE(int(all.size()), 1);
}

void TestAdvisor::memoryOfAHost()
{
    Made made = make({{"maxmemory", "471859200"}}); // 450 MB for each of the two servers on a host with 1 GB
    auto all = advise(made.nodes, made.view);
    const Advice *advice = find(all, "maxmemory");
    QVERIFY(advice && advice->weight == Advice::Weight::Warning && advice->nodes.size() == 2);
    made = make({{"maxmemory", "629145600"}}); // 600 MB for each server
    all = advise(made.nodes, made.view);
    QVERIFY(find(all, "maxmemory")->weight == Advice::Weight::Error);
    made.view.nodes[1].address.host = u"10.0.0.2"_s; // on two hosts there is enough memory
    QVERIFY(!find(advise(made.nodes, made.view), "maxmemory"));
}

void TestAdvisor::passwordsOfReplication()
{
    const Made made = make({}, {{"masterauth", "another"}});
    const auto all = advise(made.nodes, made.view);
    const Advice *advice = find(all, "masterauth");
    QVERIFY(advice && advice->weight == Advice::Weight::Error);
    QCOMPARE(advice->nodes, QStringList{u"b"_s});
    const Made byUser = make({}, {{"masterauth", "another"}, {"masteruser", "repl"}}); // a user with its own password
    QVERIFY(!find(advise(byUser.nodes, byUser.view), "masterauth"));
    const Made open = make({{"requirepass", ""}, {"masterauth", ""}, {"protected-mode", "no"}});
    const auto openAdvice = advise(open.nodes, open.view);
    QVERIFY(find(openAdvice, "protected-mode"));
    QVERIFY(find(openAdvice, "requirepass"));
    const Made local =
        make({{"requirepass", ""}, {"masterauth", ""}, {"protected-mode", "no"}, {"bind", "127.0.0.1 -::1"}});
    QVERIFY(!find(advise(local.nodes, local.view), "protected-mode"));
}

void TestAdvisor::differentTimeouts()
{
    const Made made = make({}, {{"cluster-node-timeout", "30000"}});
    const auto all = advise(made.nodes, made.view);
    const Advice *advice = find(all, "cluster-node-timeout");
    QVERIFY(advice && advice->weight == Advice::Weight::Error);
    QVERIFY(advice->nodes.join(u' ').contains(u"b: 30000"_s));
}

/// Settings whose values are unknown cause no advice.
void TestAdvisor::onlyWhatWasTold()
{
    Made made = make();
    for (NodeConfig &node : made.nodes)
        node.values.clear();
    QVERIFY(advise(made.nodes, made.view).empty());
    made = make({{"maxmemory", "0"}});
    made.nodes[1].problem = Error{};
    const auto all = advise(made.nodes, made.view);
    QCOMPARE(find(all, "maxmemory")->nodes, QStringList{u"a"_s});
}

void TestAdvisor::sameSettings_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("now");
    QTest::addColumn<QByteArray>("typed");
    QTest::addColumn<bool>("isSame");
    QTest::newRow("order") << "notify-keyspace-events"_ba
                           << "AKE"_ba
                           << "KEA"_ba << true;
    QTest::newRow("spelled out") << "notify-keyspace-events"_ba
                                 << "AKE"_ba
                                 << "KEg$lshztxed"_ba << true;
    QTest::newRow("fewer") << "notify-keyspace-events"_ba
                           << "AKE"_ba
                           << "KE$"_ba << false;
    QTest::newRow("units") << "maxmemory"_ba
                           << "1073741824"_ba
                           << "1gb"_ba << true;
    QTest::newRow("thousands") << "maxmemory"_ba
                               << "1073741824"_ba
                               << "1g"_ba << false;
    QTest::newRow("a class") << "client-output-buffer-limit"_ba
                             << "normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60"_ba
                             << "pubsub 32mb 8mb 60"_ba << true;
    QTest::newRow("another limit") << "client-output-buffer-limit"_ba
                                   << "normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60"_ba
                                   << "replica 512mb 64mb 60"_ba << false;
    QTest::newRow("text") << "loglevel"_ba
                          << "notice"_ba
                          << "notice"_ba << true;
}

void TestAdvisor::sameSettings()
{
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, now);
    QFETCH(const QByteArray, typed);
    QFETCH(const bool, isSame);
    QCOMPARE(isSameSetting(settingInfo(name), now, typed), isSame);
}

SLOTSCOPE_TEST(TestAdvisor)
#include "tst_advisor.moc"
