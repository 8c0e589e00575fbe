// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shared/customplot.h"
#include "ui/metrics/plotspec.h"

namespace slotscope {

/// Labels of a value axis in the plot's unit.
[[nodiscard]] QSharedPointer<QCPAxisTicker> numberTicker(PlotSpec::Scale scale);
/// Labels of a logarithmic axis of bytes.
[[nodiscard]] QSharedPointer<QCPAxisTicker> logBytesTicker();
/// Labels at round local times, for an axis in ms since 1970.
[[nodiscard]] QSharedPointer<QCPAxisTicker> timeTicker();

} // namespace slotscope
