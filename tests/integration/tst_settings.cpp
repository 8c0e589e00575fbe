// SPDX-License-Identifier: GPL-3.0-or-later
// Settings of real servers, compared.
#include "core/config/configreader.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestSettings : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void defaultsOfEveryServer_data();
    void defaultsOfEveryServer();
    void fixedOnEveryServer_data() { defaultsOfEveryServer_data(); }
    void fixedOnEveryServer();
    void whoDiffers();
    void rewriting();
    void theCommandLine();

private:
    static std::unique_ptr<TestCluster> start(const QString &path = serversFound().front().second)
    {
        LocalClusterOptions options;
        options.serverPath = path;
        options.replicasPerPrimary = 0;
        auto cluster = std::make_unique<TestCluster>(options);
        return cluster->start() ? std::move(cluster) : nullptr;
    }
    static std::vector<NodeConfig> readAll(ClusterSession &session)
    {
        std::vector<NodeConfig> nodes;
        ConfigReader reader(&session);
        for (const NodeState &node : session.view()->nodes) {
            auto config = QCoro::waitFor(reader.read(node.id));
            if (config)
                nodes.push_back(*config);
        }
        return nodes;
    }
};

void TestSettings::defaultsOfEveryServer_data()
{
    QTest::addColumn<QString>("path");
    for (const auto &[name, path] : serversFound())
        QTest::addRow("%s", name.constData()) << path;
}

/// The settings table has an entry for every setting of the server, and its default values are right: only settings
/// that the test cluster sets itself differ from them.
void TestSettings::defaultsOfEveryServer()
{
    QFETCH(const QString, path);
    const auto cluster = start(path);
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    QVERIFY(waitForView(*session, [](const ClusterView &view) { return view.nodes.size() == 3; }));
    const std::vector<NodeConfig> nodes = readAll(*session);
    QCOMPARE(int(nodes.size()), 3);
    for (const NodeConfig &node : nodes)
        QVERIFY2(!node.problem && node.values.size() > 150 && node.major >= 7, qPrintable(node.nodeName));
    const ConfigComparison all = compareConfig(nodes);
    QCOMPARE(all.different, 0);
    QByteArrayList unknown, changed;
    for (const SettingRow &row : all.rows) {
        if (!row.info)
            unknown.append(row.name);
        if (row.isChanged)
            changed.append(row.name + '=' + row.most);
    }
    QVERIFY2(unknown.isEmpty(), unknown.join(' ').constData());
    // The server lowers maxclients if the system allows fewer open files, and databases in cluster mode.
    static const QByteArrayList given{"cluster-enabled",
                                      "cluster-node-timeout",
                                      "save",
                                      "maxclients",
                                      "appendonly",
                                      "enable-debug-command",
                                      "loglevel",
                                      "daemonize",
                                      "repl-diskless-sync-delay",
                                      "protected-mode",
                                      "cluster-slot-stats-enabled",
                                      "databases"};
    for (const QByteArray &each : changed)
        QVERIFY2(given.contains(each.left(each.indexOf('='))), changed.join(' ').constData());
    QVERIFY(all.find("cluster-enabled") && all.find("cluster-enabled")->isChanged);
}

/// CONFIG SET refuses exactly those settings that the settings table calls fixed.
void TestSettings::fixedOnEveryServer()
{
    QFETCH(const QString, path);
    const auto cluster = start(path);
    QVERIFY(cluster);
    const auto reply = cluster->run(0, commandOf("CONFIG", "GET", "*"));
    QVERIFY(reply);
    const Value::List &items = reply->items();
    for (size_t i = 0; i < items.size(); i += 2) {
        const SettingInfo *info = settingInfo(items[i].bytes());
        // Skips settings that depend on the machine, and io-threads and similar ones, which can be changed on some
        // servers only.
        if (!info || info->isOwn() || QByteArray(info->name).startsWith("io-threads")
            || QByteArray(info->name).startsWith("rdma"))
            continue;
        const auto answer = cluster->run(0, commandOf("CONFIG", "SET", items[i].bytes(), items[i + 1].bytes()));
        const QByteArray text = answer ? answer->bytes() : answer.error().detail.toUtf8();
        const bool isRefused = text.contains("immutable") || text.contains("protected config");
        QVERIFY2(isRefused == (info->isFixed() || info->isProtected()), (items[i].bytes() + ": " + text).constData());
    }
}

