// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/ending.h"

#include "core/operations/run/operationsdoor.h"

namespace slotscope {

Ending::Ending(OperationsDoor &operations, QObject *parent) : QObject(parent), m_operations(operations)
{
    connect(&operations, &OperationsDoor::runChanged, this, &Ending::look);
}

void Ending::request()
{
    m_requested = true;
    const QList<RunSnapshotPtr> running = m_operations.running();
    for (const RunSnapshotPtr &run : running)
        m_operations.stop(run->id);
    look();
}

void Ending::look()
{
    if (m_requested && !m_reached && m_operations.running().isEmpty()) {
        m_reached = true;
        Q_EMIT reached();
    }
}

} // namespace slotscope
