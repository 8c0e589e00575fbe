// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/loadreport.h"
#include "core/load/loadstore.h"
#include "core/session/clustersession.h"

namespace slotscope {

/// State of a load test.
struct LoadState
{
    enum class Phase : quint8 { Idle, Preparing, Filling, WarmingUp, Running, Removing };
    Phase phase = Phase::Idle;
    double done = 0; ///< finished share of the phase, 0 … 1; -1: unknown
    LoadReportPtr report; ///< of the current or last run; null: none
    quint64 revision = 0; ///< increases with each change of the report
    bool stopping = false;
};

/// Runs load tests: opens connections, each verified like any other, passes their sockets to workers on threads of
/// their own, follows changes of the cluster, records which keys are made, and removes them. One test at a time. On the
/// session's thread.
class LoadGenerator final
{
    Q_DISABLE_COPY_MOVE(LoadGenerator)
public:
    explicit LoadGenerator(QPointer<ClusterSession> session);
    ~LoadGenerator(); ///< ends at once: the keys of a running test and their record stay

    /// Returns when the keys are removed. Error::NeedsConsent contains what the user has to agree to (serverPrefix
    /// "NAME": the name has to be typed). NoPermission, ReadOnly and InvalidArgument are returned before anything is
    /// written. Later errors are part of the report.
    [[nodiscard]] QCoro::Task<Result<LoadReportPtr>> run(LoadSpec spec, UserConsent consent);
    /// First call: stops sending and removes the keys. Second call, during removal: leaves the remaining keys and the
    /// record.
    void stop();
    [[nodiscard]] LoadState state() const;
    [[nodiscard]] QCoro::Task<Result<LoadState>> stateNow() const;

    /// Records of tests on this cluster whose program ended early; `kept` includes tests whose keys were to stay.
    [[nodiscard]] QCoro::Task<Result<QList<LoadRecord>>> left(bool kept) const;
    /// Paths of unreadable records, so that their tests' keys cannot be found.
    [[nodiscard]] static QCoro::Task<Result<QStringList>> unreadable();
    /// Removes the keys of a record, then the record; returns the number of keys that existed.
    [[nodiscard]] QCoro::Task<Result<qint64>> clean(LoadRecord record, UserConsent consent);
    /// Reports of tests on this cluster, newest first.
    [[nodiscard]] QCoro::Task<Result<QList<StoredLoad>>> stored() const;
    [[nodiscard]] static QCoro::Task<Result<LoadReportPtr>> readReport(QString path);

private:
    struct Run;
    using RunPtr = std::shared_ptr<Run>;
    using Session = QPointer<ClusterSession>;

    static QCoro::Task<Result<>> prepare(Session session, RunPtr run, UserConsent consent);
    static QCoro::Task<Result<>> permitted(Session session, RunPtr run, UserConsent consent);
    static QCoro::Task<Result<>> checkKeys(Session session, RunPtr run);
    static QCoro::Task<Result<>> perform(Session session, RunPtr run);
    static QCoro::Task<> work(Session session, RunPtr run);
    static QCoro::Task<Result<>> begin(Session session, RunPtr run);
    static QCoro::Task<> removeKeys(Session session, RunPtr run);
    static QCoro::Task<Result<>> connectAll(Session session, RunPtr run);
    static QCoro::Task<> openOne(Session session, RunPtr run, qint16 node);
    static QCoro::Task<> phase(Session session, RunPtr run, LoadState::Phase phase);
    static std::optional<Error> whyNotSent(const Run &run, LoadState::Phase phase);
    static void plan(Run &run, LoadState::Phase phase);
    static void follow(ClusterSession &session, Run &run);
    static void tick(const Session &session, const RunPtr &run);
    static void takeEnded(Run &run, quint64 id, qint16 node, const QByteArray &why);
    static void cutSlice(Run &run);
    static void tellWatch(Run &run);
    static void makeReport(Run &run);
    static void finish(const RunPtr &run);

    Session m_session;
    RunPtr m_run; ///< the current or last run
};

} // namespace slotscope
