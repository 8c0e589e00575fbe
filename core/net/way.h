// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QString>
#include <QStringList>

namespace slotscope {

/// The route that connections take to the servers: direct, through a proxy, through SSH, or through a command that the
/// user configured. It is the same for every node of a cluster. Announced addresses are resolved at its far end.
struct Way
{
    enum class Kind : quint8 {
        Direct,
        Socks5, ///< a SOCKS5 proxy, which resolves host names
        Http, ///< an HTTP proxy that supports CONNECT
        Ssh, ///< the system's ssh with a dynamic forward
        Program, ///< a user-configured command, one process per node, which listens on a local port
    };
    Kind kind = Kind::Direct;
    QString host; ///< proxy host: name, IPv4, or IPv6 without brackets
    quint16 port = 0;
    QStringList hops; ///< SSH hops: "[user@]host[:port]" or names from ~/.ssh/config; the last one reaches the servers
    QString command; ///< for Program, with the placeholders {host}, {port} and {local}

    [[nodiscard]] bool isDirect() const { return kind == Kind::Direct; }
    [[nodiscard]] bool isSsh() const { return kind == Kind::Ssh; }
    [[nodiscard]] bool isProgram() const { return kind == Kind::Program; }
    /// Returns "socks5://host:port", "http://host:port", "user@host:22,host" for SSH, or the command; empty if direct.
    [[nodiscard]] QString toString() const;
    /// Returns a description for display: "SSH through host", "the proxy socks5://host:port".
    [[nodiscard]] QString title() const;
    /// Parses "socks5://host[:1080]" or "http://host:port". Credentials are refused, because they would become part of
    /// the URI.
    [[nodiscard]] static Result<Way> proxy(const QString &text);
    /// Parses "[user@]host[:port]", several separated by commas: all but the last are jump hosts. Hosts that ssh could
    /// take for an option are refused. An empty text means direct.
    [[nodiscard]] static Result<Way> ssh(const QString &text);
    /// Parses a command line that makes a tunnel: a program and its arguments. {local} must occur and is replaced by
    /// the port on 127.0.0.1 to listen on, {host} and {port} by the server's. No shell is used: blanks separate
    /// arguments, double quotes keep them together. An empty text means direct.
    [[nodiscard]] static Result<Way> byCommand(const QString &text);
    /// Returns program and arguments for one server; only for Program. Empty if the host is not a plain host name.
    [[nodiscard]] QStringList commandFor(const QString &serverHost, quint16 serverPort, quint16 localPort) const;
    friend bool operator==(const Way &, const Way &) = default;
};

/// The parts of an SSH hop; `port` is 0 if not given.
struct SshHop
{
    QString user, host;
    quint16 port = 0;
};
[[nodiscard]] Result<SshHop> readSshHop(const QString &text);

} // namespace slotscope
