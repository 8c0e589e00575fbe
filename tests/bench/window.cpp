// SPDX-License-Identifier: GPL-3.0-or-later
// Figures of the real window, a name and numbers each line:
//   bench_window slotmap             repainting the slot map
//   bench_window metrics             redrawing the dashboard
//   bench_window watch URI SECONDS   stalls of the GUI thread and load of the core thread while a cluster refreshes
#include "core/session/corethread.h"
#include "core/session/sessiondoor.h"
#include "tests/bench/heartbeat.h"
#include "tests/bench/metrics.h"
#include "tests/support/sampleview.h"
#include "ui/metrics/metricplot.h"
#include "ui/shared/page.h"
#include "ui/shared/theme.h"
#include "ui/shell/connectionview.h"
#include "ui/shell/mainwindow.h"
#include "ui/slots/slotmap.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QGridLayout>
#include <QSettings>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <cstdio>

using namespace slotscope;
using namespace slotscope::bench;
using namespace Qt::Literals::StringLiterals;

namespace {

double coreThreadMs(CoreThread &thread)
{
    double ms = 0;
    QMetaObject::invokeMethod(
        thread.context(), [&ms] { ms = threadMs(); }, Qt::BlockingQueuedConnection);
    return ms;
}

int measureSlotMap()
{
    const Theme theme(Theme::Mode::Dark);
    std::vector<double> times;
    SlotMap map(theme);
    map.resize(900, 800);
    map.show();
    QApplication::processEvents();
    const std::array<ClusterViewPtr, 2> views{samples::thousandNodes(),
                                              // a view with other slot owners, so that everything must be repainted
                                              samples::longNames()};
    for (int i = 0; i < 41; ++i) {
        QElapsedTimer clock;
        clock.start();
        map.setView(views[size_t(i % 2)]);
        map.viewport()->repaint();
        times.push_back(double(clock.nsecsElapsed()) / 1e6);
    }
    std::sort(times.begin(), times.end());
    std::printf("slot map, new view and repaint, 1000 nodes (ms)\t%.2f\t-\t-\n", times[times.size() / 2]);
    return 0;
}

/// Measures a repaint of all plots of the dashboard with one hour of metrics of 100 nodes.
int measureMetrics()
{
    const Theme theme(Theme::Mode::Dark);
    MetricsPicture picture;
    picture.query = bench::wholeHour(MetricGroup::Nodes);
    picture.window = bench::fullRecord(100)->window(picture.query);
    picture.from = picture.query.from;
    picture.to = picture.query.to;
    QWidget board;
    auto *grid = new QGridLayout(&board);
    QList<MetricPlot *> plots;
    for (const PlotSpec &spec : plotSpecs()) {
        plots.append(new MetricPlot(spec, theme, &board));
        grid->addWidget(plots.back(), int(plots.size() - 1) / 3, int(plots.size() - 1) % 3);
    }
    board.resize(1300, 1100);
    board.show();
    QApplication::processEvents();
    std::vector<double> whole, longest;
    for (int i = 0; i < 15; ++i) {
        double slowest = 0, sum = 0;
        for (MetricPlot *plot : plots) {
            const double begun = threadMs(); // thread time does not depend on the machine's other load
            plot->setPicture(picture);
            plot->draw();
            QApplication::processEvents(); // performs the repaint that the plot has requested
            slowest = std::max(slowest, threadMs() - begun);
            sum += threadMs() - begun;
        }
        whole.push_back(sum);
        longest.push_back(slowest);
    }
    std::sort(whole.begin(), whole.end());
    std::sort(longest.begin(), longest.end());
    std::printf("metrics: %d plots drawn anew, 100 nodes, an hour (CPU ms)\t%.1f\t-\t-\n", int(plots.size()),
                whole[whole.size() / 2]);
    std::printf("metrics: the slowest plot of them (CPU ms)\t%.1f\t-\t-\n", longest[longest.size() / 2]);
    return 0;
}

/// Waits until the view contains all nodes and an observation of each.
bool waitForAll(const ConnectionView *view, size_t count)
{
    const QDeadlineTimer deadline(120'000);
    while (!deadline.hasExpired()) {
        const ClusterViewPtr shown = view->view();
        if (shown && shown->nodes.size() >= count && shown->observers >= int(count))
            return true;
        spin(200);
    }
    return false;
}

int watch(const QString &uri, int seconds)
{
    const auto target = ConnectionTarget::parse(uri);
    if (!target)
        return 2;
    QTemporaryDir folder;
    QSettings settings(folder.filePath(u"settings.ini"_s), QSettings::IniFormat);
    Theme theme(Theme::Mode::Dark);
    CoreThread thread;
    MainWindow window(theme, settings);
    window.resize(1440, 900);
    window.show();
    Heartbeat heart;
    heart.restart();
    QElapsedTimer clock;
    clock.start();
    ConnectionView *view = window.openSession(std::make_unique<SessionDoor>(thread, *target));
    if (!waitForAll(view, 1000)) {
        std::fprintf(stderr, "bench_window: 1,000 nodes were not seen in two minutes\n");
        return 1;
    }
    std::printf("connecting to 1000 nodes until all are read (ms)\t%lld\t-\t-\n",
                static_cast<long long>(clock.elapsed()));
    std::printf("longest GUI stall while connecting (ms)\t%.1f\t-\t-\n", heart.longestWall());
    double coreMs = 0;
    qint64 wallMs = 0;
    for (const QString &page : {u"topology"_s, u"slots"_s}) {
        window.showPage(page);
        spin(2000); // the first painting of a page does not count as a refresh
        heart.restart();
        clock.start();
        const double before = coreThreadMs(thread);
        const quint64 revision = view->view()->revision;
        heart.restart();
        spin(seconds * 1000);
        const double wall = heart.longestWall(), work = heart.longestWork();
        coreMs += coreThreadMs(thread) - before;
        wallMs += clock.elapsed();
        const auto views = view->view()->revision - revision;
        std::printf("longest GUI stall, %s, 1000 nodes refresh (ms)\t%.1f\t-\t-\n", qPrintable(page), wall);
        std::printf("    of which the thread worked (ms; %llu views)\t%.1f\t-\t-\n",
                    static_cast<unsigned long long>(views), work);
    }
    std::printf("core thread, 1000 nodes watched (%% of a core)\t%.1f\t-\t-\n", 100 * coreMs / double(wallMs));
    return 0;
}

} // namespace

int main(int argc, char *argv[])
{
    QApplication app(argc, argv);
    const QStringList words = QCoreApplication::arguments();
    if (words.value(1) == u"slotmap")
        return measureSlotMap();
    if (words.value(1) == u"metrics")
        return measureMetrics();
    if (words.value(1) == u"watch" && words.size() == 4)
        return watch(words[2], words[3].toInt());
    std::fprintf(stderr, "bench_window: slotmap | metrics | watch URI SECONDS\n");
    return 2;
}
