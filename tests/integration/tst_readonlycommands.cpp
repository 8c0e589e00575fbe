// SPDX-License-Identifier: GPL-3.0-or-later
// Every command of every server over a read-only connection: nothing that writes reaches it.
#include "support/testcluster.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestReadOnlyCommands : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nothingIsChanged_data();
    void nothingIsChanged();
    void scriptsOnlyRead();

private:
    struct State
    {
        QByteArray changes; ///< rdb_changes_since_last_save of INFO, which increases with each executed write
        QList<QByteArray> dumps;
        Value members, config, users, functions, role, script;
        friend bool operator==(const State &, const State &) = default;
    };
    static const QByteArrayList &keys()
    {
        static const QByteArrayList all{"string", "number", "hash", "list", "set",
                                        "zset",   "stream", "log",  "geo",  "bits"};
        return all;
    }
    static void fill(TestCluster &cluster);
    static State stateOf(TestCluster &cluster);
    static std::vector<Command> callsOf(const QByteArray &name, const CommandSpec &spec);
};

void TestReadOnlyCommands::fill(TestCluster &cluster)
{
    const std::initializer_list<Command> commands{
        {"SET", "string", "text"},
        {"SET", "number", "41"},
        {"HSET", "hash", "f", "1", "g", "2"},
        {"RPUSH", "list", "3", "1", "2"},
        {"SADD", "set", "a", "b"},
        {"ZADD", "zset", "1", "a", "2", "b"},
        {"XADD", "stream", "1-1", "f", "v"},
        {"XGROUP", "CREATE", "stream", "g", "0"},
        {"PFADD", "log", "a", "b", "c"},
        {"GEOADD", "geo", "13.36", "38.11", "Palermo", "15.08", "37.5", "Catania"},
        {"SETBIT", "bits", "7", "1"},
        {"FUNCTION", "LOAD",
         "#!lua name=lib\nredis.register_function('writes', function(k,a) return redis.call('SET', "
         "k[1], 'x') end)\nredis.register_function{function_name='reads', callback=function(k,a) "
         "return redis.call('GET', k[1]) end, flags={'no-writes'}}"},
    };
    for (const Command &command : commands)
        std::ignore = cluster.run(0, command);
}

TestReadOnlyCommands::State TestReadOnlyCommands::stateOf(TestCluster &cluster)
{
    State state;
    const auto ask = [&cluster](const Command &command) {
        const auto reply = cluster.run(0, command);
        return reply ? *reply : Value();
    };
    for (const QByteArray &line : ask({"INFO", "persistence"}).bytes().split('\n'))
        if (line.startsWith("rdb_changes_since_last_save:"))
            state.changes = line.trimmed();
    for (const QByteArray &key : keys())
        // SORT_RO may change the internal encoding of sorted sets and thus their DUMP, so their members are compared
        // instead
        if (key != "zset" && key != "geo")
            state.dumps.append(ask({"DUMP", key}).bytes());
    state.members = ask({"ZUNION", "2", "zset", "geo", "WITHSCORES"});
    state.config = ask({"CONFIG", "GET", "*"});
    state.users = ask({"ACL", "LIST"});
    state.functions = ask({"FUNCTION", "LIST"});
    state.role = ask({"ROLE"}).items().empty() ? Value() : ask({"ROLE"}).items().front();
    // SHA1 of the script "return 1"
    state.script = ask({"SCRIPT", "EXISTS", "e0e1f9fabfc9d4800c877a703b823ac0578ff8db"});
    return state;
}

/// Returns calls of the command: with keys of every type if it takes arguments, and prepared calls for commands that
/// need particular arguments.
std::vector<Command> TestReadOnlyCommands::callsOf(const QByteArray &name, const CommandSpec &spec)
{
    static const std::map<QByteArray, std::vector<Command>> crafted{
        {"pfcount", {{"PFCOUNT", "log"}, {"PFCOUNT", "log", "log"}}},
        {"sort", {{"SORT", "list"}, {"SORT", "list", "STORE", "sorted"}}},
        {"georadius", {{"GEORADIUS", "geo", "15", "37", "200", "km", "STORE", "stored"}}},
        {"georadiusbymember", {{"GEORADIUSBYMEMBER", "geo", "Palermo", "200", "km", "STORE", "stored"}}},
        {"bitfield", {{"BITFIELD", "bits", "SET", "u8", "0", "9"}, {"BITFIELD", "bits", "GET", "u8", "0"}}},
        {"getex", {{"GETEX", "string", "EX", "100"}, {"GETEX", "string", "PERSIST"}}},
        {"xreadgroup", {{"XREADGROUP", "GROUP", "g", "c", "STREAMS", "stream", ">"}}},
        {"eval", {{"EVAL", "return redis.call('SET', KEYS[1], 'x')", "1", "string"}, {"EVAL", "return 1", "0"}}},
        {"eval_ro",
         {{"EVAL_RO", "return redis.call('SET', KEYS[1], 'x')", "1", "string"},
          {"EVAL_RO", "return redis.call('PFCOUNT', KEYS[1])", "1", "log"}}},
        {"fcall", {{"FCALL", "writes", "1", "string"}}},
        {"fcall_ro", {{"FCALL_RO", "writes", "1", "string"}, {"FCALL_RO", "reads", "1", "string"}}},
        {"script|load", {{"SCRIPT", "LOAD", "return 1"}}},
        {"config|set", {{"CONFIG", "SET", "hz", "20"}}},
        {"acl|setuser", {{"ACL", "SETUSER", "new", "on", "nopass", "+@all", "~*"}}},
        {"shutdown", {{"SHUTDOWN", "NOSAVE"}}},
        {"flushall", {{"FLUSHALL"}}},
        {"client|kill", {{"CLIENT", "KILL", "TYPE", "normal"}}},
        {"client|pause", {{"CLIENT", "PAUSE", "1"}}},
        {"replicaof", {{"REPLICAOF", "127.0.0.1", "1"}}},
        {"migrate", {{"MIGRATE", "127.0.0.1", "1", "string", "0", "10"}}},
        {"restore", {{"RESTORE", "string", "0", "x", "REPLACE"}}},
    };
    std::vector<Command> calls;
    if (const auto found = crafted.find(name); found != crafted.end())
        calls = found->second;
    const QByteArrayList words = name.toUpper().split('|');
    const int least = std::abs(spec.arity) - int(words.size());
    for (const QByteArray &key : keys()) {
        for (int more = 0; more < 2; ++more) {
            Command call(words.begin(), words.end());
            for (int i = 0; i < std::max(least, 0) + more; ++i)
                call.append(i == 0 ? key : i % 2 == 1 ? "1"_ba : "2"_ba);
            calls.push_back(std::move(call));
            if (spec.arity > 0)
                break;
        }
        if (least <= 0 && spec.arity > 0)
            break; // the command takes no arguments
    }
    return calls;
}

