// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/jobcontrol.h"
#include "core/session/remote.h"

#include <QFuture>
#include <QPointer>

#include <functional>
#include <memory>

namespace slotscope {

/// A bulk job as a strip runs it: its texts, and the functions that start, pause, continue and stop it.
struct BulkTask
{
    using Sink = std::shared_ptr<BatchSink<BulkProgress>>;

    QString title; ///< such as "Delete 48,210 keys"
    QString changedWords; ///< text for changed keys, such as "%1 written"; empty: not shown
    QString untouchedWords; ///< text for untouched keys, such as "%1 were gone already"
    QString connection; ///< title of the connection whose consent is asked for; empty: that of the page
    qint64 total = -1; ///< number of keys; -1: unknown before the end
    /// Sessions that the job uses. They stay open until the job has ended, even if their tabs are closed.
    QList<std::shared_ptr<SessionDoor>> doors;
    std::function<QFuture<Result<BulkProgress>>(Sink, UserConsent)> run;
    std::function<void()> pause, goOn, stop;
    QPointer<QObject> owner; ///< atEnd and replace are called only while this object exists
    std::function<void(const BulkProgress &)> atEnd; ///< called with the last state; null: nothing to do
    /// Starts a new job that replaces keys which exist on the target; null: the user is not offered this.
    std::function<void(const QByteArrayList &)> replace;
};

/// Makes a task from a `Job`, which is a KeyJob with run(request, sink, consent). Its service is created at once, for
/// this session. `prepare` gets the Request & and is called on the session's thread before each run.
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
