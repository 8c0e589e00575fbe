// SPDX-License-Identifier: GPL-3.0-or-later
// What the dashboard does beside its plots, on real servers: limits, latest changes, commands, two times compared.
// With SLOTSCOPE_GRAB=DIR it leaves pictures there.
#include "tests/support/testmain.h"
#include "tests/ui/livemetrics.h"
#include "ui/metrics/commandsboard.h"
#include "core/metrics/metricskept.h"
#include "ui/metrics/sourcesdialog.h"
#include "ui/metrics/thresholdfeed.h"
#include "ui/metrics/thresholdsdialog.h"
#include "ui/metrics/timelane.h"
#include "ui/shared/usernotices.h"
#include "ui/shell/connectiontabs.h"
#include "ui/topology/latestchanges.h"
#include "ui/topology/topologypage.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateTime>
#include <QLineEdit>
#include <QPushButton>
#include <QThreadPool>
#include <QTreeWidget>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestMetricsTools : public LiveMetrics
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { startCluster(); }
    void cleanupTestCase() { m_cluster.reset(); }
    void init() { makeWindow(); }
    void cleanup() { dropWindow(); }

    void limitsAreWatched();
    void limitsAreKept();
    void latestChangesLeadHere();
    void commandsByThemselves();
    void twoTimesAreCompared();
    void aRecordIsKept();
};

void TestMetricsTools::limitsAreWatched()
{
    MetricsPage *page = open();
    QVERIFY(page);
    page->findChild<QPushButton *>(u"thresholds"_s)->click();
    auto *dialog = shown<ThresholdsDialog>(page);
    QVERIFY(dialog);
    QVERIFY(!dialog->addButton()->isEnabled()); // the limit is still missing
    QVERIFY(!dialog->removeButton()->isEnabled());
    dialog->limitField()->setText(u"much"_s);
    QVERIFY(!dialog->addButton()->isEnabled());
    dialog->limitField()->setText(u"1.5mb"_s);
    dialog->timeField()->setText(u"1s"_s);
    dialog->whereField()->setCurrentIndex(1); // each primary
    QVERIFY(dialog->addButton()->isEnabled());
    dialog->addButton()->click();
    QVERIFY(!dialog->addButton()->isEnabled()); // the rule exists already
    dialog->whereField()->setCurrentIndex(2); // the sum of all nodes
    dialog->addButton()->click();
    dialog->figureField()->setCurrentIndex(dialog->figureField()->findData("hit_ratio"_ba));
    dialog->sideField()->setCurrentIndex(1);
    dialog->limitField()->setText(u"90%"_s);
    dialog->addButton()->click();
    dialog->figureField()->setCurrentIndex(dialog->figureField()->findData("clients"_ba));
    dialog->sideField()->setCurrentIndex(0);
    dialog->limitField()->setText(u"1000"_s);
    dialog->whereField()->setCurrentIndex(0);
    dialog->addButton()->click();
    QCOMPARE(dialog->list()->topLevelItemCount(), 4);
    const auto state = [&](int row) { return dialog->list()->topLevelItem(row)->text(2); };
    QTRY_VERIFY2(state(0).startsWith(u"▲ exceeded: "_s), qPrintable(state(0)));
    QTRY_VERIFY2(state(0).contains(u"and 2 more"_s), qPrintable(state(0)));
    QTRY_COMPARE(state(1), u"▲ exceeded"_s);
    QTRY_COMPARE(state(2), u"not known"_s); // unknown, because no client reads any key
    QTRY_COMPARE(state(3), u"ok"_s);
    grab(u"metrics-thresholds"_s, dialog);
    QCOMPARE(page->context().alerts().size(), 4);
    auto *tabs = m_window->findChild<ConnectionTabs *>();
    QCOMPARE(tabs->alertBadge(0), u"▲ 4"_s);
    auto *notices = m_window->findChild<UserNotices *>();
    QTRY_VERIFY2(notices->text().contains(u"Memory above 1.5 MB for 1 s"_s), qPrintable(notices->text()));
    QTRY_VERIFY2(page->lane()->shownWords().join(u'|').contains(u"Memory above 1.5 MB"_s),
                 qPrintable(page->lane()->shownWords().join(u'|')));
    dialog->list()->setCurrentItem(dialog->list()->topLevelItem(0));
    QCOMPARE(dialog->limitField()->text(), u"1.5mb"_s);
    QCOMPARE(dialog->whereField()->currentIndex(), 1);
    dialog->accept();
    grab(u"metrics-limits"_s);
    m_window->showPage(u"topology"_s);
    grab(u"topology-alerts"_s);
    m_window->resize(1000, 700);
    grab(u"topology-alerts-small"_s);
    m_window->showPage(u"metrics"_s);
    grab(u"metrics-limits-small"_s);
    m_window->showPage(u"topology"_s);
    notices->card()->findChild<QPushButton *>(u"noticeShow"_s)->click();
    QCOMPARE(m_window->currentPage(), u"metrics"_s);
    QVERIFY(notices->text().isEmpty());
    page->thresholds()->setRules({});
    QTRY_VERIFY(page->context().alerts().isEmpty());
    QVERIFY(tabs->alertBadge(0).isEmpty());
}

