// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

namespace slotscope::cli {

/// The words of `get` and `set`, as bytes.
struct ValueWords
{
    QByteArrayList plain;
    std::optional<QByteArray> field, onlyIf;
    QString file;
    bool head = false, yes = false, help = false, replace = false, quotedInput = false;
};
/// Reads them; InvalidArgument with what is wrong.
[[nodiscard]] Result<ValueWords> readValueWords(const Context &context);

[[nodiscard]] QString getHelp();
[[nodiscard]] QString setHelp();

} // namespace slotscope::cli
