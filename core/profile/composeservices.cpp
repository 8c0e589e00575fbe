// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/composeservices.h"

#include "core/base/tr.h"
#include "core/net/passwordsource.h"
#include "core/profile/composeyaml.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int mostExpansions = 8;
constexpr qsizetype longestText = 64 << 10;

struct Published
{
    QString host; ///< host at which the port can be reached from here
    int from = 0; ///< port of the host
    int to = 0; ///< port of the container
};

/// What a service's command and environment contain.
struct ComposeFacts
{
    QString password;
    int port = 6379, tlsPort = 0;
    bool isCluster = false, needsClientCertificate = true;
    QStringList notes;
};

bool saysYes(const QString &text)
{
    return text.compare(u"yes"_s, Qt::CaseInsensitive) == 0 || text.compare(u"true"_s, Qt::CaseInsensitive) == 0
        || text == u"1";
}

/// Returns the name in an image reference: "redis-cluster" for "docker.io/bitnami/redis-cluster:7.2".
QString imageName(const QString &image)
{
    return image.section(u'/', -1).section(u'@', 0, 0).section(u':', 0, 0).toLower();
}

/// Returns the program's name without its path: "redis-cli" for "/usr/local/bin/redis-cli".
QString programName(const QString &word)
{
    return word.section(u'/', -1);
}

/// A word of a command; with `byShell`, the container's shell replaces variables in it.
struct ComposeWord
{
    QString text;
    bool byShell = false;
};

/// The words of a command, including those inside `sh -c "…"`.
QList<ComposeWord> flatWords(const QStringList &command)
{
    static const QRegularExpression shell(u"\\A(ba|da|a|z|k)?sh\\z"_s), script(u"\\A-[a-z]*c\\z"_s);
    QList<ComposeWord> words;
    bool isShell = false, isScript = false;
    for (const QString &word : command) {
        if (isScript)
            for (const QString &part : PasswordSource::wordsOf(word).value_or(word.split(u' ', Qt::SkipEmptyParts)))
                words.append({part, true});
        else
            words.append({word, false});
        isScript = !isScript && isShell && script.match(word).hasMatch();
        isShell = isShell || shell.match(programName(word)).hasMatch();
    }
    return words;
}

/// Whether the service runs a client instead of a server, for example to create a cluster of the other services.
bool isClient(const ComposeService &service)
{
    static const QRegularExpression client(u"\\A(redis|valkey|keydb)-cli\\z"_s);
    static const QRegularExpression server(u"(redis|valkey|keydb)-server"_s);
    bool isFirst = true, hasClient = false;
    for (const ComposeWord &word : flatWords(service.command)) {
        const QString program = programName(word.text);
        if (isFirst && program.startsWith(u"docker-entrypoint"_s))
            continue;
        const bool isIt = client.match(program).hasMatch();
        if (isFirst && isIt)
            return true;
        isFirst = false;
        hasClient = hasClient || (isIt && word.byShell);
    }
    return hasClient && !service.command.join(u' ').contains(server);
}

bool isServer(const ComposeService &service)
{
    if (isClient(service))
        return false;
    static const QRegularExpression known(
        u"\\A(redis|valkey|keydb)(-(stack|stack-server|cluster|server|bundle))?\\z"_s);
    static const QRegularExpression program(u"(redis|valkey|keydb)-server"_s);
    const QString name = imageName(service.image);
    if (known.match(name).hasMatch())
        return !service.command.join(u' ').contains(u"--sentinel"_s)
            && !service.command.join(u' ').contains(u"redis-sentinel"_s);
    return service.image.isEmpty() && service.command.join(u' ').contains(program);
}

/// Reads the options of the server.
void takeOptions(const QList<ComposeWord> &words, const ComposeVariables &set, ComposeFacts &facts)
{
    for (qsizetype i = 0; i + 1 < words.size(); ++i) {
        QStringList ignored;
        const QString option = words.at(i).text, given = words.at(i + 1).text;
        const bool byShell = words.at(i + 1).byShell;
        const QString value = byShell ? expandVariables(given, set, &ignored) : given; // written as $$NAME in the file
        const bool isOutput = given.contains(u"$("_s) || (byShell && given.contains(u'`'));
        if (option == u"--requirepass" && isOutput) {
            facts.password.clear();
            facts.notes << tr("a command provides its password");
        } else if (option == u"--requirepass")
            facts.password = value;
        else if (option == u"--port")
            facts.port = value.toInt();
        else if (option == u"--tls-port")
            facts.tlsPort = value.toInt();
        else if (option == u"--tls-auth-clients")
            facts.needsClientCertificate = value != u"no" && value != u"optional";
        else if (option == u"--cluster-enabled")
            facts.isCluster = saysYes(value);
    }
    if (!words.isEmpty() && words.constLast().text == u"--cluster-enabled")
        facts.isCluster = false;
}

