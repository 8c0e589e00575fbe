// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/drill/drillreport.h"

namespace slotscope {

/// The report as one page that needs nothing else: the time line as a picture and as a table, what came out in words.
[[nodiscard]] QByteArray drillHtml(const DrillReport &report);

} // namespace slotscope
