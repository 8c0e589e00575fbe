// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisreport.h"
#include "core/keys/scanrequest.h"
#include "core/session/batchstream.h"
#include "core/session/clustersession.h"

namespace slotscope {

/// What is to be analysed, and how thoroughly.
struct AnalysisRequest
{
    ScanRequest scan; ///< which keys, from where; `ceilingMs` holds for the questions about keys too
    QString cluster; ///< its name, for the report
    QList<QByteArray> delimiters{QByteArrayLiteral(":")};
    int samples = 5; ///< elements of a key that MEMORY USAGE looks at, 1 … 1000
    bool asksIdle = true; ///< OBJECT IDLETIME, or FREQ under an LFU policy
    /// Asks for the length of keys even where that counts as an access to the key (no CLIENT NO-TOUCH: Redis before
    /// 7.2). If false, such servers are not asked for lengths.
    bool touches = false;
    bool triesValues = true; ///< reads a few strings of each namespace and tries whether they would shrink
    int heatMs = 3000; ///< how long the slots' own figures are looked at before the keys are read; 0: not
};

/// How far it has come.
struct AnalysisProgress
{
    enum class Step : quint8 { Heat, Keys, Checks, Files };
    Step step = Step::Heat;
    ScanProgress scan; ///< `seen`: distinct keys
    qint64 counted = 0, vanished = 0, refused = 0, unread = 0; ///< keys
    qint64 bytes = 0; ///< of those counted
    qint64 elapsedMs = 0;
    bool isPaused = false;
};

class AnalysisRun;

/// Reads all keys of a scope, asks what each is and how large, and adds it up. Each node is asked over a connection of
/// its own, with the next keys only when it has answered, and fewer at once where that takes it longer than it may. A
/// service for Remote; lives on the session's thread.
class Analyser final
{
    Q_DISABLE_COPY_MOVE(Analyser)
public:
    using Report = std::function<void(const AnalysisProgress &)>;
    explicit Analyser(QPointer<ClusterSession> session) : m_session(std::move(session)) { }
    ~Analyser();

    /// A report also where it was stopped, or nodes could not be read: its outcome says so. Error where nothing could
    /// be read at all. `tell` is called some ten times a second. One that runs is stopped first.
    [[nodiscard]] QCoro::Task<Result<AnalysisReportPtr>> analyse(AnalysisRequest request, Report tell);
    /// The same for another thread.
    [[nodiscard]] QCoro::Task<Result<AnalysisReportPtr>> analyse(AnalysisRequest request,
                                                                 std::shared_ptr<BatchSink<AnalysisProgress>> sink);
    void pause();
    void goOn();
    void stop();

private:
    QPointer<ClusterSession> m_session;
    std::weak_ptr<AnalysisRun> m_run; ///< the one that goes on; what it remembers goes with it
};

} // namespace slotscope
