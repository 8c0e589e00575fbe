// SPDX-License-Identifier: GPL-3.0-or-later
// The console's tab on real servers: routing, aims, state of the connection, streams, and what breaks.
#include "core/console/consoletab.h"
#include "core/cluster/slot.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTest>

#include <csignal>
#include <map>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestConsole : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void cleanup();

    void routedAnswersSayWho();
    void redirectsAreFollowedOrNot();
    void answersAreWindowed();
    void aBroadcastComparesNodes();
    void aFrozenNodeHoldsUpNobody();
    void commandsWithoutAKeyNameTheirNode();
    void streamsWantOneNode();
    void transactions();
    void watchAndALostTransaction();
    void aBlockingCommandIsStopped();
    void subscriptionsAndMonitor();
    void repliesOffAndSkip();
    void bigNumbersAndAttributes();
    void resetSelectAndResp2();
    void aPipeline();
    void theGateIsAsked();
    void aUserWithoutRights();
    void theCommandLine();
    void aNodeDiesInMidAnswer();

private:
    using State = ConsoleOutcome::State;
    struct Heard
    {
        std::map<int, ConsoleOutcome> nodes;
        bool isDone = false;
        QStringList messages;
    };
    void listen()
    {
        m_tab = std::make_unique<ConsoleTab>(m_session.get());
        m_heard.clear();
        m_state = {};
        m_tab->listen(std::make_shared<BatchSink<ConsoleEvent>>(this,
                                                                [this](Batch<ConsoleEvent> batch) {
                                                                    for (const ConsoleEvent &event : batch.items)
                                                                        take(event);
                                                                }),
                      std::make_shared<BatchSink<ConsoleMessage>>(this, [this](Batch<ConsoleMessage> batch) {
                          for (const ConsoleMessage &message : batch.items)
                              m_heard[message.entry].messages.append(message.text);
                      }));
    }
    void take(const ConsoleEvent &event)
    {
        if (event.kind == ConsoleEvent::Kind::State)
            m_state = event.state;
        else if (event.kind == ConsoleEvent::Kind::Done)
            m_heard[event.entry].isDone = true;
        else
            m_heard[event.entry].nodes[event.node] = event.outcome;
    }
    /// Runs a command line in the console tab and returns its entry number. The outcome later arrives in m_heard.
    quint64 type(const QByteArray &line, ConsoleAim aim = {}, bool follow = true)
    {
        ConsoleOrder order;
        order.entry = ++m_last;
        order.command = *parseCommandLine(line);
        order.aim = aim;
        order.followsRedirects = follow;
        m_running.push_back(m_tab->run(order));
        return order.entry;
    }
    /// Runs a command line, waits until all nodes have answered and returns the first node's outcome.
    ConsoleOutcome say(const QByteArray &line, ConsoleAim aim = {}, bool follow = true)
    {
        const quint64 entry = type(line, aim, follow);
        if (!QTest::qWaitFor([&] { return m_heard[entry].isDone; }, 20000))
            return {};
        return m_heard[entry].nodes[0];
    }
    QByteArray idOf(int node) { return nodeAt(*m_session->view(), m_cluster->address(node))->id; }
    ConsoleAim at(int node) { return {.kind = ConsoleAim::Kind::Node, .nodeId = idOf(node)}; }
    static QString firstLine(const ConsoleOutcome &outcome) { return outcome.lines.value(0); }
    /// Returns a key whose slot belongs to this node.
    QByteArray keyOf(int node) const
    {
        const ClusterViewPtr view = m_session->view();
        for (int i = 0;; ++i) {
            const QByteArray key = "k" + QByteArray::number(i);
            const auto owner = view->owner[slotOfKey(key)];
            if (owner >= 0 && view->nodes[size_t(owner)].name == m_cluster->address(node))
                return key;
        }
    }

    std::unique_ptr<TestCluster> m_cluster;
    std::unique_ptr<ClusterSession> m_session;
    std::unique_ptr<ConsoleTab> m_tab;
    std::map<quint64, Heard> m_heard;
    ConsoleState m_state;
    quint64 m_last = 0;
    std::vector<QCoro::Task<Result<bool>>> m_running;
};

