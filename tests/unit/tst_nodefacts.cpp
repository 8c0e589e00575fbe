// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/planners/fitchecks.h"
#include "core/operations/facts/nodefacts.h"
#include "core/operations/facts/rights.h"
#include "tests/support/testmain.h"
#include "tests/unit/planfacts.h"

using namespace slotscope;
using namespace Qt::StringLiterals;

class TestNodeFacts final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void capabilities();
    void refused();
    void asksOnlyWhatItHas();
    void migrations_data();
    void migrations();
    void rights();
    void doors();
    void differences_data();
    void differences();
};

namespace {

using Type = Value::Type;

Value list(Value::List items)
{
    return Value::aggregate(Type::Array, std::move(items));
}

Value bulk(const char *text)
{
    return Value::bulk(text);
}

Value pair(const char *name, const char *value)
{
    Value::List items;
    items.push_back(bulk(name));
    items.push_back(bulk(value));
    return list(std::move(items));
}

/// Returns a command's description as in the reply to COMMAND INFO.
Value described(const char *name, int arity)
{
    Value::List items;
    items.push_back(bulk(name));
    items.push_back(Value::integer(arity));
    return list(std::move(items));
}

} // namespace

void TestNodeFacts::capabilities()
{
    Value::List known(7);
    known[0] = described("cluster|migrateslots", -4);
    known[4] = described("cluster|addslotsrange", -4);
    known[6] = described("cluster|replicate", -3);
    std::vector<Value> replies;
    replies.push_back(list(std::move(known)));
    replies.push_back(pair("cluster-node-timeout", "5000"));
    replies.push_back(pair("tls-cluster", "yes"));
    replies.push_back(pair("tls-port", "6380"));
    replies.push_back(pair("cluster-allow-replica-migration", "no"));
    replies.push_back(pair("repl-backlog-size", "1048576"));
    replies.push_back(bulk("# Persistence\r\nrdb_bgsave_in_progress:0\r\naof_rewrite_in_progress:1\r\n"));
    replies.push_back(bulk("ops"));
    QCOMPARE(replies.size(), capabilityQuestions().size());
    NodeFacts facts;
    takeCapabilities(facts, replies);
    QVERIFY(facts.capabilitiesKnown && !facts.migrationsKnown); // running migrations are asked for in the next step
    QCOMPARE(facts.user, "ops"_ba);
    QVERIFY(facts.migrateSlots && !facts.migrationImport && !facts.slotStats && !facts.functions);
    QVERIFY(facts.addSlotsRange && !facts.flushSlot && facts.replicateNoOne);
    QCOMPARE(facts.nodeTimeoutMs, 5000);
    QCOMPARE(facts.tlsCluster, true);
    QCOMPARE(facts.tlsPort, 6380);
    QCOMPARE(facts.allowReplicaMigration, false);
    QCOMPARE(facts.backlogBytes, 1048576);
    QCOMPARE(facts.lastSaveRunning, 1);
}

void TestNodeFacts::refused()
{
    std::vector<Value> replies;
    for (size_t i = 0; i < capabilityQuestions().size(); ++i)
        replies.push_back(Value::error("NOPERM this user has no permissions"));
    NodeFacts facts;
    takeCapabilities(facts, replies);
    QVERIFY(!facts.migrateSlots && !facts.replicateNoOne);
    QVERIFY(!facts.capabilitiesKnown && !facts.migrationsKnown && facts.user.isEmpty());
    QCOMPARE(facts.nodeTimeoutMs, -1);
    QVERIFY(!facts.tlsCluster && !facts.allowReplicaMigration && !facts.backlogBytes && !facts.lastSaveRunning);
    takeCapabilities(facts, {});
    // an error such as NOPERM does not mean that there are no keys
    QVERIFY(!databasesIn(replies.front(), u"10.0.0.1:1"_s));
    QCOMPARE(databasesIn(bulk("# Keyspace\r\ndb0:keys=1,expires=0\r\ndb5:keys=2\r\n"), {}).value(), (QList<int>{0, 5}));
    QCOMPARE(databasesIn(bulk("# Keyspace\r\n"), {}).value(), QList<int>{0});
}

void TestNodeFacts::asksOnlyWhatItHas()
{
    NodeFacts facts;
    FurtherNeeds needs;
    needs.functions = true;
    QVERIFY(furtherQuestions(facts, needs).empty());
    facts.functions = facts.migrateSlots = true;
    needs.setting = "maxmemory";
    const auto questions = furtherQuestions(facts, needs);
    QCOMPARE(questions.size(), size_t(3));
    std::vector<Value> replies;
    replies.push_back(list({}));
    replies.push_back(list(Value::List(2)));
    replies.push_back(pair("maxmemory", "7"));
    QHash<QByteArray, QByteArray> config;
    takeFurther(facts, needs, questions, replies, config);
    QCOMPARE(facts.functionCount, 2);
    QCOMPARE(facts.migrationsRunning, 0);
    QVERIFY(facts.migrationsKnown);
    QCOMPARE(config.value("maxmemory"), "7"_ba);
}

