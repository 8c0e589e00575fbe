// SPDX-License-Identifier: GPL-3.0-or-later
// Fields of INFO that the user adds: their names, what they are, and their record.
#include "core/metrics/infofield.h"
#include "core/metrics/metricskept.h"
#include "core/metrics/thresholdwatcher.h"
#include "tests/support/testmain.h"

#include <QFile>
#include <QTest>

#include <cmath>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestInfoFields : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void namesAreRead_data();
    void namesAreRead();
    void listsAreBounded();
    void howNodesAreCombined_data();
    void howNodesAreCombined();
    void figuresAreBounded();
    void allFieldsOfAServer_data();
    void allFieldsOfAServer();
    void nodesAreMerged();
    void valuesOfWantedFields();
    void gaugesAndRatesAreRecorded();
    void aRestartIsNoRate();
    void aLateReadingKeepsItsOwnTime();
    void removedFieldsAreForgotten();
    void whyAFieldIsNotKnown();
    void theRingTurns();
    void minutesAndTheFileKeepThem();
    void aRuleChecksAField();

private:
    static constexpr qint64 t0 = 1'790'000'040'000; ///< the beginning of a minute
    static InfoField field(const char *text) { return readInfoField(text).value_or(InfoField()); }
    static MetricReading reading(qint64 at, const QHash<QByteArray, double> &values)
    {
        MetricReading made;
        made.at = made.steadyAt = t0 + at;
        made.runId = "r"_ba;
        made.uptimeSeconds = at / 1000 + 100;
        for (auto each = values.constBegin(); each != values.constEnd(); ++each)
            made.fields.insert(each.key(), {*each, made.steadyAt});
        return made;
    }
    static void place(MetricsBook &book, const QByteArrayList &ids)
    {
        QHash<QByteArray, MetricNode> nodes;
        for (qsizetype i = 0; i < ids.size(); ++i)
            nodes.insert(ids[i], {QString::fromLatin1(ids[i]) + u":1"_s, int(i) + 1, int(i), true});
        book.setNodes(nodes);
    }
    static std::vector<MetricLine> lines(const MetricsBook &book, const InfoFields &fields, MetricGroup group,
                                         qint64 to = 10'000)
    {
        MetricsQuery query;
        query.from = t0;
        query.to = t0 + to;
        query.points = 30;
        query.group = group;
        query.metrics = {Metric::Memory};
        query.fields = fields;
        return book.window(query).lines;
    }
    static double newest(const MetricsBook &book, const char *text)
    {
        return book.newest().front().fields.value(text, std::nan(""));
    }
};

void TestInfoFields::namesAreRead_data()
{
    QTest::addColumn<QByteArray>("typed");
    QTest::addColumn<QByteArray>("text"); // empty: refused
    QTest::addColumn<bool>("perSecond");
    QTest::newRow("a counter is per second") << "used_cpu_sys"_ba
                                             << "used_cpu_sys/s"_ba << true;
    QTest::newRow("its value") << "used_cpu_sys/raw"_ba
                               << "used_cpu_sys/raw"_ba << false;
    QTest::newRow("a gauge is as it is") << "connected_slaves"_ba
                                         << "connected_slaves"_ba << false;
    QTest::newRow("a gauge's growth") << "used_memory/s"_ba
                                      << "used_memory/s"_ba << true;
    QTest::newRow("total memory counts nothing") << "total_system_memory"_ba
                                                 << "total_system_memory"_ba << false;
    QTest::newRow("part of a line") << " cmdstat_config|get.calls "_ba
                                    << "cmdstat_config|get.calls/s"_ba << true;
    QTest::newRow("mean of a command") << "cmdstat_get.usec_per_call"_ba
                                       << "cmdstat_get.usec_per_call"_ba << false;
    QTest::newRow("cluster") << "cluster_known_nodes"_ba
                             << "cluster_known_nodes"_ba << false;
    QTest::newRow("messages") << "cluster_stats_messages_sent"_ba
                              << "cluster_stats_messages_sent/s"_ba << true;
    QTest::newRow("nothing") << ""_ba
                             << ""_ba << false;
    QTest::newRow("only a suffix") << "/s"_ba
                                   << ""_ba << false;
    QTest::newRow("a blank") << "used cpu"_ba
                             << ""_ba << false;
    QTest::newRow("a line break") << "used\n"_ba + "cpu"
                                  << ""_ba << false;
    QTest::newRow("too long") << QByteArray(200, 'a') << ""_ba << false;
}

