// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/loadgenerator.h"
#include "core/load/loadpump.h"
#include "core/load/loadworker.h"

#include <QTimer>

namespace slotscope {

/// One load test: its connections, its workers, and what was counted. For the parts of LoadGenerator alone.
struct LoadGenerator::Run
{
    struct Link
    {
        std::shared_ptr<DedicatedLink> link;
        std::unique_ptr<LoadPump> pump; ///< null: the socket itself is used
        qint16 node = 0;
        quint64 id = 0;
        qint64 worker = -1; ///< place of the worker that has it; -1: none
        [[nodiscard]] int socket() const; ///< one for a worker, which closes it; -1: there is none
    };
    struct Node
    {
        QByteArray id;
        QString name;
        bool isReplica = false;
        int wanted = 0, open = 0, opening = 0;
        qint64 tryAt = 0; ///< steadyMs(): not before
        QString problem;
    };

    /// The worker that has the fewest connections to the node: each needs one, since each draws keys of all.
    [[nodiscard]] size_t workerFor(qint16 node) const;

    LoadSpec spec;
    LoadRecord record;
    OwnFile recordFile; ///< open and locked while the test is under way
    LoadReport report;
    std::vector<LoadCommand> commands, fillers;
    QByteArrayList kinds; ///< of keys that it makes or reads
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
    qint64 refreshAt = 0; ///< steadyMs(): not before

    LoadState::Phase phase = LoadState::Phase::Idle;
    qint64 phaseStart = 0, countFrom = 0, end = 0; ///< loadClock()
    qint64 doneAt = 0;
    LoadTally tally; ///< of the phase
    LoadTally told; ///< of it, what CommandWatch was told
    qint64 tellAt = 0;
    LoadCount slice; ///< of the second under way
    qint64 sliceStart = 0;
    double sliceLength = 1;
    bool active = false, stopped = false, leaveKeys = false;
    bool removing = false; ///< also while it connects for that
    /// Nothing more is to be done: while keys are removed, only the second stop() ends it.
    [[nodiscard]] bool isOver() const { return removing ? leaveKeys : stopped; }
    QHash<QByteArray, QByteArray> renamed; ///< commands, by the names that the servers know
    quint64 revision = 0;
    LoadReportPtr shown;
    QString title, seeds, user;
    int database = 0;
};

} // namespace slotscope