void TestConsole::initTestCase()
{
    LocalClusterOptions options;
    options.serverPath = serversFound().front().second;
    options.replicasPerPrimary = 1;
    options.extraArguments = {u"--enable-debug-command"_s, u"yes"_s};
    m_cluster = std::make_unique<TestCluster>(options);
    QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
}

void TestConsole::cleanupTestCase()
{
    m_cluster.reset();
}

void TestConsole::init()
{
    m_session = std::make_unique<ClusterSession>(m_cluster->target({0, 1, 2}));
    m_session->start();
    QVERIFY(QCoro::waitFor(m_session->connected(15000)));
    listen();
}

void TestConsole::cleanup()
{
    m_tab.reset();
    m_session.reset();
    m_running.clear();
}

void TestConsole::routedAnswersSayWho()
{
    for (int node = 0; node < 3; ++node) {
        const QByteArray key = keyOf(node);
        const ConsoleOutcome set = say("SET " + key + " \"a\\x00b\"");
        QCOMPARE(firstLine(set), u"OK"_s);
        QCOMPARE(set.nodeName, m_cluster->address(node));
        QVERIFY(set.microseconds > 0);
        QCOMPARE(firstLine(say("GET " + key)), u"\"a\\x00b\""_s);
    }
    QCOMPARE(say("NOSUCH").state, State::Refused);
    QCOMPARE(say("INFO server").lines.value(0), u"# Server"_s); // unquoted, as redis-cli prints it
}

void TestConsole::redirectsAreFollowedOrNot()
{
    const QByteArray key = keyOf(1);
    const ConsoleOutcome followed = say("SET " + key + " 1", at(0));
    QCOMPARE(firstLine(followed), u"OK"_s);
    QCOMPARE(followed.nodeName, m_cluster->address(1));
    QCOMPARE(followed.redirects.size(), 1);
    const ConsoleOutcome kept = say("SET " + key + " 1", at(0), false);
    QCOMPARE(kept.state, State::Refused);
    QVERIFY(kept.serverError.startsWith("MOVED "));
    const auto slot = QByteArray::number(int(slotOfKey(key)));
    QVERIFY(m_cluster->run(1, {"CLUSTER"_ba, "SETSLOT"_ba, slot, "MIGRATING"_ba, idOf(0)}));
    QVERIFY(m_cluster->run(0, {"CLUSTER"_ba, "SETSLOT"_ba, slot, "IMPORTING"_ba, idOf(1)}));
    QVERIFY(m_cluster->run(1, {"DEL"_ba, key}));
    const ConsoleOutcome asked = say("SET " + key + " 2"); // redirected with ASK, so the console sends ASKING first
    QCOMPARE(firstLine(asked), u"OK"_s);
    QCOMPARE(asked.nodeName, m_cluster->address(0));
    for (int node : {0, 1})
        QVERIFY(m_cluster->run(node, {"CLUSTER"_ba, "SETSLOT"_ba, slot, "STABLE"_ba}));
}