void TestInfoFields::namesAreRead()
{
    QFETCH(const QByteArray, typed);
    QFETCH(const QByteArray, text);
    const auto read = readInfoField(typed);
    QCOMPARE(read.has_value(), !text.isEmpty());
    if (!read)
        return;
    QTEST(read->perSecond, "perSecond");
    QCOMPARE(read->text(), text);
    QCOMPARE(readInfoField(read->text()), read);
}

void TestInfoFields::listsAreBounded()
{
    QList<QByteArray> texts{"a"_ba, "a"_ba, "?"_ba};
    for (int i = 0; i < 40; ++i)
        texts.append("field" + QByteArray::number(i));
    const InfoFields fields = readInfoFields(texts);
    QCOMPARE(fields.size(), mostInfoFields);
    QCOMPARE(fields[0].name, "a"_ba);
    QCOMPARE(fields[1].name, "field0"_ba);
}

void TestInfoFields::howNodesAreCombined_data()
{
    QTest::addColumn<bool>("largest");
    for (const char *name :
         {"rdb_last_bgsave_time_sec", "aof_current_rewrite_time_sec", "master_link_down_since_seconds",
          "uptime_in_seconds", "mem_fragmentation_ratio", "cluster_known_nodes"})
        QTest::newRow(name) << true;
    for (const char *name : {"instantaneous_ops_per_sec", "instantaneous_eventloop_cycles_per_sec", "connected_clients",
                             "used_memory", "rdb_last_bgsave_time_sec/s", "total_commands_processed"})
        QTest::newRow(name) << false;
}

void TestInfoFields::howNodesAreCombined()
{
    QFETCH(const bool, largest);
    const auto field = readInfoField(QTest::currentDataTag());
    QVERIFY(field);
    QCOMPARE(isLargest(*field), largest);
}

