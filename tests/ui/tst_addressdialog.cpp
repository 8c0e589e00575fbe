// SPDX-License-Identifier: GPL-3.0-or-later
// The addresses of nodes that announce what cannot be reached from here: tried, mapped and removed in the window.
#include "core/session/corethread.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"
#include "ui/connect/addressdialog.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"
#include "ui/shell/connectionview.h"
#include "ui/shell/mainwindow.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int nobodyBelow = 20000; // announced ports are this much higher than the real ports, and nobody listens there

quint16 portAnnounced(quint16 port)
{
    return quint16(port > 65535 - nobodyBelow ? port - nobodyBelow : port + nobodyBelow);
}

} // namespace

class TestAddressDialog : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        LocalClusterOptions options;
        options.replicasPerPrimary = 0;
        options.argumentsAt = [](quint16 port) {
            return QStringList{u"--cluster-announce-port"_s, QString::number(portAnnounced(port))};
        };
        m_cluster = std::make_unique<TestCluster>(options);
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
    }

    void aNodeIsTriedMappedAndUnmapped()
    {
        CoreThread thread;
        const Theme theme(Theme::Mode::Dark);
        SessionDoor door(thread, m_cluster->target({0}));
        AddressDialog dialog(theme, door);
        dialog.show();
        const auto id = m_cluster->run(1, {"CLUSTER"_ba, "MYID"_ba});
        QVERIFY(id);
        QTRY_VERIFY(dialog.model().rowOf(id->bytes()) >= 0);
        const auto state = [&](const QByteArray &node) {
            const int row = dialog.model().rowOf(node);
            return row < 0 ? Reach::State::Unknown : dialog.model().places().at(row).reach.state;
        };
        QTRY_COMPARE(state(id->bytes()), Reach::State::Waiting);
        dialog.choose(id->bytes());
        auto *place = dialog.findChild<QLineEdit *>(u"mapPlace"_s);
        auto *attempt = dialog.findChild<QPushButton *>(u"tryPlace"_s),
             *map = dialog.findChild<QPushButton *>(u"applyPlace"_s);
        auto *remove = dialog.findChild<QPushButton *>(u"removePlace"_s);
        auto *result = dialog.findChild<QLabel *>(u"placeResult"_s);
        QVERIFY(!attempt->isEnabled() && !map->isEnabled() && !remove->isEnabled());
        QTest::keyClicks(place, u"127.0.0.1:"_s);
        QVERIFY(!map->isEnabled() && !result->text().isEmpty());
        place->setText(m_cluster->address(2));
        attempt->click();
        QTRY_VERIFY2(result->text().contains(u"another node answers"), qPrintable(result->text()));
        place->setText(m_cluster->address(1));
        attempt->click();
        QTRY_VERIFY2(result->text().contains(u"this node answers"), qPrintable(result->text()));
        QSignalSpy changed(&dialog, &AddressDialog::mapChanged);
        map->click();
        QCOMPARE(changed.size(), 1);
        QTRY_COMPARE(state(id->bytes()), Reach::State::Ready);
        QCOMPARE(door.target().addressMap.size(), 1);
        QVERIFY(remove->isEnabled());
        dialog.testAll();
        QTRY_VERIFY(dialog.model().trialOf(dialog.model().rowOf(id->bytes()))
                    && dialog.model().trialOf(dialog.model().rowOf(id->bytes()))->isGood());
        if (const QString folder = qEnvironmentVariable("SLOTSCOPE_GRAB"); !folder.isEmpty())
            dialog.grab().save(folder + u"/addresses.png"_s);
        remove->click();
        QTRY_COMPARE(state(id->bytes()), Reach::State::Waiting);
        QVERIFY(door.target().addressMap.isEmpty() && place->text().isEmpty());
    }

    /// An address mapped in a tab's dialog becomes part of the tab's target, together with the environment set in the
    /// window.
    void aTabKeepsTheMap()
    {
        QTemporaryDir folder;
        QSettings settings(folder.filePath(u"settings.ini"_s), QSettings::IniFormat);
        CoreThread thread;
        Theme theme(Theme::Mode::Dark);
        MainWindow window(theme, settings);
        window.show();
        ConnectionView *view = window.openSession(std::make_unique<SessionDoor>(thread, m_cluster->target({0})));
        const auto id = m_cluster->run(1, {"CLUSTER"_ba, "MYID"_ba});
        QVERIFY(id);
        QTRY_VERIFY(view->view() && view->view()->node(id->bytes()));
        ConnectionTarget marked = view->target();
        marked.environment = EnvironmentKind::Staging;
        window.setMarks(view, marked);
        QSignalSpy changed(view, &ConnectionView::addressMapChanged);
        view->context().showAddresses(id->bytes());
        auto *dialog = view->findChild<AddressDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        dialog->findChild<QLineEdit *>(u"mapPlace"_s)->setText(m_cluster->address(1));
        dialog->findChild<QPushButton *>(u"applyPlace"_s)->click();
        QCOMPARE(changed.size(), 1);
        QCOMPARE(view->target().addressMap.size(), 1);
        QCOMPARE(view->target().environment, EnvironmentKind::Staging);
        QTRY_VERIFY(view->view()->node(id->bytes())->reach.state == Reach::State::Ready);
    }

    /// The dialog may be closed during a connection test, and the session may end before the dialog.
    void itClosesAtAnyMoment()
    {
        CoreThread thread;
        const Theme theme(Theme::Mode::Dark);
        auto door = std::make_unique<SessionDoor>(thread, m_cluster->target({0}));
        auto dialog = std::make_unique<AddressDialog>(theme, *door);
        QTRY_COMPARE(dialog->model().rowCount(), 3);
        dialog->testAll();
        dialog.reset();
        dialog = std::make_unique<AddressDialog>(theme, *door);
        dialog->show();
        dialog->testAll();
        door.reset();
        QVERIFY(!dialog->isVisible());
    }

private:
    std::unique_ptr<TestCluster> m_cluster;
};

SLOTSCOPE_TEST(TestAddressDialog)
#include "tst_addressdialog.moc"
