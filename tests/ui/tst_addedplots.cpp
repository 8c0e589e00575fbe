// SPDX-License-Identifier: GPL-3.0-or-later
// Plots of fields of INFO that the user adds, on real servers: found, added, filled, kept, removed.
#include "core/models/infofieldmodel.h"
#include "tests/support/testmain.h"
#include "tests/ui/livemetrics.h"
#include "ui/metrics/addplotdialog.h"
#include "ui/metrics/thresholdfeed.h"
#include "ui/metrics/thresholdsdialog.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/tableview.h"

#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestAddedPlots : public LiveMetrics
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { startCluster(); }
    void cleanupTestCase() { m_cluster.reset(); }
    void init() { makeWindow(); }
    void cleanup() { dropWindow(); }

    void aFieldIsFoundAndPlotted();
    void fieldsBesidesTheUsualInfo();
    void theyComeBack();
    void aLimitOfAField();
    void notMoreThanFit();

private:
    static InfoFields fields(const QList<QByteArray> &texts) { return readInfoFields(texts); }
    static QAction *actionNamed(QMenu *menu, const QString &text)
    {
        for (QAction *action : menu->actions())
            if (action->text() == text)
                return action;
        return nullptr;
    }
    static QString head(MetricsPage *page, const QString &id)
    {
        const MetricPlot *plot = page->plot(id);
        return plot ? plot->headText() : QString();
    }
};

void TestAddedPlots::aFieldIsFoundAndPlotted()
{
    MetricsPage *page = open();
    QVERIFY(page);
    QTest::mouseClick(page->findChild<QPushButton *>(u"addPlot"_s), Qt::LeftButton);
    auto *dialog = shown<AddPlotDialog>(page);
    QVERIFY(dialog);
    QVERIFY(!dialog->addButton()->isEnabled());
    QTRY_VERIFY(dialog->table()->model()->rowCount() > 100);
    grab(u"metrics-add-plot"_s, dialog);
    QTest::keyClicks(dialog->search(), u"used_cpu_sys"_s);
    QTRY_VERIFY(dialog->table()->model()->rowCount() < 8);
    const QAbstractItemModel *shownFields = dialog->table()->model();
    const QModelIndexList found = shownFields->match(shownFields->index(0, int(InfoFieldModel::Column::Field)),
                                                     Qt::DisplayRole, u"used_cpu_sys"_s, 1, Qt::MatchExactly);
    QCOMPARE(found.size(), 1);
    dialog->table()->setCurrentIndex(found.front());
    QCOMPARE(dialog->manner()->current(), 1); // a counter is proposed per second
    QTest::mouseClick(dialog->addButton(), Qt::LeftButton);
    const QString id = u"info:used_cpu_sys/s"_s;
    QCOMPARE(page->fields(), fields({"used_cpu_sys/s"}));
    QVERIFY(!dialog->addButton()->isEnabled()); // it is there
    QVERIFY2(dialog->note().contains(u"already"_s), qPrintable(dialog->note()));
    dialog->manner()->setCurrent(0); // the same field as it is
    QTest::mouseClick(dialog->addButton(), Qt::LeftButton);
    dialog->reject();
    QVERIFY(page->shownPlots().contains(id) && page->shownPlots().contains(u"info:used_cpu_sys/raw"_s));
    QTRY_VERIFY2(head(page, id).contains(u"Σ"_s), qPrintable(head(page, id))); // a value of each shard
    QTRY_VERIFY(page->csv().contains(",used_cpu_sys/s,"));
    page->setGroup(MetricGroup::Nodes);
    QTRY_VERIFY(head(page, id).contains(u"Σ"_s));
    grab(u"metrics-added"_s);
    QMenu *menu = page->findChild<QPushButton *>(u"plots"_s)->menu();
    Q_EMIT menu->aboutToShow();
    QAction *remove = actionNamed(menu, u"Remove plot"_s);
    QVERIFY(remove && remove->menu()->actions().size() == 2);
    actionNamed(remove->menu(), u"used_cpu_sys/s"_s)->trigger();
    QVERIFY(!page->plot(id) && !page->shownPlots().contains(id));
    QTRY_VERIFY(!page->csv().contains(",used_cpu_sys/s,"));
    QVERIFY(page->plot(u"info:used_cpu_sys/raw"_s));
}

