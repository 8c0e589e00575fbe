// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/keptfiles.h"
#include "core/slowlog/slowlogentry.h"

#include <QMutex>

namespace slotscope {

/// The part of the slow logs stored on disk. Pure.
struct KeptSlowlog
{
    static constexpr int version = 1;
    static constexpr size_t mostEntries = 60'000; ///< limit for all logs; beyond it, the oldest are dropped
    /// limit for all entries; beyond it, the oldest are dropped
    static constexpr qsizetype mostBytes = 24 * 1024 * 1024;

    QSet<QByteArray> nodes; ///< node ids of the cluster
    std::vector<SlowlogEntryPtr> entries; ///< of all logs; sorted with isEarlier() when read
};

/// Serialises with a version and a checksum over the whole.
[[nodiscard]] QByteArray keptBytes(const KeptSlowlog &kept);
/// Error::Code::Parse if it is damaged, Outdated if it is from another version of Slotscope.
[[nodiscard]] Result<KeptSlowlog> readKeptSlowlog(const QByteArray &bytes);

/// The slow logs' record for KeptFiles. The GUI thread supplies the data to write, and fetches the data read.
class SlowlogRecord final : public KeptRecord
{
public:
    [[nodiscard]] static QString usualFolder();

    void give(KeptSlowlog kept); ///< callable from any thread
    [[nodiscard]] std::vector<SlowlogEntry> taken(); ///< returns the entries only once; callable from any thread

    [[nodiscard]] Result<QSet<QByteArray>> nodesOf(const QByteArray &bytes) const override;
    void take(const QByteArray &bytes) override;
    [[nodiscard]] QByteArray bytes() const override;

private:
    mutable QMutex m_mutex;
    KeptSlowlog m_kept; ///< shares the entries
    std::vector<SlowlogEntry> m_taken;
};

} // namespace slotscope