void TestMetricsTools::limitsAreKept()
{
    MetricsPage *page = open();
    QVERIFY(page);
    page->thresholds()->setRules({readThreshold("memory>1tb for 5s").value(), readThreshold("lag>5").value()});
    page->editThresholds();
    auto *dialog = shown<ThresholdsDialog>(page);
    QVERIFY(dialog);
    dialog->list()->setCurrentItem(dialog->list()->topLevelItem(1));
    dialog->list()->setFocus();
    QTest::keyClick(dialog->list(), Qt::Key_Delete);
    QCOMPARE(page->thresholds()->rules().size(), 1u);
    dialog->list()->setCurrentItem(dialog->list()->topLevelItem(0));
    dialog->timeField()->setText(u"2min"_s);
    dialog->changeButton()->click();
    m_window->closeConnection(0);
    page = open();
    QVERIFY(page);
    QCOMPARE(page->thresholds()->rules().size(), 1u);
    QCOMPARE(page->thresholds()->rules().front().text(), "memory>1tb for 2min on nodes"_ba);
    page->thresholds()->setRules({});
    m_view->saveState(*m_settings);
}

void TestMetricsTools::latestChangesLeadHere()
{
    MetricsPage *page = open();
    QVERIFY(page);
    m_window->showPage(u"topology"_s);
    auto *topology = qobject_cast<TopologyPage *>(m_view->page(u"topology"_s));
    QVERIFY(topology);
    LatestChanges *changes = topology->changes();
    QTRY_VERIFY(changes->isVisible());
    QVERIFY(m_cluster->run(1, {"CONFIG"_ba, "RESETSTAT"_ba}));
    const auto first = [changes] {
        return changes->list()->topLevelItemCount() > 0 ? changes->list()->topLevelItem(0)->text(1) : QString();
    };
    QTRY_VERIFY2(first().startsWith(u"Statistics reset"_s), qPrintable(first()));
    grab(u"topology-changes"_s);
    m_window->resize(1000, 700);
    grab(u"topology-changes-small"_s);
    m_window->resize(1440, 900);
    changes->findChild<QPushButton *>(u"allChanges"_s)->click();
    auto *dialog = shown<ChangesDialog>(topology);
    QVERIFY(dialog);
    grab(u"topology-changes-all"_s, dialog);
    dialog->filterField()->setText(u"no such thing"_s);
    QVERIFY(dialog->list()->topLevelItem(0)->isHidden());
    dialog->reject();
    QTRY_VERIFY(!first().isEmpty());
    changes->list()->setCurrentItem(changes->list()->topLevelItem(0));
    changes->list()->setFocus();
    QTest::keyClick(changes->list(), Qt::Key_Return);
    QCOMPARE(m_window->currentPage(), u"metrics"_s);
    QVERIFY(page->picture().moment.has_value());
    QTRY_VERIFY(page->picture().from < *page->picture().moment && page->picture().to >= *page->picture().moment);
    QVERIFY(!page->isLive());
    topology->setForm(2); // hidden, because the table leaves no room for it
    m_window->showPage(u"topology"_s);
    QVERIFY(!changes->isVisible());
}

void TestMetricsTools::commandsByThemselves()
{
    MetricsPage *page = open();
    QVERIFY(page);
    page->findChild<QPushButton *>(u"byCommand"_s)->click();
    CommandsBoard *board = page->commands();
    QTRY_VERIFY(board->isVisible());
    const auto callsOf = [board](const QString &name) {
        for (int i = 0; i < board->table()->topLevelItemCount(); ++i)
            if (board->table()->topLevelItem(i)->text(0) == name)
                return board->table()->topLevelItem(i)->data(1, Qt::UserRole).toDouble();
        return -1.0;
    };
    for (int i = 0; i < 100'000 && callsOf(u"ECHO"_s) <= 100; ++i) { // until the server's statistics show the calls
        load(1);
        QApplication::processEvents();
    }
    QVERIFY(callsOf(u"ECHO"_s) > 100);
    QVERIFY(callsOf(u"EVAL"_s) > 0);
    QVERIFY2(board->note().startsWith(u"INFO commandstats since"_s), qPrintable(board->note()));
    QVERIFY(board->csv().contains("\"echo\","));
    QCOMPARE(board->table()->topLevelItem(0)->text(0), u"ECHO"_s); // the command with most calls is first
    grab(u"metrics-commands"_s);
    m_window->resize(1000, 700);
    grab(u"metrics-commands-small"_s);
    m_window->resize(1440, 900);
    QCOMPARE(board->whereField()->count(), 1 + 3 + 6);
    board->whereField()->setCurrentIndex(board->whereField()->count() - 1);
    QTRY_COMPARE(board->window().nodes, 1);
    QVERIFY(page->closeDetail());
    QTRY_VERIFY(page->isFilled());
}

