// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QHash>
#include <QMutex>
#include <QSet>
#include <QString>

#include <atomic>
#include <memory>

namespace slotscope {

/// What is kept of the shards of one cluster.
struct KnownShards
{
    QHash<QByteArray, int> numberOfNode; ///< node id -> number of its shard, from 1
    QHash<int, QString> nameOfNumber; ///< what the user calls a shard
    [[nodiscard]] bool isEmpty() const { return numberOfNode.isEmpty() && nameOfNumber.isEmpty(); }
};

/// Keeps the numbers of shards, and with them their colours, and the names that the user gave them, in a file: a
/// cluster is known again by its nodes, and its shards by theirs. Bounded: the clusters used longest ago go. Several
/// programs may use one file. A damaged file is set
/// aside; without a file that can be read and written nothing is kept. From any thread.
class ShardMemory final
{
    Q_DISABLE_COPY_MOVE(ShardMemory)
public:
    static constexpr int mostClusters = 200;
    static constexpr int mostNodes = 20'000; ///< of all clusters together
    static constexpr int longestName = 40;

    explicit ShardMemory(QString path);

    /// $SLOTSCOPE_SHARDS, else slotscope/shards.json in the user's data folder.
    [[nodiscard]] static QString defaultPath();
    /// What sessions of this program use from now on; null, as at the beginning: nothing is kept.
    static void setOfProgram(std::shared_ptr<ShardMemory> memory);
    [[nodiscard]] static std::shared_ptr<ShardMemory> ofProgram();

    /// What is known of the cluster that these nodes are.
    [[nodiscard]] KnownShards recall(const QSet<QByteArray> &nodeIds) const;
    /// The cluster's shards are numbered like this now; names stay. `now` in ms since 1970.
    void keepNumbers(const QHash<QByteArray, int> &numberOfNode, qint64 now);
    /// Names a shard of the cluster whose shards are numbered like this. An empty name removes it; longer ones are cut.
    /// `now` in ms since 1970. The error says why it was not kept.
    [[nodiscard]] Result<> setName(const QHash<QByteArray, int> &numberOfNode, int number, const QString &name,
                                   qint64 now);
    /// Grows when a name was given in this program.
    [[nodiscard]] quint64 revision() const { return m_revision; }

private:
    const QString m_path;
    mutable QMutex m_mutex;
    std::atomic<quint64> m_revision = 0;
};

} // namespace slotscope
