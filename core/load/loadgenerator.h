// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/loadreport.h"
#include "core/load/loadstore.h"
#include "core/session/clustersession.h"

namespace slotscope {

/// How a load test stands.
struct LoadState
{
    enum class Phase : quint8 { Idle, Preparing, Filling, WarmingUp, Running, Removing };
    Phase phase = Phase::Idle;
    double done = 0; ///< share of the phase, 0 … 1; -1: not known
    LoadReportPtr report; ///< so far, or of the last run; null: none
    quint64 revision = 0; ///< grows with each change of the report
    bool stopping = false;
};

/// Runs load tests: makes connections, each proved as every other, hands their bytes to workers on threads of their
/// own, follows the cluster, keeps the record of the keys, and removes them. One test at a time. On the session's
/// thread.
class LoadGenerator final
{
    Q_DISABLE_COPY_MOVE(LoadGenerator)
public:
    explicit LoadGenerator(QPointer<ClusterSession> session);
    ~LoadGenerator(); ///< ends at once: the keys of a test stay, and so does their record

    /// Done when the keys are removed. Error::NeedsConsent says what the user has to agree to (serverPrefix "NAME": the
    /// name has to be typed); NoPermission, ReadOnly and InvalidArgument come before anything was written. What goes
    /// wrong later is in the report.
    [[nodiscard]] QCoro::Task<Result<LoadReportPtr>> run(LoadSpec spec, UserConsent consent);
    /// Sends nothing more; the keys are removed. Once more while they are: leaves the rest, and the record.
    void stop();
    [[nodiscard]] LoadState state() const;
    [[nodiscard]] QCoro::Task<Result<LoadState>> stateNow() const;

    /// Records of tests on this cluster whose program ended early; `kept`: also those that were to stay.
    [[nodiscard]] QCoro::Task<Result<QList<LoadRecord>>> left(bool kept) const;
    /// Paths of records that cannot be read: what their tests left is not found by them.
    [[nodiscard]] static QCoro::Task<Result<QStringList>> unreadable();
    /// Removes the keys of a record, then the record; gives the number of keys that were there.
    [[nodiscard]] QCoro::Task<Result<qint64>> clean(LoadRecord record, UserConsent consent);
    /// Reports of this cluster, newest first.
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
    RunPtr m_run; ///< the one under way, or the last
};

} // namespace slotscope
