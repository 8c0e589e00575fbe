// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <tl/expected.hpp>

namespace slotscope {

/// A value or an Error. Core throws no exceptions; every function that returns a Result is [[nodiscard]].
template <typename T = void>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> failure(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

[[nodiscard]] inline tl::unexpected<Error> failure(Error::Code code, QString detail = {})
{
    return tl::unexpected<Error>(
        Error{.code = code, .detail = std::move(detail), .serverPrefix = {}, .node = {}, .command = {}});
}

} // namespace slotscope
