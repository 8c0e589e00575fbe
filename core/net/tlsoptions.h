// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/tls.h"

#include <QStringList>

namespace slotscope {

/// Reads one option of a rediss:// URI into the settings. Returns false if `key` is no TLS option; InvalidArgument if
/// its value is invalid, or TLS is off.
[[nodiscard]] Result<bool> readTlsOption(const QString &key, const QString &value, TlsSettings &tls);
/// Returns all non-default settings as "key=value", percent-encoded, without the key's passphrase.
[[nodiscard]] QStringList tlsOptions(const TlsSettings &tls);

} // namespace slotscope
