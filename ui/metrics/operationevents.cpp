// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/operationevents.h"

#include "core/models/operationwords.h"
#include "core/models/runwords.h"
#include "core/operations/run/operationsdoor.h"
#include "ui/shared/pagecontext.h"

namespace slotscope {

QList<MetricEvent> operationEvents(const PageContext &context, qint64 from, qint64 to)
{
    QList<MetricEvent> events;
    const OperationsDoor *operations = context.operations();
    if (!operations || !context.view())
        return events;
    const QList<RunSnapshotPtr> runs = operations->runs();
    for (const RunSnapshotPtr &run : runs) {
        const qint64 until = run->endedAt > 0 ? run->endedAt : to;
        if (run->startedAt == 0 || run->startedAt > to || until < from || !touchesNodesOf(*run, *context.view()))
            continue;
        MetricEvent event;
        event.kind = MetricEvent::Kind::Operation;
        event.at = run->startedAt;
        event.until = until;
        event.words = run->isOver() && run->plan ? operationTitle(run->plan->operation) : shortProgress(*run);
        events.append(event);
    }
    return events;
}

} // namespace slotscope