void TestConsole::answersAreWindowed()
{
    const quint64 entry = type("EVAL \"local t={} for i=1,1000000 do t[i]=i end return t\" 0");
    QTRY_VERIFY(m_heard[entry].isDone);
    const ConsoleOutcome outcome = m_heard[entry].nodes[0];
    QCOMPARE(outcome.lines.size(), 64);
    QCOMPARE(firstLine(outcome), u"      1) (integer) 1"_s);
    auto lines = QCoro::waitFor(m_tab->lines(entry, 0, AnswerView::Cli, 999'998, 10));
    QVERIFY(lines && lines->isWhole);
    QCOMPARE(lines->count, 1'000'000);
    QCOMPARE(lines->lines, QStringList({u" 999999) (integer) 999999"_s, u"1000000) (integer) 1000000"_s}));
    lines = QCoro::waitFor(m_tab->lines(entry, 0, AnswerView::Table, 1000, 1));
    QCOMPARE(lines->lines.value(0), u"1000\u001f1000"_s);
    m_tab->forget(entry);
    QVERIFY(QCoro::waitFor(m_tab->lines(entry, 0, AnswerView::Cli, 0, 1))->isGone);
}

void TestConsole::aBroadcastComparesNodes()
{
    QVERIFY(m_cluster->run(1, {"CONFIG"_ba, "SET"_ba, "maxmemory-samples"_ba, "7"_ba}));
    const quint64 entry = type("CONFIG GET maxmemory*", {.kind = ConsoleAim::Kind::All});
    QTRY_VERIFY(m_heard[entry].isDone);
    QCOMPARE(m_heard[entry].nodes.size(), size_t(6));
    const auto rows = QCoro::waitFor(m_tab->table(entry, true, 0, 10));
    QVERIFY(rows);
    QCOMPARE(rows->count, 1);
    QCOMPARE(rows->differing, 1);
    QVERIFY(rows->compared > 3);
    QCOMPARE(rows->rows[0].label, u"maxmemory-samples"_s);
    int differing = 0;
    for (size_t i = 0; i < rows->rows[0].cells.size(); ++i)
        if (rows->rows[0].cells[i].differs) {
            ++differing;
            QCOMPARE(m_heard[entry].nodes[int(i)].nodeName, m_cluster->address(1));
        }
    QCOMPARE(differing, 1);
    QVERIFY(m_cluster->run(1, {"CONFIG"_ba, "SET"_ba, "maxmemory-samples"_ba, "5"_ba}));
    const quint64 replicas = type("ROLE", {.kind = ConsoleAim::Kind::Replicas});
    QTRY_VERIFY(m_heard[replicas].isDone);
    QCOMPARE(m_heard[replicas].nodes.size(), size_t(3));
}

void TestConsole::aFrozenNodeHoldsUpNobody()
{
    QCOMPARE(say("PING", {.kind = ConsoleAim::Kind::Primaries}).state, State::Answered);
    const qint64 pid = (*m_cluster)->nodes()[1].processId;
    QCOMPARE(::kill(pid_t(pid), SIGSTOP), 0);
    QElapsedTimer timer;
    timer.start();
    const quint64 entry = type("PING", {.kind = ConsoleAim::Kind::Primaries});
    const auto answered = [&] {
        int count = 0;
        for (const auto &[node, outcome] : m_heard[entry].nodes)
            count += outcome.state == State::Answered ? 1 : 0;
        return count;
    };
    const bool othersCame = QTest::qWaitFor([&] { return answered() == 2; }, 5000);
    const qint64 took = timer.elapsed();
    const bool isOver = m_heard[entry].isDone;
    m_tab->stop();
    const bool ended = QTest::qWaitFor([&] { return m_heard[entry].isDone; }, 5000);
    ::kill(pid_t(pid), SIGCONT);
    QVERIFY(othersCame && ended && !isOver);
    QVERIFY2(took < 1000, qPrintable(QString::number(took)));
    QTRY_COMPARE(say("PING", {.kind = ConsoleAim::Kind::Primaries}).state, State::Answered);
}

void TestConsole::commandsWithoutAKeyNameTheirNode()
{
    const ConsoleOutcome size = say("DBSIZE");
    QVERIFY2(size.note.contains(u"has no key, so only "_s + size.nodeName), qPrintable(size.note));
    QVERIFY(say("PING").note.isEmpty());
    QVERIFY(say("GET " + keyOf(2)).note.isEmpty());
    QVERIFY(say("CLIENT ID").note.isEmpty());
    QVERIFY(say("DBSIZE", {.kind = ConsoleAim::Kind::Primaries}).note.isEmpty());
}

void TestConsole::streamsWantOneNode()
{
    for (const char *line : {"MONITOR", "SUBSCRIBE a", "PSUBSCRIBE a*"}) {
        const ConsoleOutcome outcome = say(line, {.kind = ConsoleAim::Kind::All});
        QVERIFY2(outcome.error.detail.contains(u"choose a node"_s), line);
    }
}

void TestConsole::transactions()
{
    const QByteArray key = keyOf(2);
    QCOMPARE(firstLine(say("MULTI")), u"OK"_s); // the first command with a key decides which node runs the transaction
    QTRY_VERIFY(m_state.isInMulti);
    QCOMPARE(firstLine(say("SET " + key + " 5")), u"QUEUED"_s);
    QCOMPARE(firstLine(say("INCR " + key)), u"QUEUED"_s);
    QTRY_COMPARE(m_state.queued, 2);
    QTRY_COMPARE(m_state.heldNode, m_cluster->address(2));
    const ConsoleOutcome done = say("EXEC");
    QCOMPARE(done.lines, QStringList({u"1) OK"_s, u"2) (integer) 6"_s}));
    QTRY_VERIFY(!m_state.isInMulti && m_state.heldNode.isEmpty());
    std::ignore = say("MULTI");
    QVERIFY(say("DISCARD").note.contains(u"No command had been sent"_s));
    std::ignore = say("MULTI");
    std::ignore = say("SET " + key + " 9");
    // answered with MOVED, which the console does not follow within a transaction
    QCOMPARE(say("SET " + keyOf(0) + " 9").state, State::Refused);
    QVERIFY(say("EXEC").serverError.startsWith("EXECABORT"));
    QTRY_VERIFY(!m_state.isInMulti);
    QCOMPARE(firstLine(say("GET " + key)), u"\"6\""_s);
}

void TestConsole::watchAndALostTransaction()
{
    const QByteArray key = keyOf(1);
    std::ignore = say("WATCH " + key);
    QTRY_COMPARE(m_state.watched, 1);
    std::ignore = say("MULTI");
    std::ignore = say("SET " + key + " mine");
    QVERIFY(m_cluster->run(1, {"SET"_ba, key, "theirs"_ba}));
    QCOMPARE(firstLine(say("EXEC")), u"(nil)"_s);
    std::ignore = say("MULTI");
    std::ignore = say("SET " + key + " mine");
    QTRY_VERIFY(m_state.isInMulti);
    QVERIFY(m_cluster->run(1, {"CLIENT"_ba, "KILL"_ba, "TYPE"_ba, "normal"_ba}));
    QTRY_VERIFY(!m_state.isInMulti);
    QTRY_COMPARE(firstLine(say("GET " + key)), u"\"theirs\""_s);
}

void TestConsole::aBlockingCommandIsStopped()
{
    const QByteArray key = keyOf(0);
    std::ignore = say("DEL " + key);
    const quint64 blocked = type("BLPOP " + key + " 0");
    QTRY_COMPARE(m_state.running, 1);
    QCOMPARE(firstLine(say("PING", at(1))), u"PONG"_s); // the blocked connection does not block other nodes
    m_tab->stop();
    QTRY_VERIFY(m_heard[blocked].isDone);
    QCOMPARE(m_heard[blocked].nodes[0].state, State::Failed);
    QCOMPARE(firstLine(say("LLEN " + key)), u"(integer) 0"_s);
}

void TestConsole::subscriptionsAndMonitor()
{
    const quint64 stream = type("SUBSCRIBE news \"odd\\xff\"", at(0));
    QTRY_COMPARE(m_heard[stream].messages.size(), 2);
    QTRY_COMPARE(m_state.subscriptions, 2);
    QCOMPARE(m_heard[stream].nodes[0].state, State::Streaming);
    QVERIFY(m_cluster->run(2, {"PUBLISH"_ba, "news"_ba, "<b>hello</b>"_ba}));
    QTRY_VERIFY(m_heard[stream].messages.contains(u"message \"news\" \"<b>hello</b>\""_s));
    // in RESP3, other commands work on a connection with subscriptions
    QCOMPARE(firstLine(say("PING", at(0))), u"PONG"_s);
    std::ignore = say("UNSUBSCRIBE", at(0));
    QTRY_COMPARE(m_heard[stream].nodes[0].state, State::Ended);
    const quint64 monitor = type("MONITOR", at(0));
    QTRY_VERIFY(m_state.isMonitoring);
    QTRY_VERIFY([&] {
        std::ignore = m_cluster->run(0, {"ECHO"_ba, "seen"_ba});
        return m_heard[monitor].messages.filter(u"\"seen\""_s).size() > 0;
    }());
    QCOMPARE(say("PING", at(0)).state, State::Failed);
    m_tab->stop();
    QTRY_COMPARE(m_heard[monitor].nodes[0].state, State::Ended);
    QCOMPARE(firstLine(say("PING", at(0))), u"PONG"_s);
    m_tab->setResp3(false);
    const quint64 old = type("SUBSCRIBE news", at(0));
    QTRY_COMPARE(m_state.subscriptions, 1);
    std::ignore = type("PING", at(0));
    QTRY_VERIFY(m_heard[old].messages.filter(u"pong"_s).size() == 1);
}

/// After CLIENT REPLY OFF and SKIP nothing hangs, and each later reply still belongs to its command.
void TestConsole::repliesOffAndSkip()
{
    const QByteArray key = keyOf(0);
    std::ignore = say("SET " + key + " 1", at(0));
    QCOMPARE(say("CLIENT REPLY OFF", at(0)).state, State::Unasked);
    QTRY_VERIFY(m_state.areRepliesOff);
    QCOMPARE(say("GET " + key, at(0)).state, State::Unasked);
    QCOMPARE(firstLine(say("CLIENT REPLY ON", at(0))), u"OK"_s);
    QTRY_VERIFY(!m_state.areRepliesOff);
    std::ignore = say("CLIENT REPLY SKIP", at(0));
    QCOMPARE(say("SET " + key + " 2", at(0)).state, State::Unasked);
    QCOMPARE(firstLine(say("GET " + key, at(0))), u"\"2\""_s);
}

/// Big numbers, attributes and the other RESP3 types are shown.
void TestConsole::bigNumbersAndAttributes()
{
    const ConsoleOutcome big = say("EVAL \"redis.setresp(3); return {big_number='-0012345678901234567890'}\" 0", at(0));
    QCOMPARE(firstLine(big), u"-0012345678901234567890"_s);
    const ConsoleOutcome attribute = say("DEBUG PROTOCOL attrib", at(0));
    QVERIFY2(attribute.note.contains(u"key-popularity"_s), qPrintable(attribute.note));
    QCOMPARE(firstLine(attribute), u"\"Some real reply following the attribute\""_s);
    QCOMPARE(firstLine(say("DEBUG PROTOCOL bignum", at(0))), u"1234567999999999999999999999999999999"_s);
    QCOMPARE(firstLine(say("ECHO own", at(0))), u"\"own\""_s);
    for (const char *kind : {"double", "true", "null", "map", "set", "verbatim", "array", "integer", "string"})
        QCOMPARE(say("DEBUG PROTOCOL " + QByteArray(kind), at(0)).state, State::Answered);
    m_tab->setResp3(false);
    QCOMPARE(firstLine(say("EVAL \"redis.setresp(3); return {big_number='-0012345678901234567890'}\" 0", at(0))),
             u"\"-0012345678901234567890\""_s);
}

void TestConsole::resetSelectAndResp2()
{
    QCOMPARE(say("SELECT 3", at(0)).state, State::Refused); // refused in cluster mode
    QCOMPARE(firstLine(say("HELLO 2", at(0))).left(3), u" 1)"_s);
    QTRY_VERIFY(!m_state.isResp3);
    QCOMPARE(firstLine(say("RESET", at(0))), u"RESET"_s);
    QCOMPARE(firstLine(say("PING", at(0))), u"PONG"_s);
    QCOMPARE(firstLine(say("QUIT", at(0))), u"OK"_s);
    QTRY_COMPARE(firstLine(say("PING", at(0))), u"PONG"_s);
}

void TestConsole::aPipeline()
{
    const QByteArray tag = '{' + keyOf(1) + '}';
    QList<ConsoleOrder> orders;
    for (int i = 0; i < 3; ++i) {
        ConsoleOrder order;
        order.entry = ++m_last;
        order.command = commandOf("SET", tag + QByteArray::number(i), "v");
        orders.append(order);
    }
    orders[1].command = commandOf("INCR", tag + "0"); // this command fails, the others continue
    const auto done = QCoro::waitFor(m_tab->runTogether(orders));
    QVERIFY(done && !*done);
    QTRY_VERIFY(m_heard[m_last].isDone);
    QCOMPARE(m_heard[m_last - 1].nodes[0].state, State::Refused);
    QCOMPARE(firstLine(m_heard[m_last].nodes[0]), u"OK"_s);
    orders[2].command = commandOf("SET", keyOf(0), "v");
    QCOMPARE(QCoro::waitFor(m_tab->runTogether(orders)).error().code, Error::Code::InvalidArgument);
}

void TestConsole::theGateIsAsked()
{
    ConnectionTarget target = m_cluster->target({0});
    target.readOnly = true;
    target.environment = EnvironmentKind::Production;
    m_session = std::make_unique<ClusterSession>(target);
    m_session->start();
    QVERIFY(QCoro::waitFor(m_session->connected(15000)));
    listen();
    ConsoleOrder order;
    order.entry = ++m_last;
    order.command = commandOf("SET", "a", "b");
    QCOMPARE(QCoro::waitFor(m_tab->run(order)).error().code, Error::Code::ReadOnly);
    order.command = commandOf("KEYS", "*");
    QCOMPARE(QCoro::waitFor(m_tab->run(order)).error().code, Error::Code::ReadOnly); // refused as a dangerous command
    order.command = commandOf("MONITOR");
    const auto asked = QCoro::waitFor(m_tab->run(order));
    QCOMPARE(asked.error().code, Error::Code::NeedsConsent);
    QCOMPARE(asked.error().serverPrefix, "NAME"_ba);
    order.command = commandOf("SYNC");
    QCOMPARE(QCoro::waitFor(m_tab->run(order)).error().code, Error::Code::NotShareable);
    QCOMPARE(firstLine(say("MULTI", at(0))), u"OK"_s); // allowed, because it only changes the state of the connection
    order.command = commandOf("SET", "a", "b");
    // and it does not allow writes on a read-only connection
    QCOMPARE(QCoro::waitFor(m_tab->run(order)).error().code, Error::Code::ReadOnly);
}

void TestConsole::aUserWithoutRights()
{
    for (int node = 0; node < 6; ++node)
        QVERIFY(m_cluster->run(node,
                               {"ACL"_ba, "SETUSER"_ba, "thin"_ba, "on"_ba, ">pw-thin"_ba, "~a*"_ba, "+ping"_ba,
                                "+get"_ba, "+auth"_ba, "resetchannels"_ba, "+subscribe"_ba}));
    QCOMPARE(firstLine(say("AUTH thin pw-thin", at(0))), u"OK"_s);
    QTRY_COMPARE(m_state.user, u"thin"_s);
    const ConsoleOutcome denied = say("CONFIG GET *", at(0));
    QCOMPARE(denied.state, State::Refused);
    QVERIFY(denied.serverError.startsWith("NOPERM"));
    QCOMPARE(firstLine(say("PING", at(0))), u"PONG"_s);
    const quint64 stream = type("SUBSCRIBE secret-channel", at(0));
    QTRY_COMPARE(m_heard[stream].nodes[0].state, State::Refused);
    QCOMPARE(say("PING", at(0)).state, State::Answered);
    QCOMPARE(say("AUTH thin \"pw wrong\"", at(0)).state, State::Refused);
}

void TestConsole::theCommandLine()
{
    const auto cli = [this](const QStringList &words, const QByteArray &input = {}) {
        QProcess process;
        process.start(qEnvironmentVariable("SLOTSCOPE_CLI"), QStringList{u"--uri"_s, (*m_cluster)->uri()} + words);
        process.write(input);
        process.closeWriteChannel();
        process.waitForFinished(30000);
        return std::pair(process.exitCode(), process.readAllStandardOutput());
    };
    QVERIFY(m_cluster->run(1, {"CONFIG"_ba, "SET"_ba, "maxmemory-samples"_ba, "7"_ba}));
    auto [code, out] = cli(
        {u"--json"_s, u"call"_s, u"--to"_s, u"all"_s, u"--compare"_s, u"CONFIG"_s, u"GET"_s, u"maxmemory-samples"_s});
    QCOMPARE(code, 1);
    QVERIFY2(out.contains("\"differing\": 1"), out.constData());
    QVERIFY(m_cluster->run(1, {"CONFIG"_ba, "SET"_ba, "maxmemory-samples"_ba, "5"_ba}));
    std::tie(code, out) = cli({u"call"_s, u"--to"_s, u"all"_s, u"--compare"_s, u"CONFIG"_s, u"GET"_s, u"maxmemory"_s});
    QCOMPARE(code, 0);
    const QByteArray script = "# one transaction\nMULTI\nSET {cli}a 1\nINCR {cli}a\nEXEC\nINCR {cli}list\nGET {cli}a\n";
    QVERIFY(cli({u"call"_s, u"DEL"_s, u"{cli}list"_s}).first == 0);
    QVERIFY(cli({u"call"_s, u"RPUSH"_s, u"{cli}list"_s, u"x"_s}).first == 0);
    std::tie(code, out) = cli({u"call"_s, u"--file"_s, u"-"_s}, script);
    QCOMPARE(code, 1); // INCR of a list fails, so the script stops there
    QVERIFY2(out.startsWith("OK\nQUEUED\nQUEUED\nOK\n2\n"), out.constData());
    std::tie(code, out) = cli({u"call"_s, u"--go-on"_s, u"--file"_s, u"-"_s}, script);
    QVERIFY2(out.endsWith("\n2\n"), out.constData());
    std::tie(code, out) = cli({u"call"_s, u"--file"_s, u"-"_s}, "SET {cli}a 5\nGET \"{cli}\n");
    QCOMPARE(code, 2); // if one line cannot be parsed, no line is sent
    std::tie(code, out) = cli({u"call"_s, u"--resp2"_s, u"--file"_s, u"-"_s}, "GET {cli}a\n");
    QCOMPARE(out, "2\n"_ba);
}

void TestConsole::aNodeDiesInMidAnswer()
{
    const QByteArray key = keyOf(0);
    QVERIFY(m_cluster->run(0,
                           {"EVAL"_ba,
                            "for i=1,200000 do redis.call('RPUSH', KEYS[1], 'element-of-some-length-'..i) end"_ba,
                            "1"_ba, "list{" + key + '}'}));
    const quint64 entry = type("LRANGE list{" + key + "} 0 -1", at(0));
    const qint64 pid = (*m_cluster)->nodes()[0].processId;
    ::kill(pid_t(pid), SIGKILL);
    QTRY_VERIFY(m_heard[entry].isDone);
    const ConsoleOutcome outcome = m_heard[entry].nodes[0];
    QVERIFY(outcome.state == State::Failed || outcome.state == State::Answered);
    QCOMPARE(say("PING", at(1)).state, State::Answered); // the tab still works
}

SLOTSCOPE_TEST(TestConsole)
#include "tst_console.moc"
