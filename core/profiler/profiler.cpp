// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiler/profiler.h"

#include "core/base/clock.h"
#include "core/base/tr.h"
#include "core/profiler/profilewords.h"
#include "core/session/pacedreading.h"

#include <QDateTime>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int checkEveryMs = 50;
constexpr int pingEveryMs = 100;
constexpr size_t pingsLookedAt = 20; // the last two seconds
constexpr size_t pingsNeeded = 10;
constexpr size_t delaysLookedAt = 10; // delays of our own thread in the last 200 ms
constexpr qint64 unansweredMicroseconds = 500'000;

/// The 90th percentile of these times; -1 if there are too few.
qint64 mostOf(const std::deque<qint64> &times)
{
    if (times.size() < pingsNeeded)
        return -1;
    std::vector<qint64> sorted(times.begin(), times.end());
    const auto at = sorted.begin() + std::ptrdiff_t((sorted.size() * 9 + 9) / 10 - 1);
    std::nth_element(sorted.begin(), at, sorted.end());
    return *at;
}

} // namespace

struct Profiler::Run
{
    struct Watch
    {
        ProfileNode node;
        std::shared_ptr<DedicatedLink> link;
        std::deque<qint64> pings;
        PacedReading pace;
    };
    Run(size_t nodes, ProfileBook::Bounds bounds) : book(nodes, bounds), watches(nodes) { }

    ProfileOrder order;
    ProfileBook book;
    TakeLine taker;
    std::vector<Watch> watches;
    std::deque<qint64> delays; ///< of our own thread
    std::unique_ptr<PingRecorder> pings;
    qint64 begun = 0, ended = 0; ///< steadyMs()
    qint64 startedAt = 0;
    ProfileEnd why = ProfileEnd::None;
    bool isRunning = false;
    QTimer timer;
    std::unique_ptr<QObject> receiver = std::make_unique<QObject>(); ///< context of the signal connections to the links
};

