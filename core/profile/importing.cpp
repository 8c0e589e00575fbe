// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/importing.h"

#include "core/base/errortext.h"
#include "core/base/tr.h"
#include "core/profile/commandlines.h"
#include "core/profile/exporting.h"
#include "core/profile/recentconnections.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int mostGroupDepth = 8;
constexpr qsizetype mostProblems = 20, mostImported = 500;

QString textOf(const QJsonObject &object, QLatin1StringView key)
{
    const QJsonValue value = object.value(key);
    return value.isDouble() ? QString::number(qint64(value.toDouble())) : value.toString();
}

/// Reads a port, which tools write as a number or as text.
int portOf(const QJsonObject &object)
{
    const QString text = textOf(object, "port"_L1);
    bool isNumber = false;
    const int port = text.toInt(&isNumber);
    return text.isEmpty() ? 6379 : isNumber && port > 0 && port < 65536 ? port : -1;
}

class Importer
{
public:
    ImportedConnections found;

    void insight(const QJsonObject &object);
    void desktopManager(const QJsonObject &object);
    void respApp(const QJsonArray &array, const QString &folder, int depth);
    void lines(const QByteArray &text);

private:
    /// Reads name, address and credentials, which all tools have; nullopt if there is no address.
    std::optional<ImportedConnection> start(const QJsonObject &object, QLatin1StringView password);
    /// Reads the SSH settings: host and user; keys and passwords are left to ssh. Returns false if they are invalid:
    /// such a connection is omitted, because it would lead elsewhere.
    [[nodiscard]] bool takeSsh(ImportedConnection &one, const QJsonObject &options, const QString &prefix);
    static void takeSentinel(ImportedConnection &one, const QString &primaryName, const Credentials &ofServers);
    void add(ImportedConnection connection)
    {
        if (found.list.size() < mostImported)
            found.list.append(std::move(connection));
        else if (found.problems.size() < mostProblems)
            found.problems.append(tr("more than %1 connections: “%2” is skipped")
                                      .arg(mostImported)
                                      .arg(connection.connection.target.name));
    }
};

std::optional<ImportedConnection> Importer::start(const QJsonObject &object, QLatin1StringView password)
{
    ImportedConnection one;
    ConnectionTarget &target = one.connection.target;
    const QString host = textOf(object, "host"_L1).trimmed(), name = textOf(object, "name"_L1).trimmed();
    const int port = portOf(object);
    if (host.isEmpty() || port < 0) {
        found.problems.append(tr("“%1” has no address").arg(name.isEmpty() ? host : name));
        return std::nullopt;
    }
    if (host.startsWith(u'/') || host.contains(u' ')) {
        found.problems.append(tr("“%1” has an address that cannot be imported").arg(name));
        return std::nullopt;
    }
    const QString bare = host.startsWith(u'[') && host.endsWith(u']') ? host.mid(1, host.size() - 2) : host;
    Endpoint seed;
    seed.host = bare;
    seed.port = quint16(port);
    target.seeds = {seed};
    target.name = name.isEmpty() ? target.seeds.front().toString() : name;
    target.credentials.user = textOf(object, "username"_L1);
    target.credentials.password = textOf(object, password);
    one.connection.hadPassword = target.hasPassword();
    return one;
}

bool Importer::takeSsh(ImportedConnection &one, const QJsonObject &options, const QString &prefix)
{
    const auto text = [&](const QString &key) {
        const QJsonValue value = options.value(prefix + key);
        return value.isDouble() ? QString::number(value.toInt()) : value.toString().trimmed();
    };
    const QString user = text(u"username"_s).isEmpty() ? text(u"user"_s) : text(u"username"_s), port = text(u"port"_s);
    const QString host = text(u"host"_s);
    const auto way = Way::ssh((user.isEmpty() ? QString() : user + u'@')
                              + (host.contains(u':') && !host.startsWith(u'[') ? u'[' + host + u']' : host)
                              + (port.isEmpty() ? QString() : u':' + port));
    if (!way || !way->isSsh() || host.isEmpty()) {
        found.problems.append(tr("“%1” goes through SSH, but its SSH settings could not be read: it is skipped")
                                  .arg(one.connection.target.name));
        return false;
    }
    one.connection.target.way = *way;
    one.notes.append(tr(
        "it goes through SSH: ssh asks for the key's passphrase or the password there, or takes the key from ~/.ssh"));
    return true;
}

/// Moves what start() read as the server's settings to the Sentinel's.
void Importer::takeSentinel(ImportedConnection &one, const QString &primaryName, const Credentials &ofServers)
{
    ConnectionTarget &target = one.connection.target;
    if (primaryName.isEmpty()) {
        one.notes.append(tr("it is a Sentinel, but the name of its primary is missing"));
        return;
    }
    target.sentinel.primaryName = primaryName;
    target.sentinel.credentials = target.credentials;
    target.credentials = ofServers;
    one.connection.hadPassword = target.hasPassword();
}

