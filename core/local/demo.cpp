// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/local/demo.h"

#include "core/base/border.h"
#include "core/base/underway.h"
#include "core/session/corethread.h"

#include <QPromise>

namespace slotscope {

namespace {

using Outcome = Result<ConnectionTarget>;

QCoro::Task<> run(LocalCluster *cluster, int thousands, std::stop_token stop, std::shared_ptr<bool> busy,
                  std::shared_ptr<QPromise<Outcome>> promise)
{
    const Underway underway;
    *busy = true;
    Result<> started = co_await cluster->start(stop);
    Outcome outcome = failure(Error::Code::Cancelled);
    if (!started) {
        outcome = failure(started.error());
    } else if (!stop.stop_requested()) {
        const auto loaded = co_await cluster->loadSampleData(thousands, stop);
        outcome = loaded ? ConnectionTarget::parse(cluster->uri()) : Outcome(failure(loaded.error()));
        if (outcome)
            outcome->name = QStringLiteral("demo");
    }
    crossBorder();
    promise->addResult(std::move(outcome));
    promise->finish();
    *busy = false;
    if (stop.stop_requested())
        cluster->deleteLater();
}

} // namespace

Demo::Demo(CoreThread &thread, LocalClusterOptions options) : m_cluster(new LocalCluster(std::move(options)))
{
    m_cluster->moveToThread(thread.thread());
    QObject::connect(thread.thread(), &QThread::finished, m_cluster, &QObject::deleteLater);
}

Demo::~Demo()
{
    crossBorder();
    // if the start is in progress, its coroutine still uses the cluster, and deletes it after noticing the stop
    QMetaObject::invokeMethod(
        m_cluster,
        [cluster = m_cluster, stop = m_stop, busy = m_busy]() mutable {
            crossBorder();
            stop.request_stop();
            if (!*busy)
                cluster->deleteLater();
        },
        Qt::QueuedConnection);
}

QFuture<Result<ConnectionTarget>> Demo::start(int thousands)
{
    auto promise = std::make_shared<QPromise<Outcome>>();
    promise->start();
    QFuture<Outcome> future = promise->future();
    crossBorder();
    QMetaObject::invokeMethod(
        m_cluster,
        [cluster = m_cluster, thousands, stop = m_stop.get_token(), busy = m_busy, promise = std::move(promise)] {
            crossBorder();
            run(cluster, thousands, stop, busy, promise);
        },
        Qt::QueuedConnection);
    return future;
}

} // namespace slotscope
