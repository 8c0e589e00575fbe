// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QMetaType>
#include <QString>

namespace slotscope {

/// An error, in a form that code can examine. Created in core and converted to text by describe()
/// (core/base/errortext.h). Never contains a password or a value.
struct Error
{
    enum class Code : quint8 {
        Cancelled, ///< stopped on request
        Timeout, ///< no reply before the deadline; a command may have been executed
        HostNotFound, ///< DNS does not know the host name
        ConnectionRefused, ///< nothing listens at the address
        Unreachable, ///< no route, network down, or no permission to connect
        ConnectionLost, ///< closed before the command was written, so it was not executed
        MaybeExecuted, ///< closed after the command was written, so it may have been executed
        NotRedis, ///< the server does not speak RESP
        Protocol, ///< malformed RESP in an established connection
        LimitExceeded, ///< a reply exceeded a limit on depth, count or length
        AuthRequired, ///< NOAUTH
        WrongPassword, ///< WRONGPASS, or "invalid password"
        NoPermission, ///< NOPERM: the ACL user lacks a permission
        ClusterDisabled, ///< the server does not run in cluster mode
        ClusterDown, ///< CLUSTERDOWN
        Loading, ///< LOADING or MASTERDOWN: the server is not ready yet
        TooManyRedirects, ///< still MOVED / ASK / TRYAGAIN after the largest number of retries
        ServerError, ///< any other error reply; serverPrefix contains its first word
        Parse, ///< a reply or a text is malformed
        InvalidArgument, ///< an argument from the caller is invalid
        NotShareable, ///< not sent, because it would change the state of a connection that others use
        ReadOnly, ///< not sent, because the connection is read-only
        NoRoute, ///< no known node could serve the request
        Process, ///< a local process could not be started, or failed
        Io, ///< a local file or socket operation failed
        Outdated, ///< the cluster has changed since planning, so the operation stops
        NotWhole, ///< all steps succeeded, but the cluster is not in the expected state
        Busy, ///< BUSY: a script or function runs; the server accepts only KILL commands and SHUTDOWN
        TooManyClients, ///< the server has reached maxclients
        WrongNode, ///< another node than expected answers at the address; nothing was sent to it
        TwoClusters, ///< the seeds belong to more than one cluster
        NoDatabase, ///< the server does not have the requested database
        Outside, ///< the address is not among the connection's permitted hosts; nothing was sent
        NeedsConsent, ///< not sent, because the user has to consent first
        Certificate, ///< the server's TLS certificate is not trusted; nothing was sent
        Tls, ///< no TLS connection: no TLS there, no common version, or our certificate was refused
        NotReached, ///< all commands succeeded, but the expected state was not reached in time
        Proxy, ///< the proxy or SSH server refuses to connect further, or no proxy answers
        Tunnel, ///< the SSH or command tunnel failed or ended; it is retried
        IsSentinel, ///< a Sentinel answers instead of a server; `detail` names what it monitors
        NotRecorded, ///< not sent, because the audit log cannot be written and the user requires a record of changes
        TunnelRefused, ///< SSH refused the host key or the login; retried only at the user's request
        PasswordCommand, ///< the password command failed; nothing was sent; retried only at the user's request
    };

    Code code = Code::ServerError;
    QString detail; ///< the server's or system's own message, or a quoted line that could not be parsed
    QByteArray serverPrefix; ///< first word of an error reply, such as "NOPERM"; empty otherwise
    QString node; ///< "host:port" of the node concerned, empty if there is none
    QString command; ///< name of the command concerned, without arguments

    friend bool operator==(const Error &, const Error &) = default;
};

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::Error)
