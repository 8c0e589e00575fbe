// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/drill/drillreport.h"

namespace slotscope {

/// The report as one standalone page: time line as picture and table, and the conclusions as text.
[[nodiscard]] QByteArray drillHtml(const DrillReport &report);

} // namespace slotscope
