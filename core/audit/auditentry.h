// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/protocol/command.h"

#include <QJsonObject>
#include <QMetaType>

#include <optional>

namespace slotscope {

/// A command's argument as recorded: complete, truncated, or hidden because it is a secret.
struct KeptWord
{
    QByteArray bytes;
    qint64 size = 0; ///< size of the complete argument; larger than `bytes` if truncated
    bool secret = false; ///< a secret: `bytes` is empty, and the size is not recorded

    friend bool operator==(const KeptWord &, const KeptWord &) = default;
};

/// One command that was sent, or several of one name sent together, with their results.
struct AuditEntry
{
    enum class Result : quint8 {
        Done, ///< the server replied without an error
        Failed, ///< the server replied with an error
        Unknown, ///< the connection was lost, so it may have been executed
        NotSent, ///< the connection was lost before it was written
        Refused, ///< our own gate refused it, so it was not sent
        Queued, ///< part of a MULTI, whose EXEC has the result
        Lost, ///< not a command: this many entries were lost, for the reason in `error`
    };

    qint64 at = 0; ///< wall-clock time of sending in ms since 1970
    qint64 microseconds = -1; ///< time until the reply; -1: none
    QString cluster, seeds; ///< the user's name for the connection, and the addresses entered
    QByteArray nodeId; ///< empty: unknown
    QString address; ///< "host:port"; empty if nothing was sent
    int database = 0;
    QString user; ///< ACL user
    QString from; ///< part of the program, or command of slotscope-cli, that sent it
    QList<KeptWord> words; ///< arguments of the (first) command; not all if there are many
    qint64 wordCount = 0;
    qint64 bytes = 0; ///< total bytes of all arguments of all commands
    qint64 count = 1;
    qint64 failed = 0, unknown = 0; ///< numbers, if it stands for several commands
    QList<KeptWord> further; ///< second arguments (often keys) of some of the other commands
    Result result = Result::Done;
    QString error; ///< the server's message, or our own
    // about the process that wrote the entry; set when it is read
    QString osUser, host, program;
    qint64 pid = 0;

    [[nodiscard]] QString name() const; ///< such as "SET", "CONFIG SET"
    /// The command as one line. Secrets appear as •••••; a truncated argument is followed by its complete size.
    [[nodiscard]] QString line() const;
};

/// Names in files: "done", "failed", "unknown", "not-sent", "refused", "queued", "lost".
[[nodiscard]] QLatin1StringView nameOf(AuditEntry::Result result);
[[nodiscard]] std::optional<AuditEntry::Result> auditResultNamed(QByteArrayView name);

/// The arguments for recording, with secrets hidden and long ones truncated. An unknown command may be a typing error
/// followed by a secret: with `known` false, only its name is recorded.
[[nodiscard]] QList<KeptWord> keptWords(const Command &command, bool known = true);
/// Hides all secrets known to the program, and truncates to the final length. Slow compared with keptWords().
void finishRedaction(AuditEntry &entry);

/// One line of the log (docs/audit-log.md), without line end.
[[nodiscard]] QJsonObject jsonOf(const AuditEntry &entry);
/// Nullopt if the line is no log entry, or incomplete.
[[nodiscard]] std::optional<AuditEntry> auditEntryOf(const QByteArray &line);

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::AuditEntry)
