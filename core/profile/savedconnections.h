// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ownfiles.h"
#include "core/net/ownuri.h"

#include <QFileSystemWatcher>
#include <QJsonObject>
#include <QObject>
#include <QTimer>

#include <functional>

namespace slotscope {

/// A connection saved by the user, without secrets.
struct SavedConnection
{
    QString id; ///< generated when it is first saved
    ConnectionTarget target; ///< without password and passphrase
    QString folder; ///< empty: in no folder
    QStringList tags;
    QString notes;
    QString colour; ///< "#rrggbb", or empty
    bool isFavourite = false;
    bool keepsSecrets = false; ///< password and key passphrase are in the system's keychain
    bool hadPassword = false; ///< it was used with a password, so ask if the keychain has none
    QString passwordVariable; ///< environment variable with the password; empty: none
    QString file; ///< file that it was read from, which is read-only; empty: the user's own
    QString kind, server; ///< "Cluster, 3 + 3" and "Valkey 9.1.2", as seen last; empty: never
    int used = 0; ///< number of uses
    qint64 usedAt = 0; ///< ms since 1970; 0: never
    friend bool operator==(const SavedConnection &, const SavedConnection &) = default;
};

[[nodiscard]] QJsonObject toJson(const SavedConnection &connection);
/// InvalidArgument, or the URI parser's error, if it is invalid. Tunnel commands (tunnel=) and renamed commands are
/// accepted only from the user's own file.
[[nodiscard]] Result<SavedConnection> savedFromJson(const QJsonObject &object, UriOf whose = UriOf::Anybody);

/// The saved connections, in a JSON file that is always replaced as a whole. Several programs may share it: each change
/// is applied to the file's present content under a lock, and changes by others are noticed at once. Unreadable content
/// is renamed, never overwritten; a file of a later version is left alone. Lives on its thread.
class SavedConnections final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SavedConnections)
public:
    static constexpr int maximum = 2000;

    /// Reads the file; a missing one counts as an empty list.
    explicit SavedConnections(QString path, QObject *parent = nullptr);
    /// In the user's settings folder; SLOTSCOPE_CONNECTIONS names another file.
    [[nodiscard]] static QString defaultPath();

    [[nodiscard]] const QString &path() const { return m_path; }
    /// In the user's order, followed by those from additional files.
    [[nodiscard]] const QList<SavedConnection> &list() const { return m_list; }
    /// Sets additional files to read and watch, which are never written to.
    void readFiles(const QStringList &paths);
    [[nodiscard]] const QStringList &fileFolders() const { return m_fileFolders; }
    [[nodiscard]] const QStringList &fileProblems() const { return m_fileProblems; } ///< messages for display
    [[nodiscard]] const QStringList &folders() const { return m_folders; } ///< including empty ones
    [[nodiscard]] const SavedConnection *find(const QString &id) const;
    /// Finds a connection by name or id; nullptr if there is none, or several have that name.
    [[nodiscard]] const SavedConnection *named(const QString &name) const;
    /// Why the file is not used: it cannot be read, or a later version wrote it. It is then never written.
    [[nodiscard]] const std::optional<Error> &problem() const { return m_problem; }
    /// New name of a file that was damaged when read; empty: none was.
    [[nodiscard]] const QString &setAside() const { return m_setAside; }

    /// Adds a connection, or replaces the one with its id (Outdated if that was removed); returns the id. Secrets are
    /// left out. InvalidArgument if it could not be read back.
    [[nodiscard]] Result<QString> put(SavedConnection connection);
    [[nodiscard]] Result<> remove(const QString &id);
    [[nodiscard]] Result<> addFolder(const QString &name);
    /// Removes a folder; its connections are then in none.
    [[nodiscard]] Result<> removeFolder(const QString &name);
    [[nodiscard]] Result<> renameFolder(const QString &from, const QString &to);
    /// Counts one more use at `now` (ms since 1970), and stores what was seen there if it is not empty.
    [[nodiscard]] Result<> noteUse(const QString &id, qint64 now, const QString &kind = {}, const QString &server = {});

Q_SIGNALS:
    void changed();

private:
    struct Content
    {
        QList<SavedConnection> list;
        QStringList folders;
        bool isWhole = true; ///< everything could be read
    };
    [[nodiscard]] Result<Content> read() const;
    [[nodiscard]] Result<Content> readMended();
    [[nodiscard]] Result<OwnFile> lock() const;
    [[nodiscard]] Result<> write(const Content &content) const;
    void mend();
    void take(const Result<Content> &content);
    [[nodiscard]] Result<> change(const std::function<Result<>(Content &)> &act);
    void reload();
    void watch();
    void takeFiles();
    [[nodiscard]] Result<> whyFixed(const QString &id) const;

    QString m_path;
    QList<SavedConnection> m_list;
    QStringList m_folders;
    QStringList m_files, m_fileFolders, m_fileProblems;
    struct OfFile
    {
        qint64 modified = -1, size = -1; ///< of the file when last read, to skip unchanged files
        QList<SavedConnection> list; ///< content of the last successful reading
        QStringList problems;
    };
    QHash<QString, OfFile> m_ofFiles; ///< by path
    std::optional<Error> m_problem;
    QString m_setAside;
    QFileSystemWatcher m_watcher;
    QTimer m_again; ///< delays a second reading of a file that could not be read
};

} // namespace slotscope
