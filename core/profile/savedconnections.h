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

/// A connection that the user keeps: how it is reached, and what it is called. No secret is part of it.
struct SavedConnection
{
    QString id; ///< made when it is saved first
    ConnectionTarget target; ///< without password and passphrase
    QString folder; ///< empty: in none
    QStringList tags;
    QString notes;
    QString colour; ///< "#rrggbb", or empty
    bool isFavourite = false;
    bool keepsSecrets = false; ///< the password and the key's passphrase are in the system's keychain
    bool hadPassword = false; ///< it was used with a password: asked for where the keychain has none
    QString passwordVariable; ///< of the environment, which holds the password; empty: none
    QString file; ///< the file that it stands in and that is only read; empty: it is the user's own
    QString kind, server; ///< "Cluster, 3 + 3" and "Valkey 9.1.2", as seen last; empty: never
    int used = 0; ///< times
    qint64 usedAt = 0; ///< ms since 1970; 0: never
    friend bool operator==(const SavedConnection &, const SavedConnection &) = default;
};

[[nodiscard]] QJsonObject toJson(const SavedConnection &connection);
/// InvalidArgument or what the URI's reader says, where it is none of ours.
/// A command as the way (tunnel=), and renamed commands, are taken from the user's own file only.
[[nodiscard]] Result<SavedConnection> savedFromJson(const QJsonObject &object, UriOf whose = UriOf::Anybody);

/// The saved connections, in one file of JSON that is replaced wholly or not at all. Several programs may share it:
/// each change is made to what the file holds at that moment, under a lock, and a change of another is seen at once.
/// What cannot be read is set aside under another name, never overwritten; a file of a later version is left alone.
/// Lives on its thread.
class SavedConnections final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SavedConnections)
public:
    static constexpr int maximum = 2000;

    /// Reads the file; a missing one is an empty list.
    explicit SavedConnections(QString path, QObject *parent = nullptr);
    /// Below the user's folder of settings; SLOTSCOPE_CONNECTIONS names another.
    [[nodiscard]] static QString defaultPath();

    [[nodiscard]] const QString &path() const { return m_path; }
    /// As the user ordered them; then those of the files.
    [[nodiscard]] const QList<SavedConnection> &list() const { return m_list; }
    /// What is read from files beside our own, and never written to; they are watched as it is.
    void readFiles(const QStringList &paths);
    [[nodiscard]] const QStringList &fileFolders() const { return m_fileFolders; }
    [[nodiscard]] const QStringList &fileProblems() const { return m_fileProblems; } ///< in words
    [[nodiscard]] const QStringList &folders() const { return m_folders; } ///< empty ones too
    [[nodiscard]] const SavedConnection *find(const QString &id) const;
    /// By its name, or its id; nullptr where there is none, or more than one of that name.
    [[nodiscard]] const SavedConnection *named(const QString &name) const;
    /// Why the file is not used: it cannot be read, or a later version wrote it. Nothing is written then.
    [[nodiscard]] const std::optional<Error> &problem() const { return m_problem; }
    /// Where a damaged file was put aside when it was read; empty: none was.
    [[nodiscard]] const QString &setAside() const { return m_setAside; }

    /// Adds it, or replaces the one with its id (Outdated where that was removed); gives the id. Secrets in the target
    /// are left out. InvalidArgument where it could not be read back.
    [[nodiscard]] Result<QString> put(SavedConnection connection);
    [[nodiscard]] Result<> remove(const QString &id);
    [[nodiscard]] Result<> addFolder(const QString &name);
    /// What was in it is in none afterwards.
    [[nodiscard]] Result<> removeFolder(const QString &name);
    [[nodiscard]] Result<> renameFolder(const QString &from, const QString &to);
    /// Counts one more use at `now` (ms since 1970), and what was seen there where it is not empty.
    [[nodiscard]] Result<> noteUse(const QString &id, qint64 now, const QString &kind = {}, const QString &server = {});

Q_SIGNALS:
    void changed();

private:
    struct Content
    {
        QList<SavedConnection> list;
        QStringList folders;
        bool isWhole = true; ///< nothing in it was unreadable
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
        qint64 modified = -1, size = -1; ///< of the file when it was read: unchanged, it is not read again
        QList<SavedConnection> list; ///< as it was read last without a fault
        QStringList problems;
    };
    QHash<QString, OfFile> m_ofFiles; ///< by path
    std::optional<Error> m_problem;
    QString m_setAside;
    QFileSystemWatcher m_watcher;
    QTimer m_again; ///< a file that could not be read is looked at once more
};

} // namespace slotscope
