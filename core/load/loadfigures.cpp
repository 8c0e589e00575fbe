// SPDX-License-Identifier: GPL-3.0-or-later
// What the workers of a load test have counted becomes a report, and what the audit log is told.
#include "core/base/tr.h"
#include "core/load/loadrun.h"
#include "core/net/commandwatch.h"

#include <algorithm>

namespace slotscope {

namespace {

constexpr qint64 nanosecondsPerSecond = 1'000'000'000;
constexpr qsizetype longestTimeline = 600;

/// Combines each two neighbours: counts are added, and the worse percentile is kept.
QList<LoadSecond> halved(const QList<LoadSecond> &timeline)
{
    QList<LoadSecond> shorter;
    for (qsizetype i = 0; i < timeline.size(); i += 2) {
        LoadSecond one = timeline[i];
        if (i + 1 < timeline.size() && timeline[i + 1].isWarmUp == one.isWarmUp) {
            const LoadSecond &other = timeline[i + 1];
            one.length += other.length;
            one.ok += other.ok;
            one.errors += other.errors;
            one.p50 = std::max(one.p50, other.p50);
            one.p99 = std::max(one.p99, other.p99);
            one.longest = std::max(one.longest, other.longest);
        } else if (i + 1 < timeline.size()) {
            shorter.append(one);
            one = timeline[i + 1];
        }
        shorter.append(one);
    }
    return shorter;
}

} // namespace

/// Adds the figures since the last call as a point of the plots.
void LoadGenerator::cutSlice(Run &run)
{
    const qint64 now = run.doneAt > 0 && run.workers.size() == 1 ? run.doneAt : loadClock();
    LoadSecond second;
    second.at = double(run.sliceStart - run.phaseStart) / double(nanosecondsPerSecond);
    second.isWarmUp = run.sliceStart < run.countFrom;
    second.length = std::max(0.001, double(now - run.sliceStart) / double(nanosecondsPerSecond));
    second.ok = second.isWarmUp ? run.slice.sent : run.slice.ok;
    second.errors = run.slice.errorSum();
    const LoadTimes times = LoadTimes::of(run.slice);
    second.p50 = times.p50;
    second.p99 = times.p99;
    second.longest = times.longest;
    run.slice = {};
    run.sliceStart = now;
    run.report.timeline.append(second);
    if (run.report.timeline.size() >= longestTimeline) {
        run.report.timeline = halved(run.report.timeline);
        run.sliceLength *= 2;
    }
    makeReport(run);
}

/// Reports to CommandWatch how often each command was sent, because no ConnectionWatch sees them.
void LoadGenerator::tellWatch(Run &run)
{
    const auto watch = commandWatch();
    if (!watch)
        return;
    const LoadKeys keys(run.spec.prefix, run.spec.tags);
    const bool fills = run.phase == LoadState::Phase::Filling, cleans = run.phase == LoadState::Phase::Removing;
    for (size_t i = 0; i < run.tally.commands.size(); ++i) {
        const LoadCount &now = run.tally.commands[i];
        const LoadCount before = i < run.told.commands.size() ? run.told.commands[i] : LoadCount();
        if (now.sent == before.sent)
            continue;
        BulkSent sent;
        sent.cluster = run.title;
        sent.seeds = run.seeds;
        sent.address = run.nodes.size() == 1 ? run.nodes.front().name : QString();
        sent.nodeId = run.nodes.size() == 1 ? run.nodes.front().id : QByteArray();
        sent.database = run.database;
        sent.user = run.user;
        sent.count = now.sent - before.sent;
        sent.failed = now.failed - before.failed;
        sent.unknown = now.unknown - before.unknown;
        if (cleans)
            sent.example = commandOf("UNLINK", keys.name(run.record.kinds.value(qsizetype(i)), 0));
        else
            sent.example = (fills ? run.fillers : run.commands)[i].example(
                keys.name((fills ? run.fillers : run.commands)[i].kind(), 0));
        watch->sentInBulk(sent, __FILE__);
    }
    run.told.commands.resize(run.tally.commands.size());
    for (size_t i = 0; i < run.tally.commands.size(); ++i) {
        run.told.commands[i].sent = run.tally.commands[i].sent;
        run.told.commands[i].failed = run.tally.commands[i].failed;
        run.told.commands[i].unknown = run.tally.commands[i].unknown;
    }
}

/// Creates an immutable copy for display. It contains the figures of the measurement, even while keys are being
/// removed.
void LoadGenerator::makeReport(Run &run)
{
    LoadReport &report = run.report;
    if (run.phase == LoadState::Phase::WarmingUp) {
        const auto fill = [](LoadRow &row, const LoadCount &count) {
            row.ok = count.ok;
            row.errors = count.errors;
            row.times = LoadTimes::of(count);
        };
        LoadCount all;
        report.nodes.clear();
        for (size_t i = 0; i < run.nodes.size(); ++i) {
            const LoadCount count = i < run.tally.nodes.size() ? run.tally.nodes[i] : LoadCount();
            const Run::Node &node = run.nodes[i];
            LoadRow row;
            row.id = node.id;
            row.name = node.name;
            row.isReplica = node.isReplica;
            row.connections = node.open;
            row.problem = node.problem;
            fill(row, count);
            all.merge(count);
            report.nodes.append(row);
        }
        if (run.tally.nobody.times.count() > 0) {
            LoadRow row;
            row.name = tr("no node serves the slot");
            fill(row, run.tally.nobody);
            all.merge(run.tally.nobody);
            report.nodes.append(row);
        }
        report.all.name = report.cluster;
        fill(report.all, all);
        report.commands.clear();
        for (size_t i = 0; i < run.commands.size() && i < run.tally.commands.size(); ++i) {
            LoadRow row;
            row.name = QString::fromUtf8(run.commands[i].name());
            fill(row, run.tally.commands[i]);
            report.commands.append(row);
        }
        report.warmUp = run.tally.warmUp;
        report.unfinished = run.tally.unfinished;
        report.redirects = run.tally.redirects;
        report.missed = run.tally.missed;
        report.longestLate = run.tally.longestLate;
        report.generatorBusy = run.tally.busiest;
        const qint64 until = run.doneAt > 0 ? loadCountedUntil(run.doneAt, run.end, run.tally.lastAnswer) : loadClock();
        report.seconds = std::max(0.0, double(until - run.countFrom) / double(nanosecondsPerSecond));
    }
    ++run.revision;
    run.shown = std::make_shared<const LoadReport>(report);
}

} // namespace slotscope
