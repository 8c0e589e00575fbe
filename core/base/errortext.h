// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <optional>

namespace slotscope {

/// One sentence for a person: what failed, on which node, for which command, in the server's own words.
[[nodiscard]] QString describe(const Error &error);

/// What usually helps ("Give a user and password", "Check the port"), or empty.
[[nodiscard]] QString advice(const Error &error);

/// Machine name of a code for JSON output, such as "connection-refused".
[[nodiscard]] QString codeName(Error::Code code);
/// The code of that name; nothing where there is none.
[[nodiscard]] std::optional<Error::Code> codeNamed(const QString &name);

} // namespace slotscope
