// SPDX-License-Identifier: GPL-3.0-or-later
// RDB files that real servers wrote: the report of the files is that of the servers, and damage is told by its place.
#include "core/analysis/analyser.h"
#include "core/analysis/rdbanalysis.h"
#include "support/testcluster.h"
#include "tests/support/clirun.h"
#include "tests/support/testmain.h"

#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class tst_RdbAnalysis : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void filesTellWhatTheServersTell();
    void everyForm();
    void damageIsToldByItsPlace();
    void theCommandLine();

private:
    bool set(const Command &command) { return QCoro::waitFor(m_session->execute(command)).has_value(); }
    void fill();

    std::unique_ptr<TestCluster> m_cluster;
    std::unique_ptr<ClusterSession> m_session;
    QTemporaryDir m_folder;
    QStringList m_files;
};

void tst_RdbAnalysis::fill()
{
    const auto many = [this](const QByteArray &verb, const QByteArray &key, int count, int stride,
                             const std::function<QByteArrayList(int)> &element) {
        for (int from = 0; from < count; from += stride) {
            Command command{verb, key};
            for (int i = from; i < std::min(count, from + stride); ++i)
                command += element(i);
            QVERIFY(set(command));
        }
    };
    for (int i = 0; i < 500; ++i) {
        const QByteArray number = QByteArray::number(i);
        QVERIFY(set({"SET"_ba, "user:" + number, QByteArray(i % 90, 'v')}));
        QVERIFY(set({"SET"_ba, "number:" + number, QByteArray::number(i * 100'000'007LL)}));
        QVERIFY(set({"SET"_ba, "session:" + number, "x"_ba, "EX"_ba, QByteArray::number(1000 + i * 1000)}));
    }
    QVERIFY(set({"SET"_ba, QByteArray("odd\0\xff", 5), "x"_ba}));
    QVERIFY(set({"SET"_ba, QByteArray("a long name ").repeated(10), "compressed"_ba}));
    QVERIFY(set({"SET"_ba, "big"_ba, QByteArray(300'000, 'b')}));
    const auto word = [](int i) { return QByteArrayList{"element " + QByteArray::number(i)}; };
    const auto pair = [](int i) {
        return QByteArrayList{"f" + QByteArray::number(i), "value " + QByteArray::number(i)};
    };
    const auto number = [](int i) { return QByteArrayList{QByteArray::number(i)}; };
    const auto scored = [](int i) { return QByteArrayList{QByteArray::number(i * 1.5), "m" + QByteArray::number(i)}; };
    // sizes for the compact encoding, for a hash table, and for more than 65,535 elements
    for (const int count : {3, 1000, 70'000}) {
        const QByteArray size = ':' + QByteArray::number(count);
        many("RPUSH"_ba, "list" + size, count, 1000, word);
        many("HSET"_ba, "hash" + size, count, 1000, pair);
        many("SADD"_ba, "set" + size, count, 1000, word);
        many("SADD"_ba, "ints" + size, count, 1000, number);
        many("ZADD"_ba, "zset" + size, count, 1000, scored);
    }
    QVERIFY(set({"RPUSH"_ba, "list:plain"_ba, QByteArray(20'000, 'x'), "y"_ba}));
    for (int i = 0; i < 300; ++i)
        QVERIFY(set({"XADD"_ba, "stream:1"_ba, "*"_ba, "field"_ba, QByteArray::number(i)}));
    QVERIFY(set({"XGROUP"_ba, "CREATE"_ba, "stream:1"_ba, "group"_ba, "0"_ba}));
    QVERIFY(set(
        {"XREADGROUP"_ba, "GROUP"_ba, "group"_ba, "me"_ba, "COUNT"_ba, "10"_ba, "STREAMS"_ba, "stream:1"_ba, ">"_ba}));
    // Fields with their own expiry, on servers that support it.
    (void)set({"HEXPIRE"_ba, "hash:3"_ba, "1000"_ba, "FIELDS"_ba, "1"_ba, "f1"_ba});
    (void)set({"HEXPIRE"_ba, "hash:1000"_ba, "1000"_ba, "FIELDS"_ba, "1"_ba, "f1"_ba});
}

void tst_RdbAnalysis::initTestCase()
{
    SKIP_WITHOUT_SERVER;
    LocalClusterOptions options;
    options.serverPath = serversFound().constFirst().second;
    options.replicasPerPrimary = 0;
    m_cluster = std::make_unique<TestCluster>(options);
    QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
    m_session = connectTo(m_cluster->target({0}));
    QVERIFY(m_session);
    fill();
    for (int i = 0; i < 3; ++i) {
        QVERIFY(m_cluster->run(i, {"SAVE"_ba}));
        const auto folder = m_cluster->run(i, {"CONFIG"_ba, "GET"_ba, "dir"_ba});
        const auto name = m_cluster->run(i, {"CONFIG"_ba, "GET"_ba, "dbfilename"_ba});
        QVERIFY(folder && name);
        m_files.append(m_folder.filePath(u"shard%1.rdb"_s.arg(i)));
        QVERIFY(QFile::copy(QString::fromLocal8Bit(folder->items()[1].bytes() + '/' + name->items()[1].bytes()),
                            m_files.back()));
    }
}

void tst_RdbAnalysis::filesTellWhatTheServersTell()
{
    const auto files = analyseRdb({.paths = {m_folder.path()}});
    QVERIFY2(files, qPrintable(files ? QString() : files.error().detail));
    const AnalysisReport &read = **files;
    QVERIFY2(read.outcome.isWhole, qPrintable(read.outcome.problems.join(u'\n')));
    Analyser analyser(m_session.get());
    AnalysisRequest request;
    request.samples = 0; // 0: read every key
    request.heatMs = 0;
    request.touches = true; // also read lengths before Redis 7.2, which changes idle times
    const auto live = QCoro::waitFor(analyser.analyse(request, Analyser::Report()));
    QVERIFY(live && (*live)->outcome.isWhole);
    const AnalysisReport &asked = **live;
    QCOMPARE(read.sum.keys, asked.sum.keys);
    QCOMPARE(read.withoutTtl.keys, asked.withoutTtl.keys);
    QCOMPARE(read.types.size(), asked.types.size());
    for (const ReportType &type : asked.types) {
        const auto same = std::find_if(read.types.begin(), read.types.end(),
                                       [&type](const ReportType &each) { return each.type == type.type; });
        QVERIFY2(same != read.types.end(), type.type.constData());
        QCOMPARE(same->sum.keys, type.sum.keys);
        QCOMPARE(same->elements, type.elements);
        QCOMPARE(same->mostElements, type.mostElements);
        const double ratio = double(same->sum.bytes) / double(type.sum.bytes);
        // a stream of only 300 entries, whose fixed overhead differs between servers
        const bool isSmall = type.type == "stream";
        QVERIFY2(ratio > (isSmall ? 0.4 : 0.8) && ratio < 1.25,
                 qPrintable(u"%1: %2"_s.arg(QString::fromLatin1(type.type)).arg(ratio)));
        std::fprintf(stderr, "%-8s estimated at %.2f of MEMORY USAGE\n", type.type.constData(), ratio);
    }
    for (const ReportNamespace &space : asked.namespaces) {
        const int index = read.namespaceOf(space.name);
        QVERIFY2(index >= 0, space.name.constData());
        QCOMPARE(read.namespaces[index].sum.keys, space.sum.keys);
    }
    // some minutes may have passed, but few keys are near the limits of the TTL ranges
    for (size_t place = 0; place < ttlPlaces; ++place)
        QVERIFY(qAbs(read.ttl[place].keys - asked.ttl[place].keys) <= 10);
    QCOMPARE(read.byBytes.isEmpty(), false);
}

void tst_RdbAnalysis::everyForm()
{
    QHash<QByteArray, RdbKey> keys;
    for (const QString &file : m_files) {
        const auto summary =
            RdbReader::read(file, [&keys](const RdbKey &key, const RdbSummary &) { keys.insert(key.name, key); });
        QVERIFY2(summary, qPrintable(summary ? QString() : summary.error().detail));
        QVERIFY(summary->hasChecksum && !summary->serverVersion.isEmpty() && summary->writtenAt > 1'700'000'000'000);
        QCOMPARE(summary->bytes, QFileInfo(file).size());
    }
    for (const QByteArray &type : {"list"_ba, "hash"_ba, "set"_ba, "ints"_ba, "zset"_ba})
        for (const int count : {3, 1000, 70'000})
            QCOMPARE(keys[type + ':' + QByteArray::number(count)].elements, count);
    QCOMPARE(keys["ints:3"].encoding, "intset"_ba);
    QCOMPARE(keys["list:plain"].elements, 2);
    QCOMPARE(keys["stream:1"].elements, 300);
    QCOMPARE(keys["big"].elements, 300'000);
    QCOMPARE(keys["number:7"].encoding, "int"_ba);
    QCOMPARE(keys["user:40"].encoding, "embstr"_ba);
    QCOMPARE(keys["user:80"].encoding, "raw"_ba);
    QVERIFY(keys.contains(QByteArray("odd\0\xff", 5)));
    QVERIFY(keys.contains(QByteArray("a long name ").repeated(10)));
    QVERIFY(keys["session:1"].expiresAt > 1'700'000'000'000 && keys["user:1"].expiresAt == -1);
}

void tst_RdbAnalysis::damageIsToldByItsPlace()
{
    QFile file(m_files.front());
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray whole = file.readAll();
    const QString path = m_folder.filePath(u"damaged"_s);
    const auto readOf = [&path](const QByteArray &bytes) {
        QFile damaged(path);
        if (!damaged.open(QIODevice::WriteOnly) || damaged.write(bytes) != bytes.size())
            return Result<RdbSummary>(failure(Error::Code::Io));
        damaged.close();
        return RdbReader::read(path, [](const RdbKey &, const RdbSummary &) {});
    };
    QVERIFY(readOf(whole));
    for (const qsizetype size : {qsizetype(0), qsizetype(5), qsizetype(9), whole.size() / 2, whole.size() - 1}) {
        const auto cut = readOf(whole.left(size));
        QVERIFY(!cut);
        QVERIFY2(cut.error().detail.contains(u"damaged at byte"_s), qPrintable(cut.error().detail));
    }
    // a wrong byte at any position causes an error and nothing worse
    for (qsizetype at = 0; at < whole.size(); at += 1 + whole.size() / 400) {
        QByteArray changed = whole;
        changed[at] = char(changed[at] ^ 0x55);
        const auto read = readOf(changed);
        QVERIFY2(!read, qPrintable(QString::number(at)));
        QCOMPARE(read.error().code, Error::Code::Parse);
    }
    // Keys before the damaged place are counted, and the report is marked as incomplete.
    QFile half(m_folder.filePath(u"half.rdb"_s));
    QVERIFY(half.open(QIODevice::WriteOnly) && half.write(whole.left(whole.size() / 2)) == whole.size() / 2);
    half.close();
    const auto part = analyseRdb({.paths = {half.fileName()}});
    QVERIFY(part && (*part)->outcome.isPartial() && (*part)->sum.keys > 0);
    QVERIFY2((*part)->outcome.problems.value(0).contains(u"damaged at byte"_s),
             qPrintable((*part)->outcome.problems.join(u'\n')));
    QVERIFY(half.remove());
}

void tst_RdbAnalysis::theCommandLine()
{
    QStringList words{u"--json"_s, u"analyse"_s};
    for (const QString &file : m_files)
        words << u"--rdb"_s << file;
    const auto [code, out, err] = runCli(words);
    QVERIFY2(code == 0, err.constData());
    const QJsonObject sum = QJsonDocument::fromJson(out).object().value(u"sum"_s).toObject();
    QCOMPARE(sum.value(u"keys"_s).toInteger(), 1500 + 3 + 15 + 2);
    const auto [missing, nothing, why] = runCli({u"analyse"_s, u"--rdb"_s, m_folder.filePath(u"none"_s)});
    QCOMPARE(missing, 1);
    QVERIFY2(why.contains("none cannot be read"), why.constData());
}

SLOTSCOPE_TEST(tst_RdbAnalysis)
#include "tst_rdbanalysis.moc"
