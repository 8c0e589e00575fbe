// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/migration/runcontext.h"

namespace slotscope {

/// Records which slots a step opens, hands over, loses again and leaves open: in the progress, the journal and the
/// snapshot. Nothing else changes these.
class SlotLedger
{
public:
    explicit SlotLedger(RunContext &context) : m_context(context) { }

    /// Begins a step that moves this many slots. `keysDone` is the number of keys that an earlier part of the run has
    /// moved.
    void begin(const QString &method, int slotsTotal, qint64 keysDone = 0);
    /// Call before slots are opened; if it fails because the journal cannot be written, do not open them.
    [[nodiscard]] Result<> open(const SlotSet &slotSet);
    /// The slots have arrived on their target.
    [[nodiscard]] Result<> close(const SlotSet &slotSet);
    /// The slots have left their target again, because of a failover that used an older slot map.
    void takeBack(const SlotSet &slotSet);
    /// The slots stay half-way after a failure or a stop.
    void leave(const SlotSet &slotSet);

private:
    RunContext &m_context;
};

} // namespace slotscope
