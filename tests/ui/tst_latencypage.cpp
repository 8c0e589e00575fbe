// SPDX-License-Identifier: GPL-3.0-or-later
// The latency page on real servers, by mouse and by keys. With SLOTSCOPE_GRAB=DIR it leaves pictures there.
#include "core/models/latencywords.h"
#include "core/session/corethread.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"
#include "ui/latency/doctorcard.h"
#include "ui/latency/latencycommands.h"
#include "ui/latency/latencypage.h"
#include "ui/latency/latencythreshold.h"
#include "ui/latency/spectrumplot.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"
#include "ui/shell/connectionview.h"
#include "ui/shell/mainwindow.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QDateTime>
#include <QDir>
#include <QMessageBox>
#include <QPushButton>
#include <QRandomGenerator>
#include <QSettings>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestLatencyPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void cleanup();

    void roundTripsAreShown();
    void aFrozenNodeSaysSo();
    void spacePauses();
    void eventsAndDoctor();
    void theThresholdIsSet();
    void eventsAreReset();
    void commandsSinceAMoment();
    void readOnlyChangesNothing();
    void aUserWithoutTheRight();
    void aNodeThatIsGoneKeepsItsRow();
    void narrowWindowsFold();
    void pictures();

private:
    static constexpr int nodes = 3;
    void onAll(const Command &command)
    {
        for (int node = 0; node < nodes; ++node)
            std::ignore = m_cluster->run(node, command);
    }
    LatencyPage *open(const ConnectionTarget &target)
    {
        m_view = m_window->openSession(std::make_unique<SessionDoor>(m_thread, target));
        m_window->showPage(u"latency"_s);
        return qobject_cast<LatencyPage *>(m_view->page(u"latency"_s));
    }
    LatencyPage *open() { return open(m_cluster->target({0})); }
    QByteArray idOf(int node)
    {
        const auto find = [&]() -> const NodeState * {
            const ClusterViewPtr view = m_view->context().view();
            return view ? nodeAt(*view, m_cluster->address(node)) : nullptr;
        };
        return QTest::qWaitFor([&] { return find() != nullptr; }, 20'000) ? find()->id : QByteArray();
    }
    void hold(int node, const QByteArray &turns = "4e6")
    {
        std::ignore =
            m_cluster->run(node, {"EVAL"_ba, "local n = 0 for i = 1, " + turns + " do n = n + i end return n", "0"_ba});
    }
    static QString cell(const QAbstractItemModel &model, int row, int column)
    {
        return model.index(row, column).data().toString();
    }
    template <typename T>
    static T *dialog(QWidget *of, const QString &name)
    {
        T *found = nullptr;
        (void)QTest::qWaitFor([&] {
            for (T *child : of->findChildren<T *>(name))
                if (child->isVisible())
                    found = child;
            return found != nullptr;
        });
        return found;
    }
    static void answer(QMessageBox *box, const QString &button)
    {
        for (QAbstractButton *each : box->buttons())
            if (each->text() == button)
                QTest::mouseClick(each, Qt::LeftButton);
    }
    void grab(const QString &name)
    {
        const QString folder = qEnvironmentVariable("SLOTSCOPE_GRAB");
        if (folder.isEmpty())
            return;
        QDir().mkpath(folder);
        for (const auto &[mode, word] : {std::pair(Theme::Mode::Dark, u"dark"_s), {Theme::Mode::Light, u"light"_s}}) {
            m_theme->setMode(mode);
            for (int i = 0; i < 5; ++i)
                QApplication::processEvents();
            m_window->grab().save(folder + u"/latency-"_s + name + u'-' + word + u".png"_s);
        }
        m_theme->setMode(Theme::Mode::Dark);
    }

    QTemporaryDir m_folder;
    CoreThread m_thread;
    std::unique_ptr<TestCluster> m_cluster;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<MainWindow> m_window;
    ConnectionView *m_view = nullptr;
};

void TestLatencyPage::initTestCase()
{
    LocalClusterOptions options;
    options.serverPath = serversFound().back().second;
    options.replicasPerPrimary = 0;
    m_cluster = std::make_unique<TestCluster>(options);
    QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
}

void TestLatencyPage::cleanupTestCase()
{
    m_cluster.reset();
}

void TestLatencyPage::init()
{
    onAll({"CONFIG"_ba, "SET"_ba, "latency-monitor-threshold"_ba, "5"_ba});
    onAll({"LATENCY"_ba, "RESET"_ba});
    m_settings = std::make_unique<QSettings>(m_folder.filePath(u"settings.ini"_s), QSettings::IniFormat);
    m_settings->clear();
    m_theme = std::make_unique<Theme>(Theme::Mode::Dark);
    m_window = std::make_unique<MainWindow>(*m_theme, *m_settings);
    m_window->resize(1440, 900);
    m_window->show();
}

