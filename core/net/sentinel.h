// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/credentials.h"
#include "core/net/tls.h"

#include <QStringList>

namespace slotscope {

inline constexpr quint16 defaultSentinelPort = 26379;

/// Where a connection goes through Redis or Valkey Sentinels: whom to ask them for, and how they let us in. The
/// addresses that the user named are the Sentinels' then.
struct SentinelSettings
{
    QString primaryName; ///< as in "sentinel monitor NAME …"; empty: no Sentinel, the addresses are the servers' own
    Credentials credentials; ///< of the Sentinels, which may differ from the servers'; empty: none are sent to them
    std::optional<TlsSettings> tls; ///< of the Sentinels; nothing: as for the servers

    [[nodiscard]] bool isOn() const { return !primaryName.isEmpty(); }
    /// One option of a redis+sentinel:// URI: sentineluser=, sentinelpassword=, sentineltls=0|1, and "sentinel" before
    /// each option of TLS (sentinelcacert=, …). False: `key` is none of them.
    [[nodiscard]] Result<bool> readOption(const QString &key, const QString &value);
    /// The same as "key=value", percent-encoded; the password only where it is wanted.
    [[nodiscard]] QStringList options(bool withPassword) const;

    friend bool operator==(const SentinelSettings &, const SentinelSettings &) = default;
};

} // namespace slotscope
