// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <optional>

namespace slotscope {

/// Returns one sentence for the user: what failed, on which node, for which command, with the server's own message.
[[nodiscard]] QString describe(const Error &error);

/// Returns what usually helps ("Give a user and password", "Check the port"); empty if there is no advice.
[[nodiscard]] QString advice(const Error &error);

/// The name of a code in JSON output, such as "connection-refused".
[[nodiscard]] QString codeName(Error::Code code);
/// The code with that name; nullopt if there is none.
[[nodiscard]] std::optional<Error::Code> codeNamed(const QString &name);

} // namespace slotscope