void TestReadOnlyCommands::nothingIsChanged_data()
{
    QTest::addColumn<QString>("path");
    for (const auto &[name, path] : serversFound())
        QTest::addRow("%s", name.constData()) << path;
}

void TestReadOnlyCommands::nothingIsChanged()
{
    QFETCH(const QString, path);
    LocalClusterOptions options;
    options.serverPath = path;
    options.clusterMode = false;
    options.primaries = 1;
    options.replicasPerPrimary = 0;
    TestCluster cluster(options);
    QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
    fill(cluster);
    ConnectionTarget target = cluster.target({0});
    target.readOnly = true;
    const auto session = connectTo(target);
    QVERIFY(session);
    const auto table = QCoro::waitFor(session->commands());
    QVERIFY(table && (*table)->size() > 300);
    const State before = stateOf(cluster);
    QVERIFY(!before.changes.isEmpty() && !before.dumps.contains(QByteArray()));
    QByteArrayList names = (*table)->names();
    std::sort(names.begin(), names.end());
    int calls = 0, refused = 0, sent = 0, done = 0;
    QSet<QByteArray> passed;
    NodeSelection to;
    to.kind = NodeSelection::Kind::Node;
    to.nodeId = session->view()->nodes.front().id;
    for (const QByteArray &name : std::as_const(names)) {
        const CommandSpec *spec = (*table)->find(Command(name.split('|')));
        QVERIFY2(spec, name.constData());
        for (const Command &call : callsOf(name, *spec)) {
            ++calls;
            Command given = call;
            const auto replies = QCoro::waitFor(session->call(std::move(given), to, UserConsent::NameTyped));
            const bool isHeld = !replies
                && (replies.error().code == Error::Code::ReadOnly || replies.error().code == Error::Code::NotShareable);
            refused += isHeld ? 1 : 0;
            if (isHeld)
                continue;
            ++sent;
            passed.insert(name);
            done += replies && replies->size() == 1 && replies->front().reply ? 1 : 0;
        }
    }
    const State after = stateOf(cluster);
    QCOMPARE(after.changes, before.changes);
    QCOMPARE(after.dumps, before.dumps);
    QVERIFY(after == before);
    QVERIFY(passed.contains("hgetall") && passed.contains("xrange") && passed.contains("eval_ro"));
    QVERIFY(!passed.contains("pfcount") && !passed.contains("publish") && !passed.contains("script|load"));
    QVERIFY(done > 200); // ensures that enough commands really ran
    qInfo(
        "%lld commands, %d calls: %d refused before anything was sent, %d sent (%lld commands), writes carried out: 0",
        qlonglong(names.size()), calls, refused, sent, qlonglong(passed.size()));
}

/// On a read-only connection EVAL is sent as EVAL_RO, so the server itself refuses writes of the script.
void TestReadOnlyCommands::scriptsOnlyRead()
{
    LocalClusterOptions options;
    options.serverPath = serversFound().front().second;
    options.clusterMode = false;
    options.primaries = 1;
    options.replicasPerPrimary = 0;
    TestCluster cluster(options);
    QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
    fill(cluster);
    ConnectionTarget target = cluster.target({0});
    target.readOnly = true;
    const auto session = connectTo(target);
    QVERIFY(session);
    const auto call = [&](const Command &command) {
        Command given = command;
        return QCoro::waitFor(session->call(std::move(given), {.kind = NodeSelection::Kind::Primaries, .nodeId = {}},
                                            UserConsent::NameTyped));
    };
    const auto eval = call({"EVAL", "return redis.call('GET', KEYS[1])", "1", "string"});
    QVERIFY(!eval && eval.error().code == Error::Code::ReadOnly);
    QVERIFY2(eval.error().detail.contains(u"EVAL_RO"_s), qPrintable(eval.error().detail));
    const auto reads = call({"EVAL_RO", "return redis.call('GET', KEYS[1])", "1", "string"});
    QVERIFY(reads && reads->front().reply);
    QCOMPARE(reads->front().reply->bytes(), "text"_ba);
    const auto writes = call({"EVAL_RO", "return redis.call('SET', KEYS[1], 'x')", "1", "string"});
    QVERIFY(writes && !writes->front().reply);
    QCOMPARE(cluster.run(0, {"GET", "string"})->bytes(), "text"_ba);
}

SLOTSCOPE_TEST(TestReadOnlyCommands)
#include "tst_readonlycommands.moc"
