// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/savedconnections.h"

#include "core/base/ownfiles.h"
#include "core/base/tr.h"
#include "core/net/passwordsource.h"
#include "core/profile/profilefile.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QStandardPaths>
#include <QThread>
#include <QUuid>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int formatVersion = 1;
constexpr qint64 mostBytes = 8 << 20;
// 0.2 s in total, because the window waits, and other programs hold the lock for milliseconds only
constexpr int lockTries = 20;
constexpr int lockWaitMs = 10;
constexpr int againMs = 500;

} // namespace

SavedConnections::SavedConnections(QString path, QObject *parent) : QObject(parent), m_path(std::move(path))
{
    const auto handleChange = [this](const QString &place) {
        for (auto it = m_ofFiles.begin(); it != m_ofFiles.end(); ++it)
            if (it.key() == place || QFileInfo(it.key()).absolutePath() == place)
                it->modified = -1; // forces reading even if time and size are unchanged
        reload();
    };
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, handleChange);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, handleChange);
    m_again.setSingleShot(true);
    m_again.setInterval(againMs);
    connect(&m_again, &QTimer::timeout, this, [this] {
        const auto content = read();
        if (content && content->isWhole)
            take(content);
        else
            mend();
    });
    reload();
    if (m_again.isActive()) { // at start, do not wait with the repair, because nothing else is known yet
        m_again.stop();
        mend();
    }
}

QString SavedConnections::defaultPath()
{
    if (const QString given = qEnvironmentVariable("SLOTSCOPE_CONNECTIONS"); !given.isEmpty())
        return given;
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
    return folder + u"/slotscope/connections.json"_s;
}

const SavedConnection *SavedConnections::find(const QString &id) const
{
    const auto found =
        std::find_if(m_list.cbegin(), m_list.cend(), [&id](const SavedConnection &one) { return one.id == id; });
    return found == m_list.cend() ? nullptr : &*found;
}

const SavedConnection *SavedConnections::named(const QString &name) const
{
    if (const SavedConnection *byId = find(name))
        return byId;
    const auto isIt = [&name](const SavedConnection &one) { return one.target.title() == name; };
    const auto found = std::find_if(m_list.cbegin(), m_list.cend(), isIt);
    const bool isOnly = found != m_list.cend() && std::find_if(std::next(found), m_list.cend(), isIt) == m_list.cend();
    return isOnly ? &*found : nullptr;
}

/// The present content of the file, as far as it can be read.
Result<SavedConnections::Content> SavedConnections::read() const
{
    Content content;
    QFile file(m_path);
    if (!file.exists())
        return content;
    if (!file.open(QIODevice::ReadOnly))
        return failure(Error::Code::Io, tr("%1: %2").arg(m_path, file.errorString()));
    if (file.size() > mostBytes)
        return failure(Error::Code::Io, tr("%1 is too large to be a list of connections").arg(m_path));
    const QJsonObject root = QJsonDocument::fromJson(file.readAll()).object();
    if (root.value(u"version"_s).toInt() > formatVersion)
        return failure(Error::Code::Io,
                       tr("%1 was written by a newer version of Slotscope; it is not changed").arg(m_path));
    content.isWhole = root.value(u"version"_s).toInt() == formatVersion && root.value(u"connections"_s).isArray();
    content.folders = root.value(u"folders"_s).toVariant().toStringList();
    for (const QJsonValue &value : root.value(u"connections"_s).toArray()) {
        const auto connection = savedFromJson(value.toObject(), UriOf::User);
        content.isWhole = content.isWhole && connection;
        if (connection)
            content.list.append(*connection);
    }
    return content;
}

