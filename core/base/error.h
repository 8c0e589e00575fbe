// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QMetaType>
#include <QString>

namespace slotscope {

/// What went wrong, in a form that code can branch on and a person can read. Built in core, worded for people by
/// describe() (core/base/errortext.h); never holds a password or a value.
struct Error
{
    enum class Code : quint8 {
        Cancelled, ///< somebody asked for it to stop
        Timeout, ///< no answer within the deadline; a command may have been executed
        HostNotFound, ///< DNS does not know the name
        ConnectionRefused, ///< nothing listens there
        Unreachable, ///< no route, network down, or no permission to connect
        ConnectionLost, ///< closed before the command was written: it was not executed
        MaybeExecuted, ///< closed after the command was written: it may have been executed
        NotRedis, ///< something answers there, but it does not speak RESP
        Protocol, ///< malformed RESP in an established connection
        LimitExceeded, ///< a reply broke a bound on depth, count or length
        AuthRequired, ///< NOAUTH
        WrongPassword, ///< WRONGPASS, or "invalid password"
        NoPermission, ///< NOPERM: the ACL user lacks a right
        ClusterDisabled, ///< the server does not run in cluster mode
        ClusterDown, ///< CLUSTERDOWN
        Loading, ///< LOADING or MASTERDOWN: the server is not ready yet
        TooManyRedirects, ///< MOVED / ASK / TRYAGAIN went on beyond the bound
        ServerError, ///< any other error reply; serverPrefix holds its first word
        Parse, ///< a reply or a text that does not have the form it should have
        InvalidArgument, ///< the caller's words are off
        NotShareable, ///< the command would put a connection that others use out of step: it was not sent
        ReadOnly, ///< the user wants nothing changed over this connection: the command was not sent
        NoRoute, ///< no node is known that could serve the request
        Process, ///< a local process could not be started or ended early
        Io, ///< a local file or socket operation failed
        Outdated, ///< the cluster is not as it was when this was planned: it goes no further
        NotWhole, ///< all was done, and the cluster is not as it should be then
        Busy, ///< BUSY: a script or function runs there; only KILL commands and SHUTDOWN are served
        TooManyClients, ///< the server has as many clients as it permits (maxclients)
        WrongNode, ///< another node answers at the address of the one that was wanted; nothing was sent to it
        TwoClusters, ///< the addresses that the user named belong to more than one cluster
        NoDatabase, ///< the server does not have the database that was asked for
        Outside, ///< the address lies outside the hosts that this connection may use; nothing was sent there
        NeedsConsent, ///< the user has to agree first; the command was not sent
        Certificate, ///< the server's TLS certificate is not trusted; nothing was sent
        Tls, ///< no TLS connection came about: no TLS there, no common version, our certificate refused
        NotReached, ///< all was said OK to, and the state that was waited for did not come
        Proxy, ///< the proxy or the SSH server on the way refuses to lead there, or no proxy answers
        Tunnel, ///< the SSH connection did not come about or has ended; it is tried again
        IsSentinel, ///< a Sentinel answers where a server was expected; `detail` names what it watches
        NotRecorded, ///< the audit log cannot be written, and the user wants a record of each change: it was not sent
        TunnelRefused, ///< SSH refuses: its key or login; it is tried again only when the user asks for it
        PasswordCommand, ///< the program that prints the password failed: nothing was sent; as TunnelRefused
    };

    Code code = Code::ServerError;
    QString detail; ///< the server's or the system's own words, or a quoted line that did not parse
    QByteArray serverPrefix; ///< first word of an error reply, such as "NOPERM"; empty otherwise
    QString node; ///< "host:port" of the node concerned, empty where there is none
    QString command; ///< name of the command concerned, arguments left out

    friend bool operator==(const Error &, const Error &) = default;
};

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::Error)
