// SPDX-License-Identifier: GPL-3.0-or-later
// An address: host and port, or a Unix socket.
#include "core/base/tr.h"
#include "core/net/uri.h"

#include <QRegularExpression>

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

tl::unexpected<Error> noAddress(const QString &why)
{
    return failure(Error::Code::InvalidArgument, why);
}

Result<quint16> portOf(const QString &text)
{
    bool ok = false;
    const uint port = text.toUInt(&ok);
    if (!ok || port == 0 || port > 65535 || !text.at(0).isDigit())
        return noAddress(tr("“%1” is not a port (1 to 65535)").arg(text));
    return quint16(port);
}

} // namespace

QString withoutBusPort(const QString &text)
{
    static const QRegularExpression form(u"\\A(.*[^:@,]:([0-9]{1,5}))@([0-9]{1,5})\\z"_s);
    const QRegularExpressionMatch match = form.match(text);
    const bool ports = match.hasMatch() && portOf(match.captured(2)) && portOf(match.captured(3));
    return ports ? match.captured(1) : text;
}

QString Endpoint::toString() const
{
    if (isUnix())
        return socketPath;
    return (host.contains(u':') ? u'[' + host + u']' : host) + u':' + QString::number(port);
}

Result<Endpoint> Endpoint::parse(const QString &given, quint16 defaultPort)
{
    if (given.startsWith(u'/'))
        return Endpoint{.host = {}, .port = 0, .socketPath = given};
    const QString text = withoutBusPort(given);
    QString host = text, port;
    if (text.startsWith(u'[')) {
        const qsizetype end = text.indexOf(u']');
        if (end < 0 || (end + 1 < text.size() && text.at(end + 1) != u':'))
            return noAddress(tr("“%1” is not an address: write [IPv6]:port").arg(text));
        host = text.mid(1, end - 1);
        port = text.mid(end + 2);
        if (port.isEmpty() && end + 1 < text.size())
            return noAddress(tr("“%1”: the port is missing").arg(text));
    } else if (const qsizetype colon = text.lastIndexOf(u':'); colon >= 0) {
        host = text.left(colon);
        port = text.mid(colon + 1);
        if (port.isEmpty())
            return noAddress(tr("“%1”: the port is missing").arg(text));
    }
    const bool odd = std::any_of(host.cbegin(), host.cend(), [](QChar c) {
        return c.isSpace() || u"/@[]=?#"_s.contains(c) || c.category() == QChar::Other_Control;
    });
    if (host.isEmpty() || odd)
        return noAddress(tr("“%1” is not an address: write host:port").arg(text));
    if (port.isEmpty())
        return Endpoint{.host = host, .port = defaultPort, .socketPath = {}};
    const auto number = portOf(port);
    if (!number)
        return tl::make_unexpected(number.error());
    return Endpoint{.host = host, .port = *number, .socketPath = {}};
}

size_t qHash(const Endpoint &endpoint, size_t seed) noexcept
{
    return qHashMulti(seed, endpoint.host, endpoint.port, endpoint.socketPath);
}

} // namespace slotscope
