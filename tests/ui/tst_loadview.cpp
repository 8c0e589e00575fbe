// SPDX-License-Identifier: GPL-3.0-or-later
// The load test on the Operations page, on real servers. With SLOTSCOPE_GRAB=DIR it leaves pictures there.
#include "core/load/loadstore.h"
#include "tests/support/testmain.h"
#include "tests/ui/livepage.h"
#include "ui/operations/consent.h"
#include "ui/operations/loadform.h"
#include "ui/operations/loadplot.h"
#include "ui/operations/loadview.h"
#include "ui/operations/operationspage.h"
#include "ui/shared/tableview.h"

#include <QFrame>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestLoadView final : public LivePage
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        qputenv("SLOTSCOPE_LOADS", m_loads.filePath(u"loads"_s).toUtf8());
        LocalClusterOptions options;
        options.replicasPerPrimary = 0;
        m_cluster = std::make_unique<TestCluster>(options);
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
    }
    void cleanupTestCase() { m_cluster.reset(); }
    void cleanup() { dropWindow(); }
    void runsAndCompares();
    void readOnlyAndProduction();
    void whatWasLeftIsOffered();

private:
    LoadView *open(const ConnectionTarget &target)
    {
        makeWindow();
        m_window->resize(1000, 700);
        auto *page = openPage<OperationsPage>(target, u"operations"_s);
        page->showTab(OperationsPage::Tab::Load);
        return page->loadView();
    }
    static void runOnce(LoadView *view)
    {
        view->form()->secondsField()->setValue(2);
        view->form()->warmUpField()->setValue(0);
        view->form()->keysField()->setValue(500);
        QTest::mouseClick(view->form()->startButton(), Qt::LeftButton);
        QVERIFY(view->isRunning());
    }

    QTemporaryDir m_loads;
    std::unique_ptr<TestCluster> m_cluster;
};

void TestLoadView::runsAndCompares()
{
    LoadView *view = open(m_cluster->target({0, 1, 2}));
    QTRY_VERIFY(view->form()->startButton()->isEnabled());
    grab(u"load-empty"_s);
    view->form()->mixField()->setText(u"get=x"_s);
    QVERIFY(!view->form()->startButton()->isEnabled());
    QVERIFY(!view->form()->problem().isEmpty());
    view->form()->mixField()->setText(u"get=9, set=1"_s);
    for (int i = 0; i < 2; ++i) {
        runOnce(view);
        QTRY_VERIFY(!view->isRunning());
        QVERIFY(view->report() && view->report()->cleaned);
        QTRY_COMPARE(view->storedTable()->model()->rowCount(), i + 1);
    }
    QVERIFY(view->report()->all.ok > 0);
    QVERIFY(view->ratePlot()->points() > 0);
    QCOMPARE(view->nodeTable()->model()->rowCount(), 3 + 2 + 1);
    view->storedTable()->selectSourceRow(1);
    QTest::mouseClick(view->compareButton(), Qt::LeftButton);
    QTRY_VERIFY(view->comparisonText().contains(u"p99"_s));
    grab(u"load-1000x700"_s);
    m_window->resize(1920, 1080);
    grab(u"load-1920x1080"_s);
}

void TestLoadView::readOnlyAndProduction()
{
    ConnectionTarget target = m_cluster->target({0, 1, 2});
    target.readOnly = true;
    LoadView *view = open(target);
    QTRY_VERIFY(!view->form()->problem().isEmpty());
    QVERIFY(!view->form()->startButton()->isEnabled());
    dropWindow();
    target.readOnly = false;
    target.name = u"shop"_s;
    target.environment = EnvironmentKind::Production;
    view = open(target);
    QTRY_VERIFY(view->form()->consent());
    QVERIFY(!view->form()->startButton()->isEnabled());
    view->form()->consent()->field()->setText(u"shop"_s);
    QVERIFY(view->form()->startButton()->isEnabled());
    grab(u"load-production"_s);
    runOnce(view);
    QTRY_VERIFY(!view->form()->startButton()->isVisible());
    QTest::mouseClick(view->form()->stopButton(), Qt::LeftButton);
    QTRY_VERIFY(!view->isRunning());
}

void TestLoadView::whatWasLeftIsOffered()
{
    const auto session = connectTo(m_cluster->target({0}));
    QVERIFY(session);
    QVERIFY(QCoro::waitFor(session->execute(commandOf("SET", "gone:s:3", "1"))));
    LoadRecord record;
    record.runId = u"gone"_s;
    for (const NodeState &node : session->view()->nodes)
        record.nodes.append(node.id);
    record.prefix = "gone:"_ba;
    record.keys = 10;
    record.kinds = {"s"_ba};
    QVERIFY(LoadStore().write(record));
    LoadView *view = open(m_cluster->target({0, 1, 2}));
    QTRY_VERIFY(view->leftBanner()->isVisible());
    grab(u"load-left"_s);
    QTest::mouseClick(view->removeButton(), Qt::LeftButton);
    QTRY_VERIFY(!view->leftBanner()->isVisible());
    const auto there = QCoro::waitFor(session->execute(commandOf("EXISTS", "gone:s:3")));
    QVERIFY(there);
    QCOMPARE(there->toInteger(), 0);
}

SLOTSCOPE_TEST(TestLoadView)
#include "tst_loadview.moc"
