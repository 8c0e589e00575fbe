// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/protocol/command.h"

#include <QStringList>

namespace slotscope {

/// What was typed and sent over one connection, newest last, in a file of this user's. Passwords are blotted out before
/// anything is kept; a line that could not be read is not kept at all.
class ConsoleHistory final
{
public:
    static constexpr qsizetype most = 2000;
    struct Item
    {
        qint64 at = 0; ///< ms since 1970
        QString line;
        bool failed = false; ///< the server refused it, or nothing came
    };

    ConsoleHistory() = default;
    /// `path` empty: kept in memory only.
    explicit ConsoleHistory(QString path);
    [[nodiscard]] const QList<Item> &items() const { return m_items; }
    /// Keeps the line, unless it is the last one again; Error: it could not be written (it is kept until the end).
    Result<> add(const QByteArray &line, qint64 at);
    void markFailed(const QByteArray &line); ///< the newest such one; in memory only
    /// Newest first, each once, that hold all the words.
    [[nodiscard]] QStringList found(const QString &words) const;

private:
    Result<> write() const;
    QString m_path;
    QList<Item> m_items;
};

/// The line as it may be kept and shown: with ••• for each secret. Nothing where it cannot be read.
[[nodiscard]] std::optional<QString> withoutSecrets(const QByteArray &line);

/// The folder of histories and of saved commands; SLOTSCOPE_CONSOLE names another one.
[[nodiscard]] QString consoleFolder();
/// A file's name for a connection's title: letters that any file system takes, and no two alike.
[[nodiscard]] QString consoleFileName(const QString &kind, const QString &title);

/// A saved command: lines that hold $(name) or $(name=value) for what is to be filled in.
struct SavedCommand
{
    QString name, text;
    bool isEverywhere = true; ///< for all connections, else for this one
};
struct Placeholder
{
    QString name, proposal;
};
[[nodiscard]] QList<Placeholder> placeholdersIn(const QString &text);
/// Values are quoted as a command line needs it.
[[nodiscard]] QString filledIn(const QString &text, const QHash<QString, QString> &values);
/// A library as a plain text file: a line "## name", then the command's lines, up to the next one.
[[nodiscard]] QList<SavedCommand> readLibrary(const QString &text, bool isEverywhere);
[[nodiscard]] QString libraryText(const QList<SavedCommand> &commands, bool everywhere);

} // namespace slotscope