void TestSettings::whoDiffers()
{
    const auto cluster = start();
    QVERIFY(cluster);
    std::ignore = cluster->run(1, commandOf("CONFIG", "SET", "maxmemory-policy", "allkeys-lru"));
    std::ignore = cluster->run(2, commandOf("CONFIG", "SET", "requirepass", "planted-secret"));
    std::ignore = cluster->run(2, commandOf("CONFIG", "SET", "requirepass", ""));
    std::ignore = cluster->run(0, commandOf("CONFIG", "SET", "masterauth", "planted-secret"));
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    QVERIFY(waitForView(*session, [](const ClusterView &view) { return view.nodes.size() == 3; }));
    const std::vector<NodeConfig> nodes = readAll(*session);
    for (const NodeConfig &node : nodes)
        for (const QByteArray &value : node.values)
            QVERIFY(!value.contains("planted"));
    const ConfigComparison all = compareConfig(nodes);
    QCOMPARE(all.different, 2);
    const SettingRow *policy = all.find("maxmemory-policy");
    QCOMPARE(policy->differing, 1);
    QCOMPARE(
        policy->values[int(std::find_if(nodes.begin(), nodes.end(),
                                        [&](const NodeConfig &node) { return node.nodeName == cluster->address(1); })
                           - nodes.begin())],
        "allkeys-lru"_ba);
    QCOMPARE(all.find("masterauth")->differing, 1);
}

void TestSettings::rewriting()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    QVERIFY(waitForView(*session, [](const ClusterView &view) { return view.nodes.size() == 3; }));
    ConfigReader reader(session.get());
    QByteArrayList ids;
    for (const NodeConfig &node : readAll(*session)) {
        QVERIFY(node.isFileTold);
        ids.append(node.nodeId);
    }
    const auto replies = QCoro::waitFor(reader.rewrite(ids, UserConsent::None));
    QVERIFY(replies);
    QCOMPARE(replies->size(), 3);
    const bool hasFile = !readAll(*session).front().file.isEmpty();
    for (const NodeReply &reply : *replies)
        QCOMPARE(reply.reply.has_value(), hasFile); // without a configuration file the server refuses CONFIG REWRITE
    ConnectionTarget guarded = cluster->target({0});
    guarded.readOnly = true;
    const auto looking = connectTo(guarded);
    QVERIFY(looking);
    QVERIFY(waitForView(*looking, [](const ClusterView &view) { return view.nodes.size() == 3; }));
    ConfigReader lookingReader(looking.get());
    const auto refused = QCoro::waitFor(lookingReader.rewrite(ids, UserConsent::Given));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Error::Code::ReadOnly);
}

void TestSettings::theCommandLine()
{
    const auto cluster = start();
    QVERIFY(cluster);
    std::ignore = cluster->run(1, commandOf("CONFIG", "SET", "maxmemory", "104857600"));
    std::ignore = cluster->run(0, commandOf("CONFIG", "SET", "masterauth", "planted-secret"));
    QString uri = (*cluster)->uri();
    const auto run = [&uri](const QStringList &words) {
        QProcess process;
        process.start(QCoreApplication::applicationDirPath() + u"/../../app/cli/slotscope-cli"_s,
                      QStringList{u"--uri"_s, uri} + words);
        process.waitForFinished(30000);
        return std::pair(process.exitCode(), process.readAllStandardOutput());
    };
    const auto [code, text] = run({u"config"_s, u"--differ"_s});
    QCOMPARE(code, 0);
    QVERIFY2(text.contains(cluster->address(1).toUtf8() + "=104857600"), text.constData());
    QVERIFY2(!text.contains("appendfsync") && !text.contains("planted"), text.constData());
    const auto [jsonCode, json] = run({u"--json"_s, u"config"_s, u"--find"_s, u"maxmemory-policy"_s});
    QCOMPARE(jsonCode, 0);
    const QJsonArray settings = QJsonDocument::fromJson(json).object().value(u"settings"_s).toArray();
    QCOMPARE(settings.size(), 1);
    QCOMPARE(settings[0].toObject().value(u"default"_s).toString(), u"noeviction"_s);
    QCOMPARE(settings[0].toObject().value(u"nodes"_s).toObject().size(), 3);
    const auto [adviceCode, advice] = run({u"config"_s, u"--advice"_s});
    QVERIFY2(adviceCode == 0 && advice.contains("maxmemory sets no limit"), advice.constData());
    QCOMPARE(run({u"config"_s, u"--advice"_s, u"--differ"_s}).first, 2);
    QCOMPARE(run({u"config"_s, u"maxmemory"_s, u"--differ"_s}).first, 2);
    QCOMPARE(run({u"config"_s, u"--persist"_s}).first, 2);
    const Command user{"ACL"_ba, "SETUSER"_ba, "some"_ba, "on"_ba, ">x"_ba, "~*"_ba, "+@all"_ba, "-config"_ba};
    for (int node = 0; node < 3; ++node)
        std::ignore = cluster->run(node, user);
    uri.replace(u"redis://"_s, u"redis://some:x@"_s);
    QCOMPARE(run({u"config"_s}).first, 1);
}

SLOTSCOPE_TEST(TestSettings)
#include "tst_settings.moc"
