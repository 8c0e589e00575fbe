// SPDX-License-Identifier: GPL-3.0-or-later
// A whole cluster into the tree, through the core thread as the window has it:   bench_keys URI
// Prints milliseconds from the start of the scan to the finished tree, keys, kilobytes of resident memory that came on
// top, bytes of it beside those of a key, and the longest time in milliseconds that the GUI thread was held up.
#include "core/base/errortext.h"
#include "core/keys/keystore.h"
#include "core/models/keyrowsmodel.h"
#include "core/session/corethread.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QTimer>

#include <cstdio>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

namespace {

qint64 residentKilobytes()
{
    QFile file(u"/proc/self/status"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : file.readAll().split('\n'))
        if (line.startsWith("VmRSS:"))
            return line.mid(6).trimmed().split(' ').front().toLongLong();
    return 0;
}

/// Measures the longest time, in ms, during which the event loop handled no events.
class Stalls final : public QObject
{
public:
    Stalls()
    {
        m_timer.callOnTimeout([this] { m_worst = std::max(m_worst, m_since.restart() - 1); });
        m_since.start();
        m_timer.start(1);
    }
    void reset() { m_worst = 0; }
    [[nodiscard]] qint64 worst() const { return m_worst; }

private:
    QTimer m_timer;
    QElapsedTimer m_since;
    qint64 m_worst = 0;
};

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    if (argc < 2)
        return 2;
    const auto target = ConnectionTarget::parse(QString::fromLocal8Bit(argv[1]));
    if (!target)
        return 2;
    CoreThread thread;
    SessionDoor door(thread, *target);
    KeyStore store;
    store.setDelimiters({":"_ba});
    KeyRowsModel model(store);
    Stalls stalls;
    QElapsedTimer time;
    qint64 before = 0;
    bool started = false;
    const auto print = [&](qint64 ms) {
        const qint64 added = residentKilobytes() - before;
        const KeySnapshot &snapshot = *store.snapshot();
        quint64 own = 0;
        for (quint32 place = 0; place < snapshot.sorted->size(); ++place)
            own += quint64(snapshot.keys.at((*snapshot.sorted)[place]).size());
        const double keys = std::max(1.0, double(store.progress().seen));
        std::printf("%lld %llu %lld %.1f %lld\n", ms, store.progress().seen, added,
                    (double(added) * 1024 - double(own)) / keys, stalls.worst());
        QCoreApplication::quit();
    };
    QObject::connect(&door, &SessionDoor::viewChanged, &app, [&](const ClusterViewPtr &view) {
        if (started || (view->cluster && !view->agreed) || view->shards.empty())
            return;
        started = true;
        before = residentKilobytes();
        stalls.reset();
        time.start();
        store.start(door, {});
    });
    QObject::connect(&model, &KeyRowsModel::rebuilt, &app, [&] {
        if (!started || store.progress().state != ScanProgress::State::Done)
            return;
        const qint64 ms = time.elapsed();
        // waits until memory that was only needed during the scan is freed
        QTimer::singleShot(500, &app, [&, ms] { print(ms); });
    });
    return QCoreApplication::exec();
}