void Importer::insight(const QJsonObject &object)
{
    auto one = start(object, "password"_L1);
    if (!one)
        return;
    ConnectionTarget &target = one->connection.target;
    for (const QJsonValue &node : object.value("nodes"_L1).toArray()) {
        const QString host = textOf(node.toObject(), "host"_L1);
        const int port = portOf(node.toObject());
        Endpoint seed;
        seed.host = host;
        seed.port = quint16(std::max(0, port));
        if (!host.isEmpty() && port > 0 && !target.seeds.contains(seed) && target.seeds.size() < 6)
            target.seeds.append(seed);
    }
    target.database = std::max(0, object.value("db"_L1).toInt(0));
    target.tls.on = object.value("tls"_L1).toBool();
    if (target.tls.on && object.contains("verifyServerCert"_L1) && !object.value("verifyServerCert"_L1).toBool())
        one->notes.append(tr("the certificate of the server was not verified there, but Slotscope verifies it"));
    if (target.tls.on)
        target.tls.serverName = textOf(object, "tlsServername"_L1);
    if (!object.value("caCert"_L1).toObject().isEmpty() || !object.value("clientCert"_L1).toObject().isEmpty())
        one->notes.append(tr("the export contains certificates: save them to files and enter their paths"));
    // host and password are then the Sentinel's, and the servers' credentials are in a separate part
    if (const QJsonObject primary = object.value("sentinelMaster"_L1).toObject(); !primary.isEmpty())
        takeSentinel(*one, textOf(primary, "name"_L1),
                     {textOf(primary, "username"_L1), textOf(primary, "password"_L1)});
    else if (textOf(object, "connectionType"_L1) == u"SENTINEL"_s)
        one->notes.append(tr("it is a Sentinel, but the name of its primary is missing"));
    if (object.value("ssh"_L1).toBool() && !takeSsh(*one, object.value("sshOptions"_L1).toObject(), {}))
        return;
    add(std::move(*one));
}

void Importer::desktopManager(const QJsonObject &object)
{
    auto one = start(object, "auth"_L1);
    if (!one)
        return;
    ConnectionTarget &target = one->connection.target;
    target.readOnly = object.value("connectionReadOnly"_L1).toBool();
    const QJsonObject tls = object.value("sslOptions"_L1).toObject();
    if (!tls.isEmpty()) {
        target.tls.on = true;
        target.tls.caFile = textOf(tls, "ca"_L1);
        target.tls.certFile = textOf(tls, "cert"_L1);
        target.tls.keyFile = textOf(tls, "key"_L1);
        target.tls.serverName = textOf(tls, "servername"_L1);
    }
    if (const QJsonObject sentinel = object.value("sentinelOptions"_L1).toObject(); !sentinel.isEmpty())
        takeSentinel(*one, textOf(sentinel, "masterName"_L1),
                     {textOf(sentinel, "nodeUsername"_L1), textOf(sentinel, "nodePassword"_L1)});
    if (const QJsonObject ssh = object.value("sshOptions"_L1).toObject(); !ssh.isEmpty() && !takeSsh(*one, ssh, {}))
        return;
    add(std::move(*one));
}

void Importer::respApp(const QJsonArray &array, const QString &folder, int depth)
{
    for (const QJsonValue &value : array) {
        const QJsonObject object = value.toObject();
        const QJsonArray inside = object.value("connections"_L1).toArray();
        if (object.value("type"_L1).toString() == u"group"_s || !inside.isEmpty()) {
            if (depth < mostGroupDepth)
                respApp(inside, textOf(object, "name"_L1), depth + 1);
            continue;
        }
        auto one = start(object, "auth"_L1);
        if (!one)
            continue;
        ConnectionTarget &target = one->connection.target;
        one->connection.folder = folder;
        target.tls.caFile = textOf(object, "ssl_ca_cert_path"_L1);
        target.tls.certFile = textOf(object, "ssl_local_cert_path"_L1);
        target.tls.keyFile = textOf(object, "ssl_private_key_path"_L1);
        target.tls.on =
            object.value("ssl"_L1).toBool() || !target.tls.caFile.isEmpty() || !target.tls.certFile.isEmpty();
        if (!textOf(object, "ssh_host"_L1).isEmpty() && !takeSsh(*one, object, u"ssh_"_s))
            continue;
        add(std::move(*one));
    }
}

