// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/uri.h"

#include "core/base/tr.h"
#include "core/net/passwordsource.h"
#include "core/net/tlsoptions.h"

#include <QSet>
#include <QHostAddress>
#include <QUrl>
#include <QUrlQuery>

#include <algorithm>
#include <array>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

tl::unexpected<Error> refused(const QString &why)
{
    return failure(Error::Code::InvalidArgument, why);
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
    target.environment = environmentNamed(word);
    if (target.environment != EnvironmentKind::None)
        return {};
    return refused(tr("env=%1: only production, staging and development are allowed").arg(word));
}

Result<> readQuery(const QString &query, ConnectionTarget &target)
{
    const auto items = QUrlQuery(query).queryItems(QUrl::FullyDecoded);
    QSet<QString> given;
    for (const auto &[key, value] : items) {
        if (key != u"map" && given.contains(key))
            return refused(tr("the URI contains the option “%1” twice").arg(key));
        given.insert(key);
        if (key == u"name") {
            target.name = value;
        } else if (key == u"readonly") {
            if (value != u"0" && value != u"1")
                return refused(tr("readonly=%1: only 1 and 0 are allowed").arg(value));
            target.readOnly = value == u"1";
        } else if (key == u"db") { // for Unix sockets, because the path leaves no room for the database
            bool ok = false;
            target.database = value.toInt(&ok);
            if (!ok || target.database < 0)
                return refused(tr("db=%1: the number of a database is expected").arg(value));
        } else if (key == u"refresh") {
            bool ok = false;
            target.refreshSeconds = value.toInt(&ok);
            if (!ok || target.refreshSeconds < 1 || target.refreshSeconds > ConnectionTarget::longestRefresh)
                return refused(tr("refresh=%1: a number of seconds from 1 to %2 is expected")
                                   .arg(value)
                                   .arg(ConnectionTarget::longestRefresh));
        } else if (key == u"env") {
            if (const auto read = readEnvironment(value, target); !read)
                return read;
        } else if (key == u"hosts") {
            target.permittedHosts = value.split(u',', Qt::SkipEmptyParts);
            for (QString &host : target.permittedHosts)
                host = host.trimmed().toLower();
            const auto isNoNetwork = [](const QString &host) {
                return host.contains(u'/') && QHostAddress::parseSubnet(host).second < 0;
            };
            const auto wrong = std::find_if(target.permittedHosts.cbegin(), target.permittedHosts.cend(), isNoNetwork);
            if (wrong != target.permittedHosts.cend())
                return refused(tr("hosts: “%1” is not a network: write it as in 10.0.0.0/8").arg(*wrong));
            if (target.permittedHosts.isEmpty())
                return refused(tr("hosts= is empty"));
        } else if (key == u"ssh" || key == u"proxy") {
            if (!target.way.isDirect())
                return refused(tr("ssh= and proxy= cannot be combined"));
            const auto way = key == u"ssh" ? Way::ssh(value) : Way::proxy(value);
            if (!way)
                return refused(key + u"= "_s + way.error().detail);
            target.way = *way;
        } else if (key == u"tunnel" || key == u"rename") { // accepted by parseOwnUri() only
            return refused(
                key == u"tunnel"
                    ? tr("tunnel= names a program that would be started on this computer, so a link or a file may not "
                         "set it. Enter it in the connect dialog (Through: a command), or use --tunnel.")
                    : tr("rename= makes Slotscope send commands under other names, so a link or a file may not set it. "
                         "Enter it in the connect dialog, or use --rename-command."));
        } else if (PasswordSource::isOption(key)) {
            return refused(PasswordSource::notInUri(key));
        } else if (key == u"map") {
            if (const auto added = target.addMapping(value); !added)
                return refused(u"map="_s + added.error().detail);
        } else {
            const auto known = target.sentinel.readOption(key, value);
            if (!known)
                return tl::make_unexpected(known.error());
            const auto ofTls = *known ? known : readTlsOption(key, value, target.tls);
            if (!ofTls)
                return tl::make_unexpected(ofTls.error());
            if (!*ofTls)
                return refused(tr("the URI contains the unknown option “%1”").arg(key));
        }
    }
    return {};
}

