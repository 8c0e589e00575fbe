// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/way.h"

#include "core/base/tr.h"

#include <QRegularExpression>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr quint16 socksPort = 1080;

tl::unexpected<Error> wrongWay(const QString &why)
{
    return failure(Error::Code::InvalidArgument, why);
}

/// Splits "host:port" and "[v6]:port"; a port of 0 where none is named, nothing where it is neither.
std::optional<std::pair<QString, quint16>> hostAndPort(const QString &text)
{
    static const QRegularExpression form(
        u"\\A(?:\\[([0-9A-Fa-f:.]+(?:%[A-Za-z0-9_.-]+)?)\\]|([A-Za-z0-9_](?:[A-Za-z0-9_.-]*)))(?::([0-9]{1,5}))?\\z"_s);
    const QRegularExpressionMatch match = form.match(text);
    if (!match.hasMatch())
        return {};
    const uint port = match.captured(3).toUInt();
    if (port > 65535 || (match.hasCaptured(3) && port == 0))
        return {};
    return std::pair(match.captured(1) + match.captured(2), quint16(port));
}

} // namespace

QString Way::toString() const
{
    if (kind == Kind::Direct)
        return {};
    if (kind == Kind::Ssh)
        return hops.join(u',');
    return (kind == Kind::Http ? u"http://"_s : u"socks5://"_s) + (host.contains(u':') ? u'[' + host + u']' : host)
        + u':' + QString::number(port);
}

QString Way::title() const
{
    if (kind == Kind::Direct)
        return {};
    return kind == Kind::Ssh ? tr("SSH through %1").arg(hops.join(u", "_s)) : tr("the proxy %1").arg(toString());
}

Result<Way> Way::proxy(const QString &text)
{
    const qsizetype end = text.indexOf(u"://"_s);
    const QString scheme = text.left(std::max<qsizetype>(0, end)).toLower();
    QString place = end < 0 ? QString() : text.mid(end + 3);
    if (place.endsWith(u'/'))
        place.chop(1);
    const bool socks = scheme == u"socks5" || scheme == u"socks5h";
    if (!socks && scheme != u"http")
        return wrongWay(tr("“%1” is no proxy: socks5://HOST:PORT or http://HOST:PORT is").arg(text));
    if (place.contains(u'@'))
        return wrongWay(tr("a proxy that wants a user and a password is not supported"));
    const auto found = hostAndPort(place);
    if (!found || (!socks && found->second == 0))
        return wrongWay(tr("“%1” is no proxy: socks5://HOST:PORT or http://HOST:PORT is").arg(text));
    Way way;
    way.kind = socks ? Kind::Socks5 : Kind::Http;
    way.host = found->first;
    way.port = found->second == 0 ? socksPort : found->second;
    return way;
}

Result<SshHop> readSshHop(const QString &text)
{
    // a user may be one of a domain (name@domain, DOMAIN\name); nothing that a shell or ssh would read otherwise
    static const QRegularExpression user(u"\\A[A-Za-z0-9_.+][A-Za-z0-9_.+@\\\\-]*\\z"_s);
    SshHop hop;
    const qsizetype at = text.lastIndexOf(u'@');
    hop.user = text.left(std::max<qsizetype>(0, at));
    const auto place = hostAndPort(text.mid(at + 1));
    if (!place || at == 0 || (at > 0 && !user.match(hop.user).hasMatch()))
        return wrongWay(tr("“%1” is no place for ssh: [USER@]HOST[:PORT] is").arg(text));
    hop.host = place->first;
    hop.port = place->second;
    return hop;
}

Result<Way> Way::ssh(const QString &text)
{
    Way way;
    if (text.trimmed().isEmpty())
        return way;
    way.kind = Kind::Ssh;
    for (const QString &piece : text.split(u',')) {
        const QString hop = piece.trimmed();
        const auto read = readSshHop(hop);
        if (!read)
            return tl::make_unexpected(read.error());
        if (read->host.contains(u'%') || read->host.toLower() == u"none"_s)
            return wrongWay(tr("ssh reads “%1” otherwise: give it a name in ~/.ssh/config").arg(hop));
        way.hops.append(hop);
    }
    for (qsizetype i = 0; i + 1 < way.hops.size(); ++i)
        if (way.hops[i].contains(u'\\')) // it becomes a word of a shell
            return wrongWay(tr("ssh reads “%1” otherwise: give it a name in ~/.ssh/config").arg(way.hops[i]));
    return way;
}

} // namespace slotscope
