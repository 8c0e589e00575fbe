// SPDX-License-Identifier: GPL-3.0-or-later
// Slow logs of real servers: each entry once, over RESET, a restart, refusals and bytes that are no text.
#include "core/slowlog/slowlogbook.h"
#include "core/slowlog/slowlogreader.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"

#include <QProcess>
#include <QSet>
#include <QTest>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestSlowlogs : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void eachEntryOnce();
    void aBusyLogIsReadInSteps();
    void thresholdsAndResetTellEachNode();
    void aUserWithoutTheRight();
    void largeRequests();
    void theCommandLine();

private:
    static constexpr int servers = 3;
    std::unique_ptr<TestCluster> start(const QString &path = serversFound().front().second)
    {
        LocalClusterOptions options;
        options.serverPath = path;
        options.replicasPerPrimary = 0;
        auto cluster = std::make_unique<TestCluster>(options);
        return cluster->start() ? std::move(cluster) : nullptr;
    }
    std::unique_ptr<ClusterSession> connectTo(const ConnectionTarget &target)
    {
        auto session = std::make_unique<ClusterSession>(target);
        session->start();
        return QCoro::waitFor(session->connected(8000)) ? std::move(session) : nullptr;
    }
    /// Reads the slow log of every node once and returns what each node sent.
    static std::vector<NodeSlowlog> look(ClusterSession &session, SlowlogReader &reader, SlowlogBook &book,
                                         SlowlogKind kind = SlowlogKind::Slow)
    {
        std::vector<NodeSlowlog> heard;
        for (const NodeState &node : session.view()->nodes) {
            SlowlogRequest request;
            request.nodeId = node.id;
            request.kind = kind;
            auto log = QCoro::waitFor(reader.read(request));
            if (!log)
                return {};
            book.add(log->entries);
            log->entries.clear();
            heard.push_back(std::move(*log));
        }
        return heard;
    }
    /// Returns how often each text appears as an argument of ECHO, over all nodes.
    static QHash<QByteArray, int> echoed(const SlowlogBook &book)
    {
        QHash<QByteArray, int> counts;
        for (const SlowlogEntryPtr &entry : book.entries())
            if (entry->command.value(0) == "ECHO")
                ++counts[entry->command.value(1)];
        return counts;
    }
};

void TestSlowlogs::eachEntryOnce()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0, 1, 2}));
    QVERIFY(session);
    for (int node = 0; node < servers; ++node)
        QVERIFY(cluster->run(node, {"CONFIG"_ba, "SET"_ba, "slowlog-log-slower-than"_ba, "0"_ba}));
    SlowlogReader reader(session.get());
    SlowlogBook book;
    QSet<QByteArray> said;
    const auto echo = [&](int node, const QByteArray &word) {
        const QByteArray odd = word + QByteArray("\xff\x00", 2) + QByteArray::number(node);
        said.insert(odd);
        return cluster->run(node, {"ECHO"_ba, odd}).has_value();
    };
    for (int node = 0; node < servers; ++node)
        QVERIFY(echo(node, "first"_ba));
    QVERIFY(!look(*session, reader, book).empty());
    QVERIFY(echo(0, "before"_ba));
    QVERIFY(!look(*session, reader, book).empty());
    QVERIFY(cluster->run(0, {"SLOWLOG"_ba, "RESET"_ba}));
    QVERIFY(echo(0, "after-reset"_ba));
    QVERIFY(!look(*session, reader, book).empty());
    const QByteArray runBefore = look(*session, reader, book).at(0).runId;
    (*cluster)->killNode(1);
    QVERIFY(waitForView(*session, [&](const ClusterView &view) {
        const NodeState *node = nodeAt(view, cluster->address(1));
        return node && node->reach.state != Reach::State::Ready;
    }));
    const std::vector<NodeSlowlog> without = look(*session, reader, book);
    QCOMPARE(int(std::count_if(without.begin(), without.end(), [](const NodeSlowlog &log) { return log.problem; })), 1);
    QVERIFY(QCoro::waitFor((*cluster)->restartNode(1)));
    QVERIFY(cluster->run(1, {"CONFIG"_ba, "SET"_ba, "slowlog-log-slower-than"_ba, "0"_ba}));
    QVERIFY(echo(1, "after-restart"_ba));
    QTRY_VERIFY(look(*session, reader, book).size() == servers && echoed(book).size() == said.size());
    QVERIFY(!look(*session, reader, book).empty());
    const QHash<QByteArray, int> counts = echoed(book);
    for (const QByteArray &word : said)
        QVERIFY2(counts.value(word) == 1, word.toPercentEncoding().constData());
    QVERIFY(std::is_sorted(book.entries().begin(), book.entries().end(),
                           [](const auto &left, const auto &right) { return isEarlier(*left, *right); }));
    QVERIFY(!runBefore.isEmpty());
    QSet<QByteArray> runs;
    for (const SlowlogEntryPtr &entry : book.entries())
        runs.insert(entry->runId);
    QCOMPARE(runs.size(), servers + 1); // one more run id than servers, because one server was restarted
}