Profiler::Profiler(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

Profiler::~Profiler()
{
    stop();
}

bool Profiler::isRunning() const
{
    return m_run && m_run->isRunning;
}

QCoro::Task<Result<>> Profiler::start(ProfileOrder order)
{
    if (!m_session)
        co_return failure(Error::Code::Cancelled);
    if (order.nodes.isEmpty())
        co_return failure(Error::Code::InvalidArgument, tr("no node was chosen"));
    stop();
    ProfileBook::Bounds bounds;
    bounds.readPerSecond = order.readPerSecond;
    const auto run = std::make_shared<Run>(size_t(order.nodes.size()), bounds);
    run->order = std::move(order);
    run->taker = m_taker;
    run->isRunning = true;
    const RunPtr before = std::exchange(m_run, run);
    const QPointer<ClusterSession> session = m_session;
    const Command command = commandOf("MONITOR");
    const GateVerdict verdict = co_await session->judge(command, GateLink::Own);
    if (!run->isRunning)
        co_return failure(Error::Code::Cancelled);
    if (!verdict.isAllowedWith(run->order.consent)) {
        run->isRunning = false;
        run->startedAt = 0;
        co_return failure(consentError(verdict, command));
    }
    co_return co_await begin(session, run);
}

QCoro::Task<Result<>> Profiler::begin(QPointer<ClusterSession> session, RunPtr run)
{
    if (!session)
        co_return failure(Error::Code::Cancelled);
    const auto table = co_await session->commands();
    if (table)
        run->book.setCommands(*table);
    if (!run->isRunning || !session)
        co_return failure(Error::Code::Cancelled);
    const ClusterViewPtr view = session->view();
    for (size_t i = 0; i < run->watches.size(); ++i) {
        const QByteArray &id = run->order.nodes[qsizetype(i)];
        const NodeState *node = view ? view->node(id) : nullptr;
        run->watches[i].node.id = id;
        run->watches[i].node.name = node ? node->name : QString::fromLatin1(id.left(8));
    }
    run->begun = steadyMs();
    run->startedAt = QDateTime::currentMSecsSinceEpoch();
    run->book.begin(run->begun);
    run->pings = std::make_unique<PingRecorder>(session);
    run->pings->start([raw = run.get()](const PingEvent &event) { takePing(*raw, event); }, pingEveryMs,
                      run->order.nodes);
    QObject::connect(&run->timer, &QTimer::timeout, &run->timer, [raw = run.get()] { check(*raw); });
    run->timer.start(checkEveryMs);
    std::vector<QCoro::Task<>> opening;
    for (size_t i = 0; i < run->watches.size(); ++i)
        opening.push_back(watch(session, run, int(i)));
    for (QCoro::Task<> &each : opening)
        co_await each;
    check(*run);
    co_return Result<>();
}

QCoro::Task<> Profiler::watch(QPointer<ClusterSession> session, RunPtr run, int node)
{
    Run::Watch &watch = run->watches[size_t(node)];
    LinkPool::LeaseOptions options;
    options.listens = true;
    const QByteArray id = watch.node.id;
    Result<std::shared_ptr<DedicatedLink>> link = co_await session->lease(id, options);
    if (!run->isRunning)
        co_return;
    if (!link) {
        watch.node.state = ProfileNode::State::Refused;
        watch.node.problem = link.error();
        co_return;
    }
    watch.link = *link;
    watch.pace.setLink(*link);
    QObject::connect(watch.link.get(), &DedicatedLink::messageReceived, run->receiver.get(),
                     [raw = run.get(), node](const Value &value) { takeValue(*raw, node, value); });
    QObject::connect(watch.link.get(), &DedicatedLink::ended, run->receiver.get(),
                     [raw = run.get(), node](const Error &error) {
                         ProfileNode &ended = raw->watches[size_t(node)].node;
                         if (!raw->isRunning || ended.state == ProfileNode::State::Refused)
                             return;
                         ended.state = ProfileNode::State::Ended;
                         ended.problem = error;
                     });
    Command command = commandOf("MONITOR");
    const std::shared_ptr<DedicatedLink> held = watch.link;
    const QString where = held->endpoint().toString();
    const Connection::Reply reply = co_await held->send(std::move(command));
    if (!run->isRunning)
        co_return;
    const Result<Value> answer = checked(reply, where, u"MONITOR"_s);
    if (answer) {
        if (watch.node.state == ProfileNode::State::Opening)
            watch.node.state = ProfileNode::State::Watched;
        co_return;
    }
    watch.node.state = ProfileNode::State::Refused;
    watch.node.problem = answer.error();
    watch.link.reset();
}

/// Called for each line, up to 100,000 times a second.
void Profiler::takeValue(Run &run, int node, const Value &value)
{
    if (!run.isRunning || value.type() != Value::Type::SimpleString)
        return;
    const QByteArray &bytes = value.bytes();
    if (run.book.count(node, bytes.size(), steadyMs())) {
        const qsizetype most = run.taker ? std::numeric_limits<qsizetype>::max() : ProfileBook::mostOfArgument;
        Result<MonitorLine> line = parseMonitorLine(bytes, most);
        if (!line) {
            run.book.oddLine();
        } else {
            if (run.taker) {
                redact(*line);
                run.taker(node, *line);
            }
            run.book.take(node, std::move(*line));
        }
    }
    if (run.order.lines > 0 && run.book.lines() >= run.order.lines) {
        end(run, ProfileEnd::Lines);
        return;
    }
    run.watches[size_t(node)].pace.took();
}

/// Subtracts our own thread's delay from a ping's time, because the server did not cause it.
void Profiler::takePing(Run &run, const PingEvent &event)
{
    if (event.kind == PingEvent::Kind::Jitter) {
        run.delays.push_back(event.microseconds);
        if (run.delays.size() > delaysLookedAt)
            run.delays.pop_front();
        return;
    }
    const auto found = std::find_if(run.watches.begin(), run.watches.end(),
                                    [&](const Run::Watch &each) { return each.node.id == event.nodeId; });
    if (found == run.watches.end())
        return;
    const qint64 own = run.delays.empty() ? 0 : *std::max_element(run.delays.begin(), run.delays.end());
    const qint64 took = std::max<qint64>(0, event.microseconds - own);
    const bool isStill = event.kind == PingEvent::Kind::Waiting && took > unansweredMicroseconds;
    if (event.kind != PingEvent::Kind::Answered && !isStill)
        return;
    found->pings.push_back(took);
    if (found->pings.size() > pingsLookedAt)
        found->pings.pop_front();
    found->node.pingMicroseconds = isStill ? std::max(took, mostOf(found->pings)) : mostOf(found->pings);
}

void Profiler::check(Run &run)
{
    if (!run.isRunning)
        return;
    using State = ProfileNode::State;
    const bool isAnyLeft = std::any_of(run.watches.begin(), run.watches.end(), [](const Run::Watch &each) {
        return each.node.state == State::Opening || each.node.state == State::Watched;
    });
    const bool isSlow =
        run.order.pingMicroseconds > 0
        && std::any_of(run.watches.begin(), run.watches.end(), [&](const Run::Watch &each) {
               return each.node.state == State::Watched && each.node.pingMicroseconds > run.order.pingMicroseconds;
           });
    if (!isAnyLeft)
        end(run, ProfileEnd::NoNode);
    else if (isSlow)
        end(run, ProfileEnd::Ping);
    else if (run.order.milliseconds > 0 && steadyMs() - run.begun >= run.order.milliseconds)
        end(run, ProfileEnd::Time);
}

/// May be called by a link, so the links are deleted later.
void Profiler::end(Run &run, ProfileEnd why)
{
    if (!std::exchange(run.isRunning, false))
        return;
    run.why = why;
    run.ended = steadyMs();
    run.timer.stop();
    for (Run::Watch &watch : run.watches) {
        if (watch.node.state == ProfileNode::State::Opening || watch.node.state == ProfileNode::State::Watched)
            watch.node.state = ProfileNode::State::Ended;
        if (!watch.link)
            continue;
        watch.link->disconnect(run.receiver.get());
        watch.link->setReading(false);
        QTimer::singleShot(0, run.receiver.get(), [link = std::exchange(watch.link, nullptr)] {
            link->end({.code = Error::Code::Cancelled, .detail = {}, .serverPrefix = {}, .node = {}, .command = {}});
        });
    }
    QTimer::singleShot(0, run.receiver.get(), [raw = &run] { raw->pings.reset(); });
}

void Profiler::stop()
{
    if (m_run)
        end(*m_run, ProfileEnd::Asked);
}

ProfileSnapshot Profiler::look(const ProfileLook &look) const
{
    if (!m_run || m_run->startedAt == 0)
        return {};
    const Run &run = *m_run;
    ProfileSnapshot snapshot = run.book.look(look, run.isRunning ? steadyMs() : run.ended);
    snapshot.isRunning = run.isRunning;
    snapshot.end = run.why;
    snapshot.startedAt = run.startedAt;
    snapshot.ownDelay = run.delays.empty() ? 0 : *std::max_element(run.delays.begin(), run.delays.end());
    for (size_t i = 0; i < run.watches.size(); ++i) {
        snapshot.nodes.push_back(run.watches[i].node);
        snapshot.nodes.back().lines = run.book.linesOf(int(i));
    }
    return snapshot;
}

QCoro::Task<Result<ProfileSnapshot>> Profiler::lookNow(ProfileLook look) const
{
    co_return Result<ProfileSnapshot>(this->look(look));
}

QCoro::Task<Result<QByteArray>> Profiler::written(ProfileFilter filter, bool asJson) const
{
    QByteArray text;
    if (m_run) {
        const std::vector<ProfileLine> lines = m_run->book.newest(filter, std::numeric_limits<size_t>::max());
        for (auto each = lines.rbegin(); each != lines.rend(); ++each) {
            const QString &name = m_run->watches[size_t(each->node)].node.name;
            text += asJson ? jsonLineOf(each->line, name, each->arguments) : textLineOf(each->line, name);
        }
    }
    co_return Result<QByteArray>(text);
}

} // namespace slotscope