Credentials credentialsIn(const QString &text)
{
    const qsizetype colon = text.indexOf(u':');
    return {.user = decoded(colon < 0 ? text : text.left(colon)),
            .password = colon < 0 ? QString() : decoded(text.mid(colon + 1))};
}

/// Reads the credentials, which are expected once, before the first host. If they are repeated identically, they are
/// accepted; anything ambiguous is refused.
Result<> readCredentials(QStringList &pieces, Credentials &credentials)
{
    const auto isTold = [](const QString &piece) { return piece.contains(u'@'); };
    const auto told = std::count_if(pieces.cbegin(), pieces.cend(), isTold);
    if (told == 0)
        return {};
    const bool leads = isTold(pieces.front());
    if (told == 1 && !leads && !Endpoint::parse(pieces.front())) { // the password contains a comma
        const QString whole = pieces.join(u',');
        credentials = credentialsIn(whole.left(whole.lastIndexOf(u'@')));
        pieces = whole.mid(whole.lastIndexOf(u'@') + 1).split(u',');
        return {};
    }
    QList<Credentials> all;
    for (QString &piece : pieces) {
        const qsizetype at = piece.lastIndexOf(u'@');
        if (at < 0)
            continue;
        all.append(credentialsIn(piece.left(at)));
        piece.remove(0, at + 1);
    }
    credentials = all.front();
    if (leads && all.count(all.front()) == all.size())
        return {};
    return refused(tr(
        "the hosts have different credentials, or a password contains “,”: a connection uses the same credentials on "
        "every host, so write them once, before the first host; in a password write %2C for “,” and %40 for “@”"));
}

Result<> readAuthority(const QString &authority, ConnectionTarget &target)
{
    const quint16 defaultPort = target.sentinel.isOn() ? defaultSentinelPort : defaultRedisPort;
    QStringList pieces = authority.split(u',');
    QSet<qsizetype> withBus;
    for (qsizetype i = 0; i < pieces.size(); ++i)
        if (const QString piece = withoutBusPort(pieces[i].trimmed()); piece != pieces[i].trimmed()) {
            pieces[i] = piece;
            withBus.insert(i);
        }
    const auto count = pieces.size();
    if (const auto read = readCredentials(pieces, target.credentials); !read)
        return read;
    const qsizetype joined = count - pieces.size(); // pieces that belong together because of a comma in the password
    for (qsizetype i = 0; i < pieces.size(); ++i) {
        const QString host = pieces[i].trimmed();
        if (host.isEmpty())
            continue;
        // CLUSTER NODES prints a node's host name after its address, "10.0.0.1:7000@17000,name": treat that as another
        // address
        const bool isName = withBus.contains(i + joined - 1) && !host.contains(u':') && !target.seeds.isEmpty();
        const auto endpoint = Endpoint::parse(host, isName ? target.seeds.constLast().port : defaultPort);
        if (!endpoint)
            return tl::make_unexpected(endpoint.error());
        if (!target.seeds.contains(*endpoint))
            target.seeds.append(*endpoint);
    }
    return target.seeds.isEmpty() ? Result<>(refused(tr("the URI names no host"))) : Result<>();
}

/// Returns the servers' scheme for "redis+sentinel", "rediss+sentinel", "redis-sentinel", …; nullopt for other schemes.
std::optional<QString> sentinelScheme(const QString &scheme)
{
    constexpr qsizetype length = 9; // length of "+sentinel"
    if (!scheme.endsWith(u"+sentinel"_s) && !scheme.endsWith(u"-sentinel"_s))
        return std::nullopt;
    return scheme.chopped(length);
}

