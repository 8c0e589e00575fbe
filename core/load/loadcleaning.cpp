// SPDX-License-Identifier: GPL-3.0-or-later
// Keys of a load test are removed by name: its own names are known, so nothing is searched and nothing else is touched.
#include "core/base/clock.h"
#include "core/base/tr.h"
#include "core/cluster/samecluster.h"
#include "core/load/loadrun.h"

#include <QCoro/QCoroTimer>

#include <algorithm>

namespace slotscope {

namespace {

constexpr int connectsForMs = 10'000, pauseMs = 500;

} // namespace

QCoro::Task<> LoadGenerator::removeKeys(Session session, RunPtr run)
{
    LoadReport &report = run->report;
    if (run->leaveKeys || !session)
        co_return;
    if (run->phase == LoadState::Phase::Preparing && !run->onlyCleans) { // nothing was sent, so there are no keys
        run->recordFile.close();
        if (const Result<> gone = LoadStore::remove(run->record.path); !gone)
            report.problem = gone.error();
        co_return;
    }
    run->removing = true;
    const std::optional<Error> unrecorded = whyNotSent(*run, LoadState::Phase::Removing);
    const qint64 until = steadyMs() + connectsForMs;
    // without any connection, try for a while to connect again
    while (run->links.empty() && !unrecorded && !run->leaveKeys && session) {
        co_await connectAll(session, run);
        if (!run->links.empty() || steadyMs() > until)
            break;
        QTimer pause;
        pause.start(pauseMs);
        co_await pause;
    }
    const bool began = !run->links.empty() && !unrecorded && !run->leaveKeys && session;
    LoadCount all; // counts only the removal, not earlier phases
    if (began) {
        co_await phase(session, run, LoadState::Phase::Removing);
        for (const LoadCount &each : run->tally.nodes)
            all.merge(each);
        all.merge(run->tally.nobody);
    }
    const qint64 names = run->record.keys * run->record.kinds.size();
    report.removed = began ? run->tally.removed : 0;
    report.cleaned = began && all.ok >= names && all.errorSum() == 0;
    report.left = report.cleaned ? 0 : std::max<qint64>(1, names - all.ok);
    if (report.cleaned) {
        run->recordFile.close();
        if (const Result<> gone = LoadStore::remove(run->record.path); !gone)
            report.problem = gone.error();
        co_return;
    }
    if (unrecorded) {
        report.problem = unrecorded;
    } else if (!report.problem) {
        QString why = tr("stopped");
        if (!all.errors.isEmpty())
            why = loadErrorWords(all.errors.cbegin().key());
        else if (!run->leaveKeys)
            why = tr("no connection to a node");
        report.problem = Error{.code = run->leaveKeys ? Error::Code::Cancelled : Error::Code::InvalidArgument,
                               .detail = tr("not all keys of the test were deleted (%1): the load test offers to "
                                            "delete them again, and so does load --clean")
                                             .arg(why),
                               .serverPrefix = {},
                               .node = {},
                               .command = {}};
    }
}

QCoro::Task<Result<QList<LoadRecord>>> LoadGenerator::left(bool kept) const
{
    if (!m_session || !m_session->view())
        co_return failure(Error::Code::Cancelled);
    QList<LoadRecord> found = LoadStore().left(nodeIdsOf(*m_session->view()), m_session->target().seedsText());
    if (!kept)
        found.removeIf([](const LoadRecord &record) { return record.kept; });
    co_return Result<QList<LoadRecord>>(found);
}

QCoro::Task<Result<QStringList>> LoadGenerator::unreadable()
{
    co_return Result<QStringList>(LoadStore().unreadable());
}

QCoro::Task<Result<QList<StoredLoad>>> LoadGenerator::stored() const
{
    if (!m_session || !m_session->view())
        co_return failure(Error::Code::Cancelled);
    const QList<StoredLoad> found =
        LoadStore().list(nodeIdsOf(*m_session->view()), m_session->target().title(), m_session->target().seedsText());
    co_return Result<QList<StoredLoad>>(found);
}

QCoro::Task<Result<LoadReportPtr>> LoadGenerator::readReport(QString path)
{
    auto read = LoadStore::read(path);
    if (!read)
        co_return failure(read.error());
    const LoadReportPtr report = std::make_shared<const LoadReport>(std::move(*read));
    co_return Result<LoadReportPtr>(report);
}

QCoro::Task<Result<qint64>> LoadGenerator::clean(LoadRecord record, UserConsent consent)
{
    const Session session = m_session;
    if (!session)
        co_return failure(Error::Code::Cancelled);
    if (m_run && m_run->active)
        co_return failure(Error::Code::Busy, tr("a load test is running"));
    if (record.database != session->target().database)
        co_return failure(Error::Code::InvalidArgument,
                          tr("the keys are in database %1: connect to that database").arg(record.database));
    const GateVerdict whole = session->judgeLoad();
    const GateVerdict verdict = co_await session->judge(commandOf("UNLINK", "key"), GateLink::Own);
    if (!session)
        co_return failure(Error::Code::Cancelled);
    for (const GateVerdict &each : {whole, verdict})
        if (!each.isAllowedWith(consent))
            co_return failure(consentError(each, commandOf("UNLINK", "key")));
    const auto run = std::make_shared<Run>();
    run->onlyCleans = run->active = run->makesKeys = run->removing = true;
    run->renamed = session->target().renamed;
    run->phase = LoadState::Phase::Preparing;
    run->record = record;
    run->spec.prefix = record.prefix;
    run->spec.tags = record.tags;
    run->spec.keys = std::max<qint64>(1, record.keys);
    run->spec.clients = 4;
    run->title = session->target().title();
    run->seeds = session->target().seedsText();
    run->user = session->target().credentials.user;
    run->database = record.database;
    if (m_run)
        run->shown = m_run->shown;
    const LoadReportPtr shown = run->shown;
    m_run = run;
    const Result<> connected = co_await connectAll(session, run);
    if (connected)
        co_await removeKeys(session, run);
    finish(run);
    run->shown = shown;
    if (!connected)
        co_return failure(connected.error());
    if (!run->report.cleaned)
        co_return failure(run->report.problem.value_or(Error{}));
    co_return Result<qint64>(run->report.removed);
}

} // namespace slotscope
