// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

namespace slotscope::cli {

/// Arguments of `get` and `set`, as bytes.
struct ValueWords
{
    QByteArrayList plain;
    std::optional<QByteArray> field, onlyIf;
    QString file;
    QString format; ///< chain of formats with which get decodes; empty: none
    QStringList protos; ///< folders of .proto files
    bool head = false, copies = false, yes = false, help = false, replace = false, quotedInput = false;
};
/// Parses the arguments; InvalidArgument explains what is wrong.
[[nodiscard]] Result<ValueWords> readValueWords(const Context &context);

[[nodiscard]] QString getHelp();
[[nodiscard]] QString setHelp();

} // namespace slotscope::cli
