// SPDX-License-Identifier: GPL-3.0-or-later
#include "framelog.h"

#include "ui/shared/page.h"
#include "ui/shell/connectionview.h"
#include "ui/shell/mainwindow.h"

#include <QEvent>
#include <QFile>

#include <cstdio>
#include <ctime>
#include <unistd.h>

namespace slotscope {

namespace {

constexpr int lookMs = 50;
constexpr int settleMs = 3000; // waits for key counts and a few refreshes, which are part of the window's content

/// Milliseconds since the start of the process according to the kernel, so that loading the program is included.
qint64 processAgeMs()
{
    QFile stat(QStringLiteral("/proc/self/stat"));
    if (!stat.open(QIODevice::ReadOnly))
        return -1;
    const QByteArray text = stat.readAll();
    // the second field is the program's name in parentheses and may contain spaces; the 22nd is the start time in ticks
    // since boot
    const QByteArrayList fields = text.mid(text.lastIndexOf(')') + 2).split(' ');
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    const qint64 startMs = fields.value(19).toLongLong() * 1000 / sysconf(_SC_CLK_TCK);
    return qint64(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000 - startMs;
}

qint64 residentMegabytes()
{
    QFile statm(QStringLiteral("/proc/self/statm"));
    if (!statm.open(QIODevice::ReadOnly))
        return -1;
    return statm.readAll().split(' ').value(1).toLongLong() * sysconf(_SC_PAGESIZE) / (1024 * 1024);
}

void print(const char *name, qint64 figure)
{
    std::printf("%s %lld\n", name, static_cast<long long>(figure));
    std::fflush(stdout);
}

} // namespace

void FrameLog::watch(MainWindow &window)
{
    if (qEnvironmentVariableIsSet("SLOTSCOPE_FRAME_LOG"))
        new FrameLog(window);
}

FrameLog::FrameLog(MainWindow &window) : QObject(&window), m_window(window)
{
    window.installEventFilter(this);
    connect(&m_looks, &QTimer::timeout, this, &FrameLog::look);
    m_looks.start(lookMs);
}

bool FrameLog::eventFilter(QObject *watched, QEvent *event)
{
    if (!m_framed && event->type() == QEvent::Paint) {
        m_framed = true;
        // the other widgets are painted and the frame is sent before the event loop turns again
        QTimer::singleShot(0, this, [] { print("first-frame", processAgeMs()); });
    }
    return QObject::eventFilter(watched, event);
}

void FrameLog::look()
{
    const ConnectionView *view = m_window.currentConnection();
    const Page *page = view ? view->currentPage() : nullptr;
    if (!page || !page->isFilled())
        return;
    m_looks.stop();
    print("filled", processAgeMs());
    QTimer::singleShot(settleMs, this, [] { print("resident", residentMegabytes()); });
}

} // namespace slotscope
