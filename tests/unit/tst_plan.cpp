// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testmain.h"
#include "core/operations/facts/waiting.h"
#include "tests/unit/planfacts.h"

using namespace slotscope;
using namespace Qt::StringLiterals;

class TestPlan final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void roundTrip();
    void foreignJson();
    void shellLines_data();
    void shellLines();
    void commandsOfMoves_data();
    void commandsOfMoves();
    void commandsAreBounded();
    void otherSteps();
    void whatIsNotKnownDoesNotPass();
    void rightsAreChecked();
    void whatIsBrokenIsSaidFirst();
};

namespace {

const NodeRef a{"aa", u"10.0.0.1:1"_s};
const NodeRef b{"bb", u"[fe80::1]:2"_s};

/// Returns a step of this kind with the contents that it requires.
PlanStep soundStep(PlanStep::Kind kind)
{
    PlanStep step;
    step.kind = kind;
    step.nodes = {a, b};
    step.slots = SlotSet{{0, 5}, {7, 7}};
    if (kind == PlanStep::Kind::MoveSlots)
        step.moves = {{a, b, step.slots}};
    if (kind == PlanStep::Kind::Background)
        step.commands = {{a, commandOf("BGSAVE")}};
    if (kind == PlanStep::Kind::Backup)
        step.folder = u"/tmp/ä"_s;
    return step;
}

} // namespace

void TestPlan::roundTrip()
{
    OperationPlan plan;
    plan.operation = Operation::Reshard;
    plan.title = u"Move"_s;
    plan.checks = {{PlanCheck::Verdict::Warn, u"Hm"_s, u"why"_s}, {PlanCheck::Verdict::Refuse, u"No"_s, {}}};
    for (int kind = 0; kind <= int(PlanStep::Kind::Background); ++kind)
        plan.steps.append(soundStep(PlanStep::Kind(kind)));
    for (int condition = 0; condition <= int(PlanStep::Condition::BanExpired); ++condition) {
        PlanStep step = soundStep(PlanStep::Kind::Wait);
        step.condition = PlanStep::Condition(condition);
        plan.steps.append(step);
    }
    PlanStep &moving = plan.steps[int(PlanStep::Kind::MoveSlots)];
    moving.title = u"Do"_s;
    moving.risk = u"risk"_s;
    moving.migration = {.method = MigrationMethod::Atomic,
                        .keysPerSecond = 5,
                        .latencyCeilingMs = 6,
                        .batchBytes = 7,
                        .busyKeys = BusyKeyPolicy::KeepTarget,
                        .waitForReplicas = false};
    moving.mode = u"import"_s;
    moving.deadlineMs = 1;
    PlanStep &commands = plan.steps[int(PlanStep::Kind::Commands)];
    commands.commands = {{a, Command{"CONFIG"_ba, "SET"_ba, "\xff '\"\n"_ba, "\x00…"_ba}},
                         {{{}, u"outside:1"_s}, commandOf("CLUSTER", "MEET", "", "1")}};
    commands.together = commands.mayFail = true;
    commands.tolerated = {"Unknown node"_ba, "is already busy"_ba};
    plan.moves = moving.moves;
    plan.verifies = {u"v"_s};
    plan.dataLoss = {u"l"_s};
    plan.notes = {u"n"_s};
    plan.estimate = {.slots = 1, .keys = 2, .bytes = 3'000'000'000'000, .milliseconds = 4};
    PlanResults &results = plan.results;
    results.rollsBack = u"r1"_s;
    results.layout = {{"aa", u"10.0.0.1:1"_s, true, {}, SlotSet{{0, 5}}},
                      {"bb", u"10.0.0.2:1"_s, false, u"10.0.0.1:1"_s, {}}};
    results.setting = SettingChange{"maxmemory", true, {{"aa", "1"}, {"bb", "2"}}, {{"bb", "2"}}};
    results.formerRole = FormerRole{"aa", {"bb", "cc"}};
    results.repairs = {
        {SlotSet{{5, 6}}, u"a"_s, 3, {u"a"_s, u"b"_s}, {u"a"_s}, {u"b"_s}, {{u"a"_s, 7}}, u"stays"_s, true}};
    results.orphans = {{"aa", u"10.0.0.1:1"_s, 5, 3, {}}};
    results.balance = {{"aa", u"10.0.0.1:1"_s, 1.5, 10, 20, 30, 40, 50}};
    const QByteArray text = QJsonDocument(toJson(plan)).toJson();
    const auto again = planFromJson(QJsonDocument::fromJson(text).object());
    QVERIFY(again);
    QVERIFY(*again == plan);
    QVERIFY(again->isRefused());
}

