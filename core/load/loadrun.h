// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/loadgenerator.h"
#include "core/load/loadpump.h"
#include "core/load/loadworker.h"

#include <QTimer>

namespace slotscope {

/// State of one load test: its connections, its workers, and its counts. Only for the parts of LoadGenerator.
struct LoadGenerator::Run
{
    struct Link
    {
        std::shared_ptr<DedicatedLink> link;
        std::unique_ptr<LoadPump> pump; ///< null: the worker uses the connection's socket directly
        qint16 node = 0;
        quint64 id = 0;
        qint64 worker = -1; ///< index of the worker that has it; -1: none
        [[nodiscard]] int socket() const; ///< a socket for a worker, which closes it; -1: none
    };
    struct Node
    {
        QByteArray id;
        QString name;
        bool isReplica = false;
        int wanted = 0, open = 0, opening = 0;
        qint64 tryAt = 0; ///< do not connect before this steadyMs()
        QString problem;
    };

    /// The worker with the fewest connections to the node. Each worker needs one, because each uses keys of all nodes.
    [[nodiscard]] size_t workerFor(qint16 node) const;

    LoadSpec spec;
    LoadRecord record;
    OwnFile recordFile; ///< open and locked while the test runs
    LoadReport report;
    std::vector<LoadCommand> commands, fillers;
    QByteArrayList kinds; ///< kinds of keys that it makes or reads
    bool makesKeys = false;
    bool onlyCleans = false;

    std::vector<Node> nodes;
    std::vector<Link> links;
    quint64 lastLink = 0, viewRevision = 0;
    std::shared_ptr<const LoadRoutes> routes;
    std::vector<std::unique_ptr<LoadWorker>> workers;
    QByteArray values;
    QTimer timer;
    Awaited<bool>::Completer phaseDone;
    qint64 refreshAt = 0; ///< do not refresh before this steadyMs()

    LoadState::Phase phase = LoadState::Phase::Idle;
    qint64 phaseStart = 0, countFrom = 0, end = 0; ///< in loadClock()
    qint64 doneAt = 0;
    LoadTally tally; ///< counts of the current phase
    LoadTally told; ///< the part already reported to CommandWatch
    qint64 tellAt = 0;
    LoadCount slice; ///< counts of the current interval
    qint64 sliceStart = 0;
    double sliceLength = 1;
    bool active = false, stopped = false, leaveKeys = false;
    bool removing = false; ///< also true while connecting for the removal
    /// Whether nothing more should be done. While keys are being removed, only a second stop() ends it.
    [[nodiscard]] bool isOver() const { return removing ? leaveKeys : stopped; }
    QHash<QByteArray, QByteArray> renamed; ///< maps a command to its name on these servers
    quint64 revision = 0;
    LoadReportPtr shown;
    QString title, seeds, user;
    int database = 0;
};

} // namespace slotscope
