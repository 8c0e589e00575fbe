// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/metrics/customplot.h"
#include "ui/metrics/plotspec.h"

namespace slotscope {

/// Labels of a value axis in the plot's own unit.
[[nodiscard]] QSharedPointer<QCPAxisTicker> numberTicker(PlotSpec::Scale scale);
/// The same, for a logarithmic axis of bytes.
[[nodiscard]] QSharedPointer<QCPAxisTicker> logBytesTicker();
/// Round moments of local time, of an axis in ms since 1970.
[[nodiscard]] QSharedPointer<QCPAxisTicker> timeTicker();

} // namespace slotscope