void TestPlan::foreignJson()
{
    QVERIFY(!planFromJson({}));
    QVERIFY(!planFromJson({{u"operation"_s, 5}, {u"steps"_s, QJsonArray{}}}));
    const auto odd = planFromJson({{u"operation"_s, u"x"_s}, {u"steps"_s, QJsonArray{u"no object"_s}}});
    QVERIFY(!odd); // refused, because its contents would be lost
}

void TestPlan::shellLines_data()
{
    QTest::addColumn<NodeRef>("node");
    QTest::addColumn<Command>("command");
    QTest::addColumn<QString>("line");
    QTest::newRow("plain") << a << commandOf("CLUSTER", "FORGET", "aa")
                           << u"redis-cli -h 10.0.0.1 -p 1 CLUSTER FORGET aa"_s;
    QTest::newRow("IPv6") << b << Command{"PING"} << u"redis-cli -h fe80::1 -p 2 PING"_s;
    QTest::newRow("blanks, quotes, nothing")
        << a << commandOf("SET", "a b", "it's", "") << u"redis-cli -h 10.0.0.1 -p 1 SET 'a b' 'it'\\''s' ''"_s;
    QTest::newRow("bytes") << a << Command{"GET"_ba, "\xff\n"_ba} << u"redis-cli -h 10.0.0.1 -p 1 GET $'\\xff\\x0a'"_s;
    QTest::newRow("letters of the world")
        << a << commandOf("SET", "größe", "鍵 ") << u"redis-cli -h 10.0.0.1 -p 1 SET 'größe' '鍵 '"_s;
    QTest::newRow("a socket") << NodeRef{{}, u"/run/a b.sock"_s} << Command{"PING"}
                              << u"redis-cli -s '/run/a b.sock' PING"_s;
    QTest::newRow("a host that a server made up") << NodeRef{"cc", u"$(touch x);'`:1 2"_s} << Command{"PING"}
                                                  << u"redis-cli -h '$(touch x);'\\''`' -p '1 2' PING"_s;
    QTest::newRow("turned round") << a << commandOf("SET", "\xe2\x80\xae")
                                  << u"redis-cli -h 10.0.0.1 -p 1 SET $'\\xe2\\x80\\xae'"_s;
    QTest::newRow("shell's own") << a << commandOf("GET", "$(rm)") << u"redis-cli -h 10.0.0.1 -p 1 GET '$(rm)'"_s;
}

void TestPlan::shellLines()
{
    QFETCH(const NodeRef, node);
    QFETCH(const Command, command);
    QFETCH(const QString, line);
    QCOMPARE(shellLine({node, command}), line);
}

void TestPlan::commandsOfMoves_data()
{
    QTest::addColumn<QString>("mode");
    QTest::addColumn<QStringList>("lines");
    QTest::addColumn<qint64>("count");
    QTest::newRow("classic")
        << u""_s << QStringList{u"aa CLUSTER MEET fe80::1 2 10002"_s,   u"aa MIGRATE fe80::1 2 slotscope:rights 0 x"_s,
                                u"aa CLUSTER GETKEYSINSLOT 16384 1"_s,  u"aa CLUSTER SETSLOT 16384 STABLE"_s,
                                u"bb CLUSTER SETSLOT 16384 STABLE"_s,   u"bb RESTORE-ASKING slotscope:rights 0 x"_s,
                                u"bb CLUSTER SETSLOT 5 IMPORTING aa"_s, u"aa CLUSTER SETSLOT 5 MIGRATING bb"_s,
                                u"aa CLUSTER GETKEYSINSLOT 5 1000"_s,   u"aa MIGRATE fe80::1 2  0 150 KEYS …"_s,
                                u"bb CLUSTER SETSLOT 5 NODE bb"_s,      u"aa CLUSTER SETSLOT 5 NODE bb"_s}
        << qint64(-1);
    QTest::newRow("Valkey") << u"migrateslots"_s << QStringList{u"aa CLUSTER MIGRATESLOTS SLOTSRANGE 5 5 NODE bb"_s}
                            << qint64(1);
    QTest::newRow("Redis") << u"import"_s << QStringList{u"bb CLUSTER MIGRATION IMPORT 5 5"_s} << qint64(1);
}

