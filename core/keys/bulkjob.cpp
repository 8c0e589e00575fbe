// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/bulkjob.h"

#include "core/base/clock.h"
#include "core/base/tr.h"
#include "core/session/keyowner.h"

#include <QCoro/QCoroTimer>

#include <chrono>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int jobKeysAtOnce = 500; // of one node, in one pipeline
constexpr int tellEveryMs = 100;
constexpr auto pauseLook = std::chrono::milliseconds(50);

} // namespace

/// What the coroutines of one job share; it outlives the service where an answer is still on its way.
struct BulkJob::Run
{
    QPointer<ClusterSession> session;
    BulkRequest request;
    UserConsent consent = UserConsent::None;
    BulkProgress progress;
    std::unique_ptr<BatchStream<BulkProgress>> stream;
    bool paused = false, stopping = false;
    qint64 startedAt = 0, toldAt = 0;
    qint64 sent = 0; ///< keys, for the rate

    void tell(bool atOnce)
    {
        const qint64 now = steadyMs();
        if (!stream || (!atOnce && now - toldAt < tellEveryMs))
            return;
        toldAt = now;
        progress.elapsedMs = now - startedAt;
        BulkProgress copy = progress;
        if (!copy.isOver())
            copy.failures.clear(); // they come with the end
        stream->push(std::move(copy));
    }
};

namespace {

using RunPtr = std::shared_ptr<BulkJob::Run>;

Command commandFor(const BulkRequest &request, const QByteArray &key)
{
    switch (request.act) {
    case BulkRequest::Act::Expire:
        if (request.expireAt > 0)
            return {"PEXPIREAT"_ba, key, QByteArray::number(request.expireAt)};
        return {"PEXPIRE"_ba, key, QByteArray::number(request.ttlMs)};
    case BulkRequest::Act::Persist: return {"PERSIST"_ba, key};
    case BulkRequest::Act::Delete: break;
    }
    return {"UNLINK"_ba, key};
}

void count(const RunPtr &run, const QByteArray &key, const Result<Value> &reply)
{
    BulkProgress &progress = run->progress;
    if (reply) {
        (reply->toInteger() > 0 ? progress.changed : progress.untouched) += 1;
    } else {
        ++progress.failed;
        if (progress.failures.size() < BulkProgress::mostFailures)
            progress.failures.append({key, reply.error()});
    }
    run->tell(false);
}

/// False where the job ends.
QCoro::Task<bool> mayGoOn(RunPtr run, qsizetype keys)
{
    for (;;) {
        if (run->stopping || !run->session)
            co_return false;
        const qint64 elapsed = std::max<qint64>(1, steadyMs() - run->startedAt);
        const bool tooFast =
            run->request.perSecond > 0 && double(run->sent) * 1000 / double(elapsed) > double(run->request.perSecond);
        if (!run->paused && !tooFast)
            break;
        co_await QCoro::sleepFor(pauseLook);
    }
    run->sent += keys;
    co_return true;
}

/// One by one, along redirects: what the pipeline could not do.
QCoro::Task<> followUp(RunPtr run, QByteArrayList keys)
{
    for (const QByteArray &key : std::as_const(keys)) {
        const bool goesOn = co_await mayGoOn(run, 0);
        if (!goesOn)
            co_return;
        const NodeReply told =
            co_await run->session->executeIn(run->request.database, commandFor(run->request, key), run->consent);
        count(run, key, told.reply);
    }
}

QCoro::Task<> workThrough(RunPtr run, QByteArray nodeId, QByteArrayList keys)
{
    QByteArrayList again;
    for (qsizetype first = 0; first < keys.size(); first += jobKeysAtOnce) {
        const QByteArrayList part = keys.mid(first, jobKeysAtOnce);
        const bool goesOn = co_await mayGoOn(run, part.size());
        if (!goesOn)
            co_return;
        const Result<NodeLink *> link = co_await run->session->linkTo(nodeId, run->request.database);
        if (!link) {
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
            if (!reply && isPassingRefusal(reply.error()))
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
    run->progress.total = run->request.keys.size();
    run->request.keys.clear();
    run->startedAt = steadyMs();
    std::vector<QCoro::Task<>> parts;
    for (auto part = byOwner.constBegin(); part != byOwner.constEnd(); ++part)
        parts.push_back(part.key().isEmpty() ? followUp(run, part.value())
                                             : workThrough(run, part.key(), part.value()));
    for (QCoro::Task<> &part : parts)
        co_await std::move(part);
    run->progress.state =
        run->progress.handled() == run->progress.total ? BulkProgress::State::Done : BulkProgress::State::Stopped;
    run->progress.elapsedMs = steadyMs() - run->startedAt;
    run->tell(true);
    if (run->stream)
        run->stream->finish();
    co_return Result<BulkProgress>(run->progress);
}

} // namespace

BulkJob::BulkJob(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

BulkJob::~BulkJob()
{
    stop();
}

QCoro::Task<Result<BulkProgress>> BulkJob::run(BulkRequest request, std::shared_ptr<BatchSink<BulkProgress>> sink,
                                               UserConsent consent)
{
    const auto run = std::make_shared<Run>();
    run->session = m_session;
    run->request = std::move(request);
    run->consent = consent;
    if (sink)
        run->stream = std::make_unique<BatchStream<BulkProgress>>(std::move(sink));
    m_run = run;
    return runJob(run);
}

void BulkJob::pause()
{
    if (m_run && !m_run->paused) {
        m_run->paused = true;
        m_run->progress.state = BulkProgress::State::Paused;
        m_run->tell(true);
    }
}

void BulkJob::goOn()
{
    if (m_run && m_run->paused) {
        m_run->paused = false;
        m_run->progress.state = BulkProgress::State::Running;
        m_run->tell(true);
    }
}

void BulkJob::stop()
{
    if (m_run)
        m_run->stopping = true;
}

} // namespace slotscope
