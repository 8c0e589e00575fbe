// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/renamejob.h"

#include "core/base/tr.h"
#include "core/cluster/slot.h"
#include "core/session/keyowner.h"
#include "core/values/valueeditor.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int sideBySide = 16;

struct RenameRun
{
    QPointer<ClusterSession> session;
    RenameRequest request;
    UserConsent consent = UserConsent::None;
    std::shared_ptr<JobControl> control;
    bool isCluster = false;
    qsizetype next = 0;
};
using RenameRunPtr = std::shared_ptr<RenameRun>;

Error noSuchBeginning(const QByteArray &beginning)
{
    return {.code = Error::Code::InvalidArgument,
            .detail = tr("its name does not begin with %1").arg(QString::fromLatin1(quoted(beginning))),
            .serverPrefix = {},
            .node = {},
            .command = {}};
}

QCoro::Task<> renameKey(RenameRunPtr run, QByteArray key)
{
    if (!key.startsWith(run->request.from)) {
        run->control->fail(key, noSuchBeginning(run->request.from));
        co_return;
    }
    const QByteArray name = run->request.to + key.mid(run->request.from.size());
    BulkProgress &progress = run->control->progress;
    if (!run->isCluster || slotOfKey(key) == slotOfKey(name)) {
        const NodeReply told =
            co_await run->session->executeIn(run->request.database, commandOf("RENAMENX", key, name), run->consent);
        if (!told.reply)
            run->control->fail(key, told.reply.error());
        else if (told.reply->toInteger() == 0)
            run->control->leave(key);
        else
            ++progress.changed;
        co_return;
    }
    ValueEditor editor(run->session);
    editor.setDatabase(run->request.database);
    const Result<> copied = co_await editor.copy(key, name, true, run->consent);
    if (copied)
        ++progress.changed;
    else if (copied.error().serverPrefix == "BUSYKEY")
        run->control->leave(key);
    else
        run->control->fail(key, copied.error());
}

QCoro::Task<> renameSome(RenameRunPtr run)
{
    while (run->next < run->request.keys.size()) {
        const QByteArray key = run->request.keys[run->next++];
        const bool goesOn = co_await JobControl::mayGoOn(run->control, 1);
        if (!goesOn || !run->session)
            co_return;
        co_await renameKey(run, key);
        run->control->tell();
    }
}

QCoro::Task<Result<BulkProgress>> runRename(RenameRunPtr run)
{
    const QList<Command> sample{
        {"RENAMENX"_ba, "k"_ba, "k"_ba}, {"RESTORE"_ba, "k"_ba, "0"_ba, ""_ba}, {"UNLINK"_ba, "k"_ba}};
    const Result<> allowed = co_await askGate(run->session, sample, run->consent);
    if (!allowed)
        co_return failure(allowed.error());
    const ClusterViewPtr view = run->session ? run->session->view() : nullptr;
    if (!view)
        co_return failure(Error::Code::NoRoute, tr("the cluster is not connected yet"));
    run->isCluster = view->cluster;
    run->control->begin(run->request.keys.size());
    std::vector<QCoro::Task<>> workers;
    for (int i = 0; i < sideBySide; ++i)
        workers.push_back(renameSome(run));
    for (QCoro::Task<> &worker : workers)
        co_await worker;
    const BulkProgress &progress = run->control->progress;
    run->control->finish(progress.handled() == progress.total ? BulkProgress::State::Done
                                                              : BulkProgress::State::Stopped);
    co_return Result<BulkProgress>(progress);
}

} // namespace

QCoro::Task<Result<BulkProgress>> RenameJob::run(RenameRequest request, std::shared_ptr<BatchSink<BulkProgress>> sink,
                                                 UserConsent consent)
{
    const auto run = std::make_shared<RenameRun>();
    run->session = m_session;
    run->consent = consent;
    run->control = std::make_shared<JobControl>(std::move(sink), request.perSecond);
    run->request = std::move(request);
    m_control = run->control;
    return runRename(run);
}

} // namespace slotscope