/// CLUSTER INFO and the sections that INFO leaves out are read besides what the connection reads anyway.
void TestAddedPlots::fieldsBesidesTheUsualInfo()
{
    MetricsPage *page = open();
    QVERIFY(page);
    page->setFields(fields({"cluster_known_nodes", "cmdstat_eval.calls", "connected_slaves"}));
    QStringList shown = page->shownPlots();
    page->setShownPlots(shown << u"info:cluster_known_nodes"_s << u"info:cmdstat_eval.calls/s"_s
                              << u"info:connected_slaves"_s);
    QTRY_COMPARE(head(page, u"info:cluster_known_nodes"_s), u"6 6 6"_s); // no sum of what all say of the same
    QTRY_COMPARE(head(page, u"info:connected_slaves"_s), u"1 1 1 Σ 3"_s);
    const auto hasCalls = [&] {
        load(3);
        QApplication::processEvents();
        return head(page, u"info:cmdstat_eval.calls/s"_s).contains(u"Σ"_s)
            && !head(page, u"info:cmdstat_eval.calls/s"_s).contains(u"Σ 0"_s);
    };
    QVERIFY2(QTest::qWaitFor(hasCalls, 20'000), qPrintable(head(page, u"info:cmdstat_eval.calls/s"_s)));
}

void TestAddedPlots::theyComeBack()
{
    MetricsPage *page = open();
    QVERIFY(page);
    page->setFields(fields({"mem_clients_normal", "total_forks"}));
    QStringList shown = page->shownPlots();
    page->setShownPlots(shown << u"info:mem_clients_normal"_s);
    QTRY_VERIFY2(head(page, u"info:mem_clients_normal"_s).contains(u"B"_s), "a size has a unit");
    m_view->saveState(*m_settings);
    m_window->closeConnection(0);
    page = open();
    QVERIFY(page);
    QCOMPARE(page->fields(), fields({"mem_clients_normal", "total_forks"}));
    QVERIFY(page->shownPlots().contains(u"info:mem_clients_normal"_s));
    QVERIFY(!page->shownPlots().contains(u"info:total_forks/s"_s));
    QTRY_VERIFY(head(page, u"info:mem_clients_normal"_s).contains(u"B"_s));
    page->setFields({});
    m_view->saveState(*m_settings);
}

void TestAddedPlots::aLimitOfAField()
{
    MetricsPage *page = open();
    QVERIFY(page);
    page->setFields(fields({"connected_slaves"}));
    page->editThresholds();
    auto *dialog = shown<ThresholdsDialog>(page);
    QVERIFY(dialog);
    const int row = dialog->figureField()->findData("info:connected_slaves"_ba);
    QVERIFY(row >= 0);
    dialog->figureField()->setCurrentIndex(row);
    dialog->limitField()->setText(u"0.5"_s);
    dialog->timeField()->setText(u"0s"_s);
    QTest::mouseClick(dialog->addButton(), Qt::LeftButton);
    QCOMPARE(page->thresholds()->rules().size(), 1u);
    page->setFields({}); // the limit needs it still
    QTRY_VERIFY(!page->thresholds()->summary().empty() && page->thresholds()->summary().front().firing == 3);
    page->thresholds()->setRules({});
    m_view->saveState(*m_settings);
}

void TestAddedPlots::notMoreThanFit()
{
    AddPlotDialog dialog(*m_theme, InfoFields(mostInfoFields, InfoField{"x"_ba, false}));
    dialog.take(InfoFigures{{"CPU"_ba, "used_cpu_sys"_ba, 1.5}});
    dialog.table()->setCurrentIndex(dialog.table()->model()->index(0, 0));
    QVERIFY(!dialog.addButton()->isEnabled());
    QVERIFY2(dialog.note().startsWith(u"At most 24 fields"_s), qPrintable(dialog.note()));
    AddPlotDialog refused(*m_theme, {});
    refused.take(failure(Error::Code::NoRoute));
    QVERIFY2(refused.note().startsWith(u"The fields could not be read"_s), qPrintable(refused.note()));
}

SLOTSCOPE_TEST(TestAddedPlots)
#include "tst_addedplots.moc"
