// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/net/credentials.h"
#include "core/net/sentinel.h"
#include "core/net/tls.h"
#include "core/net/way.h"

#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>

namespace slotscope {

inline constexpr quint16 defaultRedisPort = 6379;

/// Where a server listens: a TCP host and port, or a Unix socket.
struct Endpoint
{
    QString host; ///< host name, IPv4, or IPv6 without brackets; empty for a Unix socket
    quint16 port = 0;
    QString socketPath; ///< path of a Unix socket; empty for TCP

    [[nodiscard]] bool isUnix() const { return !socketPath.isEmpty(); }
    /// Returns "host:port", "[v6]:port" or the socket's path.
    [[nodiscard]] QString toString() const;
    /// Parses the format of toString(), a "host" alone with `defaultPort`, and "host:port@bus" as printed by CLUSTER
    /// NODES. In IPv6 addresses without brackets, the last colon separates the port.
    [[nodiscard]] static Result<Endpoint> parse(const QString &text, quint16 defaultPort = defaultRedisPort);
    friend bool operator==(const Endpoint &, const Endpoint &) = default;
};
[[nodiscard]] size_t qHash(const Endpoint &endpoint, size_t seed = 0) noexcept;
/// Removes the bus port from "host:port@bus", as printed by CLUSTER NODES; other texts are returned unchanged.
[[nodiscard]] QString withoutBusPort(const QString &text);

/// Maps the original names, in upper case, of commands that have another name on the servers (rename-command) to the
/// names to send.
using RenamedCommands = QHash<QByteArray, QByteArray>;

/// How to reach the servers of a cluster and log in to them; the same for every node.
struct Access
{
    Credentials credentials;
    TlsSettings tls = {};
    Way way = {};
    RenamedCommands renamed = {};
};

/// Environment that a connection leads to, as set by the user. Changes on production need confirmation.
enum class EnvironmentKind : quint8 { None, Development, Staging, Production };

/// Returns "production", …; empty for None. The inverse function returns None for unknown words.
[[nodiscard]] QString environmentName(EnvironmentKind kind);
[[nodiscard]] EnvironmentKind environmentNamed(const QString &name);

/// Everything the user configured about how to reach a cluster or server.
struct ConnectionTarget
{
    QList<Endpoint> seeds; ///< addresses of servers or, with `sentinel`, of Sentinels
    SentinelSettings sentinel = {};
    Credentials credentials;
    TlsSettings tls;
    Way way = {}; ///< not used for Unix sockets
    int database = 0;
    QString name; ///< display name; empty: the Sentinels' name of the primary, or the first seed
    bool readOnly = false;
    int refreshSeconds = 0; ///< polling interval in a window, 1 to longestRefresh; 0: the default
    EnvironmentKind environment = EnvironmentKind::None;
    QHash<QString, Endpoint> addressMap; ///< maps an announced "host:port" or a node id to the address to connect to
    /// Host names and networks ("10.0.0.0/8") that connections are allowed to, besides seeds and mapped addresses;
    /// empty: all that nodes announce.
    QStringList permittedHosts;
    RenamedCommands renamed = {};

    static constexpr int longestRefresh = 60;
    [[nodiscard]] QString title() const;
    /// Whether both lead to the same servers, so that a password entered for one may be used for the other.
    [[nodiscard]] bool isSamePlace(const ConnectionTarget &other) const;
    void clearSecrets(); ///< removes all secrets, also the passphrase of the TLS key, and the secrets for Sentinels
    [[nodiscard]] QString seedsText() const; ///< Returns "host:port, host:port".
    /// Whether there is a password for the servers or the Sentinels.
    [[nodiscard]] bool hasPassword() const
    {
        return credentials.hasSecret() || !sentinel.credentials.password.isEmpty();
    }
    [[nodiscard]] Access access() const { return {credentials, tls, way, renamed}; }
    /// Whether permittedHosts allows a connection to this host. Seeds and mapped addresses are always allowed.
    [[nodiscard]] bool permits(const Endpoint &endpoint) const;
    /// Adds "ANNOUNCED:PORT=REACHABLE:PORT" or "ID=REACHABLE:PORT" to addressMap.
    [[nodiscard]] Result<> addMapping(const QString &pair);
    /// Adds "CONFIG=abc" or, as in a URI, "CONFIG:abc" to `renamed`.
    [[nodiscard]] Result<> addRename(const QString &pair);
    /// Parses redis://[user[:password]@]host[:port][,host[:port]…][/db]
    /// [?name=…&readonly=1&env=production|staging|development&hosts=HOST|NETWORK,…&refresh=SECONDS&map=ANNOUNCED=REACHABLE…
    /// &ssh=[USER@]HOST[:PORT],… | &proxy=socks5://HOST:PORT], valkey://, unix:///path[?db=N], or bare host[:port][,…].
    /// rediss:// and valkeys:// use TLS, with the options cacert=, cert=, key=, sni=, crl=, pin=SHA256, ciphers=,
    /// tlsmin=1.2|1.3, insecure=1. redis+sentinel://host[:26379],…/primary-name[/db] and rediss+sentinel:// use
    /// Sentinels (SentinelSettings::readOption). A password command is refused, because the author of a link could run
    /// a program here.
    [[nodiscard]] static Result<ConnectionTarget> parse(const QString &uri);
    /// Returns the URI, with the password only if requested.
    [[nodiscard]] QString toUri(bool withPassword = false) const;
    friend bool operator==(const ConnectionTarget &, const ConnectionTarget &) = default;
};

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::ConnectionTarget)
