// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/keyscanner.h"
#include "core/keys/slotcoverage.h"

#include <QElapsedTimer>
#include <QTimer>

#include <deque>

namespace slotscope {

/// Shared state of the coroutines of one scan, which own it. KeyScanner calls it to pause and stop.
class ScanRun final : public std::enable_shared_from_this<ScanRun>
{
    Q_DISABLE_COPY_MOVE(ScanRun)
public:
    using Ptr = std::shared_ptr<ScanRun>;
    ScanRun(QPointer<ClusterSession> session, ScanRequest request, std::shared_ptr<KeyOutlet> outlet,
            KeyScanner::Report report);
    ~ScanRun();

    /// Runs the whole scan. Error if there is nothing to scan at all.
    [[nodiscard]] static QCoro::Task<Result<ScanProgress>> run(Ptr self);
    void pause();
    void goOn();
    void stop();

private:
    [[nodiscard]] static QCoro::Task<Result<>> lookUp(Ptr self, QByteArray name);
    [[nodiscard]] static QCoro::Task<Result<QByteArray>> typeOf(Ptr self, QByteArray name, QByteArray nodeId);
    [[nodiscard]] static QCoro::Task<> scanSlots(Ptr self, ClusterViewPtr view);
    [[nodiscard]] static QCoro::Task<> scanOneServer(Ptr self, ClusterViewPtr view);
    [[nodiscard]] static QCoro::Task<> passOver(Ptr self, QByteArrayList nodeIds);
    [[nodiscard]] static QCoro::Task<> lane(Ptr self, std::shared_ptr<std::deque<QByteArray>> queue);
    [[nodiscard]] static QCoro::Task<> passNode(Ptr self, QByteArray nodeId);
    [[nodiscard]] static QCoro::Task<Result<>> readNode(Ptr self, QByteArray nodeId,
                                                        std::shared_ptr<DedicatedLink> link);
    [[nodiscard]] static QCoro::Task<Result<>> readKeys(Ptr self, QByteArray nodeId,
                                                        std::shared_ptr<DedicatedLink> link, double roundTripMs,
                                                        std::optional<quint16> slot = {});
    [[nodiscard]] static QCoro::Task<Result<bool>>
    readSlots(Ptr self, QByteArray nodeId, std::shared_ptr<DedicatedLink> link, double roundTripMs, SlotSet wanted);
    [[nodiscard]] static QCoro::Task<std::optional<SlotWitness>> witness(Ptr self, QByteArray nodeId,
                                                                         std::shared_ptr<DedicatedLink> link);
    [[nodiscard]] static QCoro::Task<ClusterViewPtr> lookAgain(Ptr self);
    [[nodiscard]] static QCoro::Task<bool> mayGoOn(Ptr self);

    [[nodiscard]] Result<QByteArrayList> nodesToBegin(const ClusterView &view);
    [[nodiscard]] QByteArray readerOf(const ClusterView &view, const ShardState &shard) const;
    [[nodiscard]] Command scanCommand(const QByteArray &cursor, int count, std::optional<quint16> slot) const;
    void put(Value::List keys, const QByteArray &nodeId);
    void wake();
    [[nodiscard]] ScanProgress::Node &nodeOf(const QByteArray &id);
    void noteView(const ClusterView &view);
    void noteSuccessors(const QHash<QByteArray, SlotSet> &passes);
    [[nodiscard]] ScanProgress &progress();
    void tell() { m_report(progress()); }

    QPointer<ClusterSession> m_session;
    ScanRequest m_request;
    std::shared_ptr<KeyOutlet> m_outlet;
    KeyScanner::Report m_report;
    ScanProgress m_progress;
    bool m_stopped = false, m_paused = false;
    std::vector<Awaited<bool>::Completer> m_waiting; ///< waiting for room, or for the end of a pause
    QElapsedTimer m_time;
    qint64 m_pausedMs = 0, m_pausedAt = 0;
    QTimer m_reports;
    SlotCoverage m_coverage{{}};
    SlotSet m_disturbed; ///< slots seen open, or with another owner than at first
    std::array<QByteArray, slotCount> m_owners; ///< owners of slots when last seen
    QHash<QByteArray, SlotSet> m_partOf; ///< for each node, the slots for which it was to be scanned
    QByteArrayList m_replicas; ///< nodes scanned as replicas
};

} // namespace slotscope
