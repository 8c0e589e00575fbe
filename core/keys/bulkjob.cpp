// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/bulkjob.h"

#include "core/base/tr.h"
#include "core/protocol/command.h"
#include "core/session/keyowner.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int jobKeysAtOnce = 500; // keys per pipeline to one node

struct BulkRun
{
    QPointer<ClusterSession> session;
    BulkRequest request;
    UserConsent consent = UserConsent::None;
    std::shared_ptr<JobControl> control;
    bool knowsNx = true; ///< false once a server has refused PEXPIRE with NX
};
using RunPtr = std::shared_ptr<BulkRun>;

Command commandFor(const BulkRequest &request, const QByteArray &key, bool knowsNx = true)
{
    switch (request.act) {
    case BulkRequest::Act::Expire: {
        Command command = request.expireAt > 0 ? commandOf("PEXPIREAT", key, QByteArray::number(request.expireAt))
                                               : commandOf("PEXPIRE", key, QByteArray::number(request.ttlMs));
        if (request.onlyWithoutTtl && knowsNx)
            command.append("NX"_ba);
        return command;
    }
    case BulkRequest::Act::Persist: return {"PERSIST"_ba, key};
    case BulkRequest::Act::Delete: break;
    }
    return {"UNLINK"_ba, key};
}

void count(const RunPtr &run, const QByteArray &key, const Result<Value> &reply)
{
    if (!reply)
        return run->control->fail(key, reply.error());
    BulkProgress &progress = run->control->progress;
    (reply->toInteger() > 0 ? progress.changed : progress.untouched) += 1;
    run->control->tell();
}

/// Whether the error means that the server does not know NX (before Redis 7.0).
bool lacksNx(const RunPtr &run, const Result<Value> &reply)
{
    return run->request.onlyWithoutTtl && !reply && reply.error().detail.contains(u"wrong number of arguments"_s);
}

/// Whether a key has no time to live yet, for servers without NX. If it has one or is gone, it is counted as untouched;
/// after an error, as failed.
QCoro::Task<bool> mayExpire(RunPtr run, QByteArray key)
{
    const NodeReply told =
        co_await run->session->executeIn(run->request.database, commandOf("PTTL", key), UserConsent::None);
    constexpr qint64 livesForEver = -1;
    if (told.reply && told.reply->toInteger() == livesForEver)
        co_return true;
    if (!told.reply)
        run->control->fail(key, told.reply.error());
    else
        count(run, key, Value());
    co_return false;
}

/// Handles keys one by one, following redirects, if the pipeline could not.
QCoro::Task<> followUp(RunPtr run, QByteArrayList keys)
{
    for (const QByteArray &key : std::as_const(keys)) {
        const bool goesOn = co_await JobControl::mayGoOn(run->control, 0);
        if (!goesOn || !run->session)
            co_return;
        if (run->request.onlyWithoutTtl && !run->knowsNx) {
            const bool isFree = co_await mayExpire(run, key);
            if (!run->session)
                co_return;
            if (!isFree)
                continue;
        }
        const NodeReply told = co_await run->session->executeIn(
            run->request.database, commandFor(run->request, key, run->knowsNx), run->consent);
        count(run, key, told.reply);
    }
}

QCoro::Task<> workThrough(RunPtr run, QByteArray nodeId, QByteArrayList keys)
{
    QByteArrayList again;
    for (qsizetype first = 0; first < keys.size(); first += jobKeysAtOnce) {
        const QByteArrayList part = keys.mid(first, jobKeysAtOnce);
        const bool goesOn = co_await JobControl::mayGoOn(run->control, part.size());
        if (!goesOn || !run->session)
            co_return;
        const Result<NodeLink *> link = co_await run->session->linkTo(nodeId, run->request.database);
        if (!link) {
            again += part;
            continue;
        }
        if (!run->knowsNx) {
            again += part;
            continue;
        }
        const QString node = (*link)->endpoint().toString();
        std::vector<Command> commands;
        for (const QByteArray &key : part)
            commands.push_back(commandFor(run->request, key));
        const auto replies = co_await (*link)->sendAll(commands);
        if (!replies) {
            again += part;
            continue;
        }
        for (qsizetype i = 0; i < part.size(); ++i) {
            const Result<Value> reply = checked((*replies)[size_t(i)], node, commandName(commands[size_t(i)]));
            if (lacksNx(run, reply))
                run->knowsNx = false;
            if (lacksNx(run, reply) || (!reply && isPassingRefusal(reply.error())))
                again.append(part[i]);
            else
                count(run, part[i], reply);
        }
    }
    co_await followUp(run, again);
}

QCoro::Task<Result<BulkProgress>> runJob(RunPtr run)
{
    QList<Command> sample;
    sample.append(commandFor(run->request, QByteArray()));
    const Result<> allowed = co_await askGate(run->session, sample, run->consent);
    if (!allowed)
        co_return failure(allowed.error());
    const ClusterViewPtr view = run->session ? run->session->view() : nullptr;
    if (!view)
        co_return failure(Error::Code::NoRoute, tr("the cluster is not connected yet"));
    QHash<QByteArray, QByteArrayList> byOwner;
    for (const QByteArray &key : std::as_const(run->request.keys))
        byOwner[ownerOfKey(*view, key)].append(key);
    run->control->begin(run->request.keys.size());
    run->request.keys.clear();
    std::vector<QCoro::Task<>> parts;
    for (auto part = byOwner.constBegin(); part != byOwner.constEnd(); ++part)
        parts.push_back(part.key().isEmpty() ? followUp(run, part.value())
                                             : workThrough(run, part.key(), part.value()));
    for (QCoro::Task<> &part : parts)
        co_await std::move(part);
    const bool isDone = run->control->progress.handled() == run->control->progress.total;
    run->control->finish(isDone ? BulkProgress::State::Done : BulkProgress::State::Stopped);
    co_return Result<BulkProgress>(run->control->progress);
}

} // namespace

QCoro::Task<Result<BulkProgress>> BulkJob::run(BulkRequest request, std::shared_ptr<BatchSink<BulkProgress>> sink,
                                               UserConsent consent)
{
    const auto run = std::make_shared<BulkRun>();
    run->session = m_session;
    run->control = std::make_shared<JobControl>(std::move(sink), request.perSecond);
    run->request = std::move(request);
    run->consent = consent;
    m_control = run->control;
    return runJob(run);
}

} // namespace slotscope