/// Removes the primary's name from the rest of the URI: "hosts/name[/db]" or, as Lettuce writes it, "hosts[/db]#name".
Result<> takePrimaryName(QString &rest, ConnectionTarget &target)
{
    if (rest.startsWith(u'/'))
        return refused(tr("Sentinels cannot be reached through a Unix socket"));
    const qsizetype question = rest.indexOf(u'?');
    QString query = question < 0 ? QString() : rest.mid(question);
    QString address = question < 0 ? rest : rest.left(question);
    const qsizetype slash = address.indexOf(u'/', std::max<qsizetype>(0, address.lastIndexOf(u'@')));
    bool isDatabase = slash < 0;
    std::ignore = address.mid(slash + 1).section(u'#', 0, 0).toInt(&isDatabase);
    isDatabase = isDatabase || slash < 0 || slash + 1 == address.size();
    QString &tail = question < 0 ? address : query;
    const qsizetype hash = tail.indexOf(u'#', question < 0 ? std::max<qsizetype>(0, tail.lastIndexOf(u'@')) : 0);
    QString name;
    if (isDatabase && hash >= 0) { // otherwise "#" is part of a password or of another name
        name = decoded(tail.mid(hash + 1));
        tail.truncate(hash);
    } else if (slash >= 0) {
        const qsizetype next = address.indexOf(u'/', slash + 1);
        name = decoded(address.mid(slash + 1, next < 0 ? -1 : next - slash - 1));
        address.remove(slash, next < 0 ? address.size() : next - slash);
    }
    if (name.isEmpty())
        return refused(
            tr("the name of the primary, as the Sentinels know it, is missing: redis+sentinel://HOST:26379/mymaster"));
    target.sentinel.primaryName = name;
    rest = address + query;
    return {};
}

/// Whether a password contains an unencoded "?". It splits the URI in the middle of the password, so what follows is no
/// option and must not be shown as one.
bool hasRawMark(const QString &uri)
{
    const qsizetype scheme = uri.indexOf(u"://"_s);
    const QString rest = scheme < 0 ? uri : uri.mid(scheme + 3);
    const qsizetype mark = rest.indexOf(u'?');
    if (mark < 0 || rest.lastIndexOf(u'@') < mark || rest.left(mark).contains(u'@'))
        return false;
    const QString first = rest.mid(mark + 1).section(u'&', 0, 0).section(u'=', 0, 0);
    const QStringList hosts = rest.left(mark).section(u'/', 0, 0).split(u',');
    return first.contains(u'@') || std::any_of(hosts.cbegin(), hosts.cend(), [](const QString &host) {
               return !Endpoint::parse(host.trimmed());
           });
}

Result<ConnectionTarget> parseParts(const QString &uri)
{
    ConnectionTarget target;
    QString rest = uri.trimmed();
    // the value of proxy= contains another "://"
    const qsizetype schemeEnd = rest.left(rest.indexOf(u'?')).indexOf(u"://"_s);
    const QString scheme = schemeEnd < 0 ? u"redis"_s : rest.left(schemeEnd).toLower();
    if (schemeEnd >= 0)
        rest.remove(0, schemeEnd + 3);
    const auto through = sentinelScheme(scheme);
    const QString plain = through.value_or(scheme);
    target.tls.on = plain == u"rediss" || plain == u"valkeys";
    if (!target.tls.on && plain != u"redis" && plain != u"valkey" && (through || plain != u"unix"))
        return refused(tr("“%1://” is not a scheme that this program knows: use redis://, rediss:// (TLS), valkey://, "
                          "valkeys://, redis+sentinel:// or unix://")
                           .arg(scheme));
    if (through)
        if (const auto read = takePrimaryName(rest, target); !read)
            return tl::make_unexpected(read.error());
    if (const qsizetype question = rest.indexOf(u'?'); question >= 0) {
        if (const auto read = readQuery(rest.mid(question + 1), target); !read)
            return tl::make_unexpected(read.error());
        rest.truncate(question);
    }
    if (scheme == u"unix" || rest.startsWith(u'/')) {
        if (!rest.startsWith(u'/'))
            return refused(tr("write a Unix socket as unix:///path/to/socket"));
        if (target.tls.on)
            return refused(tr("servers offer no TLS on a Unix socket"));
        if (!target.way.isDirect())
            return refused(tr("a Unix socket is on this computer: it cannot be reached through SSH or a proxy"));
        target.seeds.append(Endpoint{.host = {}, .port = 0, .socketPath = decoded(rest)});
        return target;
    }
    const qsizetype slash = rest.indexOf(u'/', std::max<qsizetype>(0, rest.lastIndexOf(u'@')));
    if (slash >= 0 && slash + 1 < rest.size()) {
        bool ok = false;
        target.database = rest.mid(slash + 1).toInt(&ok);
        if (!ok || target.database < 0)
            return refused(tr("“%1” is not a database number").arg(rest.mid(slash + 1)));
    }
    if (const auto read = readAuthority(slash < 0 ? rest : rest.left(slash), target); !read)
        return tl::make_unexpected(read.error());
    return target;
}

} // namespace

