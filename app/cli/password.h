// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

namespace slotscope::cli {

/// Reads a line from standard input, on a terminal without showing it. A signal meanwhile has its usual effect, but not
/// before the terminal shows again what is typed. Blocks: for when nothing
/// is underway yet.
[[nodiscard]] Result<QString> askPassword(const QString &question = QStringLiteral("Password: "));

} // namespace slotscope::cli
