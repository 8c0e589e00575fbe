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
    QString host; ///< name, IPv4, or IPv6 without brackets; empty for a Unix socket
    quint16 port = 0;
    QString socketPath; ///< non-empty: a Unix socket

    [[nodiscard]] bool isUnix() const { return !socketPath.isEmpty(); }
    /// "host:port", "[v6]:port" or the socket's path.
    [[nodiscard]] QString toString() const;
    /// Reads toString's form, "host" alone with `defaultPort`, and "host:port@bus" as CLUSTER NODES shows it. IPv6 with
    /// or without brackets: the last colon splits.
    [[nodiscard]] static Result<Endpoint> parse(const QString &text, quint16 defaultPort = defaultRedisPort);
    friend bool operator==(const Endpoint &, const Endpoint &) = default;
};
[[nodiscard]] size_t qHash(const Endpoint &endpoint, size_t seed = 0) noexcept;
/// "host:port@bus", as CLUSTER NODES shows it, without the bus port; other texts as they are.
[[nodiscard]] QString withoutBusPort(const QString &text);

/// Commands that the servers know by another name (rename-command): upper case -> the name that is sent.
using RenamedCommands = QHash<QByteArray, QByteArray>;

/// How every server of a cluster is reached, and lets a connection in.
struct Access
{
    Credentials credentials;
    TlsSettings tls = {};
    Way way = {};
    RenamedCommands renamed = {};
};

/// What kind of place a connection leads to, as the user says. Production is asked about before it is changed.
enum class EnvironmentKind : quint8 { None, Development, Staging, Production };

/// "production", …; empty for None. None for other words.
[[nodiscard]] QString environmentName(EnvironmentKind kind);
[[nodiscard]] EnvironmentKind environmentNamed(const QString &name);

/// What the user named: how to reach a cluster or server.
struct ConnectionTarget
{
    QList<Endpoint> seeds; ///< of servers; with `sentinel`, of Sentinels
    SentinelSettings sentinel = {};
    Credentials credentials;
    TlsSettings tls;
    Way way = {}; ///< never a Unix socket's
    int database = 0;
    QString name; ///< to show; empty: the Sentinels' name of the primary, or the first seed
    bool readOnly = false;
    int refreshSeconds = 0; ///< a window asks each node once in so many, 1 to longestRefresh; 0: as often as usual
    EnvironmentKind environment = EnvironmentKind::None;
    QHash<QString, Endpoint> addressMap; ///< announced "host:port", or a node's id -> where it is reached from here
    /// Host names and networks ("10.0.0.0/8") that connections may be opened to, beside the seeds and the mapped
    /// addresses; empty: whatever the nodes announce.
    QStringList permittedHosts;
    RenamedCommands renamed = {};

    static constexpr int longestRefresh = 60;
    [[nodiscard]] QString title() const;
    /// Whether both lead to the same servers: what was given for one (a password) may go to the other.
    [[nodiscard]] bool isSamePlace(const ConnectionTarget &other) const;
    void clearSecrets(); ///< passwords and the key's passphrase, the Sentinels' too
    [[nodiscard]] QString seedsText() const; ///< "host:port, host:port"
    /// One for the servers, or for the Sentinels.
    [[nodiscard]] bool hasPassword() const
    {
        return credentials.hasSecret() || !sentinel.credentials.password.isEmpty();
    }
    [[nodiscard]] Access access() const { return {credentials, tls, way, renamed}; }
    /// Whether permittedHosts lets a connection to this host be opened; seeds and mapped addresses always may.
    [[nodiscard]] bool permits(const Endpoint &endpoint) const;
    /// "ANNOUNCED:PORT=REACHABLE:PORT" or "ID=REACHABLE:PORT" into the map.
    [[nodiscard]] Result<> addMapping(const QString &pair);
    /// "CONFIG=abc", and "CONFIG:abc" as in a URI, into `renamed`.
    [[nodiscard]] Result<> addRename(const QString &pair);
    /// redis://[user[:password]@]host[:port][,host[:port]…][/db]
    /// [?name=…&readonly=1&env=production|staging|development&hosts=HOST|NETWORK,…&refresh=SECONDS&map=ANNOUNCED=REACHABLE…
    /// &ssh=[USER@]HOST[:PORT],… | &proxy=socks5://HOST:PORT], valkey://, unix:///path[?db=N], or bare host[:port][,…].
    /// rediss:// and valkeys:// are TLS, with the options cacert=, cert=, key=, sni=, crl=, pin=SHA256, ciphers=,
    /// tlsmin=1.2|1.3, insecure=1. redis+sentinel://host[:26379],…/primary-name[/db] and rediss+sentinel:// go through
    /// Sentinels (SentinelSettings::readOption). A command for the password is refused: whoever writes a link would run
    /// a program here.
    [[nodiscard]] static Result<ConnectionTarget> parse(const QString &uri);
    /// The URI again; the password is left out unless asked for.
    [[nodiscard]] QString toUri(bool withPassword = false) const;
    friend bool operator==(const ConnectionTarget &, const ConnectionTarget &) = default;
};

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::ConnectionTarget)
