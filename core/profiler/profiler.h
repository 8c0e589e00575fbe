// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/latency/pingrecorder.h"
#include "core/profiler/profilebook.h"

#include <functional>

namespace slotscope {

/// Runs MONITOR on chosen nodes at the same time, over a separate connection to each, until it is stopped or reaches a
/// limit. Data is kept until the next start. Connections do not reconnect: if one ends, its reason is reported, and the
/// others continue. On the session's thread.
class Profiler final
{
    Q_DISABLE_COPY_MOVE(Profiler)
public:
    using TakeLine = std::function<void(int node, const MonitorLine &line)>;

    explicit Profiler(QPointer<ClusterSession> session);
    ~Profiler(); ///< closes the connections

    /// Sets a function called for each complete parsed line before it is stored; secrets are masked.
    void setTaker(TakeLine taker) { m_taker = std::move(taker); }
    /// Returns when each node is being monitored or has refused. Error::NeedsConsent says what the user has to agree
    /// to; errors of nodes are part of the snapshot.
    [[nodiscard]] QCoro::Task<Result<>> start(ProfileOrder order);
    void stop();
    [[nodiscard]] bool isRunning() const;
    [[nodiscard]] ProfileSnapshot look(const ProfileLook &look) const;
    [[nodiscard]] QCoro::Task<Result<ProfileSnapshot>> lookNow(ProfileLook look) const;
    /// Stored lines that match the filter, oldest first: in MONITOR's format preceded by their node, or as JSON.
    [[nodiscard]] QCoro::Task<Result<QByteArray>> written(ProfileFilter filter, bool asJson) const;

private:
    struct Run;
    using RunPtr = std::shared_ptr<Run>;
    static QCoro::Task<Result<>> begin(QPointer<ClusterSession> session, RunPtr run);
    static QCoro::Task<> watch(QPointer<ClusterSession> session, RunPtr run, int node);
    static void takeValue(Run &run, int node, const Value &value);
    static void takePing(Run &run, const PingEvent &event);
    static void check(Run &run);
    static void end(Run &run, ProfileEnd why);

    QPointer<ClusterSession> m_session;
    TakeLine m_taker;
    RunPtr m_run; ///< null: never started
};

} // namespace slotscope
