// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/uri.h"

#include "core/base/tr.h"

#include <QUrl>
#include <QUrlQuery>

#include <array>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

tl::unexpected<Error> refused(const QString &why)
{
    return failure(Error::Code::InvalidArgument, why);
}

Result<quint16> portOf(const QString &text)
{
    bool ok = false;
    const uint port = text.toUInt(&ok);
    if (!ok || port == 0 || port > 65535 || !text.at(0).isDigit())
        return refused(tr("“%1” is no port (1 to 65535)").arg(text));
    return quint16(port);
}

QString decoded(const QString &text)
{
    return QUrl::fromPercentEncoding(text.toUtf8());
}

QString encoded(const QString &text)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(text));
}

struct EnvironmentWord
{
    EnvironmentKind kind;
    QLatin1StringView word;
};

constexpr std::array environmentWords{EnvironmentWord{EnvironmentKind::Development, "development"_L1},
                                      EnvironmentWord{EnvironmentKind::Staging, "staging"_L1},
                                      EnvironmentWord{EnvironmentKind::Production, "production"_L1}};

Result<> readEnvironment(const QString &word, ConnectionTarget &target)
{
    for (const EnvironmentWord &known : environmentWords) {
        if (word != known.word)
            continue;
        target.environment = known.kind;
        return {};
    }
    return refused(tr("env=%1: it is production, staging or development").arg(word));
}

Result<> readQuery(const QString &query, ConnectionTarget &target)
{
    const auto items = QUrlQuery(query).queryItems(QUrl::FullyDecoded);
    for (const auto &[key, value] : items) {
        if (key == u"name") {
            target.name = value;
        } else if (key == u"readonly") {
            target.readOnly = value != u"0";
        } else if (key == u"env") {
            if (const auto read = readEnvironment(value, target); !read)
                return read;
        } else if (key == u"map") {
            const qsizetype at = value.indexOf(u'=');
            const auto announced = Endpoint::parse(value.left(at)), reachable = Endpoint::parse(value.mid(at + 1));
            if (at < 1 || !announced || !reachable)
                return refused(tr("map=%1: it should read ANNOUNCED:PORT=REACHABLE:PORT").arg(value));
            target.addressMap.insert(announced->toString(), *reachable);
        } else {
            return refused(tr("unknown option “%1” in the URI").arg(key));
        }
    }
    return {};
}

Result<> readAuthority(QString authority, ConnectionTarget &target)
{
    if (const qsizetype at = authority.lastIndexOf(u'@'); at >= 0) {
        const QString secret = authority.left(at);
        const qsizetype colon = secret.indexOf(u':');
        target.credentials.user = decoded(colon < 0 ? secret : secret.left(colon));
        target.credentials.password = colon < 0 ? QString() : decoded(secret.mid(colon + 1));
        authority.remove(0, at + 1);
    }
    const QStringList hosts = authority.split(u',', Qt::SkipEmptyParts);
    for (const QString &host : hosts) {
        const auto endpoint = Endpoint::parse(host.trimmed());
        if (!endpoint)
            return tl::make_unexpected(endpoint.error());
        if (!target.seeds.contains(*endpoint))
            target.seeds.append(*endpoint);
    }
    return target.seeds.isEmpty() ? Result<>(refused(tr("no host is named"))) : Result<>();
}

} // namespace

QString Endpoint::toString() const
{
    if (isUnix())
        return socketPath;
    return (host.contains(u':') ? u'[' + host + u']' : host) + u':' + QString::number(port);
}

