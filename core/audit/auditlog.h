// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/audit/auditfile.h"
#include "core/audit/sentcommands.h"
#include "core/net/commandwatch.h"

#include <QObject>
#include <QWaitCondition>

class QThread;

namespace slotscope {

/// Records what this program sends: each command that may change a server becomes a line of the audit log, and while
/// somebody watches, every command becomes an entry in SentCommands. Senders do not wait for the disk: a separate
/// thread writes, from a limited queue. If the disk is full, entries without room are counted, and the number is
/// written.
class AuditLog final : public QObject, public CommandWatch
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AuditLog)
public:
    struct Options
    {
        QString folder = {}; ///< empty: AuditFiles::defaultFolder()
        AuditFiles::Limits limits = {};
        bool records = true; ///< false: nothing is written to the folder
        bool strict = false; ///< commands that may change a server are not sent while they cannot be recorded
        QString program = {}; ///< "slotscope" or "slotscope-cli"
        QString act = {}; ///< for the command line, its command; empty: the part of the program that sends
        QString commandsFile = {}; ///< additional file for all commands; empty: none
    };
    static constexpr qsizetype mostWaiting = 10000; ///< number of entries

    explicit AuditLog(Options options);
    /// Writes the waiting entries, if possible.
    ~AuditLog() override;

    [[nodiscard]] std::unique_ptr<ConnectionWatch> watch(const ConnectionOptions &options) override;
    [[nodiscard]] std::optional<Error> whyNot(const std::vector<Command> &commands) const override;
    void refused(const QString &cluster, const QString &seeds, const Command &command, const Error &error,
                 const char *from) override;
    void ranHere(const QString &cluster, const QString &seeds, const Command &words, const QString &problem,
                 const char *from) override;

    void sentInBulk(const BulkSent &sent, const char *from) override;

    void setRecords(bool records) { m_records = records; }
    void setStrict(bool strict) { m_strict = strict; }
    void setLimits(AuditFiles::Limits limits);
    [[nodiscard]] const QString &folder() const { return m_folder; }
    [[nodiscard]] SentCommands &sentCommands() { return m_sent; }
    [[nodiscard]] bool wantsAll() const { return m_sent.isOn() || m_toFile; }
    [[nodiscard]] bool records() const { return m_records; }
    /// Adds a complete entry; `changes` means that it belongs in the audit log. Any thread.
    void add(AuditEntry entry, bool changes);
    /// The part of the program that a source file belongs to, for AuditEntry::from.
    [[nodiscard]] QString partOf(const char *file) const;
    /// Waits until everything added is written; returns false if that is not possible, or takes longer. Any thread.
    bool flush(int milliseconds);
    [[nodiscard]] std::optional<Error> problem() const; ///< why nothing can be written now
    [[nodiscard]] qint64 commandsLost() const { return m_commandsLost; } ///< number missing in the file of all commands
    [[nodiscard]] qint64 lost() const; ///< number of entries without room while nothing could be written

Q_SIGNALS:
    /// Writing has failed, or works again (then problem() is empty).
    void problemChanged();

private:
    struct Waiting
    {
        AuditEntry entry;
        bool changes = false;
    };
    void run();
    void work();
    [[nodiscard]] Result<> write(const QList<AuditEntry> &entries, qint64 lost);
    [[nodiscard]] Result<> writeCommands(const QList<Waiting> &all);
    /// `ofTheLog` means that the audit log itself cannot be written.
    void setProblem(const std::optional<Error> &problem, bool ofTheLog);
    [[nodiscard]] QByteArray linesOf(QList<AuditEntry> entries) const;

    const QString m_folder, m_program, m_act, m_commandsPath;
    QString m_host, m_osUser;
    std::atomic<qint64> m_commandsLost = 0;
    std::atomic<bool> m_records, m_strict, m_toFile, m_failing = false;
    SentCommands m_sent;
    AuditFiles m_files; ///< used by the writing thread, except for its limits
    OwnFile m_commandsFile;
    mutable QMutex m_mutex;
    QWaitCondition m_came, m_written;
    QList<Waiting> m_waiting;
    QList<AuditEntry> m_kept; ///< of the writing thread: entries that could not be written yet
    AuditFiles::Limits m_limits;
    qint64 m_lost = 0; ///< lost entries whose number is not written yet
    qint64 m_lostEver = 0;
    quint64 m_added = 0, m_done = 0; ///< numbers of entries
    quint64 m_rounds = 0; ///< number of completed rounds of the writing thread
    bool m_working = false;
    bool m_ending = false, m_hurry = false;
    std::optional<Error> m_problem;
    /// last refused command: not recorded again if a caller first asks the gate and then sends it
    Command m_lastRefused;
    qint64 m_lastRefusedAt = 0;
    std::unique_ptr<QThread> m_thread;
};

} // namespace slotscope
