// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"
#include "core/drill/drillrecorder.h"
#include "core/drill/drilltally.h"
#include "core/session/clustersession.h"

#include <QTimer>

#include <functional>
#include <memory>

namespace slotscope {

/// Observes a drill from outside: a probe writes and reads keys, each write with a number and a key of its own, and the
/// nodes' tables are read meanwhile. It uses separate connections, so that nothing delays anything else. Coroutines
/// keep it alive by shared_ptr. Core thread.
class DrillWatch final
{
    Q_DISABLE_COPY_MOVE(DrillWatch)
public:
    using Ptr = std::shared_ptr<DrillWatch>;
    DrillWatch(DrillPlan plan, std::shared_ptr<ClusterSession> session, QString title);

    /// Starts the probe. `changed` is called several times a second.
    static void start(const Ptr &self, std::function<void()> changed);
    /// Stops writing and waits a moment for pending replies.
    static QCoro::Task<> stopWriting(Ptr self);
    void close(); ///< stops all queries and writes
    /// Reads every acknowledged write back, and removes all keys. `send` sends a command to the primary of a lane's
    /// shard, until `until` (steadyMs()). All lanes run at the same time and take some seconds; keys not answered by
    /// then count as unread.
    using Send = std::function<QCoro::Task<Result<Value>>(int shard, Command command, qint64 until)>;
    static QCoro::Task<> readBack(Ptr self, Send send);

    void did(DrillEvent::Kind kind, const DrillTarget &target);
    void withdraw(const DrillTarget &target); ///< the target was not taken away after all
    [[nodiscard]] bool hasBegun(const QByteArray &target) const; ///< whether the target was taken away
    /// Whether every lane except controls had a write acknowledged since `at` (steadyMs()).
    [[nodiscard]] bool isServedSince(qint64 at) const;
    /// Lanes without any acknowledged write yet, with the replies they got.
    [[nodiscard]] QStringList unserved() const;
    [[nodiscard]] const DrillRecorder &recorder() const { return m_recorder; }
    [[nodiscard]] const DrillPlan &plan() const { return m_plan; }
    [[nodiscard]] bool isWriting() const { return m_timer.isActive(); }
    [[nodiscard]] DrillReport report() const;
    void setOver() { m_over = true; }

private:
    struct Lane
    {
        DrillLane plan;
        DrillTally tally;
        QByteArray target; ///< id of the node that writes go to
        QByteArray told; ///< primary that the recorder named last
        std::shared_ptr<DedicatedLink> link, waitLink;
        QByteArray opening, waitOpening; ///< id of the node being connected to; empty if none
        qint64 nextDue = 0, retryAt = 0;
        bool waiting = false; ///< a WAIT is pending
    };
    void tick(const Ptr &self);
    void pointTo(Lane &lane, const QByteArray &node);
    void takeReplies(Lane &lane, qsizetype number, qint64 dueAt, bool waits, qsizetype readFor,
                     const Connection::Replies &replies);
    static QCoro::Task<> open(Ptr self, Lane *lane, bool waits);
    static QCoro::Task<> write(Ptr self, Lane *lane, qint64 dueAt, bool waits);
    static QCoro::Task<> observe(Ptr self, QByteArray node);
    static QCoro::Task<> readLane(Ptr self, Lane *lane, Send send);
    [[nodiscard]] QByteArray keyOf(const Lane &lane, qsizetype number) const;

    DrillPlan m_plan;
    std::shared_ptr<ClusterSession> m_session;
    QString m_title;
    DrillRecorder m_recorder;
    std::vector<std::unique_ptr<Lane>> m_lanes;
    std::function<void()> m_changed;
    QTimer m_timer, m_reports;
    qint64 m_backAt = 0, m_endedAt = 0; ///< steadyMs()
    qint64 m_wallAtLoss = 0;
    int m_pollMs;
    bool m_closed = false, m_over = false, m_keysRemoved = false;
};

} // namespace slotscope