ComposeFacts factsOf(const ComposeService &service)
{
    ComposeFacts facts;
    QList<ComposeWord> words = flatWords(service.command);
    const ComposeVariables &set = service.environment;
    for (const QString &name :
         {u"REDIS_ARGS"_s, u"VALKEY_EXTRA_FLAGS"_s, u"REDIS_EXTRA_FLAGS"_s, u"KEYDB_EXTRA_FLAGS"_s})
        for (const QString &word : PasswordSource::wordsOf(set.value(name)).value_or(QStringList()))
            words.append({word, false});
    for (const QString &product : {u"REDIS"_s, u"VALKEY"_s, u"KEYDB"_s}) {
        if (const QString password = set.value(product + u"_PASSWORD"_s); !password.isEmpty())
            facts.password = password;
        if (const int port = set.value(product + u"_PORT_NUMBER"_s).toInt(); port > 0)
            facts.port = port;
        if (saysYes(set.value(product + u"_TLS_ENABLED"_s)))
            facts.tlsPort = set.value(product + u"_TLS_PORT_NUMBER"_s, u"6379"_s).toInt();
        if (set.contains(product + u"_PASSWORD_FILE"_s))
            facts.notes << tr("the file that contains its password is not read");
    }
    facts.isCluster = imageName(service.image).endsWith(u"-cluster"_s);
    takeOptions(words, set, facts);
    return facts;
}

/// Parses "[HOST:][PUBLISHED:]TARGET[/tcp]", where the last two may be ranges.
QList<Published> portsOf(const QString &text)
{
    static const QRegularExpression form(
        u"\\A(?:(\\[[0-9a-fA-F:]+\\]|[^:]+):)?([0-9]+)(?:-([0-9]+))?:([0-9]+)(?:-([0-9]+))?(?:/tcp)?\\z"_s);
    constexpr int mostPorts = 100;
    const QRegularExpressionMatch match = form.match(text.trimmed());
    if (!match.hasMatch())
        return {};
    const int from = match.captured(2).toInt(), to = match.captured(4).toInt();
    const int last = match.captured(3).isEmpty() ? from : match.captured(3).toInt();
    const bool isRange = !match.captured(5).isEmpty();
    QString host = match.captured(1);
    if (host.startsWith(u'['))
        host = host.mid(1, host.size() - 2);
    if (host.isEmpty() || host == u"0.0.0.0" || host == u"::")
        host = u"127.0.0.1"_s;
    QList<Published> list;
    for (int port = from; port <= last && port - from < mostPorts; ++port)
        list.append({.host = host, .from = port, .to = isRange ? to + port - from : to});
    return list;
}

QList<Endpoint> endpointsOf(const ComposeService &service, int port)
{
    QList<Endpoint> list;
    if (port < 1 || port > 65535)
        return list;
    if (service.usesHostNetwork)
        return {Endpoint{.host = u"127.0.0.1"_s, .port = quint16(port), .socketPath = {}}};
    for (const QString &text : service.ports)
        for (const Published &published : portsOf(text))
            if (published.to == port && published.from > 0 && published.from < 65536)
                list.append(Endpoint{.host = published.host, .port = quint16(published.from), .socketPath = {}});
    return list;
}

class ComposeReading
{
public:
    explicit ComposeReading(QString project) : m_project(std::move(project)) { found.source = u"Compose"_s; }
    ImportedConnections found;

    void add(const ComposeService &service)
    {
        const ComposeFacts facts = factsOf(service);
        QList<Endpoint> plain = endpointsOf(service, facts.port), encrypted = endpointsOf(service, facts.tlsPort);
        if (facts.port == facts.tlsPort)
            plain.clear();
        const bool isTls = plain.isEmpty() && !encrypted.isEmpty();
        const QList<Endpoint> seeds = isTls ? encrypted : plain;
        if (seeds.isEmpty()) {
            found.problems << tr("“%1” cannot be reached from outside its network: %2 is not published at a fixed port")
                                  .arg(service.name)
                                  .arg(facts.port > 0 ? facts.port : facts.tlsPort);
            return;
        }
        if (facts.isCluster)
            for (ImportedConnection &known : found.list)
                if (m_clusters.contains(known.connection.target.name) && known.connection.target.tls.on == isTls
                    && known.connection.target.credentials.password == facts.password) {
                    known.connection.target.seeds += seeds;
                    return;
                }
        ImportedConnection one;
        ConnectionTarget &target = one.connection.target;
        target.seeds = facts.isCluster ? seeds : seeds.mid(0, 1);
        target.tls.on = isTls;
        target.credentials.password = facts.password;
        target.name = facts.isCluster ? nameOfCluster()
            : m_project.isEmpty()     ? service.name
                                      : m_project + u' ' + service.name;
        one.connection.folder = m_project;
        one.connection.hadPassword = !facts.password.isEmpty();
        one.notes = facts.notes + service.notes;
        if (isTls)
            one.notes << (facts.needsClientCertificate
                              ? tr("TLS: set the authority that signed its certificate, and a client certificate")
                              : tr("TLS: set the authority that signed its certificate"));
        if (facts.isCluster)
            m_clusters << target.name;
        found.list.append(one);
    }

private:
    [[nodiscard]] QString nameOfCluster() const
    {
        const QString name = m_project.isEmpty() ? u"cluster"_s : m_project + u" cluster"_s;
        return m_clusters.isEmpty() ? name : u"%1 (%2)"_s.arg(name).arg(m_clusters.size() + 1);
    }
    QString m_project;
    QStringList m_clusters;
};

} // namespace