void TestPlan::commandsOfMoves()
{
    QFETCH(const QString, mode);
    QFETCH(const QStringList, lines);
    QFETCH(const qint64, count);
    PlanStep step;
    step.kind = PlanStep::Kind::MoveSlots;
    step.mode = mode;
    step.moves = {{a, b, SlotSet{{5, 5}}}};
    if (mode.isEmpty())
        step.moves[0].meet = commandOf("CLUSTER", "MEET", "fe80::1", "2", "10002");
    QStringList got;
    for (const StepCommand &command : commandsOf(step))
        got.append(QString::fromUtf8(command.node.id + ' ' + command.command.join(' ')));
    QCOMPARE(got, lines);
    QCOMPARE(commandCountOf(step), count);
}

void TestPlan::commandsAreBounded()
{
    PlanStep step;
    step.kind = PlanStep::Kind::MoveSlots;
    step.moves = {{a, b, SlotSet::all()}};
    QCOMPARE(commandsOf(step, 10).size(), 10);
}

void TestPlan::otherSteps()
{
    PlanStep failover;
    failover.kind = PlanStep::Kind::Failover;
    failover.nodes = {a};
    failover.mode = u"TAKEOVER"_s;
    QCOMPARE(commandsOf(failover).front().command, commandOf("CLUSTER", "FAILOVER", "TAKEOVER"));
    PlanStep foreign;
    foreign.kind = PlanStep::Kind::GatherKeys;
    foreign.nodes = {a, b};
    foreign.slots = SlotSet{{5, 5}};
    QStringList words;
    for (const StepCommand &command : commandsOf(foreign).mid(5))
        words.append(QString::fromUtf8(command.node.id + ' ' + command.command.join(' ')));
    QCOMPARE(words,
             (QStringList{u"aa CLUSTER SETSLOT 5 IMPORTING bb"_s, u"aa CLUSTER GETKEYSINSLOT 5 1000"_s,
                          u"aa MIGRATE fe80::1 2  0 150 KEYS …"_s}));
    PlanStep copy;
    copy.kind = PlanStep::Kind::CopyFunctions;
    copy.nodes = {a, b};
    QCOMPARE(commandCountOf(copy), 2);
    PlanStep backup;
    backup.kind = PlanStep::Kind::Backup;
    backup.nodes = {a, b};
    QCOMPARE(commandsOf(backup).size(), 2);
    PlanStep gather;
    gather.kind = PlanStep::Kind::GatherKeys;
    QCOMPARE(commandCountOf(gather), -1);
    QCOMPARE(verdictName(PlanCheck::Verdict::Warn), u"warn"_s);
}

void TestPlan::whatIsNotKnownDoesNotPass()
{
    PlanFacts known;
    known.build();
    known.keysEach(1);
    const ReshardRequest request{.target = "aa", .slots = SlotSet{{16000, 16001}}};
    QCOMPARE(refusals(known.plan(request)), u""_s);

    PlanFacts silent;
    silent.build();
    silent.keysEach(1);
    auto counts = std::make_shared<SlotKeyCounts>(*silent.facts.keyCounts);
    counts->keys[16001] = -1;
    silent.facts.keyCounts = counts;
    silent.facts.nodes["cc"].migrationsKnown = false;
    silent.change("dd", [](ServerInfo &info) { info.version.clear(); });
    auto view = std::make_shared<ClusterView>(*silent.facts.view);
    view->nodes[size_t(view->indexOf("bb"))].openSlotsKnown = false;
    silent.facts.view = view;
    const OperationPlan unsure = silent.plan(request);
    QCOMPARE(refusals(unsure), u"It is not known whether slots are in migration on 10.0.0.2:1"_s);
    QCOMPARE(
        warnings(unsure),
        u"It is not known whether a slot migration is running on 10.0.0.3:1; The version of 10.0.0.2:2 is not known; It is not known how many keys 10.0.0.3:1 would give away"_s);
    QCOMPARE(unsure.estimate.keys, -1);
    for (const QString &title : titlesOf(unsure, PlanCheck::Verdict::Pass))
        QVERIFY2(!title.contains(u"No slot is in migration") && !title.contains(u"same version"), qPrintable(title));

    PlanFacts blind; // no node's table could be read
    blind.build();
    auto nothing = std::make_shared<ClusterView>(*blind.facts.view);
    nothing->slotsKnown = false;
    blind.facts.view = nothing;
    const OperationPlan none = blind.plan(request);
    QCOMPARE(refusals(none), u"It is not known who owns the slots"_s);
    for (const QString &title : titlesOf(none, PlanCheck::Verdict::Pass))
        QVERIFY2(!title.contains(u"slot") && !title.contains(u"No one"), qPrintable(title));
}

