// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisreport.h"
#include "core/keys/scanrequest.h"
#include "core/session/batchstream.h"
#include "core/session/clustersession.h"

namespace slotscope {

/// What to analyse, and how thoroughly.
struct AnalysisRequest
{
    ScanRequest scan; ///< which keys, from where; `ceilingMs` also limits the queries about keys
    QString cluster; ///< name of the cluster, for the report
    QList<QByteArray> delimiters{QByteArrayLiteral(":")};
    int samples = 5; ///< elements per key that MEMORY USAGE samples, 1 … 1000
    bool asksIdle = true; ///< query OBJECT IDLETIME, or FREQ with an LFU policy
    /// Asks for the length of keys even where that counts as an access to the key (no CLIENT NO-TOUCH: Redis before
    /// 7.2). If false, such servers are not asked for lengths.
    bool touches = false;
    bool triesValues = true; ///< read some strings of each namespace, and test whether they would compress well
    int heatMs = 3000; ///< how long slot statistics are measured before keys are read; 0: not at all
};

/// Progress of an analysis.
struct AnalysisProgress
{
    enum class Step : quint8 { Heat, Keys, Checks, Files };
    Step step = Step::Heat;
    ScanProgress scan; ///< `seen` counts distinct keys
    qint64 counted = 0, vanished = 0, refused = 0, unread = 0; ///< numbers of keys
    qint64 bytes = 0; ///< bytes of the keys counted
    qint64 elapsedMs = 0;
    bool isPaused = false;
};

class AnalysisRun;

/// Reads all keys of a scope, queries type and size of each, and adds them up. Each node is queried over a separate
/// connection. It gets the next keys only when it has answered, and fewer at once if it takes too long. A service for
/// Remote; lives on the session's thread.
class Analyser final
{
    Q_DISABLE_COPY_MOVE(Analyser)
public:
    using Report = std::function<void(const AnalysisProgress &)>;
    explicit Analyser(QPointer<ClusterSession> session) : m_session(std::move(session)) { }
    ~Analyser();

    /// Returns a report even if the analysis was stopped or nodes could not be read; its outcome says so. Error if
    /// nothing could be read at all. `tell` is called about ten times a second. A running analysis is stopped first.
    [[nodiscard]] QCoro::Task<Result<AnalysisReportPtr>> analyse(AnalysisRequest request, Report tell);
    /// The same for a receiver on another thread.
    [[nodiscard]] QCoro::Task<Result<AnalysisReportPtr>> analyse(AnalysisRequest request,
                                                                 std::shared_ptr<BatchSink<AnalysisProgress>> sink);
    void pause();
    void goOn();
    void stop();

private:
    QPointer<ClusterSession> m_session;
    std::weak_ptr<AnalysisRun> m_run; ///< the current run, which owns its own data
};

} // namespace slotscope