QString environmentName(EnvironmentKind kind)
{
    for (const EnvironmentWord &known : environmentWords)
        if (known.kind == kind)
            return known.word;
    return {};
}

EnvironmentKind environmentNamed(const QString &name)
{
    for (const EnvironmentWord &known : environmentWords)
        if (known.word == name)
            return known.kind;
    return EnvironmentKind::None;
}

void ConnectionTarget::clearSecrets()
{
    credentials.password.clear();
    tls.keyPassphrase.clear();
    sentinel.credentials.password.clear();
}

bool ConnectionTarget::isSamePlace(const ConnectionTarget &other) const
{
    return seeds == other.seeds && way == other.way && sentinel.primaryName == other.sentinel.primaryName;
}

QString ConnectionTarget::title() const
{
    if (!name.isEmpty())
        return name;
    if (sentinel.isOn())
        return sentinel.primaryName;
    return seeds.isEmpty() ? QString() : seeds.front().toString();
}

QString ConnectionTarget::seedsText() const
{
    QStringList texts;
    for (const Endpoint &seed : seeds)
        texts.append(seed.toString());
    return texts.join(u", "_s);
}

Result<ConnectionTarget> ConnectionTarget::parse(const QString &uri)
{
    auto target = parseParts(uri);
    if (!target && hasRawMark(uri.trimmed()))
        return refused(tr("a “?” in a user name or password ends the URI too early: encode it as %3F, or use the "
                          "Password field (--askpass on the command line)"));
    return target;
}

QString ConnectionTarget::toUri(bool withPassword) const
{
    QString uri;
    if (!seeds.isEmpty() && seeds.front().isUnix()) {
        uri = u"unix://"_s + QString::fromLatin1(QUrl::toPercentEncoding(seeds.front().socketPath, "/"_ba));
    } else {
        uri = (tls.on ? u"rediss"_s : u"redis"_s) + (sentinel.isOn() ? u"+sentinel://"_s : u"://"_s);
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
        if (sentinel.isOn())
            uri += u'/' + encoded(sentinel.primaryName);
        if (database != 0)
            uri += u'/' + QString::number(database);
    }
    QStringList options;
    if (!name.isEmpty())
        options << u"name="_s + encoded(name);
    if (readOnly)
        options << u"readonly=1"_s;
    if (refreshSeconds != 0)
        options << u"refresh="_s + QString::number(refreshSeconds);
    if (environment != EnvironmentKind::None)
        options << u"env="_s + environmentName(environment);
    if (!permittedHosts.isEmpty())
        options << u"hosts="_s + encoded(permittedHosts.join(u','));
    for (auto it = addressMap.cbegin(); it != addressMap.cend(); ++it)
        options << u"map="_s + encoded(it.key() + u'=' + it.value().toString());
    const bool isSocket = !seeds.isEmpty() && seeds.front().isUnix();
    if (!isSocket)
        options += sentinel.options(withPassword);
    if (tls.on && !isSocket)
        options += tlsOptions(tls);
    if (!way.isDirect() && !isSocket)
        options << (way.isSsh() ? u"ssh="_s : way.isProgram() ? u"tunnel="_s : u"proxy="_s) + encoded(way.toString());
    for (auto it = renamed.cbegin(); it != renamed.cend(); ++it)
        options << u"rename="_s + encoded(QString::fromLatin1(it.key() + ':' + it.value()));
    if (isSocket && database != 0)
        options << u"db="_s + QString::number(database);
    std::sort(options.begin(), options.end());
    return options.isEmpty() ? uri : uri + u'?' + options.join(u'&');
}

} // namespace slotscope
