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

/// The password that a command prints (its first line): one for all connections of a thread that name the same command.
/// The command runs when a password is needed first, then before its time is over, then once where a server refuses
/// what it gave; never twice at the same time. It has no terminal and no input, 30 s, and may print 64 KiB. Lives on
/// its thread.
class PasswordSource final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PasswordSource)
public:
    using Password = Result<QString>;
    static constexpr int longestValidSeconds = 7 * 24 * 60 * 60; ///< what is longer counts as this

    /// The one of this thread; what it knows is forgotten when nobody holds it any more.
    [[nodiscard]] static std::shared_ptr<PasswordSource> of(const PasswordCommand &command);
    ~PasswordSource() override;
    /// Ends the process; called when nobody holds this any more.
    void stop();

    /// The one that is known, or what the command gives. Where it has just failed: why, and it is not run again.
    [[nodiscard]] Awaited<Password> password();
    /// After a server has refused this one: the one that has come since, else what the command gives now. An error
    /// where it gives the same, or was run for such a reason within the last half minute.
    [[nodiscard]] Awaited<Password> insteadOf(const QString &refused);
    /// By the user's wish: the command may run at once, whatever came of it before.
    void retry();
    /// A living connection was refused with the renewed one. After two in a row it is not renewed any more, until
    /// retry() or until a server takes the last.
    void noteRefused(const QString &refused, const Error &error);
    void noteAccepted(const QString &accepted);
    /// A living connection got another error with the renewed one: whether it is right is not known.
    void noteUnanswered(const QString &sent, const Error &error);

    [[nodiscard]] const QString &current() const { return m_current; } ///< empty: none yet
    [[nodiscard]] bool isRefused() const { return !m_current.isEmpty() && m_current == m_refused; }
    /// Why it could not be renewed; nothing where it could. Connections stay as they are, and it is tried again.
    [[nodiscard]] const std::optional<Error> &problem() const { return m_problem; }

    /// Its words: blanks part them, quotes ('…' as they are, "…" with \" and \\) and \ keep them together; nothing
    /// where a quote does not end. No shell, so no variables, no pipes.
    [[nodiscard]] static std::optional<QStringList> wordsOf(const QString &line);
    /// Why this is no command; nothing where it can be one.
    [[nodiscard]] static std::optional<QString> whyNot(const QString &line);
    /// Whether an option of a URI would have a program run; and why there is none.
    [[nodiscard]] static bool isOption(const QString &option);
    [[nodiscard]] static QString notInUri(const QString &option);

Q_SIGNALS:
    void renewed(); ///< connections log in again with current()
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
    QString m_refused; ///< the last that a server did not take
    std::optional<Error> m_problem;
    Error m_error; ///< why the last run failed, where it did
    QProcess *m_process = nullptr;
    QByteArray m_output, m_errors;
    QTimer m_deadline, m_again;
    Backoff m_backoff;
    qint64 m_failedAt = 0, m_ranForRefusalAt = 0; ///< steadyMs(); 0: never
    int m_words = 0, m_refusedWord = 0; ///< how many have come, and which of them living connections were refused with
    int m_refusedInRow = 0;
    std::vector<Awaited<Password>::Completer> m_waiting;
};

/// With what the command gave last in place of the password, where they have a command.
[[nodiscard]] Credentials withCurrentPassword(Credentials credentials);

} // namespace slotscope
