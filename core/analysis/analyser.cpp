// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/analyser.h"

#include "core/analysis/analysisrun.h"

namespace slotscope {

Analyser::~Analyser()
{
    stop();
}

QCoro::Task<Result<AnalysisReportPtr>> Analyser::analyse(AnalysisRequest request, Report tell)
{
    stop();
    const auto run = std::make_shared<AnalysisRun>(m_session, std::move(request), std::move(tell));
    m_run = run;
    co_return co_await AnalysisRun::run(run);
}

QCoro::Task<Result<AnalysisReportPtr>> Analyser::analyse(AnalysisRequest request,
                                                         std::shared_ptr<BatchSink<AnalysisProgress>> sink)
{
    const std::shared_ptr<BatchStream<AnalysisProgress>> told(new BatchStream<AnalysisProgress>(std::move(sink), 2),
                                                              [](QObject *stream) { stream->deleteLater(); });
    Report tell = [told](const AnalysisProgress &now) {
        if (!told->isFull()) // if it is full, the receiver has not even read an earlier report
            std::ignore = told->push(now);
    };
    co_return co_await analyse(std::move(request), std::move(tell));
}

void Analyser::pause()
{
    if (const auto run = m_run.lock())
        run->pause();
}

void Analyser::goOn()
{
    if (const auto run = m_run.lock())
        run->goOn();
}

void Analyser::stop()
{
    if (const auto run = m_run.lock())
        run->stop();
}

} // namespace slotscope
