// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/findingrules.h"
#include "core/analysis/keyaggregator.h"
#include "core/analysis/reportcomparison.h"
#include "core/analysis/reportexport.h"
#include "core/analysis/reportjson.h"
#include "core/analysis/seenkeys.h"
#include "core/cluster/slot.h"
#include "support/testmain.h"
#include "tests/fuzz/entries.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <numeric>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

namespace {

KeyRecord record(QByteArrayView key, qint64 bytes, qint64 ttlMs = -1, QByteArrayView type = "string")
{
    KeyRecord one;
    one.key = key;
    one.type = type;
    one.ttlMs = ttlMs;
    one.bytes = bytes;
    one.elements = bytes / 2;
    one.shard = 1;
    return one;
}

const ReportNamespace &part(const AnalysisReport &report, QByteArrayView name)
{
    const int index = report.namespaceOf(name);
    static const ReportNamespace none;
    return index < 0 ? none : report.namespaces[index];
}

qint64 bytesBelow(const AnalysisReport &report, int index)
{
    qint64 bytes = report.namespaces[index].own.bytes;
    for (const int child : report.childrenOf(index))
        bytes += report.namespaces[child].sum.bytes;
    return bytes;
}

} // namespace

class TestKeyAggregator : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void addsUpNamespaces()
    {
        KeyAggregator aggregator({});
        aggregator.add(record("user:1:name", 100));
        aggregator.add(record("user:1:mail", 50, 5000));
        aggregator.add(record("user:2:name", 30, 70'000'000));
        aggregator.add(record("user:all", 7));
        aggregator.add(record("plain", 3));
        const AnalysisReport report = aggregator.report({}, {});
        QCOMPARE(report.sum, (KeySum{5, 190}));
        QCOMPARE(report.withoutTtl, (KeySum{3, 110}));
        QCOMPARE(report.namespaces[0].own, (KeySum{1, 3}));
        QCOMPARE(part(report, "user:").sum, (KeySum{4, 187}));
        QCOMPARE(part(report, "user:").own, (KeySum{1, 7}));
        QCOMPARE(part(report, "user:").withoutTtl, (KeySum{2, 107}));
        QCOMPARE(part(report, "user:1:").sum, (KeySum{2, 150}));
        QCOMPARE(part(report, "user:1:").biggest.front().key, "user:1:name"_ba);
        QCOMPARE(report.ttl[0], (KeySum{1, 50}));
        QCOMPARE(report.ttl[4], (KeySum{1, 30})); // the range of keys that expire in less than a day
        QCOMPARE(report.ttl[ttlNonePlace], (KeySum{3, 110}));
        QCOMPARE(bytesBelow(report, report.namespaceOf("user:")), 187);
    }

    void severalDelimiters()
    {
        KeyAggregator::Options options;
        options.delimiters = {":"_ba, "/"_ba, "::"_ba};
        KeyAggregator aggregator(options);
        aggregator.add(record("a/b:c", 1));
        aggregator.add(record("a/d", 2));
        const AnalysisReport report = aggregator.report({}, {});
        QCOMPARE(part(report, "a/").sum, (KeySum{2, 3}));
        QCOMPARE(part(report, "a/b:").sum, (KeySum{1, 1}));
    }

    void ttlPlaces_()
    {
        KeyAggregator aggregator({});
        for (const qint64 ttl : {0LL, 59'999LL, 60'000LL, 604'799'999LL, 604'800'000LL, -1LL})
            aggregator.add(record("k", 1, ttl));
        KeyRecord unknown = record("k", 1);
        unknown.ttlMs = std::nullopt;
        aggregator.add(unknown);
        const AnalysisReport report = aggregator.report({}, {});
        QCOMPARE(report.ttl[0].keys, 2);
        QCOMPARE(report.ttl[1].keys, 1);
        QCOMPARE(report.ttl[5].keys, 1);
        QCOMPARE(report.ttl[6].keys, 1);
        QCOMPARE(report.ttl[ttlNonePlace].keys, 1);
        QCOMPARE(report.ttlUnknown, 1);
    }

    /// The children of a namespace that has too many of them are combined. All remaining sums stay exact.
    void staysBounded()
    {
        KeyAggregator::Options options;
        options.mostNamespaces = 500;
        KeyAggregator aggregator(options);
        QHash<QByteArray, qint64> tops;
        for (int i = 0; i < 50'000; ++i) {
            const QByteArray top = "t"_ba + QByteArray::number(i % 40) + ':';
            const QByteArray key = i % 3 == 0
                ? top + "x"
                : (i % 40 == 7 ? top + QByteArray::number(i) + ":v" : top + "sub:v" + QByteArray::number(i));
            tops[top] += i;
            aggregator.add(record(key, i));
        }
        const AnalysisReport report = aggregator.report({}, {});
        QVERIFY2(report.namespaces.size() <= 500, qPrintable(QString::number(report.namespaces.size())));
        for (auto top = tops.cbegin(); top != tops.cend(); ++top)
            QCOMPARE(part(report, top.key()).sum.bytes, top.value());
        QVERIFY(part(report, "t7:").isFoldedOpen);
        QVERIFY(part(report, "t7:").folded > 200);
        QCOMPARE(report.childrenOf(report.namespaceOf("t7:")).size(), 0);
        QCOMPARE(report.childrenOf(report.namespaceOf("t8:")).size(), 1);
        QCOMPARE(bytesBelow(report, report.namespaceOf("t8:")), part(report, "t8:").sum.bytes);
        qint64 all = 0;
        for (const int child : report.childrenOf(0))
            all += report.namespaces[child].sum.bytes;
        QCOMPARE(all, report.sum.bytes);
    }

    /// If there are too many top-level namespaces, the first ones are still counted exactly.
    void tooManyAtTheTop()
    {
        KeyAggregator::Options options;
        options.mostNamespaces = 100;
        KeyAggregator aggregator(options);
        for (int round = 0; round < 3; ++round)
            for (int i = 0; i < 10'000; ++i)
                aggregator.add(record(QByteArray::number(i) + ":k:v", 1));
        const AnalysisReport report = aggregator.report({}, {});
        QVERIFY(report.namespaces.size() <= 101);
        QVERIFY(report.namespaces[0].isFoldedOpen);
        QCOMPARE(report.sum, (KeySum{30'000, 30'000}));
        QCOMPARE(part(report, "0:").sum, (KeySum{3, 3}));
    }

    void reportKeepsTheBiggest()
    {
        KeyAggregator aggregator({});
        const int many = int(AnalysisReport::mostNamespaces) + 500;
        for (int i = 0; i < many; ++i)
            for (const char *last : {":k", ":l"})
                aggregator.add(record("n:" + QByteArray::number(i) + last, i + 1));
        const AnalysisReport report = aggregator.report({}, {});
        QCOMPARE(report.namespaces.size(), AnalysisReport::mostNamespaces);
        QCOMPARE(part(report, "n:").sum.keys, 2 * many);
        QCOMPARE(part(report, "n:").folded, 502);
        QVERIFY(!part(report, "n:").isFoldedOpen);
        QCOMPARE(report.namespaceOf("n:3:"), -1);
        QVERIFY(report.namespaceOf("n:" + QByteArray::number(many - 1) + ":") > 0);
    }

    void typesAndBiggest()
    {
        KeyAggregator aggregator({});
        for (int i = 1; i <= 500; ++i)
            aggregator.add(record("s" + QByteArray::number(i), i));
        KeyRecord hash = record("h", 9000, -1, "hash");
        hash.encoding = "hashtable";
        hash.elements = 300;
        hash.isSampled = true;
        aggregator.add(hash);
        const AnalysisReport report = aggregator.report({}, {});
        QCOMPARE(report.types.size(), 2);
        QCOMPARE(report.types[1].type, "hash"_ba); // second, because the strings use more memory
        QCOMPARE(report.types[1].encodings.front().first, "hashtable"_ba);
        QCOMPARE(report.types[1].lengths[size_t(powerPlace(300))], 1);
        QCOMPARE(report.sampled, (KeySum{1, 9000}));
        QCOMPARE(report.byBytes.front().key, "h"_ba);
        QCOMPARE(report.byBytes[1].key, "s500"_ba);
        QCOMPARE(report.byBytes.size(), AnalysisReport::mostKeys + 1);
        QCOMPARE(powerPlace(0), 0);
        QCOMPARE(powerPlace(1), 1);
        QCOMPARE(powerPlace(1023), 10);
        QCOMPARE(powerPlace(1024), 11);
    }

    /// A hash tag with many keys is found even among more tags than can be counted, and its entry says how many keys it
    /// may lack.
    void tags()
    {
        KeyAggregator::Options options;
        options.mostTags = 100;
        KeyAggregator aggregator(options);
        int loaded = 0;
        for (int i = 0; i < 30'000; ++i) {
            const bool isLoaded = i % 10 == 0;
            loaded += isLoaded ? 1 : 0;
            const QByteArray tag = isLoaded ? "board"_ba : "u"_ba + QByteArray::number(i);
            aggregator.add(record("x:{" + tag + "}:" + QByteArray::number(i), 10));
        }
        const AnalysisReport report = aggregator.report({}, {});
        QCOMPARE(report.tags.front().tag, "board"_ba);
        QCOMPARE(report.tags.front().slot, int(slotOfKey("board")));
        QVERIFY(report.tags.front().sum.keys <= loaded);
        QVERIFY(report.tags.front().sum.keys + report.tags.front().mayLack >= loaded);
        QCOMPARE(report.slots_.front().slot, int(slotOfKey("board")));
    }

    void whatLiesBelowARecordIsFoldedToo()
    {
        KeyAggregator aggregator({});
        for (int i = 0; i < 200; ++i)
            aggregator.add(record("user:" + QByteArray::number(i) + ":profile:name", 10));
        const AnalysisReport report = aggregator.report({.delimiters = {":"_ba}}, {.isWhole = true});
        for (qsizetype i = 1; i < report.namespaces.size(); ++i)
            QVERIFY(report.namespaces[i].parent >= 0 && report.namespaces[i].parent < i);
        const auto again = reportFromJson(reportToJson(report));
        QVERIFY2(again, qPrintable(again ? QString() : again.error().detail));
        QCOMPARE(again->namespaces[again->namespaceOf("user:")].sum.keys, 200);
    }

    void storedFormIsTheSame()
    {
        KeyAggregator aggregator({});
        for (int i = 0; i < 300; ++i) {
            const QByteArray key =
                "a:" + QByteArray::number(i % 7) + ":{t" + QByteArray::number(i % 3) + "}\xff" + QByteArray::number(i);
            aggregator.add(record(key, 1000 + i, i % 2 == 0 ? -1 : 1000 * i, i % 5 == 0 ? "hash" : "string"));
        }
        AnalysisReport report = aggregator.report({.cluster = u"shop"_s, .nodes = {"n1"_ba}, .delimiters = {":"_ba}},
                                                  {.startedAt = 1'700'000'000'000, .isWhole = true, .refused = 3});
        report.heat.sum = 7;
        report.heat.slots_ = {{.slot = 3, .shard = 1, .value = 7}};
        report.findings = findingsOf(report);
        const QJsonObject json = reportToJson(report);
        const auto again = reportFromJson(QJsonDocument::fromJson(QJsonDocument(json).toJson()).object());
        QVERIFY(again);
        QCOMPARE(reportToJson(*again), json);
        // this key contains bytes that are no valid text
        QCOMPARE(again->byBytes.front().key, report.byBytes.front().key);
        // Damaged and made-up reports are refused or limited in size.
        QJsonObject bad = json;
        bad[u"version"_s] = reportVersion + 1;
        QVERIFY(!reportFromJson(bad));
        QVERIFY(!reportFromJson({}));
        bad = json;
        QJsonArray namespaces = bad[u"namespaces"_s].toArray();
        QJsonObject loop = namespaces[1].toObject();
        loop[u"parent"_s] = 5;
        namespaces[1] = loop;
        bad[u"namespaces"_s] = namespaces;
        QVERIFY(!reportFromJson(bad));
        bad = json;
        bad[u"heat"_s] = QJsonObject{{u"slots"_s, QJsonArray{QJsonObject{{u"slot"_s, 99'999}, {u"shard"_s, -7}}}}};
        QCOMPARE(reportFromJson(bad)->heat.slots_.front().slot, 16383);
    }

    void exportsAreSafe()
    {
        KeyAggregator aggregator({});
        aggregator.add(record("=cmd|' /C calc'!A0", 10));
        aggregator.add(record("<script>alert(1)</script>:x", 10));
        aggregator.add(record("say \"hi\"", 10));
        const AnalysisReport report = aggregator.report({.cluster = u"<b>shop</b>"_s}, {.isWhole = true});
        const QByteArray html = reportHtml(report), csv = reportCsv(report);
        QVERIFY(!html.contains("<script"));
        QVERIFY(!html.contains("<b>shop"));
        QVERIFY(html.contains("&lt;script&gt;"));
        QVERIFY(csv.contains("key,\"'=cmd|"));
        QVERIFY(csv.contains("\"say \"\"hi\"\"\""));
    }

    void comparesReports()
    {
        KeyAggregator first({}), second({});
        for (int i = 0; i < 150; ++i) {
            const QByteArray key = "same:" + QByteArray::number(i);
            first.add(record(key, 100));
            second.add(record(key, 100));
        }
        first.add(record("gone:1", 5000));
        second.add(record("new:1", 9000));
        const AnalysisReport before = first.report({}, {.isWhole = true}), after = second.report({}, {.isWhole = true});
        const QList<ReportChange> changes = compared(before, after);
        QCOMPARE(changes.front().kind, ReportChange::Kind::All);
        QCOMPARE(changes.front().bytes(), 4000);
        QStringList told;
        for (const ReportChange &change : changes.mid(1))
            told += QString::fromUtf8(change.name) + u' ' + QString::number(change.bytes())
                + (change.isUnknownBefore || change.isUnknownAfter ? u" ≈"_s : QString());
        QCOMPARE(
            told,
            (QStringList{u"string 4000"_s, u"new: 9000"_s, u"gone: -5000"_s, u"new:1 9000 ≈"_s, u"gone:1 -5000 ≈"_s}));
        QVERIFY(unlikeness(before, after).isEmpty());
        QVERIFY(!unlikeness(before, second.report({}, {})).isEmpty());
        AnalysisReport mine = before, others = after;
        mine.scope.nodes = {"a", "b"};
        others.scope.nodes = {"c", "d"};
        QVERIFY(unlikeness(mine, others).contains(u"different clusters"_s));
        others.scope.nodes = {"b", "a", "c"};
        QVERIFY(unlikeness(mine, others).isEmpty());
    }

    /// A report file that is cut or damaged at any place causes an error or a consistent report, never a crash.
    void damagedReports()
    {
        KeyAggregator aggregator({});
        aggregator.setListpackEntries(128);
        for (int i = 0; i < 6; ++i) {
            // must live longer than the record that refers to it
            const QByteArray key = "user:" + QByteArray::number(i) + ":{tag}";
            KeyRecord one = record(key, 100 + i, i % 3 == 0 ? -1 : i * 1000LL);
            one.frequency = i;
            one.encoding = i % 2 == 0 ? "raw" : "int";
            aggregator.add(one);
        }
        AnalysisReport made = aggregator.report({.cluster = u"shop"_s, .nodes = {"a", "b"}, .delimiters = {":"}},
                                                {.startedAt = 1'700'000'000'000, .isWhole = true});
        made.heat = {.sum = 10, .overMs = 3000, .slots_ = {{.slot = 5, .shard = 1, .value = 9}}};
        made.compression.append({.name = "user:", .tried = 4, .smaller = 4, .before = 100, .after = 10, .saving = 90});
        made.findings = findingsOf(made);
        const QByteArray text = QJsonDocument(reportToJson(made)).toJson(QJsonDocument::Compact);
        int readable = 0;
        for (qsizetype length = 0; length < text.size(); length += 11) {
            fuzz::report(text.first(length)); // aborts if the report is inconsistent
            QVERIFY(!reportFromJson(QJsonDocument::fromJson(text.first(length)).object()));
        }
        for (qsizetype at = 0; at < text.size(); at += 3) {
            QByteArray flipped = text;
            flipped[at] = char(flipped[at] ^ (1 << (at % 7)));
            fuzz::report(flipped);
            readable += reportFromJson(QJsonDocument::fromJson(flipped).object()) ? 1 : 0;
        }
        // otherwise nothing would have been tested
        QVERIFY2(readable > text.size() / 60, qPrintable(QString::number(readable)));
    }

    /// Sizes given in a file are not trusted: a few bytes of JSON must not allocate much memory.
    void reportsAreBounded()
    {
        QJsonObject json = reportToJson(KeyAggregator({}).report({}, {}));
        QJsonArray many;
        for (int i = 0; i < 100'000; ++i)
            many.append(0);
        QJsonArray namespaces;
        for (int i = 0; i < 300; ++i)
            namespaces.append(QJsonObject{{u"name"_s, u"n"_s},
                                          {u"parent"_s, i == 0 ? -1 : 0},
                                          {u"sum"_s, QJsonObject{{u"keys"_s, 9e18}, {u"bytes"_s, 9e18}}},
                                          {u"withoutTtl"_s, QJsonObject{{u"keys"_s, 4e18}, {u"bytes"_s, 4e18}}},
                                          {u"biggest"_s, many}});
        json[u"namespaces"_s] = namespaces;
        json[u"types"_s] = QJsonArray{QJsonObject{{u"encodings"_s, many}}};
        json[u"tags"_s] = many;
        json[u"slotMean"_s] = 9e18;
        const auto read = reportFromJson(json);
        QVERIFY(read);
        qint64 sum = 0;
        for (const ReportNamespace &part : read->namespaces) {
            QVERIFY(part.biggest.size() <= 16);
            QVERIFY(!__builtin_add_overflow(sum, part.sum.bytes, &sum));
            QVERIFY(part.sum.keys < (1LL << 50));
        }
        QVERIFY(read->types.front().encodings.size() <= 64);
        QVERIFY(read->tags.size() <= 20'000);
        json[u"types"_s] = many;
        QVERIFY(reportFromJson(json)->types.size() <= 1000);
    }

    void seenOnce()
    {
        SeenKeys seen(3000);
        for (int i = 0; i < 3000; ++i)
            QVERIFY(seen.insert(QByteArray::number(i)));
        for (int i = 0; i < 3000; ++i)
            QVERIFY(!seen.insert(QByteArray::number(i)));
        QVERIFY(seen.insert("more"));
        QVERIFY(seen.insert("more")); // full, so that it counts a key as new when it cannot know
        QCOMPARE(seen.doubtful(), 2U);
        QCOMPARE(seen.size(), size_t(3000));
    }

    void findings()
    {
        KeyAggregator aggregator({.listpackEntries = 128});
        for (int i = 0; i < 100; ++i) {
            aggregator.add(record("tmp:" + QByteArray::number(i), 50, i < 10 ? -1 : 7'200'000));
            const QByteArray cart = "cart:" + QByteArray::number(i);
            KeyRecord hash = record(cart, 5000, -1, "hash");
            hash.encoding = "hashtable";
            hash.elements = 200;
            aggregator.add(hash);
        }
        KeyRecord huge = record("report:all", 212LL << 20, -1, "hash");
        huge.elements = 1'204'118;
        aggregator.add(huge);
        AnalysisReport report = aggregator.report({}, {});
        report.heat.sum = 1000;
        report.heat.slots_ = {{.slot = 9984, .shard = 2, .value = 142}, {.slot = 5, .shard = 1, .value = 20}};
        const QList<AnalysisFinding> found = findingsOf(report);
        QStringList told;
        for (const AnalysisFinding &finding : found) {
            told += titleOf(finding);
            QVERIFY(!textOf(finding).isEmpty());
            QVERIFY(!actText(finding.act).isEmpty() || finding.act == AnalysisFinding::Act::None);
        }
        QCOMPARE(told,
                 (QStringList{u"report:all contains 212 MB"_s, u"Slot 9,984 causes 14 % of the total load"_s,
                              u"10 keys of tmp: have no time to live"_s,
                              u"100 hashes of cart: are slightly too large for a listpack"_s}));
        QVERIFY(textOf(found[0]).contains(u"1,204,118"_s));
        QVERIFY(findingsOf(KeyAggregator({}).report({}, {})).isEmpty());
    }
};

SLOTSCOPE_TEST(TestKeyAggregator)
#include "tst_keyaggregator.moc"
