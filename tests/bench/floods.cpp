// SPDX-License-Identifier: GPL-3.0-or-later
// What the window does with answers that do not end, a name and numbers each line:
//   bench_floods keys URI              KEYS * on every primary, in the console
//   bench_floods monitor URI SECONDS   MONITOR of all nodes, in the profiler
#include "core/session/corethread.h"
#include "core/session/sessiondoor.h"
#include "tests/bench/heartbeat.h"
#include "ui/console/consolepage.h"
#include "ui/console/consoletabview.h"
#include "ui/console/replyview.h"
#include "ui/profiler/profilerpage.h"
#include "ui/shared/theme.h"
#include "ui/shell/connectionview.h"
#include "ui/shell/mainwindow.h"

#include <QApplication>
#include <QComboBox>
#include <QFile>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>

#include <cstdio>
#include <unistd.h>

using namespace slotscope;
using namespace slotscope::bench;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int patienceMs = 60'000;

qint64 residentMegabytes()
{
    QFile file(u"/proc/self/statm"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toLongLong() * sysconf(_SC_PAGESIZE) / (1 << 20);
}

template <typename Condition>
bool await(Condition condition)
{
    QElapsedTimer clock;
    clock.start();
    while (!condition()) {
        if (clock.elapsed() > patienceMs)
            return false;
        QApplication::processEvents(QEventLoop::WaitForMoreEvents, 10);
    }
    return true;
}

int failed(const char *what)
{
    std::fprintf(stderr, "bench_floods: %s\n", what);
    return 1;
}

int keys(ConnectionView *view, MainWindow &window)
{
    window.showPage(u"console"_s);
    auto *page = qobject_cast<ConsolePage *>(view->page(u"console"_s));
    if (!await([page] { return page->isFilled(); }))
        return failed("the console does not open");
    ConsoleTabView *tab = page->currentTab();
    qint64 firstMs = 0, wholeMs = 0, lines = 0;
    spin(2000);
    const qint64 before = residentMegabytes();
    Heartbeat heart;
    const ClusterViewPtr nodes = view->view(); // kept because view->view() is replaced during the loop
    for (const NodeState &node : nodes->nodes) {
        if (!node.primary)
            continue;
        ConsoleAim aim;
        aim.kind = ConsoleAim::Kind::Node;
        aim.nodeId = node.id;
        tab->setAim(aim);
        const size_t blocks = tab->feed().blocks().size();
        heart.restart();
        QElapsedTimer clock;
        clock.start();
        tab->runText("KEYS *"_ba);
        if (!await([&] { return tab->feed().blocks().size() > blocks && tab->feed().blocks().back().lineAt(0); }))
            return failed("no row of KEYS");
        firstMs = std::max(firstMs, clock.elapsed());
        if (!await([&] { return tab->feed().blocks().back().isDone && !tab->isRunning(); }))
            return failed("KEYS does not end");
        wholeMs = std::max(wholeMs, clock.elapsed());
        tab->replies()->scrollToEnd();
        spin(500);
        lines += tab->feed().blocks().back().lineCount();
    }
    std::printf("KEYS * on each primary: keys\t%lld\t-\t-\n", static_cast<long long>(lines));
    std::printf("    first row, slowest node (ms)\t%lld\t-\t-\n", static_cast<long long>(firstMs));
    std::printf("    whole answer, slowest node (ms)\t%lld\t-\t-\n", static_cast<long long>(wholeMs));
    std::printf("    longest GUI stall (ms)\t%.1f\t-\t-\n", heart.longestWall());
    std::printf("    memory of all answers (MB)\t%lld\t-\t-\n", static_cast<long long>(residentMegabytes() - before));
    return 0;
}

int monitor(ConnectionView *view, MainWindow &window, int seconds)
{
    window.showPage(u"profiler"_s);
    auto *page = qobject_cast<ProfilerPage *>(view->page(u"profiler"_s));
    for (QComboBox *limit : {page->findChild<QComboBox *>(u"time"_s), page->findChild<QComboBox *>(u"count"_s),
                             page->findChild<QComboBox *>(u"ping"_s)})
        limit->setCurrentIndex(limit->count() - 1); // the last entry: no limit
    if (!await([page] { return page->startButton()->isEnabled(); }))
        return failed("the profiler cannot start");
    spin(1000);
    const qint64 before = residentMegabytes();
    page->start();
    if (!await([page] { return page->profile().lines > 0; }))
        return failed("not a line of MONITOR");
    spin(1000);
    Heartbeat heart;
    heart.restart();
    const quint64 lines = page->profile().lines, dropped = page->profile().dropped;
    QElapsedTimer clock;
    clock.start();
    spin(seconds * 1000);
    const double passed = double(clock.elapsed()) / 1000;
    const double wall = heart.longestWall(), work = heart.longestWork();
    const ProfileSnapshot profile = page->profile();
    std::printf("MONITOR of all nodes (lines/s)\t%.0f\t-\t-\n", double(profile.lines - lines) / passed);
    std::printf("    counted only (lines/s)\t%.0f\t-\t-\n", double(profile.dropped - dropped) / passed);
    std::printf("    longest GUI stall (ms)\t%.1f\t-\t-\n", wall);
    std::printf("    of which the thread worked (ms)\t%.1f\t-\t-\n", work);
    std::printf("    memory meanwhile (MB)\t%lld\t-\t-\n", static_cast<long long>(residentMegabytes() - before));
    return 0;
}

} // namespace

int main(int argc, char *argv[])
{
    QApplication app(argc, argv);
    const QStringList words = QCoreApplication::arguments();
    const bool areKeys = words.value(1) == u"keys" && words.size() == 3;
    const bool isMonitor = words.value(1) == u"monitor" && words.size() == 4;
    const auto target = ConnectionTarget::parse(areKeys || isMonitor ? words[2] : QString());
    if (!target) {
        std::fprintf(stderr, "bench_floods: keys URI | monitor URI SECONDS\n");
        return 2;
    }
    QTemporaryDir folder;
    QSettings settings(folder.filePath(u"settings.ini"_s), QSettings::IniFormat);
    Theme theme(Theme::Mode::Dark);
    CoreThread thread;
    MainWindow window(theme, settings);
    window.resize(1440, 900);
    window.show();
    ConnectionView *view = window.openSession(std::make_unique<SessionDoor>(thread, *target));
    if (!await([view] { return view->view() && view->view()->nodes.size() >= 3; }))
        return failed("no cluster of three nodes there");
    return areKeys ? keys(view, window) : monitor(view, window, words[3].toInt());
}