void TestNodeFacts::migrations_data()
{
    QTest::addColumn<QByteArrayList>("job"); // the migration's fields: key, value, key, value, …
    QTest::addColumn<int>("running");
    const auto valkey = [](const char *operation, const char *state) {
        return QByteArrayList{"operation", operation, "slot_ranges", "0-100", "state", state};
    };
    QTest::newRow("Valkey, snapshot") << valkey("EXPORT", "snapshotting") << 1;
    QTest::newRow("Valkey, success") << valkey("EXPORT", "success") << 0;
    QTest::newRow("Valkey, failed") << valkey("IMPORT", "failed") << 0;
    QTest::newRow("Valkey, cancelled") << valkey("IMPORT", "cancelled") << 0;
    const auto redis = [](const char *operation, const char *state, const char *end) {
        return QByteArrayList{"slots", "0-100", "operation", operation, "state", state, "end_time", end};
    };
    QTest::newRow("Redis, streaming") << redis("import", "streaming-buffer", "-1") << 1;
    QTest::newRow("Redis, completed") << redis("migrate", "completed", "17") << 0;
    QTest::newRow("Redis, an import that failed tries again") << redis("import", "failed", "-1") << 1;
    QTest::newRow("Redis, a source's failure is final") << redis("migrate", "failed", "-1") << 0;
    QTest::newRow("Redis, canceled") << redis("import", "canceled", "17") << 0;
}

void TestNodeFacts::migrations()
{
    QFETCH(const QByteArrayList, job);
    QFETCH(const int, running);
    Value::List fields;
    for (const QByteArray &word : job)
        fields.push_back(word == "-1" || word == "17" ? Value::integer(word.toInt()) : Value::bulk(word));
    Value::List jobs;
    jobs.push_back(list(std::move(fields)));
    NodeFacts facts;
    takeMigrations(facts, list(std::move(jobs)));
    QCOMPARE(facts.migrationsRunning, running);
    QCOMPARE(facts.migrationText.contains(u"0-100"), running > 0);
}

void TestNodeFacts::rights()
{
    using Right = NodeFacts::Right;
    const auto asked = [](const std::vector<Command> &questions, const QHash<QByteArray, Value> &answers,
                          const Value &otherwise, NodeFacts &facts) {
        std::vector<Value> replies;
        for (const Command &question : questions) {
            const Command command = question.value(1) == "DRYRUN" ? question.mid(3) : question;
            replies.push_back(answers.value(commandName(command).toLatin1(), otherwise));
        }
        return takeRights(facts, questions, replies);
    };
    NodeFacts told;
    QVERIFY(asked(rightsQuestions("ops"),
                  {{"MIGRATE", bulk("User ops has no permissions to run the 'migrate' command")},
                   {"RESTORE-ASKING", bulk("User ops has no permissions to access the 'slotscope:rights' key")},
                   {"CLUSTER MIGRATESLOTS", Value::error("ERR Command 'CLUSTER' not found")}},
                  Value::simple("OK"), told));
    QCOMPARE(told.rights.value("MIGRATE"), Right::Denied);
    QCOMPARE(told.rights.value("RESTORE-ASKING"), Right::Granted);
    QVERIFY(told.keysLimited);
    QCOMPARE(told.rights.value("CLUSTER MIGRATESLOTS"), Right::Missing);
    QCOMPARE(told.rights.value("CLUSTER BUMPEPOCH"), Right::Granted);

    NodeFacts refused; // if the user may not run ACL DRYRUN, no permission is known
    QVERIFY(!asked(rightsQuestions("ops"), {}, Value::error("NOPERM no permissions to run 'acl|dryrun'"), refused));
    QVERIFY(refused.rights.isEmpty());
    QVERIFY(asked(rightsProbes(),
                  {{"MIGRATE", Value::error("ERR unknown command 'MIGRATE', with args beginning with: ''")},
                   {"CLUSTER SETSLOT", Value::error("NOPERM this user has no permissions to run the command")}},
                  Value::error("ERR Invalid or out of range slot"), refused));
    QCOMPARE(refused.rights.value("MIGRATE"), Right::Missing);
    QCOMPARE(refused.rights.value("CLUSTER SETSLOT"), Right::Denied);
    QCOMPARE(refused.rights.value("CLUSTER GETKEYSINSLOT"), Right::Granted);
    QVERIFY(!refused.rights.contains("CLUSTER BUMPEPOCH")); // no harmless call can test this permission
}

