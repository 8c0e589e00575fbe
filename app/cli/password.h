// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

namespace slotscope::cli {

/// Reads a line from standard input; on a terminal, without showing it. A signal during this has its usual effect, but
/// only after the terminal shows typed characters again. It blocks, so nothing else may be running yet.
[[nodiscard]] Result<QString> askPassword(const QString &question = QStringLiteral("Password: "));

} // namespace slotscope::cli
