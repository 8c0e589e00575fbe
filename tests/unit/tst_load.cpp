// SPDX-License-Identifier: GPL-3.0-or-later
// What a load test is made of: what it is to do, keys, commands, the schedule, replies without values, reports.
#include "core/load/loadcommand.h"
#include "core/load/loadplan.h"
#include "core/load/loadstore.h"
#include "core/load/replycounter.h"
#include "tests/support/testmain.h"

#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestLoad : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void mixes_data();
    void mixes();
    void sizesAndOrders();
    void whatIsRefused_data();
    void whatIsRefused();
    void tooMuchAtOnceIsRefused();
    void specsComeBackFromJson();
    void namesOfKeys();
    void evenKeysAreEven();
    void zipfHasItsShape_data();
    void zipfHasItsShape();
    void sequenceAndSeed();
    void threadsDrawOtherKeys();
    void renamedCommandsAreWritten();
    void paceAndEnd();
    void commandsAreWritten();
    void theScheduleWaitsForNobody();
    void repliesAreCounted_data();
    void repliesAreCounted();
    void brokenReplies();
    void reportsComeBackFromJson();
    void comparison();
    void recordsAndReportsAreKept();
    void damagedRecordsAreTold();
    void recordsOfOthersAreNone();
};

void TestLoad::mixes_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("again");
    QTest::newRow("shares") << "get=9,set=1"_ba
                            << "get=9, set=1"_ba;
    QTest::newRow("one") << "incr"_ba
                         << "incr=1"_ba;
    QTest::newRow("line") << "setrange {key} 0 {value}=3 , ping"_ba
                          << "setrange {key} 0 {value}=3, ping=1"_ba;
    QTest::newRow("comma in quotes") << "set {key} \"a,b=c\"=2, lpush {key} 'it,s'"_ba
                                     << "set {key} \"a,b=c\"=2, lpush {key} 'it,s'=1"_ba;
    QTest::newRow("escaped quote") << R"(set {key} "a\",b"=2)"_ba
                                   << R"(set {key} "a\",b"=2)"_ba;
    QTest::newRow("zero") << "get=0"_ba << QByteArray();
    QTest::newRow("no number") << "get=x"_ba << QByteArray();
    QTest::newRow("empty") << "get,,set"_ba << QByteArray();
}

void TestLoad::mixes()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, again);
    const auto mix = parseLoadMix(text);
    QCOMPARE(mix.has_value(), !again.isEmpty());
    if (mix)
        QCOMPARE(loadMixText(*mix), again);
}

void TestLoad::sizesAndOrders()
{
    LoadSpec spec;
    QVERIFY(parseLoadSize("64-4k", spec));
    QCOMPARE(spec.leastBytes, 64);
    QCOMPARE(spec.mostBytesOfValue, 4096);
    for (const char *bad : {"", "9-3", "17m", "-1", "a"})
        QVERIFY2(!parseLoadSize(bad, spec), bad);
    QVERIFY(parseLoadDistribution("zipf:1.5", spec));
    QCOMPARE(loadDistributionText(spec), "zipf:1.5"_ba);
    for (const char *bad : {"", "zipf:", "zipf:0", "zipf:nan", "zipf:99", "uniform:2"})
        QVERIFY2(!parseLoadDistribution(bad, spec), bad);
}

void TestLoad::whatIsRefused_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("no key") << "flushall now"_ba;
    QTest::newRow("one word") << "flushall"_ba;
    QTest::newRow("key in a word") << "set x{key} 1"_ba;
    QTest::newRow("password") << "auth {key}"_ba;
    QTest::newRow("quote") << "set {key} \"a"_ba;
}

void TestLoad::whatIsRefused()
{
    QFETCH(const QByteArray, line);
    LoadSpec spec;
    spec.mix = {{.text = line, .weight = 1}};
    const Result<> checked = checkedLoad(spec);
    QVERIFY(!checked);
    QCOMPARE(checked.error().code == Error::Code::InvalidArgument || checked.error().code == Error::Code::Parse, true);
}

