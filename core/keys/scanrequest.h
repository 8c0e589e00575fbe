// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/cluster/slotset.h"

#include <QMetaType>

#include <optional>
#include <vector>

namespace slotscope {

/// Which keys are looked for.
struct ScanRequest
{
    enum class From : quint8 {
        Primaries,
        Replicas, ///< one of each shard; its primary where it has none that answers
        OneNode,
        OneShard, ///< its primary
    };
    From from = From::Primaries;
    QByteArray nodeId = {}; ///< OneNode; of any node of the shard for OneShard
    std::optional<SlotSet> slotsOnly = {};
    QByteArray pattern = {}; ///< MATCH, empty: all. One without *, ? and [ is a name that is looked up at once
    QByteArray type = {}; ///< TYPE, empty: all
    int database = 0;
    /// How long one SCAN call may take on a server: COUNT follows it.
    int ceilingMs = 5;
};

/// How far a scan has come.
struct ScanProgress
{
    enum class State : quint8 { Idle, Running, Paused, Done, Stopped };
    struct Node
    {
        QByteArray id;
        QString address; ///< as it is shown
        int shard = 0; ///< its number; 0: none
        bool isReplica = false;
        quint64 seen = 0; ///< keys that it told, those told twice included
        qint64 expected = -1; ///< DBSIZE of the database; -1: unknown
        bool done = false;
        QByteArray replacedBy = {}; ///< the node that its part was scanned from then
        std::optional<Error> error = {}; ///< why it did not come to its end
    };
    State state = State::Idle;
    std::vector<Node> nodes = {};
    quint64 seen = 0; ///< distinct keys
    qint64 expected = -1; ///< of all nodes; -1: unknown
    double perSecond = 0;
    qint64 elapsedMs = 0;
    SlotSet missing = {}; ///< slots whose keys were not all read: nobody served them, or they moved all the time
    std::optional<Error> error = {}; ///< why there is nothing at all

    [[nodiscard]] bool isOver() const { return state == State::Done || state == State::Stopped; }
    /// Everything that was asked for was read.
    [[nodiscard]] bool isWhole() const;
    [[nodiscard]] int nodesDone() const;
};

/// "1,204,331 of ≈ 1,310,000 keys · 3 of 3 primaries".
[[nodiscard]] QString summaryOf(const ScanProgress &progress, const ScanRequest &request);
/// COUNT of the next call: smaller where the last one took longer than it may, larger where it is the way that takes
/// the time. `roundTripMs`: of a command that does nothing.
[[nodiscard]] int nextCount(int count, double elapsedMs, double roundTripMs, int ceilingMs);

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::ScanProgress)