void TestLatencyPage::cleanup()
{
    m_window.reset();
    m_theme.reset();
    m_settings.reset();
}

void TestLatencyPage::roundTripsAreShown()
{
    LatencyPage *page = open();
    const QAbstractItemModelTester tester(&page->roundTrips());
    QTRY_VERIFY(page->isFilled());
    QTRY_COMPARE(page->roundTrips().rowCount(), nodes);
    for (int row = 0; row < nodes; ++row)
        QTRY_VERIFY(page->roundTrips().figuresOf(page->roundTrips().nodeAt(row)).answered > 5);
    QTRY_VERIFY2(page->subtitle().contains(u"10 pings per second"_s) && page->subtitle().contains(u"jitter"_s),
                 qPrintable(page->subtitle()));
    QVERIFY(!page->plot()->node().isEmpty());
    QTRY_VERIFY(page->plot()->shownPings() > 5);
    const QByteArray other = page->roundTrips().nodeAt(2);
    page->table()->selectSourceRow(2); // the selected row determines the node of the plot and of LATENCY DOCTOR
    QCOMPARE(page->plot()->node(), other);
    QCOMPARE(page->doctor()->node(), other);
    QTRY_VERIFY(page->doctor()->words().contains(u"LATENCY DOCTOR"_s));
    page->plot()->setFocus();
    QTest::keyClick(page->plot(), Qt::Key_Left);
    QVERIFY(page->plot()->column() >= 0);
    QVERIFY(page->plot()->columnText(page->plot()->column()).contains(u" to "_s));
}