/// Call under the lock: renames a damaged file, and writes its readable part anew.
Result<SavedConnections::Content> SavedConnections::readMended()
{
    auto content = read();
    if (!content || content->isWhole)
        return content;
    const QString aside = m_path + u".damaged-"_s + QDateTime::currentDateTime().toString(u"yyyyMMdd-HHmmss-zzz"_s);
    if (!QFile::rename(m_path, aside))
        return failure(Error::Code::Io, tr("%1 is damaged, and could not be renamed to %2").arg(m_path, aside));
    m_setAside = aside;
    if (const auto written = write(*content); !written)
        return tl::make_unexpected(written.error());
    content->isWhole = true;
    return content;
}

Result<> SavedConnections::write(const Content &content) const
{
    QJsonArray connections;
    for (const SavedConnection &connection : content.list)
        connections.append(toJson(connection));
    const QJsonObject root{{u"version"_s, formatVersion},
                           {u"folders"_s, QJsonArray::fromStringList(content.folders)},
                           {u"connections"_s, connections}};
    return replaceFile(m_path, QJsonDocument(root).toJson());
}

/// Takes a kernel lock on the file next to ours, for one change.
Result<OwnFile> SavedConnections::lock() const
{
    if (const auto made = makeFolders(QFileInfo(m_path).absolutePath()); !made)
        return tl::make_unexpected(made.error());
    auto file = OwnFile::open(m_path + u".lock"_s, OwnFile::Mode::Lock);
    if (!file)
        return file;
    for (int attempt = 0; attempt < lockTries; ++attempt) {
        const auto locked = file->tryLock();
        if (!locked)
            return tl::make_unexpected(locked.error());
        if (*locked)
            return file;
        QThread::msleep(lockWaitMs); // another program is writing its small file
    }
    return failure(Error::Code::Io, tr("another program is writing %1").arg(m_path));
}

Result<> SavedConnections::change(const std::function<Result<>(Content &)> &act)
{
    auto held = lock();
    if (!held)
        return tl::make_unexpected(held.error());
    auto content = readMended();
    if (!content)
        return tl::make_unexpected(content.error());
    if (const auto done = act(*content); !done)
        return done;
    if (const auto written = write(*content); !written)
        return written;
    held->close();
    reload();
    return {};
}

Result<QString> SavedConnections::put(SavedConnection connection)
{
    if (connection.target.seeds.isEmpty())
        return failure(Error::Code::InvalidArgument, tr("a saved connection needs an address"));
    if (const auto fixed = whyFixed(connection.id); !fixed)
        return tl::make_unexpected(fixed.error());
    connection.file.clear();
    connection.target.clearSecrets();
    const bool isNew = connection.id.isEmpty();
    if (isNew)
        connection.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    const auto again = savedFromJson(toJson(connection), UriOf::User);
    if (!again)
        return tl::make_unexpected(again.error());
    if (again->target != connection.target)
        return failure(Error::Code::InvalidArgument, tr("this connection cannot be written as a URI"));
    const auto done = change([&connection, isNew](Content &content) -> Result<> {
        if (!connection.folder.isEmpty() && !content.folders.contains(connection.folder))
            content.folders.append(connection.folder);
        for (SavedConnection &known : content.list) {
            if (known.id != connection.id)
                continue;
            known = connection;
            return {};
        }
        if (!isNew)
            return failure(Error::Code::Outdated,
                           tr("“%1” was removed in the meantime").arg(connection.target.title()));
        if (content.list.size() >= maximum)
            return failure(Error::Code::LimitExceeded, tr("%1 connections are saved: remove one first").arg(maximum));
        content.list.append(connection);
        return {};
    });
    if (!done)
        return tl::make_unexpected(done.error());
    return connection.id;
}

Result<> SavedConnections::whyFixed(const QString &id) const
{
    const SavedConnection *known = id.isEmpty() ? nullptr : find(id);
    if (!known || known->file.isEmpty())
        return {};
    return failure(Error::Code::InvalidArgument,
                   tr("“%1” is in %2, which Slotscope never changes: change it there, or save a copy")
                       .arg(known->target.title(), known->file));
}

void SavedConnections::readFiles(const QStringList &paths)
{
    m_files = paths;
    reload();
}

