// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/migration/slotledger.h"

#include "core/operations/journal/journalformat.h"

namespace slotscope {

void SlotLedger::begin(const QString &method, int slotsTotal, qint64 keysDone)
{
    RunProgress &progress = m_context.state.progress;
    progress = {};
    progress.method = method;
    progress.slotsTotal = slotsTotal;
    progress.keysDone = keysDone;
}

Result<> SlotLedger::open(const SlotSet &slotSet)
{
    RunProgress &progress = m_context.state.progress;
    progress.moving = progress.moving.united(slotSet);
    return m_context.journal.append(journal::slotsOpened(slotSet), false);
}

Result<> SlotLedger::close(const SlotSet &slotSet)
{
    RunProgress &progress = m_context.state.progress;
    progress.moving = progress.moving.subtracted(slotSet);
    progress.moved = progress.moved.united(slotSet);
    progress.slotsDone = progress.moved.count();
    m_context.changed();
    return m_context.journal.append(journal::slotsClosed(slotSet, progress.keysDone), false);
}

void SlotLedger::takeBack(const SlotSet &slotSet)
{
    RunProgress &progress = m_context.state.progress;
    progress.moved = progress.moved.subtracted(slotSet);
    progress.slotsDone = progress.moved.count();
}

void SlotLedger::leave(const SlotSet &slotSet)
{
    m_context.state.leftOpen = m_context.state.leftOpen.united(slotSet);
}

} // namespace slotscope
