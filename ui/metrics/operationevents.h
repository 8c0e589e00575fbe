// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metricevent.h"

#include <QList>

namespace slotscope {

class PageContext;

/// Slotscope's own operations on this cluster between these times, in ms since 1970; `until` is the end of a finished
/// one.
[[nodiscard]] QList<MetricEvent> operationEvents(const PageContext &context, qint64 from, qint64 to);

} // namespace slotscope