void TestSlowlogs::aBusyLogIsReadInSteps()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    const QByteArray id = nodeAt(*session->view(), cluster->address(0))->id;
    QVERIFY(cluster->run(0, {"CONFIG"_ba, "SET"_ba, "slowlog-max-len"_ba, "1000"_ba}));
    QVERIFY(cluster->run(0, {"CONFIG"_ba, "SET"_ba, "slowlog-log-slower-than"_ba, "0"_ba}));
    SlowlogReader reader(session.get());
    SlowlogRequest request;
    request.nodeId = id;
    const auto first = QCoro::waitFor(reader.read(request));
    QVERIFY(first && !first->problem);
    QVERIFY(first->capacity == 1000 && first->threshold == 0);
    QVERIFY(first->isClockKnown && first->clockAhead == 0);
    QVERIFY(QCoro::waitFor(reader.read(request))); // few entries were new, so the next read begins with a small count
    const auto work = [&] { // each call connects anew, which adds about seven entries with the connection setup
        for (int i = 0; i < 12; ++i)
            QVERIFY(cluster->run(0, {"PING"_ba}));
    };
    work();
    // there are more new entries than the reader requests at first
    const auto some = QCoro::waitFor(reader.read(request));
    QVERIFY(some && some->missed == 0 && some->entries.size() > 40);
    work();
    const auto last = QCoro::waitFor(reader.read(request));
    QVERIFY(last);
    QCOMPARE(last->entries.back().id, some->entries.front().id + 1);
    request.again = true;
    request.most = 20'000;
    const auto all = QCoro::waitFor(reader.read(request));
    QVERIFY(all && all->entries.size() > some->entries.size() + last->entries.size());
}

void TestSlowlogs::thresholdsAndResetTellEachNode()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    SlowlogReader reader(session.get());
    const auto set = QCoro::waitFor(reader.set({}, "slowlog-log-slower-than"_ba, "1234"_ba, UserConsent::None));
    QVERIFY(set);
    QCOMPARE(set->size(), servers);
    for (const NodeReply &each : *set)
        QVERIFY(each.reply);
    SlowlogBook book;
    for (const NodeSlowlog &log : look(*session, reader, book))
        QCOMPARE(log.threshold, std::optional<qint64>(1234));
    const QByteArray one = session->view()->nodes[1].id;
    QVERIFY(QCoro::waitFor(reader.set(one, "slowlog-log-slower-than"_ba, "0"_ba, UserConsent::None)));
    for (const NodeSlowlog &log : look(*session, reader, book))
        // the new threshold is read at once, not seconds later
        QCOMPARE(log.threshold, std::optional<qint64>(log.nodeId == one ? 0 : 1234));
    const auto wrong = QCoro::waitFor(reader.set({}, "slowlog-max-len"_ba, "many"_ba, UserConsent::None));
    QVERIFY(wrong);
    for (const NodeReply &each : *wrong)
        QVERIFY(!each.reply);
    QVERIFY(QCoro::waitFor(reader.set(one, "slowlog-log-slower-than"_ba, "-1"_ba, UserConsent::None)));
    const auto reset = QCoro::waitFor(reader.reset(one, SlowlogKind::Slow, UserConsent::None));
    QVERIFY(reset && reset->size() == 1 && reset->front().reply);
    for (const NodeSlowlog &log : look(*session, reader, book))
        if (log.nodeId == one)
            QCOMPARE(log.length, std::optional<qint64>(0));
    ConnectionTarget careful = cluster->target({0});
    careful.readOnly = true;
    const auto reading = connectTo(careful);
    QVERIFY(reading);
    SlowlogReader refused(reading.get());
    const auto denied = QCoro::waitFor(refused.reset({}, SlowlogKind::Slow, UserConsent::Given));
    QVERIFY(!denied);
    QCOMPARE(denied.error().code, Error::Code::ReadOnly);
}

