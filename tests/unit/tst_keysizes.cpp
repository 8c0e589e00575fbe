// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/keysizesreader.h"
#include "support/testmain.h"

#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

namespace {

/// Reply of Redis 8.0.2 to INFO keysizes keyspace.
const QByteArray sizesTold = "# Keyspace\r\n"
                             "db0:keys=109,expires=0,avg_ttl=0,subexpiry=0\r\n"
                             "db3:keys=1,expires=0,avg_ttl=0,subexpiry=0\r\n"
                             "\r\n"
                             "# Keysizes\r\n"
                             "db0_distrib_strings_sizes:0=1,4=2,16=1,512=1,1K=1,512K=1\r\n"
                             "db0_distrib_lists_items:1=1,2=2,4=4,8=8,16=16,32=32,64=37\r\n"
                             "db0_distrib_sets_items:2=1\r\n"
                             "db0_distrib_hashes_items:1=1\r\n"
                             "db3_distrib_strings_sizes:1=1\r\n";

const SizesOfType *ofType(const QList<SizesOfType> &types, const QByteArray &type, bool isMemory = false)
{
    for (const SizesOfType &one : types)
        if (one.type == type && one.isMemory == isMemory)
            return &one;
    return nullptr;
}

} // namespace

class TestKeySizes final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsWhatServersTell()
    {
        const KeySizes sizes = parseKeySizes(sizesTold);
        QVERIFY(sizes.isTold);
        QCOMPARE(sizes.damagedCount, 0);
        QCOMPARE(sizes.databases.keys(), (QList<int>{0, 3}));
        const QList<SizesOfType> all = sizes.sum();
        QCOMPARE(all.size(), 4);
        const SizesOfType *strings = ofType(all, "string");
        QVERIFY(strings);
        QCOMPARE(strings->sum(), 8);
        QCOMPARE(strings->keys[0], 1);
        QCOMPARE(strings->keys[1], 1); // the key in database 3
        QCOMPARE(strings->keys[size_t(powerPlace(5))], 2); // "4" covers 4 to 7
        QCOMPARE(strings->keys[size_t(powerPlace(1024))], 1);
        QCOMPARE(strings->keys[size_t(powerPlace(512 * 1024))], 1);
        QCOMPARE(ofType(sizes.sum(0), "string")->sum(), 7);
        QCOMPARE(ofType(all, "list")->keys[size_t(powerPlace(100))], 37);
        QCOMPARE(ofType(all, "list")->sum(), 100);
        QCOMPARE(sizes.untold(), 0);
        QCOMPARE(sizes.untold(3), 0);
        QVERIFY(sizes.sum(7).isEmpty());
        QCOMPARE(powerText(0), u"0"_s);
        QCOMPARE(powerText(size_t(powerPlace(100))), u"64–127"_s);
        QCOMPARE(powerText(0, size_t(powerPlace(100))), u"0–127"_s);
    }

    /// A section without keys differs from a missing section, which older servers lack.
    void nothingIsNotUnknown()
    {
        const KeySizes empty = parseKeySizes("# Keyspace\r\n\r\n# Keysizes\r\n");
        QVERIFY(empty.isTold);
        QCOMPARE(empty.untold(), 0);
        const KeySizes older = parseKeySizes("# Keyspace\r\ndb0:keys=5,expires=0,avg_ttl=0\r\n");
        QVERIFY(!older.isTold);
        QVERIFY(!parseKeySizes({}).isTold);
    }

    void unknownTypesStay()
    {
        const KeySizes sizes = parseKeySizes("# Keyspace\ndb0:keys=10,expires=0\n# Keysizes\n"
                                             "db0_distrib_streams_items:1=2\n"
                                             "db0_distrib_my_type_items:4=3,8E=1\n"
                                             "db0_distrib_lists_items:2=1\n"
                                             // memory sizes, which count the same key a second time
                                             "db0_distrib_lists_sizes:64=1\n");
        QCOMPARE(sizes.damaged, QStringList());
        const QList<SizesOfType> all = sizes.sum();
        QCOMPARE(ofType(all, "stream")->sum(), 2);
        QCOMPARE(ofType(all, "my_type")->sum(), 4);
        QCOMPARE(ofType(all, "my_type")->keys.back(), 1);
        QCOMPARE(ofType(all, "list")->sum(), 1);
        QCOMPARE(ofType(all, "list", true)->sum(), 1);
        QCOMPARE(sizes.untold(), 3);
    }

    void damagedLinesAreNamed_data()
    {
        QTest::addColumn<QByteArray>("line");
        for (const QByteArray &line :
             {"db0_distrib_strings_sizes"_ba, "db0_distrib_strings_sizes:3=1"_ba, "db0_distrib_strings_sizes:1="_ba,
              "db0_distrib_strings_sizes:1=-1"_ba, "db0_distrib_strings_sizes:1=1,"_ba,
              "db0_distrib_strings_sizes:=1"_ba, "db0_distrib_strings_sizes:1=99999999999999999999"_ba,
              "db0_distrib_strings_sizes:0K=1"_ba, "db0_distrib_strings_sizes:1X=1"_ba,
              "db0_distrib_strings_widths:1=1"_ba, "db0_distrib__items:1=1"_ba, "db0_strings_sizes:1=1"_ba,
              "db_distrib_strings_sizes:1=1"_ba, "dbx_distrib_strings_sizes:1=1"_ba,
              "db99999999999_distrib_strings_sizes:1=1"_ba, "nonsense"_ba})
            QTest::newRow(line.constData()) << line;
    }
    void damagedLinesAreNamed()
    {
        QFETCH(const QByteArray, line);
        const KeySizes sizes = parseKeySizes("# Keysizes\r\ndb0_distrib_sets_items:2=1\r\n" + line + "\r\n");
        QVERIFY(sizes.isTold);
        QCOMPARE(sizes.damagedCount, 1);
        QCOMPARE(sizes.damaged, QStringList(QString::fromUtf8(line)));
        QCOMPARE(ofType(sizes.sum(), "set")->sum(), 1);
        QCOMPARE(sizes.untold(), -1); // unknown, because a line is missing
        ClusterKeySizes cluster;
        cluster.nodes.append({.id = "a", .name = u"n"_s, .sizes = sizes, .isUnsupported = false, .error = {}});
        cluster.all.add(sizes);
        QVERIFY(!cluster.isWhole());
        QVERIFY(keySizesLacks(cluster, {}).join(u'\n').contains(QString::fromUtf8(line)));
    }

    void manyDamagedLinesAreCounted()
    {
        QByteArray text = "# Keysizes\n";
        for (int i = 0; i < 100'000; ++i)
            text += "db0_distrib_t" + QByteArray::number(i) + "_items:1=1\n"; // more types than any server has
        const KeySizes sizes = parseKeySizes(text);
        QCOMPARE(sizes.sum().size(), KeySizes::mostTypes);
        QCOMPARE(sizes.damagedCount, 100'000 - KeySizes::mostTypes);
        QCOMPARE(sizes.damaged.size(), KeySizes::mostDamaged);
    }

    void primariesAddUp()
    {
        ClusterKeySizes cluster;
        for (const QByteArray &id : {"a"_ba, "b"_ba}) {
            cluster.nodes.append({.id = id,
                                  .name = u"10.0.0.1:7001"_s,
                                  .sizes = parseKeySizes(sizesTold),
                                  .isUnsupported = false,
                                  .error = {}});
            cluster.all.add(cluster.nodes.last().sizes);
        }
        QCOMPARE(ofType(cluster.all.sum(), "list")->sum(), 200);
        QCOMPARE(cluster.all.keys.value(0), 218);
        QVERIFY(cluster.isWhole() && !cluster.isUnsupported());
        QVERIFY(keySizesSource(cluster).startsWith(u"INFO keysizes of 2 of 2 primaries · all keys"_s));
        QVERIFY(keySizesLacks(cluster, {}).isEmpty());
        Error refused{
            .code = Error::Code::NoPermission, .detail = u"NOPERM"_s, .serverPrefix = {}, .node = {}, .command = {}};
        cluster.nodes.append({.id = "c", .name = u"c"_s, .sizes = {}, .isUnsupported = false, .error = refused});
        cluster.nodes.append({.id = "d", .name = u"old:7004"_s, .sizes = {}, .isUnsupported = true, .error = {}});
        QVERIFY(!cluster.isWhole());
        QVERIFY(keySizesSource(cluster).startsWith(u"INFO keysizes of 2 of 4 primaries · some of the keys"_s));
        const QString lacks = keySizesLacks(cluster, u"app"_s).join(u'\n');
        QVERIFY2(lacks.contains(u"ACL SETUSER app +info"_s) && lacks.contains(u"old:7004"_s), qPrintable(lacks));
    }
};

SLOTSCOPE_TEST(TestKeySizes)
#include "tst_keysizes.moc"
