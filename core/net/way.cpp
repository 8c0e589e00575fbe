// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/way.h"

#include "core/base/tr.h"

#include <QProcess>
#include <QRegularExpression>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr quint16 socksPort = 1080;

tl::unexpected<Error> wrongWay(const QString &why)
{
    return failure(Error::Code::InvalidArgument, why);
}

/// Splits "host:port" and "[v6]:port". The port is 0 if missing; nullopt if the text has neither form.
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
    if (kind == Kind::Program)
        return command;
    return (kind == Kind::Http ? u"http://"_s : u"socks5://"_s) + (host.contains(u':') ? u'[' + host + u']' : host)
        + u':' + QString::number(port);
}

QString Way::title() const
{
    if (kind == Kind::Direct)
        return {};
    if (kind == Kind::Program) // the arguments may contain a secret
        return tr("the command %1").arg(QProcess::splitCommand(command).value(0).section(u'/', -1));
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
        return wrongWay(tr("“%1” is not a proxy: write socks5://HOST:PORT or http://HOST:PORT").arg(text));
    if (place.contains(u'@'))
        return wrongWay(tr("a proxy that requires a user name and password is not supported"));
    const auto found = hostAndPort(place);
    if (!found || (!socks && found->second == 0))
        return wrongWay(tr("“%1” is not a proxy: write socks5://HOST:PORT or http://HOST:PORT").arg(text));
    Way way;
    way.kind = socks ? Kind::Socks5 : Kind::Http;
    way.host = found->first;
    way.port = found->second == 0 ? socksPort : found->second;
    return way;
}

Result<SshHop> readSshHop(const QString &text)
{
    // The user may include a domain (name@domain, DOMAIN
    // ame). Nothing is allowed that a shell or ssh would interpret.
    static const QRegularExpression user(u"\\A[A-Za-z0-9_.+][A-Za-z0-9_.+@\\\\-]*\\z"_s);
    SshHop hop;
    const qsizetype at = text.lastIndexOf(u'@');
    hop.user = text.left(std::max<qsizetype>(0, at));
    const auto place = hostAndPort(text.mid(at + 1));
    if (!place || at == 0 || (at > 0 && !user.match(hop.user).hasMatch()))
        return wrongWay(tr("“%1” is not an SSH server: write [USER@]HOST[:PORT]").arg(text));
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
            return wrongWay(
                tr("ssh would interpret “%1” differently: define a host alias for it in ~/.ssh/config").arg(hop));
        way.hops.append(hop);
    }
    for (qsizetype i = 0; i + 1 < way.hops.size(); ++i)
        if (way.hops[i].contains(u'\\')) // it becomes an argument in a shell command
            return wrongWay(tr("ssh would interpret “%1” differently: define a host alias for it in ~/.ssh/config")
                                .arg(way.hops[i]));
    return way;
}

Result<Way> Way::byCommand(const QString &text)
{
    Way way;
    way.command = text.trimmed();
    if (way.command.isEmpty())
        return way;
    way.kind = Kind::Program;
    static const QRegularExpression place(u"\\{([^{}]*)\\}"_s);
    for (auto matches = place.globalMatch(way.command); matches.hasNext();) {
        const QString name = matches.next().captured(1);
        if (name != u"host" && name != u"port" && name != u"local")
            return wrongWay(tr("“{%1}” is unknown: use {host}, {port} and {local}").arg(name));
    }
    const QStringList words = QProcess::splitCommand(way.command);
    if (words.isEmpty() || words.constFirst().isEmpty() || words.constFirst().contains(u'{'))
        return wrongWay(tr("the command names no program"));
    if (!way.command.contains(u"{local}"_s))
        return wrongWay(tr("{local} is missing: the port on this computer on which the command shall listen"));
    const bool isOdd = std::any_of(way.command.cbegin(), way.command.cend(),
                                   [](QChar c) { return c.category() == QChar::Other_Control; });
    if (isOdd)
        return wrongWay(tr("the command must be a single line"));
    return way;
}

QStringList Way::commandFor(const QString &serverHost, quint16 serverPort, quint16 localPort) const
{
    static const QRegularExpression asHost(u"\\A[\\p{L}\\p{N}_:.\\[][\\p{L}\\p{N}_:.%\\[\\]-]*\\z"_s);
    // host names come from servers: they must not become an option or several arguments
    if (!asHost.match(serverHost).hasMatch())
        return {};
    QStringList words =
        // split before the placeholders are filled in, so that their values cannot add arguments
        QProcess::splitCommand(command);
    for (QString &word : words) {
        QString filled;
        for (qsizetype at = 0; at < word.size();) {
            const QStringView rest = QStringView(word).sliced(at);
            if (rest.startsWith(u"{host}")) {
                filled += serverHost;
                at += 6;
            } else if (rest.startsWith(u"{port}")) {
                filled += QString::number(serverPort);
                at += 6;
            } else if (rest.startsWith(u"{local}")) {
                filled += QString::number(localPort);
                at += 7;
            } else {
                filled += word.at(at++);
            }
        }
        word = filled;
    }
    return words;
}

} // namespace slotscope