void TestInfoFields::figuresAreBounded()
{
    QByteArray info, other;
    for (int i = 0; i < 60'000; ++i) {
        const QByteArray number = QByteArray::number(i);
        info += "# S" + number + "\r\na" + number + ":1\r\n";
        other += "# S" + QByteArray::number(60'000 - i) + "\r\nb" + number + ":1\r\n";
    }
    QCOMPARE(infoFigures(info).size(), mostInfoFigures);
    InfoFigures all = infoFigures(QByteArrayView(info).first(200'000));
    QVERIFY(all.size() < mostInfoFigures);
    addFigures(all, infoFigures(other)); // each field is of another section
    QCOMPARE(all.size(), mostInfoFigures);
    addFigures(all, infoFigures(info));
    QCOMPARE(all.size(), mostInfoFigures);
    QCOMPARE(all.front().nodes, 2);
}

void TestInfoFields::allFieldsOfAServer_data()
{
    QTest::addColumn<QString>("server");
    for (const char *server : {"redis-7.0", "redis-8.0", "valkey-8.1", "valkey-9.1"})
        QTest::newRow(server) << QString::fromLatin1(server);
}

void TestInfoFields::allFieldsOfAServer()
{
    QFETCH(QString, server);
    QFile file(QStringLiteral(SLOTSCOPE_TEST_DATA "/%1/info.txt").arg(server));
    QVERIFY(file.open(QFile::ReadOnly));
    const QByteArray info = file.readAll();
    const InfoFigures figures = infoFigures(info);
    QVERIFY2(figures.size() > 100, qPrintable(QString::number(figures.size())));
    QHash<QByteArray, InfoFigure> byName;
    InfoFields fields;
    for (const InfoFigure &figure : figures) {
        QVERIFY2(!byName.contains(figure.name), figure.name.constData());
        QVERIFY2(!figure.section.isEmpty(), figure.name.constData());
        byName.insert(figure.name, figure);
        fields.push_back({figure.name, false});
    }
    QCOMPARE(byName.value("used_cpu_sys"_ba).section, "CPU"_ba);
    QVERIFY(byName.contains("keyspace_hits"_ba) && byName.contains("mem_fragmentation_ratio"_ba));
    QVERIFY(!byName.contains("role"_ba) && !byName.contains("used_memory_human"_ba) && !byName.contains("run_id"_ba));
    QVERIFY(!byName.contains("redis_version"_ba)); // 7.0.15 is no number
    const QHash<QByteArray, double> values = valuesIn(info, fields);
    QCOMPARE(values.size(), qsizetype(figures.size()));
    for (const InfoFigure &figure : figures)
        QCOMPARE(values.value(figure.name), figure.value);
}

void TestInfoFields::nodesAreMerged()
{
    InfoFigures all = infoFigures("# Stats\r\na:1\r\nb:2\r\n# CPU\r\nc:3\r\n");
    addFigures(all, infoFigures("# Stats\r\nb:9\r\nnew:4\r\n# Other\r\nz:5\r\n"));
    QByteArrayList names;
    for (const InfoFigure &figure : all)
        names.append(figure.section + '.' + figure.name + '=' + QByteArray::number(figure.value) + '*'
                     + QByteArray::number(figure.nodes));
    QCOMPARE(names, QByteArrayList({"Stats.a=1*1", "Stats.b=2*2", "Stats.new=4*1", "CPU.c=3*1", "Other.z=5*1"}));
}

void TestInfoFields::valuesOfWantedFields()
{
    const QByteArray info = "# Keyspace\r\ndb0:keys=12,expires=3,avg_ttl=70\r\nrdb_last_save_time_sec:-1\r\n"
                            "used_memory_peak_perc:97.34%\r\nrole:master\r\nslave0:ip=1.2.3.4,port=7000,lag=1\r\n";
    const QHash<QByteArray, double> values =
        valuesIn(info,
                 {field("db0.expires"), field("rdb_last_save_time_sec"), field("used_memory_peak_perc"), field("role"),
                  field("slave0.ip"), field("slave0.lag"), field("absent")});
    QCOMPARE(
        values,
        (QHash<QByteArray, double>{
            {"db0.expires", 3}, {"rdb_last_save_time_sec", -1}, {"used_memory_peak_perc", 97.34}, {"slave0.lag", 1}}));
}

void TestInfoFields::gaugesAndRatesAreRecorded()
{
    MetricsBook book;
    const InfoFields fields{field("total_forks"), field("connected_slaves"), field("cluster_known_nodes")};
    book.setFields(fields);
    place(book, {"a", "b"});
    for (int i = 0; i < 10; ++i) {
        book.add("a"_ba,
                 reading(i * 1000, {{"total_forks", i * 5}, {"connected_slaves", 2}, {"cluster_known_nodes", 6}}));
        book.add("b"_ba,
                 reading(i * 1000, {{"total_forks", i * 2}, {"connected_slaves", 1}, {"cluster_known_nodes", 6}}));
    }
    QCOMPARE(newest(book, "total_forks/s"), 5.0);
    QCOMPARE(newest(book, "connected_slaves"), 2.0);
    const auto nodes = lines(book, fields, MetricGroup::Nodes);
    QCOMPARE(nodes.size(), 2u);
    QCOMPARE(nodes[0].values.size(), 4u); // one metric, three fields
    QVERIFY(std::isnan(nodes[0].values[1][0])); // a rate needs two readings
    QCOMPARE(nodes[0].values[1][5], 5.0);
    QCOMPARE(nodes[1].values[2][5], 1.0);
    const auto sum = lines(book, fields, MetricGroup::Sum);
    QCOMPARE(sum.size(), 1u);
    QCOMPARE(sum[0].values[1][5], 7.0);
    QCOMPARE(sum[0].values[2][5], 3.0);
    QCOMPARE(sum[0].values[3][5], 6.0); // what each node says of the whole cluster is not added up
}

void TestInfoFields::aRestartIsNoRate()
{
    MetricsBook book;
    book.setFields({field("total_forks")});
    place(book, {"a"});
    book.add("a"_ba, reading(0, {{"total_forks", 50}}));
    book.add("a"_ba, reading(1000, {{"total_forks", 60}}));
    QCOMPARE(newest(book, "total_forks/s"), 10.0);
    book.add("a"_ba, reading(2000, {{"total_forks", 3}})); // CONFIG RESETSTAT
    QVERIFY(std::isnan(newest(book, "total_forks/s")));
    MetricReading restarted = reading(3000, {{"total_forks", 80}});
    restarted.runId = "other"_ba;
    book.add("a"_ba, restarted);
    QVERIFY(std::isnan(newest(book, "total_forks/s")));
}

void TestInfoFields::aLateReadingKeepsItsOwnTime()
{
    MetricsBook book;
    book.setFields({field("total_forks")});
    place(book, {"a"});
    MetricReading one = reading(0, {{"total_forks", 10}}), two = reading(1000, {{"total_forks", 40}});
    one.fields["total_forks"_ba].steadyAt = t0 - 500;
    two.fields["total_forks"_ba].steadyAt = t0 + 1000;
    book.add("a"_ba, one);
    book.add("a"_ba, two);
    QCOMPARE(newest(book, "total_forks/s"), 20.0); // 30 in 1.5 seconds
    MetricReading same = reading(2000, {});
    same.fields = two.fields;
    book.add("a"_ba, same); // not read again: the rate stays, it is not 0
    QCOMPARE(newest(book, "total_forks/s"), 20.0);
    book.add("a"_ba, reading(3000, {}));
    QVERIFY(std::isnan(newest(book, "total_forks/s")));
}

void TestInfoFields::removedFieldsAreForgotten()
{
    MetricsBook book;
    const InfoField slaves = field("connected_slaves"), hz = field("hz");
    book.setFields({slaves, hz});
    place(book, {"a"});
    for (int i = 0; i < 5; ++i)
        book.add("a"_ba, reading(i * 1000, {{"connected_slaves", 2}, {"hz", 10}}));
    book.setFields({hz});
    QCOMPARE(lines(book, {hz}, MetricGroup::Nodes)[0].values[1][2], 10.0); // it stays
    QVERIFY(std::isnan(lines(book, {slaves}, MetricGroup::Nodes)[0].values[1][2]));
    book.setFields({slaves, hz});
    QVERIFY(std::isnan(lines(book, {slaves}, MetricGroup::Nodes)[0].values[1][2]));
    QCOMPARE(lines(book, {hz}, MetricGroup::Nodes)[0].values[1][2], 10.0);
    book.add("a"_ba, reading(5000, {{"connected_slaves", 4}, {"hz", 10}}));
    QCOMPARE(lines(book, {slaves}, MetricGroup::Nodes)[0].values[1][5], 4.0);
    book.setFields(InfoFields(40, hz));
    QCOMPARE(book.fields().size(), mostInfoFields);
}

void TestInfoFields::whyAFieldIsNotKnown()
{
    MetricsBook book;
    place(book, {"a"_ba, "b"_ba, "c"_ba});
    const InfoField hz = field("hz"), calls = field("cmdstat_get.calls"), known = field("cluster_known_nodes");
    book.setFields({hz, calls, known});
    book.add("a", reading(0, {{"hz", 10}, {"cmdstat_get.calls", 1}}));
    for (const char *node : {"b", "c"})
        book.add(node, reading(0, {{"hz", 10}}));
    QCOMPARE(book.fieldProblem(calls), QString());
    book.setFieldProblems(false, {{"a"_ba, u"No a."_s}, {"b"_ba, u"No b."_s}, {"gone"_ba, u"No one."_s}});
    QCOMPARE(book.fieldProblem(calls), u"No b."_s); // a reports it
    QCOMPARE(book.fieldProblem(hz), QString());
    QCOMPARE(book.fieldProblem(known), QString()); // that is read with CLUSTER INFO
    book.setFieldProblems(false, {{"b"_ba, u"No b."_s}, {"c"_ba, u"No c."_s}});
    QCOMPARE(book.fieldProblem(calls), u"No b. · nodes without it: 2"_s);
    book.setFieldProblems(true, {{{}, u"No route."_s}});
    QCOMPARE(book.fieldProblem(known), u"No route."_s);
    MetricsQuery query;
    query.fields = {hz, calls, known};
    QCOMPARE(book.window(query).fieldProblems.keys().size(), 2);
    ThresholdWatcher watcher; // a rule tells it, too
    const std::shared_ptr<MetricsBook> shared(&book, [](MetricsBook *) {});
    watcher.watch(shared);
    watcher.setRules({*readThreshold("info:cluster_known_nodes>1"), *readThreshold("info:hz>1000")});
    const std::vector<ThresholdSummary> rules = watcher.takeReport().rules;
    QCOMPARE(rules[0].problem, u"No route."_s);
    QVERIFY(rules[1].problem.isEmpty());
    book.setFieldProblems(true, {});
    QCOMPARE(book.fieldProblem(known), QString());
    book.setFieldProblems(false, {});
    InfoFields many;
    for (int i = 0; i < 30; ++i)
        many.push_back({"f" + QByteArray::number(i), false});
    book.setFields(many);
    QCOMPARE(book.fieldProblem(many[23]), QString());
    QVERIFY(book.fieldProblem(many[24]).startsWith(u"It is not recorded"_s));
    QCOMPARE(joined(many, {many[3], hz}).size(), 31u);
}

void TestInfoFields::theRingTurns()
{
    MetricSamples samples(3);
    samples.setColumns({-1, -1});
    for (int i = 0; i < 5; ++i)
        samples.add(i, true, {}, {float(i), float(-i)});
    QCOMPARE(samples.size(), 3u);
    QCOMPARE(samples.field(0, 0), 2.0F);
    QCOMPARE(samples.field(2, 1), -4.0F);
    samples.setColumns({1, -1});
    QCOMPARE(samples.field(0, 0), -2.0F);
    QVERIFY(std::isnan(samples.field(0, 1)));
    samples.dropFrom(4); // the clock was set back
    samples.add(9, true, {}, {7.0F, 8.0F});
    QCOMPARE(samples.field(1, 0), -3.0F);
    QCOMPARE(samples.field(2, 1), 8.0F);
}

void TestInfoFields::minutesAndTheFileKeepThem()
{
    const InfoFields fields{field("connected_slaves"), field("total_forks")};
    MetricsBook before;
    before.setFields(fields);
    place(before, {"a"});
    for (int i = 0; i < 60; ++i)
        before.add("a"_ba, reading(i * 10'000, {{"connected_slaves", 2}, {"total_forks", i * 30}}));
    const auto kept = readKept(keptBytes(before.kept()));
    QVERIFY(kept);
    QCOMPARE(kept->fields, fields);
    MetricsBook after; // another order, and one that the file lacks
    after.setFields({field("total_forks"), field("hz"), field("connected_slaves")});
    place(after, {"a"});
    after.takeKept(*kept);
    const auto line = lines(after, after.fields(), MetricGroup::Nodes, 9 * 60'000).front();
    QCOMPARE(line.values[1][5], 3.0);
    QVERIFY(std::isnan(line.values[2][5]));
    QCOMPARE(line.values[3][5], 2.0);
    MetricsBook without;
    place(without, {"a"});
    without.takeKept(*kept);
    QCOMPARE(without.kept().nodes.front().minutes.size(), kept->nodes.front().minutes.size());
    QVERIFY(KeptMetrics::minutesFor(1000, mostInfoFields) < KeptMetrics::minutesFor(1000));
}

void TestInfoFields::aRuleChecksAField()
{
    const auto rule = readThreshold("info:total_forks>3 on sum"), each = readThreshold("info:connected_slaves<1");
    QVERIFY(rule && each);
    QCOMPARE(rule->text(), "info:total_forks/s>3 on sum"_ba);
    QCOMPARE(readThreshold(rule->text()), rule);
    QCOMPARE(fieldsIn({*rule, *each, *rule}), (InfoFields{field("total_forks"), field("connected_slaves")}));
    QVERIFY(!readThreshold("info:>3") && !readThreshold("info:a b>3"));
    ThresholdWatch watch;
    watch.setRules({*rule, *each});
    NewestFigures a, b;
    a.id = "a";
    b.id = "b";
    for (NewestFigures *node : {&a, &b}) {
        node->place = {.name = QString::fromLatin1(node->id), .shard = 1, .colour = 0, .isPrimary = true};
        node->isKnown = true;
        node->readAt = 1000;
        node->fields = {{"total_forks/s", 2.0}, {"connected_slaves", 1.0}};
    }
    a.fields["total_forks/s"] = 5;
    b.fields.remove("total_forks/s");
    QVERIFY(watch.take({a, b}, 1000).empty()); // a part of the sum is unknown
    b.readAt = a.readAt = 2000;
    a.fields["total_forks/s"] = 2;
    b.fields = {{"total_forks/s", 2.5}, {"connected_slaves", 0.0}};
    const auto changes = watch.take({a, b}, 2000);
    QCOMPARE(changes.size(), 2u);
    QCOMPARE(changes[0].value, 4.5);
    QCOMPARE(changes[1].node, "b"_ba);
}

SLOTSCOPE_TEST(TestInfoFields)
#include "tst_infofields.moc"
