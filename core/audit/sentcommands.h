// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/audit/auditentry.h"

#include <QMutex>

#include <atomic>
#include <deque>

namespace slotscope {

/// All commands that this program sends, reads too, while somebody looks: the newest, bounded. Thread-safe. While it is
/// off a command costs a look at one flag.
class SentCommands final
{
    Q_DISABLE_COPY_MOVE(SentCommands)
public:
    static constexpr size_t most = 10000;

    SentCommands() = default;
    [[nodiscard]] bool isOn() const { return m_on.load(std::memory_order_relaxed); }
    /// Off: what was kept goes.
    void setOn(bool on);
    void clear();
    void add(AuditEntry entry);

    struct News
    {
        QList<AuditEntry> entries; ///< secrets blotted out, the oldest first
        quint64 last = 0; ///< for the next look
        quint64 missed = 0; ///< since the last look: more than is kept
    };
    /// What came after `last` of an earlier look; 0: all that is kept. `atMost` of them, the newest.
    [[nodiscard]] News since(quint64 last, size_t atMost = most) const;

private:
    std::atomic<bool> m_on = false;
    mutable QMutex m_mutex;
    std::deque<AuditEntry> m_entries;
    quint64 m_count = 0; ///< entries so far; the newest has this number
};

} // namespace slotscope
