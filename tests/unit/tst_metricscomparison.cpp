// SPDX-License-Identifier: GPL-3.0-or-later
// What changed between two times, in words.
#include "core/metrics/metricscomparison.h"
#include "tests/support/testmain.h"

#include <QTest>

#include <cmath>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestMetricsComparison : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void words_data();
    void words();
    void onlyWhatBothKnow();
    void oneBucket();
};

void TestMetricsComparison::words_data()
{
    QTest::addColumn<double>("before");
    QTest::addColumn<double>("now");
    QTest::addColumn<QString>("text");
    QTest::newRow("more") << 100.0 << 103.14 << u"+3.1 %"_s;
    QTest::newRow("less") << 200.0 << 100.0 << u"−50 %"_s;
    QTest::newRow("same") << 5.0 << 5.0 << u"±0 %"_s;
    QTest::newRow("next to nothing") << 10000.0 << 10001.0 << u"±0 %"_s;
    QTest::newRow("both none") << 0.0 << 0.0 << u"±0 %"_s;
    QTest::newRow("none before") << 0.0 << 7.0 << u"new"_s;
    QTest::newRow("gone") << 7.0 << 0.0 << u"−100 %"_s;
    QTest::newRow("many times") << 10.0 << 145.0 << u"×14.5"_s;
    // a value drawn below the axis: closer to 0 counts as more
    QTest::newRow("below zero") << -100.0 << -50.0 << u"+50 %"_s;
}

void TestMetricsComparison::words()
{
    QFETCH(double, before);
    QFETCH(double, now);
    QFETCH(QString, text);
    QCOMPARE((MetricChange{before, now}).text(), text);
}

void TestMetricsComparison::onlyWhatBothKnow()
{
    const double none = std::nan("");
    const auto change = changeOfMeans({{none, 10, 20, 99}, {1, 1, none, none}}, {{5, 20, 40, none}, {2, 2, 2, 2}});
    QVERIFY(change);
    QCOMPARE(change->before, 15.0 + 1.0);
    QCOMPARE(change->now, 30.0 + 2.0);
    QVERIFY(!changeOfMeans({{none, 1}}, {{1, none}}));
    QVERIFY(!changeOfMeans({}, {}));
}

void TestMetricsComparison::oneBucket()
{
    const double none = std::nan("");
    const auto change = changeAt({{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}, 1);
    QVERIFY(change);
    QCOMPARE(change->before, 6.0);
    QCOMPARE(change->now, 14.0);
    QVERIFY(!changeAt({{1, none}, {3, 4}}, {{5, 6}, {7, 8}}, 1));
    QVERIFY(!changeAt({{1}}, {{5, 6}}, 1));
    QVERIFY(!changeAt({{1}}, {{5}, {6}}, 0)); // the numbers of lines differ
}

SLOTSCOPE_TEST(TestMetricsComparison)
#include "tst_metricscomparison.moc"
