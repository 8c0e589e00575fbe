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

/// What a drill sees from outside: a probe that writes and reads, each write numbered and with a key of its own, and
/// the tables that the nodes tell meanwhile. Over connections of its own, so that nothing waits for anything else.
/// Coroutines hold it by shared_ptr. Core thread.
class DrillWatch final
{
    Q_DISABLE_COPY_MOVE(DrillWatch)
public:
    using Ptr = std::shared_ptr<DrillWatch>;
    DrillWatch(DrillPlan plan, std::shared_ptr<ClusterSession> session, QString title);

    /// Begins. `changed` is called several times a second.
    static void start(const Ptr &self, std::function<void()> changed);
    /// Ends the writing, waits a moment for the answers that are due.
    static QCoro::Task<> stopWriting(Ptr self);
    void close(); ///< nothing is asked or sent any more
    /// Looks for every acknowledged write, and removes all keys. `send`: to the primary of a lane's
    /// shard, given up at `until` (steadyMs()). Seconds a lane, all at once; what nobody tells by then is unread.
    using Send = std::function<QCoro::Task<Result<Value>>(int shard, Command command, qint64 until)>;
    static QCoro::Task<> readBack(Ptr self, Send send);

    void did(DrillEvent::Kind kind, const DrillTarget &target);
    void withdraw(const DrillTarget &target); ///< it was not taken away after all
    [[nodiscard]] bool hasBegun(const QByteArray &target) const; ///< it was taken away
    /// Every lane that is no control had a write acknowledged since then; steadyMs().
    [[nodiscard]] bool isServedSince(qint64 at) const;
    /// Lanes where no write was acknowledged yet, with what they were answered; empty: none.
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
        QByteArray target; ///< id of the node that is written to
        QByteArray told; ///< whom the recorder named last
        std::shared_ptr<DedicatedLink> link, waitLink;
        QByteArray opening, waitOpening; ///< id of the node that a connection is being opened to; empty: none is
        qint64 nextDue = 0, retryAt = 0;
        bool waiting = false; ///< for a WAIT
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
