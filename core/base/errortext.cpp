// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/errortext.h"

#include "core/base/tr.h"

namespace slotscope {

namespace {

constexpr const char *nameOfNone = "unknown";

struct Words
{
    const char *name; ///< code name, as returned by codeName()
    const char *sentence;
    const char *advice;
};

Words wordsOf(Error::Code code)
{
    switch (code) {
    case Error::Code::Cancelled: return {"cancelled", QT_TRANSLATE_NOOP("slotscope::Error", "Stopped"), ""};
    case Error::Code::Timeout:
        return {"timeout", QT_TRANSLATE_NOOP("slotscope::Error", "No reply in time"),
                QT_TRANSLATE_NOOP(
                    "slotscope::Error",
                    "The server may be frozen or overloaded, or a firewall drops the packets. Check host and port, "
                    "or raise the timeout.")};
    case Error::Code::HostNotFound:
        return {"host-not-found", QT_TRANSLATE_NOOP("slotscope::Error", "The host name cannot be resolved"),
                QT_TRANSLATE_NOOP("slotscope::Error", "Check the spelling, the DNS server or the VPN.")};
    case Error::Code::ConnectionRefused:
        return {"connection-refused", QT_TRANSLATE_NOOP("slotscope::Error", "Connection refused"),
                QT_TRANSLATE_NOOP("slotscope::Error",
                                  "No server listens on that port: is the server running, is the port right, does it "
                                  "bind to this address?")};
    case Error::Code::Unreachable:
        return {"unreachable", QT_TRANSLATE_NOOP("slotscope::Error", "The host cannot be reached"),
                QT_TRANSLATE_NOOP("slotscope::Error", "Check the network, the VPN and the firewall.")};
    case Error::Code::ConnectionLost:
        return {"connection-lost",
                QT_TRANSLATE_NOOP("slotscope::Error",
                                  "The connection was lost before the command was sent; it was not executed"),
                QT_TRANSLATE_NOOP("slotscope::Error", "Try again once the node answers.")};
    case Error::Code::MaybeExecuted:
        return {"maybe-executed",
                QT_TRANSLATE_NOOP("slotscope::Error",
                                  "The connection was lost after the command was sent; it may have been executed"),
                QT_TRANSLATE_NOOP("slotscope::Error", "Check the data before you send it again.")};
    case Error::Code::NotRedis:
        return {"not-redis",
                QT_TRANSLATE_NOOP("slotscope::Error", "The program that answers there is not a Redis or Valkey server"),
                QT_TRANSLATE_NOOP("slotscope::Error",
                                  "Check the port. A server that accepts only TLS also looks like this.")};
    case Error::Code::Protocol:
        return {"protocol", QT_TRANSLATE_NOOP("slotscope::Error", "The server violated the protocol"), ""};
    case Error::Code::LimitExceeded:
        return {"limit-exceeded", QT_TRANSLATE_NOOP("slotscope::Error", "A reply was larger than this program accepts"),
                QT_TRANSLATE_NOOP("slotscope::Error", "Request less data at a time.")};
    case Error::Code::AuthRequired:
        return {"auth-required", QT_TRANSLATE_NOOP("slotscope::Error", "The server requires a password"),
                QT_TRANSLATE_NOOP("slotscope::Error",
                                  "Enter the password, and the user name if it is not the default user.")};
    case Error::Code::WrongPassword:
        return {"wrong-password", QT_TRANSLATE_NOOP("slotscope::Error", "The user name or password is wrong"),
                QT_TRANSLATE_NOOP("slotscope::Error", "Check both; the user may also be disabled (ACL LIST).")};
    case Error::Code::NoPermission:
        return {"no-permission", QT_TRANSLATE_NOOP("slotscope::Error", "The ACL user lacks a permission"),
                QT_TRANSLATE_NOOP("slotscope::Error", "Ask for the permission, or connect as another user.")};
    case Error::Code::ClusterDisabled:
        return {"cluster-disabled", QT_TRANSLATE_NOOP("slotscope::Error", "The server does not run in cluster mode"),
                ""};
    case Error::Code::ClusterDown:
        return {"cluster-down", QT_TRANSLATE_NOOP("slotscope::Error", "The cluster is down"),
                QT_TRANSLATE_NOOP("slotscope::Error",
                                  "See the health findings: slots without an owner or a lost majority stop it.")};
    case Error::Code::Loading:
        return {"loading", QT_TRANSLATE_NOOP("slotscope::Error", "The server is still loading its data"),
                QT_TRANSLATE_NOOP("slotscope::Error", "Wait until it has finished.")};
    case Error::Code::TooManyRedirects:
        return {
            "too-many-redirects", QT_TRANSLATE_NOOP("slotscope::Error", "The cluster kept redirecting the command"),
            QT_TRANSLATE_NOOP("slotscope::Error", "Nodes disagree about the slot's owner; see the health findings.")};
    case Error::Code::ServerError:
        return {"server-error", QT_TRANSLATE_NOOP("slotscope::Error", "The server refused the command"), ""};
    case Error::Code::Parse: return {"parse", QT_TRANSLATE_NOOP("slotscope::Error", "A text could not be parsed"), ""};
    case Error::Code::InvalidArgument:
        return {"invalid-argument", QT_TRANSLATE_NOOP("slotscope::Error", "This value cannot be used"), ""};
    case Error::Code::NotShareable:
        return {"not-shareable",
                QT_TRANSLATE_NOOP("slotscope::Error", "The command needs a connection of its own; it was not sent"),
                QT_TRANSLATE_NOOP("slotscope::Error", "Run it with redis-cli or valkey-cli on that node.")};
    case Error::Code::ReadOnly:
        return {
            "read-only",
            QT_TRANSLATE_NOOP("slotscope::Error", "This connection is read-only; the command was not sent"),
            QT_TRANSLATE_NOOP("slotscope::Error", "To run it, connect without “read-only” (readonly=1 in the URI).")};
    case Error::Code::NoRoute:
        return {"no-route", QT_TRANSLATE_NOOP("slotscope::Error", "No known node can serve this"),
                QT_TRANSLATE_NOOP("slotscope::Error", "Wait until the cluster is connected, or name a node.")};
    case Error::Code::Process: return {"process", QT_TRANSLATE_NOOP("slotscope::Error", "A local program failed"), ""};
    case Error::Code::Io:
        return {"io", QT_TRANSLATE_NOOP("slotscope::Error", "A file could not be read or written"), ""};
    case Error::Code::Outdated:
        return {"outdated",
                QT_TRANSLATE_NOOP("slotscope::Error", "The cluster has changed since this operation was planned"),
                QT_TRANSLATE_NOOP("slotscope::Error", "Create a new plan.")};
    case Error::Code::NotWhole:
        return {
            "not-whole",
            QT_TRANSLATE_NOOP("slotscope::Error", "All steps were done, but the cluster is not in the expected state"),
            QT_TRANSLATE_NOOP("slotscope::Error", "See the health findings; fix completes unfinished steps.")};
    case Error::Code::Busy:
        return {"busy", QT_TRANSLATE_NOOP("slotscope::Error", "The server is busy running a script or function"),
                QT_TRANSLATE_NOOP("slotscope::Error",
                                  "The server serves nothing else until it ends. SCRIPT KILL or FUNCTION KILL, sent to "
                                  "this node, ends a script or function that has not written yet.")};
    case Error::Code::TooManyClients:
        return {"too-many-clients",
                QT_TRANSLATE_NOOP("slotscope::Error", "The server answers, but accepts no more clients"),
                QT_TRANSLATE_NOOP("slotscope::Error",
                                  "Raise maxclients on the server, or close connections that are no longer needed.")};
    case Error::Code::WrongNode:
        return {"wrong-node",
                QT_TRANSLATE_NOOP("slotscope::Error", "Another node answers at that address; nothing was sent to it"),
                QT_TRANSLATE_NOOP("slotscope::Error",
                                  "A proxy or load balancer may be in front of the nodes: enter addresses that each "
                                  "lead to a single node.")};
    case Error::Code::IsSentinel:
        return {"is-sentinel",
                QT_TRANSLATE_NOOP("slotscope::Error", "A Sentinel answers at this address, not a server"),
                QT_TRANSLATE_NOOP(
                    "slotscope::Error",
                    "Connect through the Sentinel: redis+sentinel://HOST:26379/NAME, with the name of the primary.")};
    case Error::Code::TwoClusters:
        return {"two-clusters", QT_TRANSLATE_NOOP("slotscope::Error", "The addresses belong to more than one cluster"),
                QT_TRANSLATE_NOOP("slotscope::Error", "Enter addresses of a single cluster.")};
    case Error::Code::NoDatabase:
        return {"no-database", QT_TRANSLATE_NOOP("slotscope::Error", "The server does not have this database"),
                QT_TRANSLATE_NOOP("slotscope::Error",
                                  "A cluster has only database 0, except Valkey 9 with cluster-databases.")};
    case Error::Code::Outside:
        return {"outside",
                QT_TRANSLATE_NOOP("slotscope::Error", "The address is outside the hosts that this connection may use"),
                QT_TRANSLATE_NOOP("slotscope::Error",
                                  "Add the host to hosts=… in the URI if it is yours. A tunnel command without {host} "
                                  "leads only to the servers that you enter.")};
    case Error::Code::NeedsConsent:
        return {"needs-consent",
                QT_TRANSLATE_NOOP("slotscope::Error", "The command was not sent: it needs your confirmation"), ""};
    case Error::Code::Certificate:
        return {"certificate",
                QT_TRANSLATE_NOOP("slotscope::Error", "The server's certificate is not trusted; nothing was sent"),
                QT_TRANSLATE_NOOP("slotscope::Error",
                                  "Ask the operator of the server. If you know this certificate by its SHA-256, you "
                                  "can pin it (pin=…).")};
    case Error::Code::Tls:
        return {"tls", QT_TRANSLATE_NOOP("slotscope::Error", "No encrypted connection could be established"),
                QT_TRANSLATE_NOOP("slotscope::Error",
                                  "Check that the port is the TLS port (tls-port), and whether the server requires a "
                                  "client certificate (tls-auth-clients).")};
    case Error::Code::NotReached:
        return {"not-reached", QT_TRANSLATE_NOOP("slotscope::Error", "The expected state was not reached in time"),
                QT_TRANSLATE_NOOP(
                    "slotscope::Error",
                    "Completed steps are not undone. Fix the cause and resume, or undo them with roll-back.")};
    case Error::Code::Proxy:
        return {"proxy",
                QT_TRANSLATE_NOOP("slotscope::Error", "The proxy or SSH server could not connect to the server"),
                QT_TRANSLATE_NOOP("slotscope::Error",
                                  "Check the address and rules of the proxy, or what the SSH server allows "
                                  "(AllowTcpForwarding, PermitOpen).")};
    case Error::Code::Tunnel:
        return {"ssh", QT_TRANSLATE_NOOP("slotscope::Error", "The tunnel to the server is not open"),
                QT_TRANSLATE_NOOP("slotscope::Error",
                                  "Slotscope keeps trying by itself. If that does not help, run ssh with the same "
                                  "host, or the command, in a terminal.")};
    case Error::Code::NotRecorded:
        return {"not-recorded",
                QT_TRANSLATE_NOOP("slotscope::Error",
                                  "The command was not sent, because it cannot be recorded in the audit log"),
                QT_TRANSLATE_NOOP("slotscope::Error",
                                  "Free disk space, or allow changes without a record (Settings, Audit log).")};
    case Error::Code::TunnelRefused:
        return {"ssh-refused", QT_TRANSLATE_NOOP("slotscope::Error", "The tunnel was refused or could not be started"),
                QT_TRANSLATE_NOOP("slotscope::Error",
                                  "No command was sent. Fix the problem and connect again. To learn more, run ssh with "
                                  "the same host, or the command, in a terminal.")};
    case Error::Code::PasswordCommand:
        return {"password-command", QT_TRANSLATE_NOOP("slotscope::Error", "The password command printed no password"),
                QT_TRANSLATE_NOOP("slotscope::Error",
                                  "Run this command in a terminal to see why it fails. If it asks for a login, log in "
                                  "once in the terminal: Slotscope runs it without one and cannot answer.")};
    }
    return {nameOfNone, "", ""};
}

} // namespace

QString describe(const Error &error)
{
    QString text;
    if (!error.node.isEmpty())
        text += error.node + QStringLiteral(": ");
    if (!error.command.isEmpty())
        text += error.command + QStringLiteral(": ");
    if (error.code == Error::Code::InvalidArgument && !error.detail.isEmpty())
        return text + error.detail; // the detail is a complete message
    const bool lostIdle = error.code == Error::Code::ConnectionLost && error.command.isEmpty();
    const QString sentence = lostIdle ? tr("The connection was lost") : tr(wordsOf(error.code).sentence);
    text += sentence;
    if (!error.detail.isEmpty() && error.detail.compare(sentence, Qt::CaseInsensitive) != 0)
        text += QStringLiteral(" (") + error.detail + QLatin1Char(')');
    return text;
}

QString advice(const Error &error)
{
    const char *text = wordsOf(error.code).advice;
    return *text ? tr(text) : QString();
}

QString codeName(Error::Code code)
{
    return QString::fromLatin1(wordsOf(code).name);
}

std::optional<Error::Code> codeNamed(const QString &name)
{
    for (int number = 0; codeName(Error::Code(number)) != QLatin1StringView(nameOfNone); ++number)
        if (codeName(Error::Code(number)) == name)
            return Error::Code(number);
    return {};
}

} // namespace slotscope
