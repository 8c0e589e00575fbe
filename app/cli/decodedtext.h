// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

#include "core/formats/formats.h"

namespace slotscope::cli {

/// The chain of formats, with the .proto files from the folders if it names a message type. Tells on standard error
/// what is wrong in the files.
[[nodiscard]] Result<FormatChain> chainOf(const QString &text, const QStringList &protos);
/// Prints the decoded text, and on standard error what is known about it. Returns the exit code.
[[nodiscard]] int printDecoded(const QByteArray &bytes, const FormatChain &chain, bool json, bool inOneLine);

} // namespace slotscope::cli
