// SPDX-License-Identifier: GPL-3.0-or-later
// The record as a file: it comes back as it was, and what is damaged is known as such.
#include "core/base/ownfiles.h"
#include "core/metrics/metricskept.h"
#include "tests/support/testmain.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestMetricsKept : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aRestartGoesOn();
    void damageIsKnown();
    void aClusterIsKnownByItsNodes();
    void aDamagedFileIsSetAside();
    void filesAreBounded();
    void largeClustersAreKeptForLess();

private:
    struct Found
    {
        QString path;
        KeptMetrics kept;
        QString aside, why;
    };
    static std::optional<Found> find(const KeptFiles &files, const QSet<QByteArray> &nodes, const QString &place)
    {
        const auto found = files.find(nodes, place, MetricsRecord(nullptr));
        if (!found)
            return std::nullopt;
        const auto kept = found->bytes.isEmpty() ? KeptMetrics() : *readKept(found->bytes);
        return Found{found->path, kept, found->aside, found->why};
    }
    static constexpr qint64 t0 = 1'790'000'040'000; ///< the beginning of a minute
    static MetricReading reading(qint64 at, double memory)
    {
        MetricReading made;
        made.at = made.steadyAt = t0 + at;
        made.runId = "r"_ba;
        made.uptimeSeconds = at / 1000 + 100;
        made.values[size_t(Metric::Memory)] = memory;
        return made;
    }
    static QHash<QByteArray, MetricNode> places() { return {{"a", {u"a:1"_s, 1, 0, true}}}; }
    static void record(MetricsBook &book, qint64 from, int minutes, double memory)
    {
        book.setNodes(places());
        for (int i = 0; i < minutes * 6; ++i)
            (void)book.add("a", reading(from + i * 10'000, memory));
    }
    static KeptMetrics sample(const QByteArrayList &nodes)
    {
        KeptMetrics kept;
        for (const QByteArray &id : nodes) {
            KeptMetrics::Node node{.id = id, .place = {u"x"_s, 1, 0, true}, .minutes = {}};
            node.minutes.push_back({t0, true, {}});
            kept.nodes.push_back(node);
        }
        return kept;
    }
};

void TestMetricsKept::aRestartGoesOn()
{
    MetricsBook before;
    record(before, 0, 10, 1000);
    MetricEvent event;
    event.at = t0 + 5000;
    event.words = u"Failover, shard 1"_s;
    event.kind = MetricEvent::Kind::Failover;
    before.addEvent(event);
    const auto kept = readKept(keptBytes(before.kept()));
    QVERIFY(kept);
    QCOMPARE(kept->nodes.size(), 1u);
    QCOMPARE(kept->nodes.front().minutes.size(), 9u); // the tenth minute is not over
    QCOMPARE(kept->events, std::vector{event});
    MetricsBook after;
    record(after, 20 * 60'000, 3, 3000);
    after.takeKept(*kept);
    MetricsQuery query;
    query.from = t0;
    query.to = t0 + 23 * 60'000;
    query.points = 30;
    query.group = MetricGroup::Nodes;
    query.metrics = {Metric::Memory, Metric::Commands};
    const MetricsWindow window = after.window(query);
    QCOMPARE(window.step, 60'000);
    QCOMPARE(window.recordedFrom, t0);
    QCOMPARE(window.events.size(), 1u);
    QCOMPARE(window.lines.size(), 1u);
    const auto &values = window.lines.front().values[0];
    QCOMPARE(values[0], 1000.0);
    QCOMPARE(values[8], 1000.0);
    QVERIFY(std::isnan(values[15])); // no value, because nothing was recorded then
    QCOMPARE(values[21], 3000.0);
    for (const double value : window.lines.front().values[1])
        QVERIFY(std::isnan(value)); // unknown values are not stored as 0
    after.takeKept(*kept); // loading the same file twice duplicates nothing
    QCOMPARE(after.window(query).lines.front().values[0][8], 1000.0);
}

void TestMetricsKept::damageIsKnown()
{
    const QByteArray bytes = keptBytes(sample({"a", "b"}));
    QVERIFY(readKept(bytes));
    QVERIFY(!readKept({}));
    QVERIFY(!readKept("something else"));
    for (qsizetype size = 0; size < bytes.size(); size += 7)
        QVERIFY(!readKept(bytes.left(size)));
    for (qsizetype at = 0; at < bytes.size(); at += 5) {
        QByteArray changed = bytes;
        changed[at] = char(changed[at] ^ 0x55);
        QVERIFY(!readKept(changed));
    }
}

void TestMetricsKept::aClusterIsKnownByItsNodes()
{
    QTemporaryDir folder;
    const KeptFiles files(folder.filePath(u"metrics"_s));
    const auto first = find(files, {"a", "b", "c"}, u"place"_s);
    QVERIFY(first && first->kept.nodes.empty());
    QVERIFY(files.save(first->path, keptBytes(sample({"a", "b", "c"}))));
    const auto other = find(files, {"x", "y"}, u"place"_s);
    QVERIFY(other && other->path != first->path);
    QVERIFY(files.save(other->path, keptBytes(sample({"x", "y"}))));
    const auto grown = find(files, {"b", "c", "d", "e"}, u"elsewhere"_s); // nodes were added and removed
    QVERIFY(grown);
    QCOMPARE(grown->path, first->path);
    QCOMPARE(grown->kept.nodes.size(), 3u);
    const auto single = find(files, {}, u"place"_s); // without cluster mode, files are found by address
    QVERIFY(single && single->path != first->path && single->path != other->path);
    QVERIFY(files.save(single->path, keptBytes(sample({"run"}))));
    QCOMPARE(find(files, {}, u"place"_s)->kept.nodes.size(), 1u);
    QVERIFY(find(files, {}, u"another"_s)->kept.nodes.empty());
    QVERIFY(removeFile(single->path));
    QVERIFY(removeFile(single->path)); // removing a missing file succeeds
}

void TestMetricsKept::aDamagedFileIsSetAside()
{
    QTemporaryDir folder;
    const KeptFiles files(folder.filePath(u"metrics"_s));
    const auto found = find(files, {"a"}, {});
    QVERIFY(found && files.save(found->path, keptBytes(sample({"a"}))));
    QFile file(found->path);
    QVERIFY(file.resize(file.size() - 30));
    const auto again = find(files, {"a"}, {});
    QVERIFY(again);
    QVERIFY(again->kept.nodes.empty());
    QCOMPARE(again->aside, found->path + u".aside"_s);
    QVERIFY2(again->why.contains(u"truncated"_s), qPrintable(again->why));
    QVERIFY(QFile::exists(again->aside) && !QFile::exists(found->path));
    QVERIFY(find(files, {"a"}, {})->aside.isEmpty()); // reported once
}

void TestMetricsKept::filesAreBounded()
{
    QTemporaryDir folder;
    const KeptFiles files(folder.filePath(u"metrics"_s));
    for (int i = 0; i < KeptFiles::mostFiles + 5; ++i) {
        const QByteArray id = "n" + QByteArray::number(i);
        const auto found = find(files, {id}, {});
        QVERIFY(found && files.save(found->path, keptBytes(sample({id}))));
    }
    QCOMPARE(QDir(folder.filePath(u"metrics"_s)).entryList(QDir::Files).size(), KeptFiles::mostFiles);
}

void TestMetricsKept::largeClustersAreKeptForLess()
{
    QCOMPARE(KeptMetrics::minutesFor(6), MetricsBook::mostMinutes);
    const size_t many = KeptMetrics::minutesFor(1000);
    QVERIFY(many > 100 && many < MetricsBook::mostMinutes);
    QVERIFY(KeptMetrics::minutesFor(0) > 0);
}

SLOTSCOPE_TEST(TestMetricsKept)
#include "tst_metricskept.moc"