void TestMetricsTools::twoTimesAreCompared()
{
    MetricsPage *page = open();
    QVERIFY(page);
    const qint64 begin = page->picture().to - 5000;
    page->keepAsA(begin, begin + 12'000);
    QTRY_VERIFY_WITH_TIMEOUT(page->picture().to > begin + 13'000, 30'000);
    for (int i = 0; i < 100'000 && page->picture().to < begin + 26'000; ++i) {
        load(3);
        QApplication::processEvents();
    }
    page->showRange(begin + 14'000, begin + 26'000);
    page->compareWith(Comparing::With::RangeA);
    QTRY_COMPARE(page->picture().earlierBy, 14'000);
    QCOMPARE(page->picture().earlier.lines.size(), 3u);
    const QString head = page->plot(u"commands"_s)->headText();
    QVERIFY2(head.contains(u"Δ ×"_s) || head.contains(u"Δ +"_s) || head.contains(u"Δ new"_s), qPrintable(head));
    QVERIFY2(page->subtitle().contains(u"dashed: "_s), qPrintable(page->subtitle()));
    grab(u"metrics-compare"_s);
    page->setMoment(begin + 20'000);
    QVERIFY(page->plot(u"memory"_s)->headText().contains(u"Δ "_s));
    page->compareWith(Comparing::With::WeekBefore);
    QTRY_VERIFY2(page->subtitle().contains(u"no data for"_s), qPrintable(page->subtitle()));
    QTRY_VERIFY(page->plot(u"memory"_s)->headText().contains(u"Δ –"_s));
    page->setLive(true);
    page->compareWith(Comparing::With::SpanBefore);
    QTRY_COMPARE(page->picture().earlierBy, 300'000);
    QVERIFY(page->closeDetail());
    QTRY_COMPARE(page->picture().earlierBy, 0);
    QVERIFY(!page->plot(u"commands"_s)->headText().contains(u"Δ"_s));
}

void TestMetricsTools::aRecordIsKept()
{
    const QString records = m_folder.filePath(u"records"_s);
    qputenv("SLOTSCOPE_RECORDS", records.toUtf8());
    const auto files = [&records] { return QDir(records).entryInfoList({u"*.record"_s}, QDir::Files); };
    MetricsPage *page = open();
    QVERIFY(page);
    page->editSources();
    auto *dialog = shown<SourcesDialog>(page);
    QVERIFY(dialog);
    QVERIFY(!dialog->keepField()->isChecked()); // off by default
    QVERIFY(!QDir(records).exists());
    dialog->keepField()->click();
    QTRY_COMPARE(files().size(), 1);
    grab(u"metrics-keeping"_s, dialog);
    dialog->reject();
    // A stored minute in the past replaces waiting for a minute.
    KeptMetrics kept; // the file contains nothing else that the page needs
    KeptMetrics::Node node;
    node.id = page->context().view()->nodes.front().id;
    const qint64 old = QDateTime::currentMSecsSinceEpoch() / 60'000 * 60'000 - 20 * 60'000;
    MetricSamples::Sample minute{old, true, {}};
    minute.values[size_t(Metric::Memory)] = 12345;
    node.minutes.push_back(minute);
    kept.nodes.push_back(node);
    m_window->closeConnection(0); // writes the record to its file
    QThreadPool::globalInstance()->waitForDone();
    QVERIFY(KeptFiles(records).save(files().front().filePath(), keptBytes(kept)));
    page = open();
    QVERIFY(page);
    page->showSpan(3'600'000);
    QTRY_COMPARE(page->picture().window.recordedFrom, old);
    page->editSources();
    dialog = shown<SourcesDialog>(page);
    QVERIFY(dialog->keepField()->isChecked());
    dialog->keepField()->click();
    QTRY_COMPARE(files().size(), 0); // switching it off deletes the file
    m_view->saveState(*m_settings);
    qunsetenv("SLOTSCOPE_RECORDS");
}

SLOTSCOPE_TEST(TestMetricsTools)
#include "tst_metricstools.moc"
