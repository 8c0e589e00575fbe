// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/protocol/command.h"

#include <QStringList>

namespace slotscope {

/// The lines typed and sent over one connection, newest last, in a file readable only by this user. Passwords are
/// replaced before a line is stored; a line that cannot be parsed is not stored.
class ConsoleHistory final
{
public:
    static constexpr qsizetype most = 2000;
    struct Item
    {
        qint64 at = 0; ///< ms since 1970
        QString line;
        bool failed = false; ///< the server replied with an error, or there was no reply
    };

    ConsoleHistory() = default;
    /// If `path` is empty, the history is kept only in memory.
    explicit ConsoleHistory(QString path);
    [[nodiscard]] const QList<Item> &items() const { return m_items; }
    /// Adds a line unless it equals the last one. An error means that it could not be written, and stays only in
    /// memory.
    Result<> add(const QByteArray &line, qint64 at);
    void markFailed(const QByteArray &line); ///< marks the newest such line, only in memory
    /// Lines that contain all the words, newest first, without duplicates.
    [[nodiscard]] QStringList found(const QString &words) const;

private:
    Result<> write() const;
    QString m_path;
    QList<Item> m_items;
};

/// The line as it may be stored and shown, with ••• for each secret; nullopt if it cannot be parsed.
[[nodiscard]] std::optional<QString> withoutSecrets(const QByteArray &line);

/// Folder of histories and saved commands; the environment variable SLOTSCOPE_CONSOLE names another one.
[[nodiscard]] QString consoleFolder();
/// A unique file name for a connection's title, with characters that every file system accepts.
[[nodiscard]] QString consoleFileName(const QString &kind, const QString &title);

/// A saved command: lines with placeholders $(name) or $(name=value) to be filled in.
struct SavedCommand
{
    QString name, text;
    bool isEverywhere = true; ///< available for all connections, else only for this one
};
struct Placeholder
{
    QString name, proposal;
};
[[nodiscard]] QList<Placeholder> placeholdersIn(const QString &text);
/// Replaces the placeholders; values are quoted as a command line requires.
[[nodiscard]] QString filledIn(const QString &text, const QHash<QString, QString> &values);
/// Parses a library, a plain text file: a line "## name", followed by the lines of that command.
[[nodiscard]] QList<SavedCommand> readLibrary(const QString &text, bool isEverywhere);
[[nodiscard]] QString libraryText(const QList<SavedCommand> &commands, bool everywhere);

} // namespace slotscope
