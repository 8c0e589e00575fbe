// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analyser.h"
#include "core/analysis/keyaggregator.h"
#include "core/analysis/keylane.h"
#include "core/analysis/seenkeys.h"
#include "core/analysis/valuesamples.h"
#include "core/keys/keyscanner.h"

#include <QElapsedTimer>
#include <QTimer>

#include <deque>

namespace slotscope {

/// Shared state of the coroutines of one analysis, which own it. Analyser calls it to pause and stop.
class AnalysisRun final : public KeyOutlet, public std::enable_shared_from_this<AnalysisRun>
{
    Q_DISABLE_COPY_MOVE(AnalysisRun)
public:
    using Ptr = std::shared_ptr<AnalysisRun>;
    AnalysisRun(QPointer<ClusterSession> session, AnalysisRequest request, Analyser::Report tell);
    ~AnalysisRun() override;

    [[nodiscard]] static QCoro::Task<Result<AnalysisReportPtr>> run(Ptr self);
    void pause();
    void goOn();
    void stop();

    void put(KeyBatch batch) override;
    [[nodiscard]] bool isFull() const override;
    void whenRoom(std::function<void()> goOn) override { m_goOn = std::move(goOn); }

private:
    using LinkPtr = std::shared_ptr<DedicatedLink>;
    /// The queries about keys of one node.
    struct Lane
    {
        QByteArray nodeId;
        int shard = 0;
        bool isReplica = false, isRunning = false;
        std::deque<QByteArray> keys;
        std::vector<FoundKey> typed; ///< keys whose length must still be queried
        LinkPtr link;
        KeyQuestions questions;
        double roundTripMs = 0;
        int atOnce = 100;
    };
    using LanePtr = std::shared_ptr<Lane>;

    [[nodiscard]] LanePtr laneOf(const QByteArray &nodeId);
    static QCoro::Task<> runLane(Ptr self, LanePtr lane);
    [[nodiscard]] static QCoro::Task<Result<>> openLane(Ptr self, LanePtr lane);
    [[nodiscard]] static QCoro::Task<Result<>> askRound(Ptr self, LanePtr lane);
    void takeRound(KeyRound &round, Lane &lane);
    void giveUp(Lane &lane, const Error &error);
    static QCoro::Task<> runStrays(Ptr self);
    void startStrays();
    [[nodiscard]] static QCoro::Task<> askLate(Ptr self);
    void takeStrays(const std::vector<struct KeyFacts> &facts, const QByteArrayList &keys);
    [[nodiscard]] static QCoro::Task<> readHeat(Ptr self);
    [[nodiscard]] static QCoro::Task<> checkSamples(Ptr self, std::shared_ptr<AnalysisReport> report);
    [[nodiscard]] static QCoro::Task<> tryValues(Ptr self, std::shared_ptr<AnalysisReport> report);
    void count(const FoundKey &key, int shard);
    [[nodiscard]] static QCoro::Task<bool> mayGoOn(Ptr self);
    [[nodiscard]] static QCoro::Task<> allAsked(Ptr self);
    [[nodiscard]] int shardOf(const QByteArray &key) const;
    void ended(); ///< a coroutine that queries keys has ended
    void wake();
    void roomMade();
    void noteProblem(const QString &words);
    void tell();
    [[nodiscard]] AnalysisScope scope(const ScanProgress &scanned) const;
    [[nodiscard]] AnalysisOutcome outcome(const ScanProgress &scanned) const;

    QPointer<ClusterSession> m_session;
    AnalysisRequest m_request;
    Analyser::Report m_tell;
    KeyAggregator m_aggregator;
    SeenKeys m_seen;
    ValueSamples m_samples;
    std::unique_ptr<KeyScanner> m_scanner;
    AnalysisProgress m_progress;
    std::vector<LanePtr> m_lanes;
    QByteArrayList m_strays; ///< keys that are on another node than the one that reported them
    QByteArrayList m_late; ///< keys that no node could answer for so far
    QString m_latest; ///< why the keys in m_late could not be read
    size_t m_waitingKeys = 0; ///< waiting keys of all lanes and strays
    int m_asking = 0; ///< number of coroutines that query keys
    bool m_strayRuns = false, m_stopped = false, m_paused = false, m_scanIsOver = false;
    std::vector<Awaited<bool>::Completer> m_waiting; ///< waiting for the end of a pause
    Awaited<bool>::Completer m_idle;
    std::function<void()> m_goOn; ///< resumes the scan when there is room
    QStringList m_problems;
    bool m_lengthsLeft = false; ///< some node lacks NO-TOUCH, so lengths were not queried
    ReportHeat m_heat;
    QElapsedTimer m_time;
    qint64 m_startedAt = 0, m_pausedMs = 0, m_pausedAt = 0;
    QTimer m_reports;
};

} // namespace slotscope