/// Reads the additional files; if one cannot be read, its previous content stays.
void SavedConnections::takeFiles()
{
    m_fileFolders.clear();
    m_fileProblems.clear();
    for (const QString &path : std::as_const(m_files)) {
        OfFile &known = m_ofFiles[path];
        const QFileInfo now(path);
        const qint64 modified = now.lastModified().toMSecsSinceEpoch();
        if (!now.exists() || known.modified != modified || known.size != now.size()) {
            const auto read = readProfileFile(path);
            known.modified = now.exists() ? modified : -1;
            known.size = now.exists() ? now.size() : -1;
            known.problems = read ? read->problems : QStringList{read.error().detail};
            if (read)
                known.list = read->list;
        }
        m_fileProblems += known.problems;
        for (const SavedConnection &connection : std::as_const(known.list)) {
            m_list.append(connection);
            if (!m_fileFolders.contains(connection.folder))
                m_fileFolders.append(connection.folder);
        }
    }
}

Result<> SavedConnections::remove(const QString &id)
{
    if (const auto fixed = whyFixed(id); !fixed)
        return fixed;
    return change([&id](Content &content) -> Result<> {
        content.list.removeIf([&id](const SavedConnection &one) { return one.id == id; });
        return {};
    });
}

Result<> SavedConnections::addFolder(const QString &name)
{
    return change([&name](Content &content) -> Result<> {
        if (!name.isEmpty() && !content.folders.contains(name))
            content.folders.append(name);
        return {};
    });
}

Result<> SavedConnections::removeFolder(const QString &name)
{
    return renameFolder(name, {});
}

Result<> SavedConnections::renameFolder(const QString &from, const QString &to)
{
    return change([&from, &to](Content &content) -> Result<> {
        const qsizetype at = content.folders.indexOf(from);
        if (at >= 0 && (to.isEmpty() || content.folders.contains(to)))
            content.folders.removeAt(at);
        else if (at >= 0)
            content.folders[at] = to;
        for (SavedConnection &connection : content.list)
            if (connection.folder == from)
                connection.folder = to;
        return {};
    });
}

Result<> SavedConnections::noteUse(const QString &id, qint64 now, const QString &kind, const QString &server)
{
    if (!whyFixed(id))
        return {};
    return change([&](Content &content) -> Result<> {
        for (SavedConnection &connection : content.list) {
            if (connection.id != id)
                continue;
            ++connection.used;
            connection.usedAt = now;
            if (!kind.isEmpty())
                connection.kind = kind;
            if (!server.isEmpty())
                connection.server = server;
        }
        return {};
    });
}

void SavedConnections::reload()
{
    auto content = read();
    watch();
    if (content && !content->isWhole) { // perhaps another program is writing it, so check again before changing it
        m_again.start();
        return;
    }
    take(content);
}

void SavedConnections::mend()
{
    const auto held = lock();
    if (!held)
        return take(tl::make_unexpected(held.error()));
    const auto content = readMended();
    watch();
    take(content);
}

void SavedConnections::take(const Result<Content> &content)
{
    m_problem = content ? std::optional<Error>() : std::optional<Error>(content.error());
    if (content) {
        m_list = content->list;
        m_folders = content->folders;
    } else {
        m_list.removeIf([](const SavedConnection &one) { return !one.file.isEmpty(); });
    }
    takeFiles();
    Q_EMIT changed();
}

/// Watches the file and its folder, because for the watcher a replaced file is a different one.
void SavedConnections::watch()
{
    for (const QString &path : QStringList{m_path} + m_files) {
        const QString folder = QFileInfo(path).absolutePath();
        if (QFileInfo::exists(folder) && !m_watcher.directories().contains(folder))
            m_watcher.addPath(folder);
        if (QFileInfo::exists(path) && !m_watcher.files().contains(path))
            m_watcher.addPath(path);
    }
}

} // namespace slotscope
