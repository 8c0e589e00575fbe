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
    void whyThereAreNoValues();
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

/// A user who may not call CLUSTER INFO sees why the plot stays empty and the threshold is silent.
void TestAddedPlots::whyThereAreNoValues()
{
    for (int i = 0; i < 6; ++i)
        QVERIFY(m_cluster->run(i, commandOf("ACL", "SETUSER", "few", "on", ">pw", "~*", "+@all", "-cluster|info")));
    ConnectionTarget target = m_cluster->target({0});
    target.credentials.user = u"few"_s;
    target.credentials.password = u"pw"_s;
    auto *page = openPage<MetricsPage>(target, u"metrics"_s);
    QTRY_VERIFY_WITH_TIMEOUT(hasValues(page), 20'000);
    page->setFields(fields({"cluster_known_nodes"}));
    page->setShownPlots({u"commands"_s, u"info:cluster_known_nodes"_s});
    page->thresholds()->setRules({*readThreshold("info:cluster_known_nodes>1")});
    const auto problem = [page] { return page->plot(u"info:cluster_known_nodes"_s)->problem(); };
    QTRY_VERIFY2(problem().contains(u"permission"_s), qPrintable(problem()));
    QTRY_VERIFY(!page->thresholds()->summary().empty()
                && page->thresholds()->summary().front().problem.contains(u"permission"_s));
    QVERIFY(page->plot(u"commands"_s)->problem().isEmpty());
    grab(u"metrics-field-problem"_s);
    page->editThresholds();
    auto *dialog = shown<ThresholdsDialog>(page);
    QVERIFY(dialog);
    grab(u"metrics-rule-problem"_s, dialog);
    dialog->reject();
    for (int i = 0; i < 6; ++i)
        QVERIFY(m_cluster->run(i, commandOf("ACL", "SETUSER", "few", "+cluster|info")));
    QTRY_VERIFY(problem().isEmpty());
    // more fields than are recorded: those cut off say so
    InfoFields many = readInfoFields({"a1", "a2"});
    for (int i = 3; i <= int(mostInfoFields); ++i)
        many.push_back({"a" + QByteArray::number(i), false});
    page->setFields(many);
    QTRY_VERIFY(!page->thresholds()->summary().empty()
                && page->thresholds()->summary().front().problem.startsWith(u"It is not recorded"_s));
    page->thresholds()->setRules({});
    page->setFields({});
    m_view->saveState(*m_settings);
}

void TestAddedPlots::notMoreThanFit()
{
    InfoFields ofPlots, ofRules;
    for (size_t i = 0; i < mostInfoFields; ++i)
        (i < 20 ? ofPlots : ofRules).push_back({"x" + QByteArray::number(int(i)), false});
    AddPlotDialog dialog(*m_theme, ofPlots, ofRules);
    dialog.take(InfoFigures{{"CPU"_ba, "used_cpu_sys"_ba, 1.5}});
    dialog.table()->setCurrentIndex(dialog.table()->model()->index(0, 0));
    QVERIFY(!dialog.addButton()->isEnabled());
    QVERIFY2(dialog.note().startsWith(u"At most 24 fields"_s), qPrintable(dialog.note()));
    dialog.take(InfoFigures{{"CPU"_ba, ofRules.front().name, 1.5}}); // a threshold has it recorded already
    dialog.table()->setCurrentIndex(dialog.table()->model()->index(0, 0));
    QVERIFY(dialog.addButton()->isEnabled());
    AddPlotDialog refused(*m_theme, {}, {});
    refused.take(failure(Error::Code::NoRoute));
    QVERIFY2(refused.note().startsWith(u"The fields could not be read"_s), qPrintable(refused.note()));
}

SLOTSCOPE_TEST(TestAddedPlots)
#include "tst_addedplots.moc"
