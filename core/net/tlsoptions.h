// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/tls.h"

#include <QStringList>

namespace slotscope {

/// One option of a rediss:// URI into the settings. False: `key` is none of TLS; InvalidArgument where its value is
/// not usable, or TLS is off.
[[nodiscard]] Result<bool> readTlsOption(const QString &key, const QString &value, TlsSettings &tls);
/// "key=value", percent-encoded, of all settings that are not the default; without the key's passphrase.
[[nodiscard]] QStringList tlsOptions(const TlsSettings &tls);

} // namespace slotscope
