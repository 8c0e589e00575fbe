// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/latency/pingbook.h"
#include "core/session/batchstream.h"
#include "core/session/clustersession.h"

#include <QTimer>

#include <functional>

namespace slotscope {

/// Sends a PING to every node again and again, over a connection of its own for each, and tells what each took. A ping
/// goes when it is due also where the one before has no answer yet, so a node that stands still for ten seconds costs a
/// hundred pings up to ten seconds, not one. Follows the session's view. Beside it measures how late our own thread is.
/// On the session's thread.
class PingRecorder final
{
    Q_DISABLE_COPY_MOVE(PingRecorder)
public:
    using Tell = std::function<void(PingEvent)>;

    explicit PingRecorder(QPointer<ClusterSession> session);
    ~PingRecorder(); ///< the connections end

    /// Between two pings to one node; more where there are so many nodes that we ourselves would be the delay.
    [[nodiscard]] static int paceFor(int wantedMs, qsizetype nodes);
    /// `nodes` empty: all that there are, also those that come.
    void start(Tell tell, int intervalMs, const QByteArrayList &nodes = {});
    void start(std::shared_ptr<BatchSink<PingEvent>> sink, int intervalMs);
    void stop();

private:
    struct Pinger;
    struct Shared;
    using PingerPtr = std::shared_ptr<Pinger>;
    using SharedPtr = std::shared_ptr<Shared>;

    void follow(const ClusterViewPtr &view);
    void beginJitter();
    static void tick(const SharedPtr &shared, const PingerPtr &pinger);
    static QCoro::Task<> link(SharedPtr shared, PingerPtr pinger);
    static QCoro::Task<> ping(SharedPtr shared, PingerPtr pinger);

    QPointer<ClusterSession> m_session;
    SharedPtr m_shared; ///< null: stopped
    std::unique_ptr<QObject> m_following; ///< carries the connections to the session
    std::unique_ptr<BatchStream<PingEvent>> m_stream;
};

} // namespace slotscope
