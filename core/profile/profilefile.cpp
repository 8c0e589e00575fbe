// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/profilefile.h"

#include "core/base/ownfiles.h"
#include "core/base/tr.h"

#include <QCryptographicHash>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QUuid>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 mostFileBytes = 8 << 20;
constexpr qsizetype mostTold = 20;
constexpr int profileVersion = 1;
constexpr auto variable = "SLOTSCOPE_PROFILES";

/// From --profiles. Not stored in the environment, because a path may contain a colon and children would inherit it.
QStringList &givenPaths()
{
    static QStringList paths;
    return paths;
}

QString nameOf(const QJsonObject &object, int number)
{
    if (const QString name = object.value(u"name"_s).toString(); !name.isEmpty())
        return name;
    const auto target = ConnectionTarget::parse(object.value(u"uri"_s).toString());
    return target ? target->title() : tr("entry %1").arg(number);
}

/// The key that contains a password, which a shared file must not; empty if there is none.
QString secretIn(const QJsonObject &object)
{
    for (const auto &key : {"password"_L1, "sentinelPassword"_L1, "keyPassphrase"_L1, "passphrase"_L1})
        if (object.contains(key))
            return key;
    const auto target = ConnectionTarget::parse(object.value(u"uri"_s).toString());
    const bool inUri =
        target && (!target->credentials.password.isEmpty() || !target->sentinel.credentials.password.isEmpty());
    return inUri ? u"uri"_s : QString();
}

Result<SavedConnection> entryOf(QJsonObject object, const QString &path, const QString &name)
{
    if (const QString key = secretIn(object); !key.isEmpty())
        return failure(Error::Code::InvalidArgument,
                       tr("“%1” contains a password: a shared file must not contain one. Write passwordFrom: env:NAME, "
                          "keychain, command:… or ask")
                           .arg(key));
    object.insert(u"id"_s, u"of a file"_s);
    auto connection = savedFromJson(object);
    if (!connection)
        return connection;
    // the address is part of the id under which the keychain stores the password, so that after a change other servers
    // do not get it
    const QByteArray place = (path + u'\n' + name + u'\n' + CommandConsents::addressOf(connection->target)).toUtf8();
    connection->id = QUuid::createUuidV5(QUuid(), place).toString(QUuid::WithoutBraces);
    if (connection->target.seeds.isEmpty())
        return failure(Error::Code::InvalidArgument, tr("it has no address"));
    connection->file = path;
    connection->used = 0;
    connection->usedAt = 0;
    const QString file = QFileInfo(path).fileName();
    connection->folder = connection->folder.isEmpty() ? file : file + u" / "_s + connection->folder;
    return connection;
}

QString markOf(const SavedConnection &connection)
{
    const QJsonArray parts{connection.file, connection.target.credentials.command.line, connection.passwordVariable,
                           connection.target.credentials.user, CommandConsents::addressOf(connection.target)};
    const QByteArray about = QJsonDocument(parts).toJson(QJsonDocument::Compact);
    return QString::fromLatin1(QCryptographicHash::hash(about, QCryptographicHash::Sha256).toHex());
}

} // namespace

QStringList profileFilePaths()
{
    QStringList paths;
    const QStringList ofEnvironment = qEnvironmentVariable(variable).split(u':', Qt::SkipEmptyParts);
    for (const QString &path : givenPaths().isEmpty() ? ofEnvironment : givenPaths())
        paths << QFileInfo(path).absoluteFilePath();
    paths.removeDuplicates();
    return paths;
}

void setProfileFilePaths(const QStringList &paths)
{
    givenPaths() = paths;
}

Result<ProfileFile> readProfileFile(const QString &path)
{
    QFile file(path);
    if (!QFileInfo(path).isFile())
        return failure(Error::Code::Io, tr("%1: file not found").arg(path));
    if (!file.open(QIODevice::ReadOnly))
        return failure(Error::Code::Io, u"%1: %2"_s.arg(path, file.errorString()));
    const QByteArray bytes = file.read(mostFileBytes + 1);
    if (bytes.size() > mostFileBytes)
        return failure(Error::Code::LimitExceeded, tr("%1 is too large to be a list of connections").arg(path));
    QJsonParseError wrong;
    const QJsonDocument document = QJsonDocument::fromJson(bytes, &wrong);
    if (document.isNull())
        return failure(
            Error::Code::InvalidArgument,
            tr("%1 is not valid JSON (at byte %2): %3").arg(path).arg(wrong.offset).arg(wrong.errorString()));
    const QJsonObject root = document.object();
    if (root.value(u"version"_s).toInt(profileVersion) != profileVersion || !root.value(u"connections"_s).isArray())
        return failure(Error::Code::InvalidArgument,
                       tr("%1 is not a list of connections: {\"version\": 1, \"connections\": […]}").arg(path));
    ProfileFile read;
    const auto leaveOut = [&read](const QString &why) {
        if (read.problems.size() < mostTold)
            read.problems << why;
    };
    QSet<QString> names;
    int number = 0;
    for (const QJsonValue &value : root.value(u"connections"_s).toArray()) {
        const QString name = nameOf(value.toObject(), ++number);
        const auto entry = entryOf(value.toObject(), path, name);
        if (!entry)
            leaveOut(u"%1: “%2”: %3"_s.arg(path, name, entry.error().detail));
        else if (names.contains(name))
            leaveOut(tr("%1: “%2” occurs twice").arg(path, name));
        else if (read.list.size() >= SavedConnections::maximum)
            leaveOut(tr("%1: more than %2 connections").arg(path).arg(SavedConnections::maximum));
        else
            read.list.append(*entry);
        names.insert(name);
    }
    return read;
}

CommandConsents::CommandConsents(QString path) : m_path(std::move(path))
{
    if (m_path.isEmpty())
        m_path = QFileInfo(SavedConnections::defaultPath()).absolutePath() + u"/commands-agreed.json"_s;
}

QStringList CommandConsents::read() const
{
    QStringList marks;
    const auto file = OwnFile::open(m_path, OwnFile::Mode::Read); // a file that others may write to is no consent
    const auto bytes = file ? file->readAll() : Result<QByteArray>();
    if (bytes)
        for (const QJsonValue &mark : QJsonDocument::fromJson(*bytes).object().value(u"agreed"_s).toArray())
            marks << mark.toString();
    return marks;
}

bool CommandConsents::has(const SavedConnection &connection) const
{
    const bool isNamed = !connection.target.credentials.command.isEmpty() || !connection.passwordVariable.isEmpty();
    return connection.file.isEmpty() || !isNamed || read().contains(markOf(connection));
}

QString CommandConsents::addressOf(const ConnectionTarget &target)
{
    ConnectionTarget bare = target;
    bare.name.clear();
    bare.readOnly = false;
    bare.environment = EnvironmentKind::None;
    bare.credentials.password.clear();
    bare.sentinel.credentials.password.clear();
    return bare.toUri(false);
}

Result<> CommandConsents::give(const SavedConnection &connection) const
{
    QStringList marks = read();
    marks << markOf(connection);
    marks.removeDuplicates();
    if (const auto made = makeFolders(QFileInfo(m_path).absolutePath()); !made)
        return made;
    const QJsonObject root{{u"version"_s, 1}, {u"agreed"_s, QJsonArray::fromStringList(marks)}};
    return replaceFile(m_path, QJsonDocument(root).toJson());
}

} // namespace slotscope
