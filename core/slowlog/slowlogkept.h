// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/keptfiles.h"
#include "core/slowlog/slowlogentry.h"

#include <QMutex>

namespace slotscope {

/// What of the slow logs outlives the program. Pure.
struct KeptSlowlog
{
    static constexpr int version = 1;
    static constexpr size_t mostEntries = 60'000; ///< of all logs; the oldest go
    static constexpr qsizetype mostBytes = 24 * 1024 * 1024; ///< of all entries; the oldest go

    QSet<QByteArray> nodes; ///< the ids of the cluster
    std::vector<SlowlogEntryPtr> entries; ///< of all logs; by isEarlier() as they are read
};

/// Versioned, and with a sum that tells whether it is whole.
[[nodiscard]] QByteArray keptBytes(const KeptSlowlog &kept);
/// Error::Code::Parse: damaged. Outdated: of another version of Slotscope.
[[nodiscard]] Result<KeptSlowlog> readKeptSlowlog(const QByteArray &bytes);

/// The slow logs' record, for KeptFiles: what is to be written is given by the GUI's thread, what was read is taken
/// there.
class SlowlogRecord final : public KeptRecord
{
public:
    [[nodiscard]] static QString usualFolder();

    void give(KeptSlowlog kept); ///< any thread
    [[nodiscard]] std::vector<SlowlogEntry> taken(); ///< once; any thread

    [[nodiscard]] Result<QSet<QByteArray>> nodesOf(const QByteArray &bytes) const override;
    void take(const QByteArray &bytes) override;
    [[nodiscard]] QByteArray bytes() const override;

private:
    mutable QMutex m_mutex;
    KeptSlowlog m_kept; ///< shares its entries
    std::vector<SlowlogEntry> m_taken;
};

} // namespace slotscope
