// SPDX-License-Identifier: GPL-3.0-or-later
// The window on real servers: it fills, follows a failover, loses and finds the cluster again, and closes at any
// moment.
#include "core/session/corethread.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"
#include "ui/shared/page.h"
#include "ui/shared/theme.h"
#include "ui/shell/connectionview.h"
#include "ui/shell/healthpill.h"
#include "ui/shell/lockchip.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/unlockdialog.h"
#include "ui/shell/writelock.h"
#include "ui/slots/slotspage.h"
#include "ui/topology/nodedetail.h"
#include "ui/topology/topologypage.h"

#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestLiveWindow : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_settings = std::make_unique<QSettings>(m_folder.filePath(u"settings.ini"_s), QSettings::IniFormat);
        m_settings->clear();
        m_theme = std::make_unique<Theme>(Theme::Mode::Dark);
        m_window = std::make_unique<MainWindow>(*m_theme, *m_settings);
        m_window->resize(1200, 800);
        m_window->show();
    }
    void cleanup()
    {
        m_window.reset();
        m_theme.reset();
        m_settings.reset();
    }

    void followsAFailover_data()
    {
        QTest::addColumn<QString>("server");
        for (const auto &[name, path] : serversFound())
            QTest::newRow(name.constData()) << path;
    }
    void followsAFailover()
    {
        QFETCH(const QString, server);
        LocalClusterOptions options;
        options.serverPath = server;
        TestCluster cluster(options);
        QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
        ConnectionView *connection = open(cluster.target({1}));
        QTRY_VERIFY_WITH_TIMEOUT(connection->view() && connection->view()->observers == 6 && connection->view()->agreed,
                                 20000);
        for (const QString &page : {u"slots"_s, u"topology"_s}) {
            m_window->showPage(page);
            QTRY_VERIFY(connection->currentPage()->isFilled());
        }
        auto *topology = qobject_cast<TopologyPage *>(connection->page(u"topology"_s));
        const QByteArray dead = nodeAt(*connection->view(), cluster.address(0))->id;
        topology->showNode(dead);
        cluster->killNode(0);
        // Both pages keep their content while the node is down, and the view shows the failure as soon as the servers
        // report it.
        QTRY_VERIFY_WITH_TIMEOUT(connection->view()->health() == Severity::Error, 15000);
        QVERIFY(topology->isFilled());
        QVERIFY(m_window->healthPill()->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(connection->view()->health() != Severity::Error
                                     && connection->view()->node(dead)->condition == NodeCondition::Failed,
                                 30000);
        QCOMPARE(connection->view()->covered.count(), slotCount);
        QVERIFY(topology->isFilled());
        QVERIFY(!m_window->grab().isNull());
    }

    void survivesTheLossOfAll()
    {
        LocalClusterOptions options;
        options.replicasPerPrimary = 0;
        TestCluster cluster(options);
        QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
        ConnectionView *connection = open(cluster.target({0}));
        QTRY_VERIFY_WITH_TIMEOUT(connection->view() && connection->view()->observers == 3, 20000);
        for (int i = 0; i < 3; ++i)
            cluster->killNode(i);
        QTRY_COMPARE_WITH_TIMEOUT(connection->state(), SessionState::Lost, 20000);
        QVERIFY(connection->currentPage()->isFilled()); // the last view stays visible and is marked as old
        for (int i = 0; i < 3; ++i)
            QVERIFY(QCoro::waitFor(cluster->restartNode(i)));
        QTRY_COMPARE_WITH_TIMEOUT(connection->state(), SessionState::Ready, 30000);
        QTRY_VERIFY_WITH_TIMEOUT(connection->view()->observers == 3, 30000);
    }

    /// The chip in the status line unlocks writes on a read-only connection for a while, after which they lock again by
    /// themselves.
    void writesAreUnlockedForAWhile()
    {
        LocalClusterOptions options;
        options.replicasPerPrimary = 0;
        TestCluster cluster(options);
        QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
        ConnectionTarget target = cluster.target({0});
        target.readOnly = true;
        ConnectionView *connection = open(target);
        QTRY_VERIFY(connection->view() && connection->view()->observers == 3);
        const auto writes = [&] {
            auto future =
                connection->door()->call({"SET", "k", "v"}, {.kind = NodeSelection::Kind::ByKey, .nodeId = {}});
            (void)QTest::qWaitFor([&] { return future.isFinished(); }, 20'000);
            return future.isFinished() && future.result() && future.result()->front().reply;
        };
        QVERIFY(!writes() && connection->isReadOnly());
        QTRY_VERIFY(m_window->lockChip()->isVisible());
        QTest::mouseClick(m_window->lockChip(), Qt::LeftButton);
        UnlockDialog *dialog = nullptr;
        QTRY_VERIFY((dialog = m_window->findChild<UnlockDialog *>()) != nullptr);
        QVERIFY(!dialog->nameField()); // the connection's name must only be typed for production
        QTest::mouseClick(dialog->unlockButton(), Qt::LeftButton);
        QTRY_VERIFY2(m_window->lockChip()->text().contains(u"14:5"_s), qPrintable(m_window->lockChip()->text()));
        QVERIFY(!connection->isReadOnly() && !connection->operationTarget().readOnly);
        QVERIFY(connection->target().readOnly); // the saved target stays read-only
        QVERIFY(writes());
        connection->writeLock()->unlock(1500);
        QTRY_VERIFY(connection->isReadOnly()); // locked again by itself
        QVERIFY(!writes());
        QVERIFY(m_window->lockChip()->text().contains(u"Unlock…"_s));
    }

    void closesAtAnyMoment()
    {
        LocalClusterOptions options;
        options.replicasPerPrimary = 0;
        TestCluster cluster(options);
        QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
        for (int round = 0; round < 12; ++round) {
            ConnectionView *connection = open(cluster.target({round % 3}));
            if (round % 4 == 1)
                QTRY_VERIFY(connection->view());
            if (round % 4 == 2)
                m_window->showPage(u"slots"_s); // counts the keys as soon as the view is known
            if (round % 4 == 3)
                QTRY_VERIFY_WITH_TIMEOUT(connection->view() && connection->view()->observers == 3, 20000);
            m_window->closeConnection(0);
            QCOMPARE(m_window->connectionCount(), 0);
        }
        (void)open(cluster.target({0})); // this connection is still open when the window is destroyed
    }

private:
    ConnectionView *open(const ConnectionTarget &target)
    {
        return m_window->openSession(std::make_unique<SessionDoor>(m_thread, target));
    }

    CoreThread m_thread; // must outlive all sessions
    QTemporaryDir m_folder;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<MainWindow> m_window;
};

SLOTSCOPE_TEST(TestLiveWindow)
#include "tst_livewindow.moc"
