// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/net/awaited.h"
#include "core/net/backoff.h"
#include "core/net/credentials.h"

#include <QObject>
#include <QStringList>
#include <QTimer>

#include <memory>
#include <vector>

class QProcess;

namespace slotscope {

/// The password printed by a command (its first line). All connections of a thread with the same command share it. The
/// command runs when a password is first needed, again before the password expires, and once if a server refuses the
/// password, but never twice at the same time. It has no terminal and no input, must end within 30 s, and may print at
/// most 64 KiB. Lives on its thread.
class PasswordSource final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PasswordSource)
public:
    using Password = Result<QString>;
    static constexpr int longestValidSeconds = 7 * 24 * 60 * 60; ///< longer lifetimes count as this

    /// Returns this thread's object for the command. It is deleted, and the password forgotten, when the last reference
    /// is released.
    [[nodiscard]] static std::shared_ptr<PasswordSource> of(const PasswordCommand &command);
    ~PasswordSource() override;
    /// Ends the process; called when the last reference is released.
    void stop();

    /// Returns the known password, or runs the command. If it has just failed, returns that error without running it
    /// again.
    [[nodiscard]] Awaited<Password> password();
    /// Returns another password after a server refused this one: a newer one if it has arrived, else the output of
    /// another run. An error if the password is the same, or the command already ran for a refusal in the last half
    /// minute.
    [[nodiscard]] Awaited<Password> insteadOf(const QString &refused);
    /// User request: allows the command to run at once, regardless of earlier failures.
    void retry();
    /// A server refused the renewed password over an open connection. After two such passwords in a row it is no longer
    /// renewed, until retry() is called or a server accepts the last one.
    void noteRefused(const QString &refused, const Error &error);
    void noteAccepted(const QString &accepted);
    /// An open connection got another error for the renewed password, so it is unknown whether the password is right.
    void noteUnanswered(const QString &sent, const Error &error);

    [[nodiscard]] const QString &current() const { return m_current; } ///< empty if there is none yet
    [[nodiscard]] bool isRefused() const { return !m_current.isEmpty() && m_current == m_refused; }
    /// Why renewing failed; nullopt if it succeeded. Connections stay open, and it is tried again.
    [[nodiscard]] const std::optional<Error> &problem() const { return m_problem; }

    /// Splits a command line into words: blanks separate them, quotes ('…' literally, "…" with \" and \\) and \ prevent
    /// that. nullopt if a quote is not closed. There is no shell, so no variables and no pipes.
    [[nodiscard]] static std::optional<QStringList> wordsOf(const QString &line);
    /// Why the line cannot be used as a command; nullopt if it can.
    [[nodiscard]] static std::optional<QString> whyNot(const QString &line);
    /// Whether a URI option would set a password command; and the error text for refusing it.
    [[nodiscard]] static bool isOption(const QString &option);
    [[nodiscard]] static QString notInUri(const QString &option);

Q_SIGNALS:
    void renewed(); ///< connections should log in again with current()
    void problemChanged();

private:
    explicit PasswordSource(PasswordCommand command);
    void run();
    void readOutput();
    void finish(Password outcome);
    void renewInTime();
    void setProblem(std::optional<Error> problem);
    [[nodiscard]] Error failed(const QString &detail) const;
    [[nodiscard]] QString lastWords() const;
    [[nodiscard]] Password result(int exitCode, bool crashed) const;

    PasswordCommand m_command;
    QString m_program;
    QString m_current;
    QString m_refused; ///< the last password that a server refused
    std::optional<Error> m_problem;
    Error m_error; ///< why the last run failed; empty if it succeeded
    QProcess *m_process = nullptr;
    QByteArray m_output, m_errors;
    QTimer m_deadline, m_again;
    Backoff m_backoff;
    qint64 m_failedAt = 0, m_ranForRefusalAt = 0; ///< steadyMs(); 0: never
    /// number of passwords received, and the last one refused over an open connection
    int m_words = 0, m_refusedWord = 0;
    int m_refusedInRow = 0;
    std::vector<Awaited<Password>::Completer> m_waiting;
};

/// Returns credentials with the command's latest password, if they have a command.
[[nodiscard]] Credentials withCurrentPassword(Credentials credentials);

} // namespace slotscope
