// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/uri.h"

namespace slotscope {

/// Parses text that the user typed or pasted: a URI, host[:port][,…], or a command line of redis-cli or valkey-cli with
/// its options (-h -p -s -a -n -u --user --pass --tls --sni --cacert --cacertdir --cert --key --insecure, and options
/// without relevance for connecting). Unsupported options and words of a command are errors.
[[nodiscard]] Result<ConnectionTarget> targetFromWords(const QString &text);

/// Whether a text starts like a command line of redis-cli or valkey-cli.
[[nodiscard]] bool isCommandLine(const QString &text);

} // namespace slotscope