Result<Endpoint> Endpoint::parse(const QString &text, quint16 defaultPort)
{
    if (text.startsWith(u'/'))
        return Endpoint{.host = {}, .port = 0, .socketPath = text};
    QString host = text, port;
    if (text.startsWith(u'[')) {
        const qsizetype end = text.indexOf(u']');
        if (end < 0 || (end + 1 < text.size() && text.at(end + 1) != u':'))
            return refused(tr("“%1” is no address: [IPv6]:port is").arg(text));
        host = text.mid(1, end - 1);
        port = text.mid(end + 2);
        if (port.isEmpty() && end + 1 < text.size())
            return refused(tr("“%1”: the port is missing").arg(text));
    } else if (const qsizetype colon = text.lastIndexOf(u':'); colon >= 0) {
        host = text.left(colon);
        port = text.mid(colon + 1);
        if (port.isEmpty())
            return refused(tr("“%1”: the port is missing").arg(text));
    }
    const bool odd = std::any_of(host.cbegin(), host.cend(), [](QChar c) {
        return c.isSpace() || c == u'/' || c == u'@' || c == u'[' || c == u']' || c.category() == QChar::Other_Control;
    });
    if (host.isEmpty() || odd)
        return refused(tr("“%1” is no address: HOST:PORT is").arg(text));
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

QString ConnectionTarget::title() const
{
    if (!name.isEmpty())
        return name;
    return seeds.isEmpty() ? QString() : seeds.front().toString();
}

Result<ConnectionTarget> ConnectionTarget::parse(const QString &uri)
{
    ConnectionTarget target;
    QString rest = uri.trimmed();
    const qsizetype schemeEnd = rest.indexOf(u"://"_s);
    const QString scheme = schemeEnd < 0 ? u"redis"_s : rest.left(schemeEnd).toLower();
    if (schemeEnd >= 0)
        rest.remove(0, schemeEnd + 3);
    if (scheme == u"rediss" || scheme == u"valkeys")
        return refused(tr("TLS (%1://) is not supported by this version").arg(scheme));
    if (scheme.startsWith(u"redis+sentinel"_s))
        return refused(tr("Sentinel is not supported by this version; name the servers themselves"));
    if (scheme != u"redis" && scheme != u"valkey" && scheme != u"unix")
        return refused(
            tr("“%1://” is no scheme that this program knows: redis://, valkey:// or unix:// are").arg(scheme));
    if (const qsizetype question = rest.indexOf(u'?'); question >= 0) {
        if (const auto read = readQuery(rest.mid(question + 1), target); !read)
            return tl::make_unexpected(read.error());
        rest.truncate(question);
    }
    if (scheme == u"unix" || rest.startsWith(u'/')) {
        if (!rest.startsWith(u'/'))
            return refused(tr("a Unix socket is given as unix:///path/to/socket"));
        target.seeds.append(Endpoint{.host = {}, .port = 0, .socketPath = decoded(rest)});
        return target;
    }
    const qsizetype slash = rest.indexOf(u'/', std::max<qsizetype>(0, rest.lastIndexOf(u'@')));
    if (slash >= 0 && slash + 1 < rest.size()) {
        bool ok = false;
        target.database = rest.mid(slash + 1).toInt(&ok);
        if (!ok || target.database < 0)
            return refused(tr("“%1” is no database number").arg(rest.mid(slash + 1)));
    }
    if (const auto read = readAuthority(slash < 0 ? rest : rest.left(slash), target); !read)
        return tl::make_unexpected(read.error());
    return target;
}

QString ConnectionTarget::toUri(bool withPassword) const
{
    QString uri;
    if (!seeds.isEmpty() && seeds.front().isUnix()) {
        uri = u"unix://"_s + QString::fromLatin1(QUrl::toPercentEncoding(seeds.front().socketPath, "/"_ba));
    } else {
        uri = u"redis://"_s;
        if (!credentials.user.isEmpty() || (withPassword && !credentials.password.isEmpty())) {
            uri += encoded(credentials.user);
            if (withPassword)
                uri += u':' + encoded(credentials.password);
            uri += u'@';
        }
        QStringList hosts;
        for (const Endpoint &seed : seeds)
            hosts << seed.toString();
        uri += hosts.join(u',');
        if (database != 0)
            uri += u'/' + QString::number(database);
    }
    QStringList options;
    if (!name.isEmpty())
        options << u"name="_s + encoded(name);
    if (readOnly)
        options << u"readonly=1"_s;
    for (const EnvironmentWord &known : environmentWords)
        if (known.kind == environment)
            options << u"env="_s + known.word;
    for (auto it = addressMap.cbegin(); it != addressMap.cend(); ++it)
        options << u"map="_s + encoded(it.key() + u'=' + it.value().toString());
    std::sort(options.begin(), options.end());
    return options.isEmpty() ? uri : uri + u'?' + options.join(u'&');
}

} // namespace slotscope