void TestLatencyPage::aFrozenNodeSaysSo()
{
    LatencyPage *page = open();
    QTRY_VERIFY(page->isFilled());
    const int row = page->roundTrips().rowOf(idOf(1));
    QTRY_VERIFY(page->roundTrips().figuresOf(idOf(1)).answered > 5);
    QVERIFY(::kill(pid_t((*m_cluster)->nodes()[1].processId), SIGSTOP) == 0);
    const int lost = int(RoundTripModel::Column::Lost);
    QTRY_VERIFY(cell(page->roundTrips(), row, lost).startsWith(u"no answer for 1 s"_s));
    QCOMPARE(page->roundTrips().index(row, lost).data(ToneRole).toInt(), int(Tone::Bad));
    QVERIFY(::kill(pid_t((*m_cluster)->nodes()[1].processId), SIGCONT) == 0);
    QTRY_VERIFY(cell(page->roundTrips(), row, lost).contains(u" of "_s));
    QTRY_VERIFY(page->roundTrips().figuresOf(idOf(1)).longest > 900'000);
    QCOMPARE(page->roundTrips().index(row, int(RoundTripModel::Column::Longest)).data(ToneRole).toInt(),
             int(Tone::Bad));
}

void TestLatencyPage::spacePauses()
{
    LatencyPage *page = open();
    QTRY_VERIFY(page->isFilled());
    page->table()->setFocus();
    QTest::keyClick(page->table(), Qt::Key_Space);
    QVERIFY(!page->isLive());
    // the ping connection is closed
    QTRY_COMPARE(m_cluster->run(0, {"CLIENT"_ba, "LIST"_ba})->bytes().count("cmd=ping"), 0);
    QTest::keyClick(page->table(), Qt::Key_Space);
    QVERIFY(page->isLive());
    QTRY_COMPARE(m_cluster->run(0, {"CLIENT"_ba, "LIST"_ba})->bytes().count("cmd=ping"), 1);
    m_window->showPage(u"topology"_s); // measuring continues while another page is shown
    const qint64 before = m_cluster->run(0, {"CLIENT"_ba, "LIST"_ba})->bytes().count("cmd=ping");
    QCOMPARE(before, 1);
}

void TestLatencyPage::eventsAndDoctor()
{
    LatencyPage *page = open();
    const QAbstractItemModelTester tester(&page->events());
    QTRY_VERIFY(page->events().heardOf(idOf(2)));
    hold(2);
    QTRY_VERIFY(page->events().rowOf(idOf(2), "command") >= 0);
    page->eventsTable()->selectSourceRow(page->events().rowOf(idOf(2), "command"));
    QCOMPARE(page->plot()->node(), idOf(2));
    QTRY_VERIFY2(page->doctor()->findingText().contains(u"command took long"_s),
                 qPrintable(page->doctor()->findingText()));
    QTRY_VERIFY2(page->doctor()->words().contains(u". command: "_s), qPrintable(page->doctor()->words()));
    auto *toSlowlog = page->findChild<QPushButton *>(u"toSlowlog"_s);
    QVERIFY(toSlowlog->isVisible());
    QTest::mouseClick(toSlowlog, Qt::LeftButton);
    QTRY_COMPARE(m_window->currentPage(), u"slowlog"_s);
}

void TestLatencyPage::theThresholdIsSet()
{
    LatencyPage *page = open();
    QTRY_VERIFY(page->events().heardOf(idOf(2)));
    QTest::mouseClick(page->findChild<QPushButton *>(u"threshold"_s), Qt::LeftButton);
    auto *threshold = dialog<LatencyThreshold>(page, u"latencyThreshold"_s);
    QVERIFY(threshold);
    QCOMPARE(threshold->field()->value(), 5);
    QCOMPARE(threshold->setButton()->text(), u"Set on 3 nodes"_s);
    threshold->field()->setValue(33);
    QTest::mouseClick(threshold->setButton(), Qt::LeftButton);
    QTRY_COMPARE(threshold->outcome(), u"Done on 3 nodes."_s);
    QTest::keyClick(threshold, Qt::Key_Escape);
    for (int node = 0; node < nodes; ++node)
        QCOMPARE(m_cluster->run(node, {"CONFIG"_ba, "GET"_ba, "latency-monitor-threshold"_ba})->items().at(1).bytes(),
                 "33"_ba);
    QTRY_COMPARE(page->events().heardOf(idOf(0))->threshold, std::optional<qint64>(33));
}

void TestLatencyPage::eventsAreReset()
{
    hold(0);
    hold(1);
    LatencyPage *page = open();
    QTRY_COMPARE(page->events().rowCount(), 2);
    page->askToReset(idOf(1), {});
    auto *question = dialog<QMessageBox>(page, u"resetQuestion"_s);
    QVERIFY(question);
    answer(question, u"Reset"_s);
    QTRY_VERIFY2(page->noticeText().endsWith(u" · Done on 1 node."_s), qPrintable(page->noticeText()));
    QTRY_COMPARE(page->events().rowCount(), 1);
    QCOMPARE(page->events().nodeAt(0), idOf(0));
}

void TestLatencyPage::commandsSinceAMoment()
{
    LatencyPage *page = open();
    QTRY_VERIFY(page->isFilled());
    page->showCommands(true);
    const QAbstractItemModelTester tester(&page->commands()->model());
    CommandLatencyModel &model = page->commands()->model();
    QTRY_VERIFY(model.rowOf("client|list") >= 0);
    const int p99 = int(CommandLatencyModel::Column::P99);
    // only an upper bound is known for several nodes together
    QTRY_VERIFY(cell(model, model.rowOf("ping"), p99).startsWith(u"≤ "_s));
    page->commands()->setNode(idOf(0));
    // for one node its own percentiles are shown
    QTRY_VERIFY(!cell(model, model.rowOf("ping"), p99).startsWith(u"≤"_s));
    page->commands()->setNode({});
    page->commands()->mark();
    std::ignore = m_cluster->run(1, {"ECHO"_ba, "x"_ba});
    QTRY_VERIFY(model.rowOf("echo") >= 0 && model.at(model.rowOf("echo"))->calls == 1);
    QVERIFY(model.rowOf("cluster|addslots") < 0); // this command ran before the mark
    page->commands()->unmark();
    QTRY_VERIFY(model.rowOf("config|set") >= 0);
}

void TestLatencyPage::readOnlyChangesNothing()
{
    ConnectionTarget target = m_cluster->target({0});
    target.readOnly = true;
    LatencyPage *page = open(target);
    QTRY_VERIFY(page->isFilled()); // allowed on a read-only connection, because PING and LATENCY LATEST only read
    QTRY_VERIFY(page->events().heardOf(idOf(1)) && !page->events().heardOf(idOf(1))->problem);
    QVERIFY(!page->findChild<QPushButton *>(u"threshold"_s)->isEnabled());
    QVERIFY(!page->findChild<QPushButton *>(u"reset"_s)->isEnabled());
}

void TestLatencyPage::aUserWithoutTheRight()
{
    const Command user{"ACL"_ba, "SETUSER"_ba, "some"_ba, "on"_ba, ">x"_ba, "~*"_ba, "+@all"_ba};
    for (int node = 0; node < nodes; ++node)
        std::ignore = m_cluster->run(node, node == 1 ? user + Command{"-latency"_ba} : user);
    ConnectionTarget target = m_cluster->target({0});
    target.credentials.user = u"some"_s;
    target.credentials.password = u"x"_s;
    LatencyPage *page = open(target);
    QTRY_VERIFY2(page->noticeText().contains(u"+latency|latest"_s), qPrintable(page->noticeText()));
    QVERIFY2(page->noticeText().contains(m_cluster->address(1)), qPrintable(page->noticeText()));
    // round trips can be measured without this permission
    QTRY_VERIFY(page->roundTrips().figuresOf(idOf(1)).answered > 5);
    page->chooseNode(idOf(1));
    QTRY_VERIFY2(page->doctor()->words().contains(u"+latency|doctor"_s), qPrintable(page->doctor()->words()));
    page->showCommands(true);
    QTRY_VERIFY2(page->noticeText().contains(u"+latency|histogram"_s), qPrintable(page->noticeText()));
    page->showCommands(false);
    grab(u"refused"_s);
    onAll({"ACL"_ba, "DELUSER"_ba, "some"_ba});
}

void TestLatencyPage::aNodeThatIsGoneKeepsItsRow()
{
    LatencyPage *page = open();
    QTRY_VERIFY(page->roundTrips().figuresOf(idOf(2)).answered > 5);
    const QByteArray id = idOf(2);
    const int row = page->roundTrips().rowOf(id);
    (*m_cluster)->killNode(2);
    QTRY_COMPARE(cell(page->roundTrips(), row, int(RoundTripModel::Column::Lost)), u"no connection"_s);
    QVERIFY(page->roundTrips().figuresOf(id).answered > 5); // earlier measurements stay
    QTRY_VERIFY2(page->noticeText().contains(m_cluster->address(2)), qPrintable(page->noticeText()));
    grab(u"lost"_s);
    QVERIFY(QCoro::waitFor((*m_cluster)->restartNode(2)));
    QTRY_VERIFY(cell(page->roundTrips(), row, int(RoundTripModel::Column::Lost)).contains(u" of "_s));
    QTRY_VERIFY2(page->noticeText().isEmpty(), qPrintable(page->noticeText()));
}

void TestLatencyPage::narrowWindowsFold()
{
    LatencyPage *page = open();
    QTRY_VERIFY(page->isFilled());
    auto *panel = page->findChild<QPushButton *>(u"panel"_s);
    QVERIFY(!panel->isVisible() && page->doctor()->isVisible());
    QVERIFY(!page->table()->isColumnHidden(int(RoundTripModel::Column::Spectrum)));
    m_window->resize(1000, 700);
    QTRY_VERIFY(panel->isVisible() && !page->doctor()->isVisible());
    QVERIFY(page->table()->isColumnHidden(int(RoundTripModel::Column::Spectrum)));
    QTest::mouseClick(panel, Qt::LeftButton);
    QVERIFY(page->doctor()->isVisible());
    QVERIFY(page->closeDetail());
    QVERIFY(!page->doctor()->isVisible());
}

void TestLatencyPage::pictures()
{
    if (qEnvironmentVariableIsEmpty("SLOTSCOPE_GRAB"))
        QSKIP("pictures are for people: SLOTSCOPE_GRAB=DIR");
    LatencyPage *page = open();
    QTRY_VERIFY(page->isFilled());
    hold(0, "9e7");
    hold(2, "4e6");
    hold(1, "2e6");
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    QRandomGenerator random(3);
    for (int node = 0; node < nodes; ++node) // made-up pings of five minutes, so that the test needs no waiting
        for (int i = 0; i < 2900; ++i) {
            PingEvent event;
            event.nodeId = idOf(node);
            event.at = now - 295'000 + i * 100;
            event.microseconds =
                qint64(260 * std::exp(std::abs(random.generateDouble() * random.generateDouble() * 1.6)));
            if (node == 0 && i > 500 && i < 900 && random.bounded(5) == 0)
                event.microseconds *= 60;
            if (node == 0 && i > 1200 && i < 1211)
                event.microseconds = (1211 - i) * 100'000;
            page->feed().book().take(event);
        }
    page->chooseNode(idOf(0));
    QTRY_VERIFY(page->events().rowCount() == 3);
    page->readAgain();
    QTRY_VERIFY(page->doctor()->words().contains(u"1. command"_s));
    QTRY_VERIFY(page->plot()->shownPings() > 2000);
    grab(u"1440x900"_s);
    m_window->resize(1000, 700);
    grab(u"1000x700"_s);
    QTest::mouseClick(page->findChild<QPushButton *>(u"panel"_s), Qt::LeftButton);
    grab(u"1000x700-panel"_s);
    m_window->resize(1920, 1080);
    grab(u"1920x1080"_s);
    m_window->resize(1440, 900);
    page->showCommands(true);
    QTRY_VERIFY(page->commands()->model().rowCount() > 5);
    page->commands()->table()->selectRow(1);
    grab(u"commands"_s);
}

SLOTSCOPE_TEST(TestLatencyPage)
#include "tst_latencypage.moc"
