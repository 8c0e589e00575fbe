// SPDX-License-Identifier: GPL-3.0-or-later
// The observing half of a drill, and its report. The probe: drillprobe.cpp.
#include "core/operations/run/drillwatch.h"

#include "core/base/clock.h"
#include "core/base/underway.h"

#include <QCoro/QCoroTimer>
#include <QDateTime>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int observeEveryMs = 100, observeManyMs = 500;
constexpr size_t manyNodes = 100;
constexpr int answerWithinMs = 1000;
constexpr int openAgainMs = 200;
constexpr int reportEveryMs = 250;

} // namespace

DrillWatch::DrillWatch(DrillPlan plan, std::shared_ptr<ClusterSession> session, QString title)
    : m_plan(std::move(plan))
    , m_session(std::move(session))
    , m_title(std::move(title))
    , m_recorder(m_plan)
    , m_pollMs(m_session->view() && m_session->view()->nodes.size() > manyNodes ? observeManyMs : observeEveryMs)
{
    for (const DrillLane &lane : std::as_const(m_plan.lanes)) {
        m_lanes.push_back(std::make_unique<Lane>());
        m_lanes.back()->plan = lane;
        m_lanes.back()->target = lane.primary;
    }
}

void DrillWatch::start(const Ptr &self, std::function<void()> changed)
{
    constexpr int tickMs = 10; // half of the interval between two writes
    self->m_changed = std::move(changed);
    const std::weak_ptr<DrillWatch> weak = self;
    const qint64 now = steadyMs();
    for (const auto &lane : self->m_lanes)
        lane->nextDue = now;
    self->m_timer.setTimerType(Qt::PreciseTimer);
    QObject::connect(&self->m_timer, &QTimer::timeout, &self->m_timer, [weak] {
        if (const Ptr alive = weak.lock())
            alive->tick(alive);
    });
    QObject::connect(&self->m_reports, &QTimer::timeout, &self->m_reports, [weak] {
        if (const Ptr alive = weak.lock(); alive && alive->m_changed)
            alive->m_changed();
    });
    self->m_timer.start(tickMs);
    self->m_reports.start(reportEveryMs);
    const QList<QByteArray> observers = self->m_plan.observers.keys();
    for (const QByteArray &node : observers)
        observe(self, node);
}

void DrillWatch::close()
{
    m_closed = true;
    m_timer.stop();
    m_reports.stop();
    m_changed = nullptr;
    m_endedAt = m_endedAt > 0 ? m_endedAt : steadyMs();
    for (const auto &lane : m_lanes)
        lane->link = lane->waitLink = nullptr;
}

QCoro::Task<> DrillWatch::observe(Ptr self, QByteArray node)
{
    const Underway underway;
    std::shared_ptr<DedicatedLink> link;
    std::vector<Command> questions;
    questions.push_back(commandOf("CLUSTER", "NODES"));
    questions.push_back(commandOf("INFO", "replication"));
    while (!self->m_closed) {
        const qint64 asked = steadyMs();
        if (!link || !link->isOpen()) {
            const LinkPool::LeaseOptions options;
            auto leased = co_await self->m_session->lease(node, options);
            if (self->m_closed)
                break;
            if (!leased) {
                self->m_recorder.silent(node, asked, steadyMs());
                co_await QCoro::sleepFor(std::chrono::milliseconds(openAgainMs));
                continue;
            }
            link = *leased;
        }
        const qint64 sent = steadyMs();
        const Connection::Replies replies = co_await link->sendAll(questions, answerWithinMs);
        const qint64 now = steadyMs();
        if (self->m_closed)
            break;
        if (!replies) {
            self->m_recorder.silent(node, sent, now);
        } else {
            if (const auto table = parseClusterNodes((*replies)[0].bytes()); table && !(*replies)[0].isError())
                self->m_recorder.take(node, sent, now, *table);
            if (!(*replies)[1].isError())
                self->m_recorder.takeReplication(node, now, (*replies)[1].bytes());
        }
        const qint64 left = self->m_pollMs - (steadyMs() - sent);
        co_await QCoro::sleepFor(std::chrono::milliseconds(std::max<qint64>(1, left)));
    }
}

void DrillWatch::did(DrillEvent::Kind kind, const DrillTarget &target)
{
    const qint64 now = steadyMs();
    if (kind == DrillEvent::Kind::Begun && m_wallAtLoss == 0) {
        m_wallAtLoss = QDateTime::currentMSecsSinceEpoch();
        for (const auto &lane : m_lanes)
            lane->tally.forgetErrors();
    }
    if (kind == DrillEvent::Kind::HandingBack && m_backAt == 0)
        m_backAt = now;
    m_recorder.did(kind, target, now);
}

void DrillWatch::withdraw(const DrillTarget &target)
{
    m_recorder.withdraw(target);
    if (m_recorder.begunAt() == 0)
        m_wallAtLoss = 0;
}

bool DrillWatch::hasBegun(const QByteArray &target) const
{
    const QList<DrillEvent> &events = m_recorder.events();
    return std::any_of(events.cbegin(), events.cend(), [&target](const DrillEvent &event) {
        return event.kind == DrillEvent::Kind::Begun && event.node == target;
    });
}

DrillReport DrillWatch::report() const
{
    DrillReport report;
    const qint64 now = m_endedAt > 0 ? m_endedAt : steadyMs();
    const qint64 begun = m_recorder.begunAt() > 0 ? m_recorder.begunAt() : now;
    report.title = m_title;
    report.cluster = m_session->target().title();
    report.way = m_plan.spec.way;
    report.startedAt = m_wallAtLoss;
    report.endedAt = now - begun;
    report.over = m_over;
    report.pollMs = m_pollMs;
    report.nodeTimeoutMs = m_plan.nodeTimeoutMs;
    report.observers = m_plan.observers.values();
    report.observers.sort();
    report.events = m_recorder.events();
    for (DrillEvent &event : report.events) {
        event.at -= begun;
        event.since -= begun;
    }
    std::stable_sort(report.events.begin(), report.events.end(),
                     [](const DrillEvent &a, const DrillEvent &b) { return a.at < b.at; });
    for (const auto &lane : m_lanes)
        report.lanes.append(lane->tally.report(lane->plan, begun, m_backAt, now));
    report.offsets = m_recorder.offsets();
    for (DrillOffsets &offsets : report.offsets)
        offsets.formerAt -= begun;
    report.keysRemoved = m_keysRemoved;
    return report;
}

} // namespace slotscope
