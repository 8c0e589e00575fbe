// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metricevent.h"

#include <QList>

namespace slotscope {

class PageContext;

/// Our own operations on this cluster between these times, ms since 1970; of one that is over `until` is its end.
[[nodiscard]] QList<MetricEvent> operationEvents(const PageContext &context, qint64 from, qint64 to);

} // namespace slotscope
