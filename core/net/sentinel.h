// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/credentials.h"
#include "core/net/tls.h"

#include <QStringList>

namespace slotscope {

inline constexpr quint16 defaultSentinelPort = 26379;

/// Settings for a connection through Redis or Valkey Sentinels: the primary's name and how to log in to the Sentinels.
/// The addresses that the user entered are then those of Sentinels.
struct SentinelSettings
{
    QString primaryName; ///< as in "sentinel monitor NAME …"; empty: no Sentinels, the addresses are those of servers
    Credentials credentials; ///< for the Sentinels, may differ from those for servers; empty: none are sent
    std::optional<TlsSettings> tls; ///< for the Sentinels; nullopt: the same as for the servers

    [[nodiscard]] bool isOn() const { return !primaryName.isEmpty(); }
    /// Reads one option of a redis+sentinel:// URI: sentineluser=, sentinelpassword=, sentineltls=0|1, or any TLS
    /// option prefixed with "sentinel" (sentinelcacert=, …). Returns false if `key` is none of them.
    [[nodiscard]] Result<bool> readOption(const QString &key, const QString &value);
    /// Returns these options as "key=value", percent-encoded, with the password only if requested.
    [[nodiscard]] QStringList options(bool withPassword) const;

    friend bool operator==(const SentinelSettings &, const SentinelSettings &) = default;
};

} // namespace slotscope
