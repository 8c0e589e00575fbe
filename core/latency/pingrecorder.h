// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/latency/pingbook.h"
#include "core/session/batchstream.h"
#include "core/session/clustersession.h"

#include <QTimer>

#include <functional>

namespace slotscope {

/// Sends PINGs to every node regularly, over a separate connection for each, and reports the time of each. A ping is
/// sent when due even if the previous one is unanswered, so a node that is blocked for ten seconds causes a hundred
/// pings of up to ten seconds, not one. Nodes are added and removed as the session's view changes. Also measures how
/// late our own thread is. On the session's thread.
class PingRecorder final
{
    Q_DISABLE_COPY_MOVE(PingRecorder)
public:
    using Tell = std::function<void(PingEvent)>;

    explicit PingRecorder(QPointer<ClusterSession> session);
    ~PingRecorder(); ///< closes the connections

    /// Interval of pings to one node; longer with so many nodes that we would cause delays ourselves.
    [[nodiscard]] static int paceFor(int wantedMs, qsizetype nodes);
    /// `nodes` empty: all nodes, including ones added later.
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
    std::unique_ptr<QObject> m_following; ///< context of the connections to the session's signals
    std::unique_ptr<BatchStream<PingEvent>> m_stream;
};

} // namespace slotscope