/// The pipelines of all connections are in memory at the same time, so their total size is limited.
void TestLoad::tooMuchAtOnceIsRefused()
{
    LoadSpec spec;
    spec.seconds = 1;
    spec.mix = {{.text = "set", .weight = 1}};
    spec.leastBytes = spec.mostBytesOfValue = 1024 * 1024;
    spec.clients = 32;
    spec.pipeline = 16;
    QVERIFY(checkedLoad(spec));
    spec.pipeline = 17;
    const Result<> checked = checkedLoad(spec);
    QVERIFY(!checked && checked.error().detail.contains(u"at most 512 MB"_s));
}

void TestLoad::specsComeBackFromJson()
{
    LoadSpec spec;
    spec.rate = 1234;
    spec.count = 77;
    spec.mix = {{.text = "hset", .weight = 3}, {.text = "setex {key} 9 \xff"_ba, .weight = 2}};
    spec.distribution = LoadSpec::Distribution::Zipf;
    spec.zipf = 1.25;
    spec.tags = 4;
    spec.seed = 0xFFFFFFFFFFFFFFFEU;
    spec.prefix = "p:\x01"_ba;
    spec.keep = spec.replicas = true;
    QCOMPARE(loadSpecOf(QJsonDocument::fromJson(QJsonDocument(jsonOf(spec)).toJson()).object()), spec);
    QCOMPARE(loadSpecOf({{u"clients"_s, -5}}), LoadSpec());
}

void TestLoad::namesOfKeys()
{
    QCOMPARE(LoadKeys("p:", 0).name("s", 12), "p:s:12"_ba);
    QCOMPARE(LoadKeys("p:", 5).name("h", 12), "p:{t2}:h:12"_ba);
    QCOMPARE(slotOfKey(LoadKeys("p:", 5).name("h", 12)), slotOfKey("t2"));
}