void TestPlan::rightsAreChecked()
{
    using Right = NodeFacts::Right;
    PlanFacts facts;
    facts.build();
    const ReshardRequest request{.target = "aa", .slots = SlotSet{{16000, 16001}}};
    const auto grant = [&](const char *command, Right right = Right::Granted) {
        for (NodeFacts &node : facts.facts.nodes)
            node.rights[command] = right;
    };
    for (const char *command : {"CLUSTER SETSLOT", "CLUSTER GETKEYSINSLOT", "CLUSTER COUNTKEYSINSLOT", "MIGRATE"})
        grant(command);
    const auto last = [&] { return facts.plan(request).checks.constLast(); };
    QCOMPARE(last().verdict, PlanCheck::Verdict::Pass);
    // these permissions are unknown
    QVERIFY2(last().detail.contains(u"RESTORE-ASKING, SELECT"), qPrintable(last().detail));
    grant("RESTORE-ASKING");
    grant("SELECT");
    QCOMPARE(last().title, u"The user may run what the steps need"_s);
    facts.facts.nodes["bb"].rights["MIGRATE"] = Right::Denied; // irrelevant, because bb gives away no slots
    QCOMPARE(refusals(facts.plan(request)), u""_s);
    facts.facts.nodes["cc"].user = "ops";
    facts.facts.nodes["cc"].rights["MIGRATE"] = Right::Denied;
    QCOMPARE(refusals(facts.plan(request)), u"The user ops may not run MIGRATE on 10.0.0.3:1"_s);
    facts.facts.nodes["cc"].rights["MIGRATE"] = Right::Missing;
    QCOMPARE(refusals(facts.plan(request)), u"There is no MIGRATE on 10.0.0.3:1"_s);
    facts.facts.nodes["cc"].rights["MIGRATE"] = Right::Granted;
    facts.facts.nodes["cc"].keysLimited = true;
    QVERIFY(warnings(facts.plan(request)).contains(u"may not access all keys of 10.0.0.3:1"));
}

void TestPlan::whatIsBrokenIsSaidFirst()
{
    PlanFacts facts;
    facts.replace("0-5460", "0-5000");
    facts.build();
    auto view = std::make_shared<ClusterView>(*facts.facts.view);
    for (NodeObservation &observation : view->observations)
        observation.clusterInfo.emplace().stateOk = observation.id != "bb";
    const QList<Assessment> after = verdictOn(*view, {}); // a failed run is not compared with the state before
    QVERIFY(!after[0].good && after[0].text.startsWith(u"slots without an owner: 5001-5460"));
    QCOMPARE(after[1].text, u"1 of 6 nodes report that the cluster is down"_s);
    QVERIFY(after[2].good && !after[2].broken);
    OperationPlan plan;
    // If the problem existed before, the run is not to blame, but the problem is still reported.
    plan.basis.view = facts.facts.view;
    const QList<Assessment> still = verdictOn(*view, plan);
    QVERIFY(!still[0].good && still[1].good && still[1].broken);
    QCOMPARE(still[1].text, u"slots without an owner: 5001-5460, as before"_s);
    QCOMPARE(verifiedLine(u"STILL: x"_s).kind, VerifiedLine::Kind::Still);
    QCOMPARE(verifiedLine(u"NOT: x"_s).text, u"x"_s);
    QCOMPARE(verifiedLine(u"x"_s).kind, VerifiedLine::Kind::Verified);
}

SLOTSCOPE_TEST(TestPlan)
#include "tst_plan.moc"
