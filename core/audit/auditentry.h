// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/protocol/command.h"

#include <QJsonObject>
#include <QMetaType>

#include <optional>

namespace slotscope {

/// A word of a command as it is kept: the whole, its beginning, or that it was a secret.
struct KeptWord
{
    QByteArray bytes;
    qint64 size = 0; ///< of the whole; more than bytes has where it was cut
    bool secret = false; ///< then bytes is empty, and the size is not told

    friend bool operator==(const KeptWord &, const KeptWord &) = default;
};

/// One command that was sent, or several of one name that went in one go, and what became of them.
struct AuditEntry
{
    enum class Result : quint8 {
        Done, ///< the server answered, and not with an error
        Failed, ///< it answered with an error
        Unknown, ///< the connection was lost: it may have been executed
        NotSent, ///< the connection was lost before it was written
        Refused, ///< by our own gate: it was not sent
        Queued, ///< part of a MULTI: its EXEC tells what became of it
        Lost, ///< no command: so many entries could not be kept, for the reason in `error`
    };

    qint64 at = 0; ///< wall clock, ms since 1970: when it was sent
    qint64 microseconds = -1; ///< until it was answered; -1: it was not
    QString cluster, seeds; ///< what the user calls it, and the addresses that he named
    QByteArray nodeId; ///< empty: not told
    QString address; ///< "host:port"; empty where nothing was sent
    int database = 0;
    QString user; ///< of the server's ACL
    QString from; ///< the part of the program, or the command of slotscope-cli, that sent it
    QList<KeptWord> words; ///< of the command, or of the first of them; not all where there are many
    qint64 wordCount = 0;
    qint64 bytes = 0; ///< of all words of all commands
    qint64 count = 1;
    qint64 failed = 0, unknown = 0; ///< of them, where they are several
    QList<KeptWord> further; ///< the second words (often keys) of some of the others
    Result result = Result::Done;
    QString error; ///< the server's words, or ours
    // of the process that wrote it; filled when it is read
    QString osUser, host, program;
    qint64 pid = 0;

    [[nodiscard]] QString name() const; ///< "SET", "CONFIG SET"
    /// The command as one line. Secrets appear as •••••; a shortened word is followed by the size of the whole word.
    [[nodiscard]] QString line() const;
};

/// Machine names: "done", "failed", "unknown", "not-sent", "refused", "queued", "lost".
[[nodiscard]] QLatin1StringView nameOf(AuditEntry::Result result);
[[nodiscard]] std::optional<AuditEntry::Result> auditResultNamed(QByteArrayView name);

/// The words of a command, secrets blotted out, long ones cut. A command that no server knows may be a mistyped one
/// that has a secret: `known` false keeps nothing but its name.
[[nodiscard]] QList<KeptWord> keptWords(const Command &command, bool known = true);
/// Again, with all secrets that the program has heard of; and at most as long as it is written. Slow beside the above.
void finishRedaction(AuditEntry &entry);

/// One line of the log (docs/audit-log.md), without its end.
[[nodiscard]] QJsonObject jsonOf(const AuditEntry &entry);
/// Nothing where it is no line of the log, or a part of one.
[[nodiscard]] std::optional<AuditEntry> auditEntryOf(const QByteArray &line);

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::AuditEntry)