void TestLoad::evenKeysAreEven()
{
    LoadChooser chooser(LoadSpec::Distribution::Uniform, 10, 1, 42);
    std::vector<int> counts(10);
    for (int i = 0; i < 100'000; ++i)
        ++counts[size_t(chooser.next())];
    for (const int count : counts)
        QVERIFY2(std::abs(count - 10'000) < 600, qPrintable(QString::number(count)));
}

void TestLoad::zipfHasItsShape_data()
{
    QTest::addColumn<double>("exponent");
    QTest::newRow("0.5") << 0.5;
    QTest::newRow("1") << 1.0;
    QTest::newRow("1.4") << 1.4;
}

/// The first keys are drawn as often as the Zipf distribution says, within 5 %.
void TestLoad::zipfHasItsShape()
{
    QFETCH(const double, exponent);
    constexpr int keys = 1000, draws = 1'000'000;
    double sum = 0;
    for (int i = 1; i <= keys; ++i)
        sum += std::pow(i, -exponent);
    LoadChooser chooser(LoadSpec::Distribution::Zipf, keys, exponent, 7);
    std::vector<int> counts(keys);
    for (int i = 0; i < draws; ++i) {
        const qint64 key = chooser.next();
        QVERIFY(key >= 0 && key < keys);
        ++counts[size_t(key)];
    }
    for (const int rank : {1, 2, 3, 10}) {
        const double wanted = draws * std::pow(rank, -exponent) / sum;
        QVERIFY2(std::abs(counts[size_t(rank - 1)] - wanted) < wanted * 0.05,
                 qPrintable(u"%1: %2, wanted %3"_s.arg(rank).arg(counts[size_t(rank - 1)]).arg(wanted)));
    }
}

void TestLoad::sequenceAndSeed()
{
    LoadChooser one(LoadSpec::Distribution::Sequential, 5, 1, 1, 1, 2);
    QList<qint64> places;
    for (int i = 0; i < 5; ++i)
        places.append(one.next());
    QCOMPARE(places, (QList<qint64>{1, 3, 0, 2, 4}));
    LoadChooser left(LoadSpec::Distribution::Zipf, 1000, 1.1, 99), right(LoadSpec::Distribution::Zipf, 1000, 1.1, 99);
    for (int i = 0; i < 1000; ++i)
        QCOMPARE(left.next(), right.next());
}

/// Several threads together draw as many distinct keys as a single one.
void TestLoad::threadsDrawOtherKeys()
{
    for (const int threads : {1, 3}) {
        QSet<qint64> keys;
        for (int thread = 0; thread < threads; ++thread) {
            LoadChooser chooser(LoadSpec::Distribution::Uniform, 1'000'000, 1, loadSeedOf(77, thread));
            for (int i = 0; i < 3000 / threads; ++i)
                keys.insert(chooser.next());
        }
        QVERIFY2(keys.size() > 2970, qPrintable(u"%1 threads: %2"_s.arg(threads).arg(keys.size())));
    }
}

void TestLoad::renamedCommandsAreWritten()
{
    LoadCommand command = LoadCommand::ofWords(commandOf("UNLINK", "{key}"), "s");
    command.sendAs({{"UNLINK"_ba, "secret"_ba}});
    QByteArray bytes;
    command.append(bytes, "k", {}, 0);
    QCOMPARE(bytes, "*2\r\n$6\r\nsecret\r\n$1\r\nk\r\n"_ba);
    QCOMPARE(command.example("k"), commandOf("UNLINK", "k")); // the gate and the audit log use the original name
}

void TestLoad::paceAndEnd()
{
    QCOMPARE(loadPaceOf(0), 0.0);
    QCOMPARE(loadPaceOf(10), 5'000.0);
    QCOMPARE(loadPaceOf(50'000), 50'000.0);
    QCOMPARE(loadCountedUntil(900, 1000, 880), 900); // stopped early
    QCOMPARE(loadCountedUntil(3000, 1000, 1600), 1600); // answers arrived after the planned end
    QCOMPARE(loadCountedUntil(3000, 1000, 700), 1000);
    QCOMPARE(loadCountedUntil(3000, 0, 2900), 3000);
}

void TestLoad::commandsAreWritten()
{
    LoadSpec spec;
    spec.ttlSeconds = 60;
    const auto set = LoadCommand::of({.text = "SET", .weight = 1}, 0, spec);
    QVERIFY(set);
    QByteArray bytes;
    set->append(bytes, "k", "vv", 0);
    QCOMPARE(bytes, "*5\r\n$3\r\nSET\r\n$1\r\nk\r\n$2\r\nvv\r\n$2\r\nEX\r\n$2\r\n60\r\n"_ba);
    const auto hget = LoadCommand::of({.text = "hget", .weight = 1}, 0, spec);
    QVERIFY(hget && hget->reads());
    bytes.clear();
    hget->append(bytes, "k", {}, 65);
    QCOMPARE(bytes, "*3\r\n$4\r\nHGET\r\n$1\r\nk\r\n$1\r\n1\r\n"_ba);
    QVERIFY(hget->filler(spec));
    QCOMPARE(hget->filler(spec)->kind(), hget->kind());
    for (const QByteArray &name : LoadCommand::knownNames())
        QVERIFY2(LoadCommand::of({.text = name, .weight = 1}, 0, spec), name.constData());
}

void TestLoad::theScheduleWaitsForNobody()
{
    const LoadSchedule schedule{.start = 1'000'000'000, .perSecond = 1000};
    QCOMPARE(schedule.dueBy(999'999'999), 0);
    QCOMPARE(schedule.dueBy(1'000'000'000), 1);
    QCOMPARE(schedule.dueBy(2'000'000'000), 1001);
    QCOMPARE(schedule.dueAt(500), 1'500'000'000);
}

void TestLoad::repliesAreCounted_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("steps"); // r: a reply, e: an error
    QTest::newRow("simple") << "+OK\r\n:12\r\n"_ba
                            << "rr"_ba;
    QTest::newRow("bulk with ends inside") << "$6\r\na\r\n\r\nb\r\n$-1\r\n$0\r\n\r\n"_ba
                                           << "rrr"_ba;
    QTest::newRow("arrays") << "*2\r\n$1\r\na\r\n*1\r\n:1\r\n*0\r\n*-1\r\n"_ba
                            << "rrr"_ba;
    QTest::newRow("errors") << "-MOVED 1 a:1\r\n*1\r\n-ERR in\r\n+x\r\n"_ba
                            << "err"_ba;
}

/// Replies are counted correctly wherever the received bytes are split.
void TestLoad::repliesAreCounted()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QByteArray, steps);
    for (qsizetype cut = 1; cut <= bytes.size(); ++cut) {
        ReplyCounter counter;
        QByteArray seen;
        for (qsizetype at = 0; at < bytes.size(); at += cut) {
            const QByteArray piece = bytes.mid(at, cut);
            counter.feed(piece);
            for (auto step = counter.advance(); step != ReplyCounter::Step::NeedsMore; step = counter.advance()) {
                QVERIFY(step != ReplyCounter::Step::Broken);
                seen += step == ReplyCounter::Step::Error ? 'e' : 'r';
            }
        }
        QCOMPARE(seen, steps);
    }
}

void TestLoad::brokenReplies()
{
    for (const QByteArray &bytes : {"hello\r\n"_ba, "$x\r\n"_ba, "+OK\n"_ba, "*99999999999999999999\r\n"_ba}) {
        ReplyCounter counter;
        counter.feed(bytes);
        QCOMPARE(counter.advance(), ReplyCounter::Step::Broken);
    }
}

static LoadReport sampleLoad(double seconds, qint64 ok, qint64 p99)
{
    LoadReport report;
    report.runId = u"abc"_s;
    report.cluster = u"shop"_s;
    report.clusterNodes = {"n1"_ba, "n2"_ba};
    report.startedAt = 1'700'000'000'000;
    report.seconds = seconds;
    report.end = LoadReport::End::Time;
    report.all.ok = ok;
    report.all.errors = {{"TIMEOUT"_ba, 2}};
    report.all.times = {.p50 = 100, .p90 = 200, .p99 = p99, .p999 = 4000, .longest = 5000, .mean = 120};
    report.nodes = {LoadRow{.id = "n1"_ba, .name = u"a:1"_s, .connections = 3, .ok = ok}};
    report.timeline = {LoadSecond{.at = 0, .isWarmUp = true, .ok = 5}, LoadSecond{.at = 1, .ok = 6, .p50 = 1}};
    return report;
}

void TestLoad::reportsComeBackFromJson()
{
    LoadReport report = sampleLoad(10, 1000, 900);
    report.spec.rate = 5000;
    QVERIFY(loadOwnDelayWords(report).isEmpty());
    report.generatorBusy = 0.97;
    QVERIFY(!loadOwnDelayWords(report).isEmpty());
    const auto read = loadReportOf(jsonOf(report));
    QVERIFY(read);
    QCOMPARE(jsonOf(*read), jsonOf(report));
    QVERIFY(!loadReportOf({}));
    QCOMPARE(csvOf(report).count('\n'), 3);
}

void TestLoad::comparison()
{
    const LoadReport before = sampleLoad(10, 1000, 1000);
    LoadReport after = sampleLoad(10, 1500, 500);
    after.spec.clients = 7;
    const QList<LoadChange> changes = compared(before, after);
    QCOMPARE(changes.front().percent().value(), 50.0);
    QCOMPARE(changes.at(3).name, u"p99"_s);
    QCOMPARE(changes.at(3).percent().value(), -50.0);
    QCOMPARE(differencesOf(before, after).size(), 1);
    after.spec.threads = 2;
    after.spec.fill = false;
    after.spec.seconds = 7;
    after.spec.warmUpSeconds = 9;
    after.version = u"9.1"_s;
    QCOMPARE(differencesOf(before, after).size(), 6);
    after.end = LoadReport::End::Failed;
    after.all.times = {};
    QCOMPARE(differencesOf(before, after).size(), 7);
    QVERIFY(!compared(before, after).at(3).percent()); // no percentage, because nothing was counted
}

void TestLoad::recordsAndReportsAreKept()
{
    QTemporaryDir folder;
    const LoadStore store(folder.filePath(u"loads"_s));
    const QSet<QByteArray> nodes{"n1"_ba, "n2"_ba};
    const auto path = store.save(sampleLoad(10, 1000, 900));
    QVERIFY(path);
    QCOMPARE(store.list(nodes, u"other"_s, {}).size(), 1);
    QCOMPARE(store.list({"x"_ba}, u"shop"_s, {}).size(), 0);
    QVERIFY(LoadStore::read(*path));
    LoadRecord record;
    record.runId = u"r1"_s;
    record.nodes = {"n1"_ba, "n2"_ba};
    record.prefix = "p:r1:"_ba;
    record.keys = 5;
    record.kinds = {"s"_ba};
    {
        const auto held = store.write(record);
        QVERIFY(held);
        QCOMPARE(store.left(nodes, {}).size(), 0); // not offered while the program that wrote it runs
    }
    const QList<LoadRecord> left = store.left(nodes, {});
    QCOMPARE(left.size(), 1);
    QCOMPARE(left.front().prefix, "p:r1:"_ba);
    QVERIFY(LoadStore::remove(left.front().path));
    QCOMPARE(store.left(nodes, {}).size(), 0);
}

/// A damaged record is reported, because keys of its test may still exist.
void TestLoad::damagedRecordsAreTold()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"loads"_s);
    const LoadStore store(path);
    LoadRecord record;
    record.runId = u"r1"_s;
    record.seeds = u"a:1"_s;
    record.prefix = "p:r1:"_ba;
    record.keys = 5;
    record.kinds = {"s"_ba};
    QVERIFY(store.write(record));
    QCOMPARE(store.unreadable(), QStringList());
    QVERIFY(replaceFile(path + u"/r2.keys"_s, "{\"slotscopeLoadKeys\":1,\"ru"_ba));
    QCOMPARE(store.unreadable(), QStringList{path + u"/r2.keys"_s});
    QCOMPARE(store.left({}, u"a:1"_s).size(), 1);
}

/// Keys that might belong to somebody else are never offered for removal.
void TestLoad::recordsOfOthersAreNone()
{
    QTemporaryDir folder;
    const LoadStore store(folder.filePath(u"loads"_s));
    LoadRecord record;
    record.cluster = u"shop"_s;
    record.seeds = u"a:1"_s;
    record.keys = 5;
    record.kinds = {"s"_ba};
    record.runId = u"r2"_s;
    record.prefix = "user:"_ba; // the prefix does not contain the run id
    QVERIFY(store.write(record));
    QCOMPARE(store.left({}, u"a:1"_s).size(), 0);
    record.runId = u"r3"_s;
    record.prefix = "user:r3:"_ba;
    record.kinds = {"s"_ba, ""_ba};
    QVERIFY(store.write(record));
    QCOMPARE(store.left({}, u"a:1"_s).size(), 0);
    record.runId = u"r4"_s;
    record.prefix = "user:r4:"_ba;
    record.kinds = {"s"_ba};
    QVERIFY(store.write(record));
    QCOMPARE(store.left({}, u"b:1"_s).size(), 0); // an equal cluster name is not enough
    QCOMPARE(store.left({"n1"_ba}, u"a:1"_s).size(), 0);
    QCOMPARE(store.left({}, u"a:1"_s).size(), 1);
}

SLOTSCOPE_TEST(TestLoad)
#include "tst_load.moc"