QString expandVariables(const QString &text, const ComposeVariables &variables, QStringList *missing, int depth)
{
    static const QRegularExpression named(u"\\G[A-Za-z_][A-Za-z0-9_]*"_s);
    if (depth > mostExpansions || !text.contains(u'$'))
        return text;
    QString out;
    for (qsizetype i = 0; i < text.size() && out.size() < longestText; ++i) {
        const QChar next = i + 1 < text.size() ? text.at(i + 1) : QChar();
        if (text.at(i) != u'$' || (next != u'$' && next != u'{' && !next.isLetter() && next != u'_')) {
            out += text.at(i);
            continue;
        }
        if (next == u'$') {
            out += u'$';
            ++i;
            continue;
        }
        const bool isBraced = next == u'{';
        const QRegularExpressionMatch match = named.match(text, i + (isBraced ? 2 : 1));
        const QString name = match.captured();
        qsizetype end = i + (isBraced ? 2 : 1) + name.size();
        QString rest;
        if (isBraced) { // find the matching brace, because a default value may contain nested ones
            int open = 1;
            const qsizetype from = end;
            for (; end < text.size() && open > 0; ++end)
                open += text.at(end) == u'{' ? 1 : text.at(end) == u'}' ? -1 : 0;
            rest = text.mid(from, end - from - 1);
        }
        const bool needsContent = rest.startsWith(u':');
        const QChar kind = rest.isEmpty() ? QChar() : rest.at(needsContent ? qMin<qsizetype>(1, rest.size() - 1) : 0);
        const QString word = rest.mid(needsContent ? 2 : 1), value = variables.value(name);
        const bool isSet = variables.contains(name) && !(needsContent && value.isEmpty());
        if (kind == u'+')
            out += isSet ? expandVariables(word, variables, missing, depth + 1) : QString();
        else if (isSet)
            out += value;
        else if (kind == u'-')
            out += expandVariables(word, variables, missing, depth + 1);
        else if (missing && !name.isEmpty() && !missing->contains(name))
            missing->append(name);
        i = end - 1;
    }
    return out.left(longestText);
}

ComposeVariables readEnvFile(const QByteArray &text)
{
    constexpr qsizetype mostVariables = 10'000;
    ComposeVariables variables;
    for (const QByteArray &each : text.split('\n')) {
        QString line = QString::fromUtf8(each).trimmed();
        if (line.startsWith(u"export "_s))
            line = line.mid(7).trimmed();
        const qsizetype at = line.indexOf(u'=');
        if (line.startsWith(u'#') || at < 1 || variables.size() >= mostVariables)
            continue;
        QString value = line.mid(at + 1).trimmed();
        if (const qsizetype close = value.size() > 1 ? value.indexOf(value.at(0), 1) : -1;
            close > 0 && (value.startsWith(u'"') || value.startsWith(u'\'')))
            value = value.mid(1, close - 1);
        else if (const qsizetype comment = value.indexOf(u" #"_s); comment >= 0)
            value = value.left(comment).trimmed();
        variables.insert(line.left(at).trimmed(), value);
    }
    return variables;
}

Result<ImportedConnections> readCompose(const QByteArray &yaml, const ComposeVariables &variables,
                                        const QString &project)
{
    if (yaml.size() > mostComposeBytes)
        return failure(Error::Code::LimitExceeded, tr("the file is larger than %1 MB").arg(mostComposeBytes >> 20));
    const auto file = readComposeYaml(yaml, variables);
    if (!file)
        return tl::make_unexpected(file.error());
    ComposeReading reading(file->name.isEmpty() ? project : file->name);
    for (const ComposeService &service : file->services)
        if (isServer(service))
            reading.add(service);
    if (reading.found.list.isEmpty())
        return failure(Error::Code::InvalidArgument,
                       reading.found.problems.isEmpty() ? tr("the file contains no redis, valkey or keydb service")
                                                        : reading.found.problems.join(u"; "_s));
    return reading.found;
}

bool isComposePath(const QString &path)
{
    const QString suffix = QFileInfo(path).suffix().toLower();
    return suffix == u"yml" || suffix == u"yaml";
}

Result<ImportedConnections> readComposeFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(Error::Code::Io, file.errorString());
    const QDir folder = QFileInfo(path).absoluteDir();
    QFile variables(folder.filePath(u".env"_s));
    const bool isThere = QFileInfo(variables.fileName()).isFile() && variables.open(QIODevice::ReadOnly);
    return readCompose(file.read(mostComposeBytes + 1),
                       isThere ? readEnvFile(variables.read(mostComposeBytes)) : ComposeVariables(), folder.dirName());
}

} // namespace slotscope
