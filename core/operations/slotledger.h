// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/runcontext.h"

namespace slotscope {

/// Books what a step opens, hands over, loses again and leaves open: in the progress, in the journal, in the snapshot.
/// Nobody else changes these.
class SlotLedger
{
public:
    explicit SlotLedger(RunContext &context) : m_context(context) { }

    /// A step begins that is to move so many slots; `keysDone`: an earlier part of it has moved so many keys.
    void begin(const QString &method, int slotsTotal, qint64 keysDone = 0);
    /// To be asked before a slot is opened: where the journal cannot be written, it is not.
    [[nodiscard]] Result<> open(const SlotSet &slotSet);
    /// They are where they were to go.
    [[nodiscard]] Result<> close(const SlotSet &slotSet);
    /// They are not any more: a failover decided by an older map.
    void takeBack(const SlotSet &slotSet);
    /// A failure, or a stop, leaves them half-way.
    void leave(const SlotSet &slotSet);

private:
    RunContext &m_context;
};

} // namespace slotscope