/// Whether a replica can log in to its primary, and which DUMP versions nodes use. Only hashes of passwords are kept.
void TestNodeFacts::doors()
{
    const QByteArray secret = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"; // SHA-256 of "secret"
    FurtherNeeds needs;
    needs.replication = needs.moves = true;
    NodeFacts replica, primary;
    replica.functions = primary.functions = true;
    const auto questions = furtherQuestions(replica, needs);
    const auto tell = [&](NodeFacts &facts, const QHash<QByteArray, Value> &answers) {
        std::vector<Value> replies;
        for (const Command &question : questions)
            replies.push_back(answers.value(question.back(), list({})));
        QHash<QByteArray, QByteArray> config;
        takeFurther(facts, needs, questions, replies, config);
        QVERIFY(config.isEmpty());
    };
    Value::List users;
    users.push_back(Value::bulk("user default on #" + secret + " ~* &* +@all"));
    users.push_back(bulk("user copier on nopass -@all +psync"));
    users.push_back(bulk("user gone off nopass"));
    tell(primary,
         {{"requirepass", pair("requirepass", "secret")},
          {"LIST", list(users)},
          {"DUMP", Value::bulk(QByteArray("\x0a\x00........", 10))}});
    QCOMPARE(primary.payload, 10);
    QCOMPARE(primary.databases, 1); // 1, because the server has no such setting
    tell(replica,
         {{"masterauth", pair("masterauth", "secret")},
          {"masteruser", pair("masteruser", "")},
          {"cluster-databases", pair("cluster-databases", "16")},
          {"DUMP", Value::bulk(QByteArray("\x50\x00........", 10))}});
    QCOMPARE(replica.login->passwordHash, secret);
    QCOMPARE(replica.payload, 80);
    QCOMPARE(replica.databases, 16);

    QString why;
    QCOMPARE(loginFit(replica, primary), LoginFit::Fits);
    replica.login->passwordHash.clear();
    QCOMPARE(loginFit(replica, primary, &why), LoginFit::Wrong);
    QVERIFY2(why.contains(u"no masterauth"), qPrintable(why));
    replica.login->passwordHash = "00";
    QCOMPARE(loginFit(replica, primary, &why), LoginFit::Wrong);
    replica.login->user = "copier"; // this user accepts any password
    QCOMPARE(loginFit(replica, primary), LoginFit::Fits);
    replica.login->user = "gone";
    QCOMPARE(loginFit(replica, primary), LoginFit::Wrong);
    replica.login->user.clear();
    primary.users = openDoor(); // the primary has no password and therefore refuses AUTH
    QCOMPARE(loginFit(replica, primary, &why), LoginFit::Wrong);
    QVERIFY2(why.contains(u"it refuses AUTH"), qPrintable(why));
    primary.users.reset();
    QCOMPARE(loginFit(replica, primary), LoginFit::Unknown);
}

void TestNodeFacts::differences_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QString>("what");
    QTest::newRow("nothing") << ""_ba
                             << ""_ba << u""_s;
    QTest::newRow("a slot") << "connected 5461"_ba
                            << "connected 5460-5460 5461"_ba
                            << u"slot 5460 moved from 10.0.0.1:1 to 10.0.0.2:1 in the meantime"_s;
    QTest::newRow("another primary") << "slave bb"_ba
                                     << "slave cc"_ba << u"10.0.0.3:2 became a replica of another node"_s;
    QTest::newRow("a handshake, which a MEET between two known nodes makes")
        << "ff 10"_ba
        << "hh 10.0.0.2:1@10001 handshake - 0 0 0 connected\nff 10"_ba << u""_s;
    QTest::newRow("a new node") << "ff 10"_ba
                                << "gg 10.0.0.9:1@10001 slave aa 0 0 1 connected\nff 10"_ba << u"10.0.0.9:1 joined"_s;
}

void TestNodeFacts::differences()
{
    QFETCH(const QByteArray, from);
    QFETCH(const QByteArray, to);
    QFETCH(const QString, what);
    PlanFacts before;
    PlanFacts after;
    if (!from.isEmpty())
        after.replace(from, to);
    if (what.startsWith(u"slot"))
        after.replace("0-5460\n", "0-5459\n");
    before.build();
    after.build();
    QCOMPARE(differenceOf(*before.facts.view, *after.facts.view), what);
    if (what.endsWith(u"joined"))
        QCOMPARE(differenceOf(*after.facts.view, *before.facts.view), u"10.0.0.9:1 left"_s);
}

SLOTSCOPE_TEST(TestNodeFacts)
#include "tst_nodefacts.moc"
