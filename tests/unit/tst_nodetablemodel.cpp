// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/nodetablemodel.h"
#include "core/models/nodewords.h"
#include "core/models/peerreportmodel.h"
#include "core/models/shardmodel.h"
#include "core/models/tableexport.h"
#include "tests/support/sampleview.h"
#include "tests/support/testmain.h"

#include <QAbstractItemModelTester>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;
using Column = NodeTableModel::Column;

class TestNodeTableModel : public QObject
{
    Q_OBJECT
    static QVariant at(const NodeTableModel &model, int row, Column column, int role = Qt::DisplayRole)
    {
        return model.index(row, int(column)).data(role);
    }

private Q_SLOTS:
    void changesRowsInPlace();
    void removesAndAddsRows();
    void keepsNumbersNumeric();
    void saysUnknownAsNothing();
    void tellsWhatEachObserverSays();
    void shardRowsFollow();
    void exportsExactValues();
    void words_data();
    void words();
};

void TestNodeTableModel::changesRowsInPlace()
{
    NodeTableModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setView(samples::healthy(0));
    QCOMPARE(model.rowCount(), 6);
    const QPersistentModelIndex third = model.index(2, 0);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    model.setView(samples::healthy(1));
    QCOMPARE(resets.size(), 0);
    QVERIFY(!changes.isEmpty());
    QVERIFY(third.isValid());
}

void TestNodeTableModel::removesAndAddsRows()
{
    NodeTableModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setView(samples::degraded());
    QCOMPARE(model.rowCount(), 11);
    model.setView(samples::healthy()); // the ids 1 to 6 are in both views
    QCOMPARE(model.rowCount(), 6);
    model.setView(samples::degraded());
    QCOMPARE(model.rowCount(), 11);
    model.setView({});
    QCOMPARE(model.rowCount(), 0);
}

void TestNodeTableModel::keepsNumbersNumeric()
{
    NodeTableModel model;
    model.setView(samples::degraded());
    QCOMPARE(at(model, 0, Column::Slots).toString(), u"3,277"_s);
    QCOMPARE(at(model, 0, Column::Slots, SortRole).typeId(), int(QMetaType::Int));
    QCOMPARE(at(model, 3, Column::State).toString(), u"failed"_s);
    QCOMPARE(Tone(at(model, 3, Column::State, ToneRole).toInt()), Tone::Bad);
    QCOMPARE(at(model, 3, Column::SaidFailedBy).toString(),
             u"4 of 5 primaries report it failed, 1 primary suspects a failure"_s);
}

void TestNodeTableModel::saysUnknownAsNothing()
{
    NodeTableModel model;
    model.setView(samples::degraded());
    const int ghost = 10;
    QCOMPARE(at(model, ghost, Column::Shard).toString(), u"no shard"_s);
    QCOMPARE(at(model, ghost, Column::Memory).toString(), QString());
    QVERIFY(!at(model, ghost, Column::Memory, SortRole).isValid());
}

void TestNodeTableModel::tellsWhatEachObserverSays()
{
    PeerReportModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const ClusterViewPtr view = samples::degraded();
    model.setNode(view, view->nodes[3].id);
    QCOMPARE(model.rowCount(), view->observers);
    QStringList flags;
    for (int row = 0; row < model.rowCount(); ++row)
        flags.append(model.index(row, int(PeerReportModel::Column::Flags)).data().toString());
    QCOMPARE(flags.count(u"fail"_s), 4);
    QCOMPARE(flags.count(u"fail?"_s), 1);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    model.setNode(samples::degraded(1), view->nodes[3].id);
    QCOMPARE(resets.size(), 0);
    model.setNode({}, {});
    QCOMPARE(model.rowCount(), 0);
}

void TestNodeTableModel::shardRowsFollow()
{
    ShardModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setView(samples::degraded());
    QCOMPARE(model.rowCount(), 5);
    model.setView(samples::healthy());
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(model.index(0, int(ShardModel::Column::Ranges)).data().toString(), u"0-5460"_s);
    model.setView({});
    QCOMPARE(model.rowCount(), 0);
}

void TestNodeTableModel::exportsExactValues()
{
    NodeTableModel model;
    model.setView(samples::degraded());
    const QJsonArray json = QJsonDocument::fromJson(exportTable(model, TableFormat::Json)).array();
    QCOMPARE(json.size(), 11);
    QCOMPARE(json.at(0).toObject().value("slots"_L1).toInt(), 3277);
    QVERIFY(json.at(10).toObject().value("memoryBytes"_L1).isNull());
    const QList<QByteArray> csv = exportTable(model, {3}, {0, 5, 13}, TableFormat::Csv).split('\n');
    QCOMPARE(csv.at(0), "State,Slots,Reported failed by\r"_ba);
    QCOMPARE(csv.at(1), "failed,0,\"4 of 5 primaries report it failed, 1 primary suspects a failure\"\r"_ba);
    const QByteArray text = exportTable(model, {0}, {1, 5}, TableFormat::Text);
    QCOMPARE(text, "Role     Slots\nprimary  3,277\n"_ba);
}

void TestNodeTableModel::words_data()
{
    QTest::addColumn<QString>("shown");
    QTest::addColumn<QString>("expected");
    QTest::newRow("count below a thousand") << shortCount(941) << u"941"_s;
    QTest::newRow("thousands") << shortCount(9812) << u"9.8 k"_s;
    QTest::newRow("millions") << shortCount(3'940'000) << u"3.94 M"_s;
    QTest::newRow("clock") << clockText(134'000) << u"2:14"_s;
    QTest::newRow("clock with hours") << clockText(7'384'000) << u"2:03:04"_s;
    QTest::newRow("one") << counted(1, u"1 node"_s, u"%1 nodes"_s) << u"1 node"_s;
    QTest::newRow("many") << counted(1200, u"1 node"_s, u"%1 nodes"_s) << u"1,200 nodes"_s;
}

void TestNodeTableModel::words()
{
    QFETCH(const QString, shown);
    QTEST(shown, "expected");
}

SLOTSCOPE_TEST(TestNodeTableModel)
#include "tst_nodetablemodel.moc"
