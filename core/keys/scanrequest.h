// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/cluster/slotset.h"

#include <QMetaType>

#include <optional>
#include <vector>

namespace slotscope {

/// Which keys to look for.
struct ScanRequest
{
    enum class From : quint8 {
        Primaries,
        Replicas, ///< one replica per shard; its primary if no replica answers
        OneNode,
        OneShard, ///< the primary of one shard
    };
    From from = From::Primaries;
    QByteArray nodeId = {}; ///< for OneNode the node, for OneShard any node of the shard
    std::optional<SlotSet> slotsOnly = {};
    QByteArray pattern = {}; ///< for MATCH; empty: all. A pattern without *, ? and [ is a name, looked up directly
    QByteArray type = {}; ///< for TYPE; empty: all
    int database = 0;
    /// How long one SCAN call may take on a server; COUNT is adjusted to this.
    int ceilingMs = 5;
};

/// Progress of a scan.
struct ScanProgress
{
    enum class State : quint8 { Idle, Running, Paused, Done, Stopped };
    struct Node
    {
        QByteArray id;
        QString address; ///< address for display
        int shard = 0; ///< number of its shard; 0: none
        bool isReplica = false;
        quint64 seen = 0; ///< number of keys that it returned, including duplicates
        qint64 expected = -1; ///< DBSIZE of the database; -1: unknown
        bool done = false;
        QByteArray replacedBy = {}; ///< id of the node on which its slots were scanned instead
        std::optional<Error> error = {}; ///< why its scan was not completed
    };
    State state = State::Idle;
    std::vector<Node> nodes = {};
    quint64 seen = 0; ///< number of distinct keys
    qint64 expected = -1; ///< sum over all nodes; -1: unknown
    double perSecond = 0;
    qint64 elapsedMs = 0;
    SlotSet missing = {}; ///< slots whose keys were not all read, because nobody served them or they kept moving
    std::optional<Error> error = {}; ///< why the scan failed completely

    [[nodiscard]] bool isOver() const { return state == State::Done || state == State::Stopped; }
    /// Whether everything requested was read.
    [[nodiscard]] bool isWhole() const;
    [[nodiscard]] int nodesDone() const;
};

/// Formats a summary: "1,204,331 of ≈ 1,310,000 keys · 3 of 3 primaries".
[[nodiscard]] QString summaryOf(const ScanProgress &progress, const ScanRequest &request);
/// COUNT for the next call: smaller if the last call took too long, larger if network latency dominates. `roundTripMs`
/// is the time of a command that does nothing.
[[nodiscard]] int nextCount(int count, double elapsedMs, double roundTripMs, int ceilingMs);

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::ScanProgress)
