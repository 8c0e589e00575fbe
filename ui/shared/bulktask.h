// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/jobcontrol.h"
#include "core/session/remote.h"

#include <QFuture>
#include <QPointer>

#include <functional>
#include <memory>

namespace slotscope {

/// A job with many keys as the strip runs it: what it is called, and how it is begun and held.
struct BulkTask
{
    using Sink = std::shared_ptr<BatchSink<BulkProgress>>;

    QString title; ///< "Delete 48,210 keys"
    QString changedWords; ///< "%1 written"; empty: not said
    QString untouchedWords; ///< "%1 were gone already"
    QString connection; ///< whose consent is asked for; empty: that of the page
    qint64 total = -1; ///< keys; -1: not known before the end
    /// The sessions that the job uses: they stay open until it has ended, whatever becomes of their tabs.
    QList<std::shared_ptr<SessionDoor>> doors;
    std::function<QFuture<Result<BulkProgress>>(Sink, UserConsent)> run;
    std::function<void()> pause, goOn, stop;
    QPointer<QObject> owner; ///< atEnd and replace are called only while it exists
    std::function<void(const BulkProgress &)> atEnd; ///< null: nothing is to be done then
    /// Begins anew for the keys that the target has already, which are replaced; null: not offered.
    std::function<void(const QByteArrayList &)> replace;
};

/// A task that a `Job` (a KeyJob with run(request, sink, consent)) does. The service is made at once, of this session.
/// `prepare` (Request &) is called on the session's thread before each run.
template <typename Job, typename Request, typename Prepare>
[[nodiscard]] BulkTask bulkTask(const std::shared_ptr<SessionDoor> &door, Request request, Prepare prepare)
{
    const auto job = std::make_shared<Remote<Job>>(*door);
    BulkTask task;
    task.doors = {door};
    task.run = [job, request = std::move(request), prepare = std::move(prepare)](BulkTask::Sink sink,
                                                                                 UserConsent consent) {
        return job->template call<BulkProgress>([=](Job &service) {
            Request prepared = request;
            prepare(prepared);
            return service.run(prepared, sink, consent);
        });
    };
    task.pause = [job] { job->tell([](Job &service) { service.pause(); }); };
    task.goOn = [job] { job->tell([](Job &service) { service.goOn(); }); };
    task.stop = [job] { job->tell([](Job &service) { service.stop(); }); };
    return task;
}
template <typename Job, typename Request>
[[nodiscard]] BulkTask bulkTask(const std::shared_ptr<SessionDoor> &door, Request request)
{
    return bulkTask<Job>(door, std::move(request), [](Request &) {});
}

} // namespace slotscope
