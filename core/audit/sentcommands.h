// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/audit/auditentry.h"

#include <QMutex>

#include <atomic>
#include <deque>

namespace slotscope {

/// The latest commands that this program has sent, including reads, while somebody watches; limited in number.
/// Thread-safe. While it is off, each command costs only the test of a flag.
class SentCommands final
{
    Q_DISABLE_COPY_MOVE(SentCommands)
public:
    static constexpr size_t most = 10000;

    SentCommands() = default;
    [[nodiscard]] bool isOn() const { return m_on.load(std::memory_order_relaxed); }
    /// Turning it off drops the stored entries.
    void setOn(bool on);
    void clear();
    void add(AuditEntry entry);

    struct News
    {
        QList<AuditEntry> entries; ///< oldest first, with secrets hidden
        quint64 last = 0; ///< argument for the next call of since()
        quint64 missed = 0; ///< number of entries since the last call that are no longer stored
    };
    /// The newest entries after `last`, from an earlier call; 0: all stored ones. At most `atMost`.
    [[nodiscard]] News since(quint64 last, size_t atMost = most) const;

private:
    std::atomic<bool> m_on = false;
    mutable QMutex m_mutex;
    std::deque<AuditEntry> m_entries;
    quint64 m_count = 0; ///< number of entries so far, which is also the number of the newest
};

} // namespace slotscope
