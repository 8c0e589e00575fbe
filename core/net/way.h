// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QString>
#include <QStringList>

namespace slotscope {

/// The way that connections take to the servers: straight, through a proxy, through SSH or through a program of the
/// user's own. The same for every node of a cluster; the addresses that nodes announce are resolved at its far end.
struct Way
{
    enum class Kind : quint8 {
        Direct,
        Socks5, ///< a proxy; names are resolved by it
        Http, ///< a proxy that knows CONNECT
        Ssh, ///< the system's ssh, with a dynamic forward
        Program, ///< a command of the user's own, one process a node, that listens at a port of ours
    };
    Kind kind = Kind::Direct;
    QString host; ///< of the proxy: name, IPv4, or IPv6 without brackets
    quint16 port = 0;
    QStringList hops; ///< of SSH: "[user@]host[:port]" or a name of ~/.ssh/config; the last one reaches the servers
    QString command; ///< of Program, with the places {host}, {port} and {local}

    [[nodiscard]] bool isDirect() const { return kind == Kind::Direct; }
    [[nodiscard]] bool isSsh() const { return kind == Kind::Ssh; }
    [[nodiscard]] bool isProgram() const { return kind == Kind::Program; }
    /// "socks5://host:port", "http://host:port"; "user@host:22,host" for SSH; the command; empty where it is direct.
    [[nodiscard]] QString toString() const;
    /// "SSH through host", "the proxy socks5://host:port": for people.
    [[nodiscard]] QString title() const;
    /// "socks5://host[:1080]" or "http://host:port". Credentials are refused: they would stand in the URI.
    [[nodiscard]] static Result<Way> proxy(const QString &text);
    /// "[user@]host[:port]", several with commas: all but the last are jump hosts. What ssh could take for an option
    /// is refused. An empty text is the direct way.
    [[nodiscard]] static Result<Way> ssh(const QString &text);
    /// A command line that makes a tunnel: a program with its words, among them {local}, the port on 127.0.0.1 that it
    /// is to listen at; {host} and {port} stand for the server. No shell reads it: blanks part words, double quotes
    /// keep them together. An empty text is the direct way.
    [[nodiscard]] static Result<Way> byCommand(const QString &text);
    /// The program and its words for one server; of a Program only. Empty where the host is no plain host name.
    [[nodiscard]] QStringList commandFor(const QString &serverHost, quint16 serverPort, quint16 localPort) const;
    friend bool operator==(const Way &, const Way &) = default;
};

/// A hop in its parts; `port` is 0 where none is named.
struct SshHop
{
    QString user, host;
    quint16 port = 0;
};
[[nodiscard]] Result<SshHop> readSshHop(const QString &text);

} // namespace slotscope
