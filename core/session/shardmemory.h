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

/// What is stored about the shards of one cluster.
struct KnownShards
{
    QHash<QByteArray, int> numberOfNode; ///< maps a node id to the number of its shard, starting with 1
    QHash<int, QString> nameOfNumber; ///< the user's names for shards
    [[nodiscard]] bool isEmpty() const { return numberOfNode.isEmpty() && nameOfNumber.isEmpty(); }
};

/// Stores shard numbers, which also determine their colours, and the user's shard names in a file. Clusters and shards
/// are recognised by their node ids. The size is limited: the least recently used clusters are removed. Several
/// programs may use one file. A damaged file is renamed; if the file cannot be read and written, nothing is stored.
/// Usable from any thread.
class ShardMemory final
{
    Q_DISABLE_COPY_MOVE(ShardMemory)
public:
    static constexpr int mostClusters = 200;
    static constexpr int mostNodes = 20'000; ///< limit for all clusters together
    static constexpr int longestName = 40;

    explicit ShardMemory(QString path);

    /// Returns $SLOTSCOPE_SHARDS, or else slotscope/shards.json in the user's data folder.
    [[nodiscard]] static QString defaultPath();
    /// Sets the memory that new sessions of this program use; null, as at the start, stores nothing.
    static void setOfProgram(std::shared_ptr<ShardMemory> memory);
    [[nodiscard]] static std::shared_ptr<ShardMemory> ofProgram();

    /// Returns what is stored for the cluster with these nodes.
    [[nodiscard]] KnownShards recall(const QSet<QByteArray> &nodeIds) const;
    /// Stores the current shard numbers of a cluster; names stay. `now` is in ms since 1970.
    void keepNumbers(const QHash<QByteArray, int> &numberOfNode, qint64 now);
    /// Names a shard of the cluster with these shard numbers. An empty name removes it, a longer one is cut. `now` is
    /// in ms since 1970. The error says why it was not stored.
    [[nodiscard]] Result<> setName(const QHash<QByteArray, int> &numberOfNode, int number, const QString &name,
                                   qint64 now);
    /// Increases with each name set in this program.
    [[nodiscard]] quint64 revision() const { return m_revision; }

private:
    const QString m_path;
    mutable QMutex m_mutex;
    std::atomic<quint64> m_revision = 0;
};

} // namespace slotscope
