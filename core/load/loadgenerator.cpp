// SPDX-License-Identifier: GPL-3.0-or-later
// A load test from its beginning to its end. Connections and figures are in loadgeneratorlinks.cpp, the removal of keys
// in loadcleaning.cpp.
#include "core/load/loadgenerator.h"

#include "core/base/clock.h"
#include "core/base/tr.h"
#include "core/cluster/samecluster.h"
#include "core/load/loadrun.h"
#include "core/net/commandwatch.h"

#include <QDateTime>
#include <QRandomGenerator>

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int tickMs = 50;
// values are taken from random data that is longer than the longest value by this much
constexpr int valueSpread = 64 * 1024;

QByteArray randomBytes(qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    LoadDice dice(QRandomGenerator::global()->generate64());
    for (char &each : bytes)
        each = char('a' + dice.below(26));
    return bytes;
}

} // namespace

LoadGenerator::LoadGenerator(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

LoadGenerator::~LoadGenerator()
{
    if (!m_run)
        return;
    m_run->stopped = m_run->leaveKeys = true;
    m_run->timer.stop();
    for (const auto &worker : m_run->workers)
        worker->abandon();
    m_run->workers.clear();
    m_run->phaseDone.complete(false);
}

QCoro::Task<Result<LoadReportPtr>> LoadGenerator::run(LoadSpec spec, UserConsent consent)
{
    const Session session = m_session;
    if (!session)
        co_return failure(Error::Code::Cancelled);
    if (m_run && m_run->active)
        co_return failure(Error::Code::Busy, tr("a load test is running"));
    const auto run = std::make_shared<Run>();
    run->spec = std::move(spec);
    run->active = true;
    run->phase = LoadState::Phase::Preparing;
    const RunPtr before = std::exchange(m_run, run);
    const Result<> prepared = co_await prepare(session, run, consent);
    if (!prepared) {
        run->active = false;
        run->phase = LoadState::Phase::Idle;
        if (before)
            run->shown = before->shown;
        co_return failure(prepared.error());
    }
    co_await work(session, run);
    finish(run);
    co_return Result<LoadReportPtr>(run->shown);
}

/// Checks everything that can be known before anything is written: commands, permissions, key names.
QCoro::Task<Result<>> LoadGenerator::prepare(Session session, RunPtr run, UserConsent consent)
{
    if (const Result<> good = checkedLoad(run->spec); !good)
        co_return failure(good.error());
    for (qsizetype i = 0; i < run->spec.mix.size(); ++i) {
        LoadCommand command = *LoadCommand::of(run->spec.mix[i], int(i), run->spec);
        if (command.hasKey() && !run->kinds.contains(command.kind()))
            run->kinds.append(command.kind());
        const auto filler = run->spec.fill ? command.filler(run->spec) : std::nullopt;
        const bool isThere = filler && std::any_of(run->fillers.begin(), run->fillers.end(), [&](const auto &each) {
                                 return each.kind() == filler->kind();
                             });
        if (filler && !isThere)
            run->fillers.push_back(*filler);
        run->commands.push_back(std::move(command));
    }
    const Result<> allowed = co_await permitted(session, run, consent);
    if (!allowed)
        co_return failure(allowed.error());
    run->title = session->target().title();
    run->seeds = session->target().seedsText();
    run->user = session->target().credentials.user;
    run->database = session->target().database;
    run->renamed = session->target().renamed;
    for (LoadCommand &command : run->commands)
        command.sendAs(run->renamed);
    for (LoadCommand &filler : run->fillers)
        filler.sendAs(run->renamed);
    LoadReport &report = run->report;
    report.runId = QString::number(QRandomGenerator::global()->generate64() >> 16, 36);
    report.cluster = run->title;
    report.seeds = run->seeds;
    report.startedAt = QDateTime::currentMSecsSinceEpoch();
    if (const ClusterViewPtr view = session->view()) {
        const QSet<QByteArray> ids = nodeIdsOf(*view);
        report.clusterNodes = QByteArrayList(ids.begin(), ids.end());
        std::sort(report.clusterNodes.begin(), report.clusterNodes.end());
        if (!view->nodes.empty() && view->nodes.front().info)
            report.version = QString::fromUtf8(view->nodes.front().info->version);
    }
    if (run->spec.prefix.isEmpty())
        run->spec.prefix = "slotscope:load:";
    run->spec.prefix += report.runId.toLatin1() + ':'; // the run id makes sure that nobody else has these names
    if (run->spec.seed == 0)
        run->spec.seed = QRandomGenerator::global()->generate64() | 1;
    report.spec = run->spec;
    run->values = randomBytes(run->spec.mostBytesOfValue + valueSpread);
    if (!run->makesKeys)
        co_return Result<>();
    co_return co_await checkKeys(session, run);
}

/// Asks the gate about the test and each of its commands, and checks that no command uses other keys than its own.
QCoro::Task<Result<>> LoadGenerator::permitted(Session session, RunPtr run, UserConsent consent)
{
    const auto table = co_await session->commands();
    if (!session)
        co_return failure(Error::Code::Cancelled);
    std::vector<LoadCommand> all = run->commands;
    all.insert(all.end(), run->fillers.begin(), run->fillers.end());
    std::vector<Command> examples;
    for (LoadCommand &each : all) {
        const Command example = each.example("key"_ba);
        const CommandSpec *spec = table ? (*table)->find(example) : nullptr;
        const bool isOwnLine = each.kind().startsWith('x');
        if (isOwnLine) {
            const auto keys = table ? (*table)->keysOf(example) : Result<QByteArrayList>(QByteArrayList());
            const bool isSafe = keys && !keys->isEmpty()
                && std::all_of(keys->cbegin(), keys->cend(), [](const QByteArray &key) { return key == "key"; });
            if (!isSafe)
                co_return failure(
                    Error::Code::InvalidArgument,
                    tr("“%1” uses keys other than {key}, or the server does not report which keys it uses")
                        .arg(QString::fromUtf8(each.name())));
            const QByteArray name = example.front().toUpper();
            const bool changesConnection =
                name == "WATCH" || (spec && spec->hasFlag("pubsub") && !name.endsWith("PUBLISH"));
            if (changesConnection)
                co_return failure(
                    Error::Code::InvalidArgument,
                    tr("“%1” changes the state of the connection, so later requests on it would not be comparable")
                        .arg(commandName(example)));
            if (spec && spec->hasFlag("blocking"))
                co_return failure(
                    Error::Code::InvalidArgument,
                    tr("“%1” may block, so its reply time would be meaningless").arg(commandName(example)));
        }
        if (isOwnLine && spec && spec->hasFlag("readonly"))
            for (LoadCommand &own : run->commands)
                if (own.kind() == each.kind())
                    own.setReads(true);
        const bool reads = each.reads() || (isOwnLine && spec && spec->hasFlag("readonly"));
        run->makesKeys = run->makesKeys || !reads;
        examples.push_back(example);
    }
    if (run->makesKeys)
        examples.push_back(commandOf("UNLINK", "key"));
    const GateVerdict whole = session->judgeLoad();
    if (!whole.isAllowedWith(consent))
        co_return failure(consentError(whole, examples.front()));
    for (const Command &example : examples) {
        const GateVerdict verdict = co_await session->judge(example, GateLink::Own);
        if (!session)
            co_return failure(Error::Code::Cancelled);
        if (!verdict.isAllowedWith(consent))
            co_return failure(consentError(verdict, example));
    }
    if (const auto watch = commandWatch())
        if (const auto why = watch->whyNot(examples))
            co_return failure(*why);
    co_return Result<>();
}

/// Checks a few key names, although nobody else has keys with this run id, and that we may remove the keys. Then writes
/// the record.
QCoro::Task<Result<>> LoadGenerator::checkKeys(Session session, RunPtr run)
{
    const LoadKeys keys(run->spec.prefix, run->spec.tags);
    for (const QByteArray &kind : std::as_const(run->kinds)) {
        const std::vector<qint64> places{0, run->spec.keys / 2, run->spec.keys - 1};
        for (const qint64 place : places) {
            const QByteArray name = keys.name(kind, place);
            const Result<Value> reply = co_await session->execute(commandOf("EXISTS", name));
            const Result<Value> there = checked(reply, QString(), u"EXISTS"_s);
            if (!session)
                co_return failure(Error::Code::Cancelled);
            if (!there)
                co_return failure(there.error());
            if (there->toInteger() != 0)
                co_return failure(
                    Error::Code::InvalidArgument,
                    tr("%1 already exists, so the test would change keys that are not its own: start it again")
                        .arg(QString::fromUtf8(name)));
        }
        // no key of this name exists, so this only tests the permission
        const Command removal = commandOf("UNLINK", keys.name(kind, 0));
        const Result<Value> reply = co_await session->execute(removal, UserConsent::NameTyped);
        const Result<Value> removable = checked(reply, QString(), u"UNLINK"_s);
        if (!session)
            co_return failure(Error::Code::Cancelled);
        if (!removable)
            co_return failure(removable.error());
    }
    LoadRecord &record = run->record;
    record.runId = run->report.runId;
    record.cluster = run->title;
    record.seeds = run->seeds;
    record.nodes = run->report.clusterNodes;
    record.startedAt = run->report.startedAt;
    record.database = run->database;
    record.prefix = run->spec.prefix;
    record.tags = run->spec.tags;
    record.keys = run->spec.keys;
    record.kinds = run->kinds;
    record.kept = run->spec.keep;
    auto file = LoadStore().write(record);
    if (!file)
        co_return failure(file.error());
    record.path = file->path();
    run->recordFile = std::move(*file);
    co_return Result<>();
}

QCoro::Task<> LoadGenerator::work(Session session, RunPtr run)
{
    const Result<> done = co_await perform(session, run);
    LoadReport &report = run->report;
    if (!done) {
        report.problem = done.error();
        report.end = LoadReport::End::Failed;
    } else if (run->stopped) {
        report.end = LoadReport::End::Asked;
    } else {
        report.end = run->spec.count > 0 && run->tally.unfinished == 0
                && report.all.ok + report.all.errorSum() >= run->spec.count
            ? LoadReport::End::Count
            : LoadReport::End::Time;
    }
    makeReport(*run);
    if (run->makesKeys && !run->spec.keep)
        co_await removeKeys(session, run);
}

/// Why nothing of the phase may be sent: a mandatory audit log cannot be written. nullopt if it may.
std::optional<Error> LoadGenerator::whyNotSent(const Run &run, LoadState::Phase phase)
{
    const auto watch = commandWatch();
    if (!watch)
        return std::nullopt;
    std::vector<Command> examples;
    if (phase == LoadState::Phase::Removing)
        examples.push_back(commandOf("UNLINK", "key"));
    else
        for (const auto *commands : {&run.fillers, &run.commands})
            for (const LoadCommand &each : *commands)
                examples.push_back(each.example("key"_ba));
    return watch->whyNot(examples);
}

QCoro::Task<Result<>> LoadGenerator::perform(Session session, RunPtr run)
{
    const Result<> connected = co_await connectAll(session, run);
    if (!connected)
        co_return failure(connected.error());
    if (const auto why = whyNotSent(*run, LoadState::Phase::WarmingUp))
        co_return failure(*why);
    if (!run->fillers.empty() && !run->stopped) {
        co_await phase(session, run, LoadState::Phase::Filling);
        LoadCount all;
        for (const LoadCount &each : run->tally.nodes)
            all.merge(each);
        run->report.filled = all.ok;
        if (all.errorSum() > 0 && !run->stopped) {
            const QByteArray kind = all.errors.cbegin().key();
            Error error;
            error.code = kind == "NOPERM" ? Error::Code::NoPermission : Error::Code::ServerError;
            error.detail = tr("the keys to be read could not be written first: %1").arg(loadErrorWords(kind));
            error.serverPrefix = kind;
            error.command = commandName(run->fillers.front().example({}));
            co_return failure(error);
        }
    }
    // check again, because filling may have taken long
    if (const auto why = whyNotSent(*run, LoadState::Phase::WarmingUp))
        co_return failure(*why);
    if (!run->stopped)
        co_await phase(session, run, LoadState::Phase::WarmingUp);
    co_return Result<>();
}

/// Runs a phase: creates workers, gives them the connections, and waits until all replies have arrived.
QCoro::Task<> LoadGenerator::phase(Session session, RunPtr run, LoadState::Phase phase)
{
    if (!session)
        co_return;
    run->phase = phase;
    run->tally = {};
    run->told = {};
    run->slice = {};
    run->doneAt = 0;
    run->phaseStart = loadClock();
    run->sliceStart = run->phaseStart;
    run->tellAt = steadyMs() + 10'000;
    plan(*run, phase);
    for (Run::Link &link : run->links)
        link.worker = -1;
    for (Run::Link &link : run->links) {
        link.worker = qint64(run->workerFor(link.node));
        run->workers[size_t(link.worker)]->add({.socket = link.socket(), .node = link.node, .id = link.id});
    }
    for (const auto &worker : run->workers)
        worker->start();
    run->phaseDone = {};
    const Awaited<bool> done = run->phaseDone.awaited();
    run->timer.disconnect();
    QObject::connect(&run->timer, &QTimer::timeout, &run->timer, [session, weak = std::weak_ptr<Run>(run)] {
        if (const RunPtr held = weak.lock())
            tick(session, held);
    });
    run->timer.start(tickMs);
    Awaited<bool> waiting = done;
    co_await waiting;
    run->timer.stop();
    run->workers.clear();
    tellWatch(*run);
}

void LoadGenerator::stop()
{
    if (!m_run || !m_run->active)
        return;
    if (m_run->removing)
        m_run->leaveKeys = true;
    m_run->stopped = true;
    for (const auto &worker : m_run->workers)
        worker->stop();
}

void LoadGenerator::finish(const RunPtr &run)
{
    run->links.clear();
    run->recordFile.close();
    run->phase = LoadState::Phase::Idle;
    run->active = false;
    makeReport(*run);
    if (run->onlyCleans)
        return;
    if (const auto saved = LoadStore().save(run->report); !saved && !run->report.problem) {
        run->report.problem = saved.error();
        makeReport(*run);
    }
}

LoadState LoadGenerator::state() const
{
    LoadState state;
    if (!m_run)
        return state;
    const Run &run = *m_run;
    state.phase = run.phase;
    state.report = run.shown;
    state.revision = run.revision;
    state.stopping = run.stopped && run.active;
    if (state.phase == LoadState::Phase::WarmingUp && loadClock() >= run.countFrom)
        state.phase = LoadState::Phase::Running;
    LoadCount all;
    for (const LoadCount &each : run.tally.nodes)
        all.sent += each.sent;
    const auto share = [](double part, double whole) { return whole > 0 ? std::clamp(part / whole, 0.0, 1.0) : -1; };
    const double now = double(loadClock());
    switch (state.phase) {
    case LoadState::Phase::Filling:
        state.done = share(double(all.sent), double(run.spec.keys) * double(run.fillers.size()));
        break;
    case LoadState::Phase::Removing:
        state.done = share(double(all.sent), double(run.record.keys) * double(run.record.kinds.size()));
        break;
    case LoadState::Phase::WarmingUp:
        state.done = share(now - double(run.phaseStart), double(run.countFrom - run.phaseStart));
        break;
    case LoadState::Phase::Running:
        state.done = run.end > 0 ? share(now - double(run.countFrom), double(run.end - run.countFrom)) : -1;
        if (run.spec.count > 0)
            state.done = std::max(state.done, share(double(all.sent), double(run.spec.count)));
        break;
    default: state.done = -1;
    }
    return state;
}

QCoro::Task<Result<LoadState>> LoadGenerator::stateNow() const
{
    co_return Result<LoadState>(state());
}

} // namespace slotscope