void TestSlowlogs::aUserWithoutTheRight()
{
    const auto cluster = start();
    QVERIFY(cluster);
    const QByteArrayList everything{"ACL"_ba, "SETUSER"_ba, "some"_ba, "on"_ba, ">x"_ba, "~*"_ba, "+@all"_ba};
    for (int node = 0; node < servers; ++node)
        QVERIFY(cluster->run(
            node, node == 1 ? everything + QByteArrayList{"-slowlog|get"_ba, "-config|get"_ba} : everything));
    ConnectionTarget target = cluster->target({0});
    target.credentials.user = u"some"_s;
    target.credentials.password = u"x"_s;
    const auto session = connectTo(target);
    QVERIFY(session);
    SlowlogReader reader(session.get());
    SlowlogBook book;
    int refusals = 0;
    for (const NodeSlowlog &log : look(*session, reader, book)) {
        if (log.nodeName != cluster->address(1)) {
            QVERIFY(!log.problem && !log.settingsProblem);
            continue;
        }
        ++refusals;
        QVERIFY(log.problem && log.settingsProblem);
        QCOMPARE(missingRight(*log.problem), "+slowlog|get"_ba);
        QCOMPARE(missingRight(*log.settingsProblem), "+config|get"_ba);
        QCOMPARE(log.problem->node, cluster->address(1));
        QVERIFY(log.length); // what the user may read is read nevertheless
    }
    QCOMPARE(refusals, 1);
}

/// Valkey 8.1's log of large requests, with bytes that are not valid UTF-8.
void TestSlowlogs::largeRequests()
{
    QString path;
    for (const auto &[name, server] : serversFound())
        if (name.startsWith("valkey"))
            path = server;
    if (path.isEmpty())
        QSKIP("needs a Valkey 8.1 or later (tests/support/servers.sh)");
    const auto cluster = start(path);
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    for (int node = 0; node < servers; ++node)
        QVERIFY(cluster->run(node, {"CONFIG"_ba, "SET"_ba, "commandlog-request-larger-than"_ba, "1000"_ba}));
    const QByteArray key("k\xff\x00", 3);
    QVERIFY(QCoro::waitFor(session->execute(commandOf("SET", key, QByteArray("\xff\xfe", 2).repeated(1000)))));
    SlowlogReader reader(session.get());
    SlowlogBook book;
    for (const NodeSlowlog &log : look(*session, reader, book, SlowlogKind::LargeRequest)) {
        QVERIFY2(!log.problem, log.problem ? qPrintable(log.problem->detail) : "");
        QVERIFY(log.hasLogsOfSizes);
        QCOMPARE(log.threshold, std::optional<qint64>(1000));
    }
    QCOMPARE(book.entries().size(), size_t(1));
    const SlowlogEntry &entry = *book.entries().front();
    QCOMPARE(entry.command.value(1), key);
    QVERIFY(entry.cost > 2000);
    QVERIFY(isCut(entry.command));
    QVERIFY(commandText(entry.command).startsWith(u"SET k\\xff\\x00 "_s));
}

void TestSlowlogs::theCommandLine()
{
    const auto cluster = start();
    QVERIFY(cluster);
    QVERIFY(cluster->run(2, {"CONFIG"_ba, "SET"_ba, "slowlog-log-slower-than"_ba, "0"_ba}));
    QVERIFY(cluster->run(2, {"ECHO"_ba, QByteArray("a\xff z", 4)}));
    const auto run = [&](const QStringList &words) {
        QProcess process;
        process.start(QCoreApplication::applicationDirPath() + u"/../../app/cli/slotscope-cli"_s,
                      QStringList{u"--uri"_s, (*cluster)->uri()} + words);
        process.waitForFinished(30000);
        return std::pair(process.exitCode(), process.readAllStandardOutput());
    };
    const auto [code, text] = run({u"slowlog"_s});
    QCOMPARE(code, 0);
    QVERIFY2(text.contains(R"(ECHO "a\xff z")"), text.constData());
    QVERIFY(text.contains("(slotscope)"));
    const auto [otherCode, others] = run({u"slowlog"_s, u"--others"_s});
    QCOMPARE(otherCode, 0);
    QVERIFY(!others.contains("(slotscope)")); // entries of this test's own client are left out
    const auto [jsonCode, json] = run({u"slowlog"_s, u"--json"_s, u"--node"_s, cluster->address(2)});
    QCOMPARE(jsonCode, 0);
    QVERIFY2(json.contains(R"("base64":"Yf8geg==")"), json.constData());
    const auto [shapeCode, shapes] = run({u"slowlog"_s, u"--shapes"_s});
    QCOMPARE(shapeCode, 0);
    QVERIFY2(shapes.contains("ECHO ?"), shapes.constData());
    QCOMPARE(run({u"slowlog"_s, u"--count"_s, u"0"_s}).first, 2);
    QCOMPARE(run({u"slowlog"_s, u"--follow"_s, u"--shapes"_s}).first, 2);
}

SLOTSCOPE_TEST(TestSlowlogs)
#include "tst_slowlogs.moc"
