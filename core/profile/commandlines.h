// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/uri.h"

namespace slotscope {

/// Where a text leads that somebody typed or pasted: a URI, host[:port][,…], or a command line of redis-cli or
/// valkey-cli with its options (-h -p -s -a -n -u --user --pass --tls --sni --cacert --cacertdir --cert --key
/// --insecure, and those that say nothing of the way). Options that cannot be followed are errors, and words of a
/// command are.
[[nodiscard]] Result<ConnectionTarget> targetFromWords(const QString &text);

/// Whether a text begins as a command line of redis-cli or valkey-cli does, however it goes on.
[[nodiscard]] bool isCommandLine(const QString &text);

} // namespace slotscope
