// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/proxygreeting.h"

#include "core/base/text.h"
#include "core/base/tr.h"

#include <QHostAddress>
#include <QUrl>
#include <QtEndian>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype longestHttpHead = 16 << 10;
constexpr qsizetype longestName = 255;

/// Returns the host name in ASCII (ACE) form; empty if it is not a valid name.
QByteArray proxyNameOf(const QString &host)
{
    const bool isPlain = std::all_of(host.begin(), host.end(), [](QChar c) { return c.unicode() < 128; });
    return isPlain ? host.toLatin1() : QUrl::toAce(host);
}

QByteArray socksRequest(const Endpoint &goal)
{
    QByteArray request("\x05\x01\x00", 3); // version 5, CONNECT, reserved
    const QHostAddress address(goal.host);
    if (address.protocol() == QAbstractSocket::IPv4Protocol) {
        const quint32 number = qToBigEndian(address.toIPv4Address());
        request += '\x01' + QByteArray(reinterpret_cast<const char *>(&number), sizeof number);
    } else if (address.protocol() == QAbstractSocket::IPv6Protocol && address.scopeId().isEmpty()) {
        const Q_IPV6ADDR number = address.toIPv6Address();
        request += '\x04' + QByteArray(reinterpret_cast<const char *>(&number), sizeof number);
    } else {
        const QByteArray name = proxyNameOf(goal.host);
        request += '\x03' + QByteArray(1, char(name.size())) + name;
    }
    const quint16 port = qToBigEndian(goal.port);
    return request + QByteArray(reinterpret_cast<const char *>(&port), sizeof port);
}

Error socksError(uchar code)
{
    const auto told = [](Error::Code kind, const QString &detail) {
        return Error{.code = kind, .detail = detail, .serverPrefix = {}, .node = {}, .command = {}};
    };
    switch (code) {
    case 2: return told(Error::Code::Proxy, tr("the rules of the proxy do not allow this connection"));
    case 3: return told(Error::Code::Unreachable, tr("the proxy reports: network unreachable"));
    case 4: return told(Error::Code::Unreachable, tr("the proxy reports: host unreachable"));
    case 5: return told(Error::Code::ConnectionRefused, tr("as seen from the proxy"));
    case 6: return told(Error::Code::Unreachable, tr("the proxy reports: too many network hops (TTL expired)"));
    case 8: return told(Error::Code::Proxy, tr("the proxy does not support this type of address"));
    default: return told(Error::Code::Proxy, tr("the proxy could not connect (SOCKS error %1)").arg(code));
    }
}

} // namespace

bool fitsProxyName(const QString &host)
{
    const QByteArray name = proxyNameOf(host);
    return !name.isEmpty() && name.size() <= longestName;
}

ProxyGreeting::ProxyGreeting(Way::Kind kind, const Endpoint &goal)
    : m_phase(kind == Way::Kind::Http ? Phase::Http : Phase::Methods), m_wanted(kind == Way::Kind::Http ? 1 : 2)
{
    if (kind == Way::Kind::Http) {
        const QByteArray place = goal.toString().toUtf8();
        m_outgoing = "CONNECT "_ba + place + " HTTP/1.1\r\nHost: "_ba + place + "\r\n\r\n"_ba;
    } else {
        m_outgoing = QByteArray("\x05\x01\x00", 3); // version 5, one method: no authentication
        m_request = socksRequest(goal);
    }
}

Result<bool> ProxyGreeting::take(const QByteArray &bytes)
{
    m_incoming += bytes;
    m_wanted -= bytes.size();
    return m_phase == Phase::Http ? takeHttp() : m_wanted > 0 ? Result<bool>(false) : takeSocks();
}

Result<bool> ProxyGreeting::takeSocks()
{
    const auto at = [this](qsizetype place) { return uchar(m_incoming.at(place)); };
    if (at(0) != 5)
        return failure(Error::Code::Proxy, tr("the server at this address is not a SOCKS5 proxy"));
    if (m_phase == Phase::Methods) {
        if (at(1) != 0)
            return failure(Error::Code::Proxy,
                           tr("the proxy requires a user name and a password; this is not supported"));
        m_outgoing = m_request;
        m_incoming.clear();
        m_phase = Phase::Head;
        m_wanted = 5; // up to the first byte of the address, which for a name is its length
        return false;
    }
    if (at(1) != 0)
        return failure(socksError(at(1)));
    if (m_phase == Phase::Head) { // skip the address that the proxy uses for its connection
        const qsizetype address = at(3) == 1 ? 3 : at(3) == 4 ? 15 : at(3) == 3 ? at(4) : -1;
        if (address < 0)
            return failure(Error::Code::Proxy, tr("the server at this address is not a SOCKS5 proxy"));
        m_phase = Phase::Rest;
        m_wanted = address + 2;
        return false;
    }
    return true;
}

/// Reads the head byte by byte, because the bytes after it belong to the server.
Result<bool> ProxyGreeting::takeHttp()
{
    if (!m_incoming.endsWith("\r\n\r\n")) {
        if (m_incoming.size() > longestHttpHead
            || !QByteArrayView("HTTP/").startsWith(m_incoming.first(std::min<qsizetype>(5, m_incoming.size()))))
            return failure(Error::Code::Proxy, tr("the server at this address is not an HTTP proxy"));
        m_wanted = 1;
        return false;
    }
    const QByteArray line = m_incoming.left(m_incoming.indexOf("\r\n"));
    const int status = line.mid(line.indexOf(' ') + 1).left(3).toInt();
    if (status >= 200 && status < 300)
        return true;
    const QString said = toDisplay(line.mid(line.indexOf(' ') + 1).left(100));
    if (status == 407)
        return failure(Error::Code::Proxy, tr("the proxy requires a user name and a password; this is not supported"));
    if (status == 502 || status == 503)
        return failure(Error::Code::Unreachable, tr("the proxy reports: %1").arg(said));
    if (status == 504)
        return failure(Error::Code::Timeout, tr("the proxy reports: %1").arg(said));
    return failure(Error::Code::Proxy, tr("the proxy reports: %1").arg(said));
}

} // namespace slotscope
