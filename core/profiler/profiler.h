// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/latency/pingrecorder.h"
#include "core/profiler/profilebook.h"

#include <functional>

namespace slotscope {

/// Runs MONITOR on chosen nodes at once, over a connection of its own to each, until it is told to stop or a limit is
/// reached. What it heard stays until the next start. None reconnects: a node that ends is told with the reason, the
/// others go on. On the session's thread.
class Profiler final
{
    Q_DISABLE_COPY_MOVE(Profiler)
public:
    using TakeLine = std::function<void(int node, const MonitorLine &line)>;

    explicit Profiler(QPointer<ClusterSession> session);
    ~Profiler(); ///< the connections end

    /// Each line that is read, whole, before it is kept: secrets are blotted out.
    void setTaker(TakeLine taker) { m_taker = std::move(taker); }
    /// Done when each node is watched or has refused. Error::NeedsConsent says what the user has to agree to; an error
    /// of nodes is in the snapshot.
    [[nodiscard]] QCoro::Task<Result<>> start(ProfileOrder order);
    void stop();
    [[nodiscard]] bool isRunning() const;
    [[nodiscard]] ProfileSnapshot look(const ProfileLook &look) const;
    [[nodiscard]] QCoro::Task<Result<ProfileSnapshot>> lookNow(ProfileLook look) const;
    /// Kept lines that the filter means, the oldest first: as MONITOR writes them with their node before, or as JSON.
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