void Importer::lines(const QByteArray &text)
{
    int number = 0;
    for (const QByteArray &each : text.split('\n')) {
        ++number;
        const QString line = QString::fromUtf8(each).trimmed();
        if (line.isEmpty() || line.startsWith(u'#'))
            continue;
        auto target = targetFromWords(line);
        if (!target) { // report only its number, because it may contain a password
            if (found.problems.size() < mostProblems)
                found.problems.append(tr("line %1 is not an address").arg(number));
            continue;
        }
        ImportedConnection one;
        one.connection.target = std::move(*target);
        if (one.connection.target.name.isEmpty())
            one.connection.target.name = one.connection.target.title();
        one.connection.hadPassword = !one.connection.target.credentials.password.isEmpty();
        add(std::move(one));
    }
}

QJsonArray arrayOf(const QJsonDocument &document)
{
    if (document.isArray())
        return document.array();
    const QJsonObject object = document.object();
    for (const auto key : {"connections"_L1, "databases"_L1})
        if (object.value(key).isArray())
            return object.value(key).toArray();
    return object.contains("host"_L1) ? QJsonArray{object} : QJsonArray();
}

} // namespace

Result<ImportedConnections> readConnections(const QByteArray &bytes)
{
    if (bytes.size() > mostImportBytes)
        return failure(Error::Code::LimitExceeded, tr("the file is larger than 16 MB"));
    Importer importer;
    QJsonDocument document = QJsonDocument::fromJson(bytes);
    bool isEncoded = false;
    if (document.isNull()) {
        const auto decoded = QByteArray::fromBase64Encoding(bytes.trimmed());
        if (decoded) {
            document = QJsonDocument::fromJson(*decoded);
            isEncoded = !document.isNull();
        }
    }
    if (const QByteArray begin = bytes.left(64).trimmed();
        document.isNull() && (begin.startsWith('[') || begin.startsWith('{')))
        return failure(Error::Code::InvalidArgument, tr("the file is not valid JSON; it may be truncated"));
    if (SavedExport::isOne(document.object())) {
        importer.found = SavedExport::read(document.object());
    } else if (document.isNull()) {
        importer.found.source = tr("addresses");
        importer.lines(bytes);
    } else {
        const QJsonArray all = arrayOf(document);
        const auto has = [&all](QLatin1StringView key) {
            return std::any_of(all.begin(), all.end(),
                               [key](const QJsonValue &each) { return each.toObject().contains(key); });
        };
        if (isEncoded || has("separator"_L1)) {
            importer.found.source = u"Another Redis Desktop Manager"_s;
            for (const QJsonValue &each : all)
                importer.desktopManager(each.toObject());
        } else if (has("auth"_L1) || has("connections"_L1) || has("ssl_ca_cert_path"_L1)) {
            importer.found.source = u"RESP.app"_s;
            importer.respApp(all, {}, 0);
        } else {
            importer.found.source = u"RedisInsight"_s;
            for (const QJsonValue &each : all)
                importer.insight(each.toObject());
        }
    }
    if (importer.found.list.isEmpty())
        return failure(Error::Code::InvalidArgument,
                       importer.found.problems.isEmpty() ? tr("the file contains no connection")
                                                         : importer.found.problems.join(u"; "_s));
    return importer.found;
}

Result<AddedConnections> addConnections(SavedConnections &saved, const ImportedConnections &imported,
                                        const QString &folder)
{
    AddedConnections added;
    for (const ImportedConnection &each : imported.list) {
        SavedConnection connection = each.connection;
        if (!folder.isEmpty())
            connection.folder = connection.folder.isEmpty() ? folder : folder + u" / "_s + connection.folder;
        if (!each.notes.isEmpty())
            connection.notes = tr("Imported from %1: %2").arg(imported.source, each.notes.join(u"; "_s));
        const bool isThere = std::any_of(saved.list().begin(), saved.list().end(), [&](const SavedConnection &known) {
            return known.target.name.startsWith(connection.target.name) && samePlace(known.target, connection.target);
        });
        if (isThere) {
            added.known.append(connection.target.name);
            continue;
        }
        const QString name = connection.target.name;
        for (int number = 2; saved.named(connection.target.name) && number < 1000; ++number)
            connection.target.name = u"%1 (%2)"_s.arg(name).arg(number);
        const auto id = saved.put(connection);
        if (id) {
            added.names.append(connection.target.name);
            added.ids.append(*id);
            added.targets.append(each.connection.target);
        } else if (id.error().code == Error::Code::InvalidArgument || id.error().code == Error::Code::LimitExceeded)
            added.problems.append(tr("“%1” cannot be saved: %2").arg(name, id.error().detail));
        else
            return failure(id.error());
    }
    return added;
}

} // namespace slotscope
