// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/passwordsource.h"

#include "core/base/clock.h"
#include "core/base/logging.h"
#include "core/base/secrets.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/net/childprocess.h"
#include "core/net/threadshared.h"

#include <QProcess>
#include <QStringDecoder>

#include <csignal>
#include <unistd.h>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int runDeadlineMs = 30000;
constexpr qsizetype mostOutput = 64 << 10, keptErrors = 8 << 10, shownErrors = 300;
constexpr int firstAgainMs = 1000, longestAgainMs = 60000;
constexpr qint64 failureHoldsMs = 10000; // connections that need the password within this time share one failure
constexpr qint64 refusalHoldsMs = 30000;
constexpr int mostRefusedInRow = 2; // stops a command that prints a different wrong password each time
constexpr int longestLeadSeconds = 60; // renew this long before expiry, at most a fifth of the lifetime

/// Runs in the child: makes it end with this thread, and detaches it from the terminal so that it cannot read keys.
void prepareCommand(pid_t parent)
{
    endWithParent(parent);
    ::setsid();
}

} // namespace

std::shared_ptr<PasswordSource> PasswordSource::of(const PasswordCommand &command)
{
    return threadShared<PasswordSource>(std::pair(command.line, command.validSeconds),
                                        [&command] { return new PasswordSource(command); });
}

PasswordSource::PasswordSource(PasswordCommand command)
    : m_command(std::move(command)), m_backoff(firstAgainMs, longestAgainMs)
{
    m_program = wordsOf(m_command.line).value_or(QStringList()).value(0);
    m_deadline.setSingleShot(true);
    m_again.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this,
            [this] { finish(failure(failed(tr("it did not end within %1 s").arg(runDeadlineMs / 1000)))); });
    connect(&m_again, &QTimer::timeout, this, &PasswordSource::run);
}

PasswordSource::~PasswordSource()
{
    stop();
}

std::optional<QStringList> PasswordSource::wordsOf(const QString &line)
{
    QStringList words;
    QString word;
    bool isWord = false;
    QChar quote;
    for (qsizetype i = 0; i < line.size(); ++i) {
        const QChar letter = line.at(i), next = i + 1 < line.size() ? line.at(i + 1) : QChar();
        const bool escapes =
            letter == u'\\' && !next.isNull() && (quote.isNull() || (quote == u'"' && (next == u'"' || next == u'\\')));
        if (escapes) {
            word += next;
            ++i;
        } else if (letter == quote) {
            quote = QChar();
        } else if (quote.isNull() && (letter == u'"' || letter == u'\'')) {
            quote = letter;
        } else if (quote.isNull() && letter.isSpace()) {
            if (isWord)
                words << std::exchange(word, {});
            isWord = false;
            continue;
        } else {
            word += letter;
        }
        isWord = true;
    }
    if (!quote.isNull())
        return std::nullopt;
    if (isWord)
        words << word;
    return words;
}

std::optional<QString> PasswordSource::whyNot(const QString &line)
{
    if (line.contains(u'\n') || line.contains(u'\r') || line.contains(QChar(u'\0')))
        return tr("a command must be a single line");
    const auto words = wordsOf(line);
    if (!words)
        return tr("a quote is not closed");
    if (words->value(0).isEmpty())
        return tr("no program is given");
    return std::nullopt;
}

Awaited<PasswordSource::Password> PasswordSource::password()
{
    if (!m_current.isEmpty())
        return Awaited<Password>::finished(m_current);
    if (!m_process && m_failedAt != 0 && steadyMs() - m_failedAt < failureHoldsMs)
        return Awaited<Password>::finished(failure(m_error));
    auto awaited = m_waiting.emplace_back().awaited();
    run();
    return awaited;
}

Awaited<PasswordSource::Password> PasswordSource::insteadOf(const QString &refused)
{
    if (!m_current.isEmpty() && m_current != refused)
        return Awaited<Password>::finished(m_current);
    m_refused = refused;
    const bool mayRun = m_ranForRefusalAt == 0 || steadyMs() - m_ranForRefusalAt >= refusalHoldsMs;
    if (!m_process && !mayRun)
        return Awaited<Password>::finished(failure(failed(tr("it was run only a moment ago"))));
    auto awaited = m_waiting.emplace_back().awaited();
    if (!m_process)
        m_ranForRefusalAt = steadyMs();
    run();
    return awaited;
}

void PasswordSource::retry()
{
    m_failedAt = m_ranForRefusalAt = 0;
    m_refusedInRow = 0;
    if (m_problem)
        run();
}

void PasswordSource::noteRefused(const QString &refused, const Error &error)
{
    if (refused != m_current) // a newer password has arrived meanwhile
        return;
    m_refused = refused;
    if (std::exchange(m_refusedWord, m_words) != m_words)
        ++m_refusedInRow;
    if (m_refusedInRow >= mostRefusedInRow) {
        m_again.stop();
        Error why = error;
        why.detail = tr("%1. Two passwords in a row were refused: the command is not run again until you reconnect")
                         .arg(error.detail);
        return setProblem(why);
    }
    setProblem(error);
    if (m_process || (m_ranForRefusalAt != 0 && steadyMs() - m_ranForRefusalAt < refusalHoldsMs))
        return;
    m_ranForRefusalAt = steadyMs();
    run();
}

void PasswordSource::noteUnanswered(const QString &sent, const Error &error)
{
    if (sent == m_current)
        setProblem(error);
}

void PasswordSource::noteAccepted(const QString &accepted)
{
    if (accepted != m_current)
        return;
    if (!m_process && m_failedAt == 0) // otherwise the problem is a failed renewal, and stays
        setProblem(std::nullopt);
    if (std::exchange(m_refusedInRow, 0) >= mostRefusedInRow && !m_process)
        renewInTime();
    m_refused.clear();
}

void PasswordSource::run()
{
    if (m_process)
        return;
    m_again.stop();
    QStringList words = wordsOf(m_command.line).value_or(QStringList());
    if (words.isEmpty())
        return finish(failure(failed(tr("no program is given"))));
    const QString program = words.takeFirst();
    m_output.clear();
    m_errors.clear();
    m_process = new QProcess(this);
    m_process->setStandardInputFile(QProcess::nullDevice());
    m_process->setProcessEnvironment(environmentOfChildren());
    m_process->setChildProcessModifier([parent = ::getpid()] { prepareCommand(parent); });
    connect(m_process, &QProcess::readyReadStandardOutput, this, &PasswordSource::readOutput);
    connect(m_process, &QProcess::readyReadStandardError, this, &PasswordSource::readOutput);
    connect(m_process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        readOutput();
        if (m_process) // otherwise it was ended for printing too much
            finish(result(code, status == QProcess::CrashExit));
    });
    connect(m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            finish(failure(failed(tr("it was not found, or cannot be started (%1)").arg(m_process->errorString()))));
    });
    qCInfo(lcNet) << "the command for a password is run";
    m_deadline.start(runDeadlineMs);
    m_process->start(program, words, QIODevice::ReadOnly);
}

/// Stops the command, together with everything that it started.
void PasswordSource::stop()
{
    m_deadline.stop();
    m_again.stop();
    if (QProcess *process = std::exchange(m_process, nullptr)) {
        process->disconnect(this);
        if (const qint64 id = process->processId(); id > 0 && process->state() == QProcess::Running) {
            ::kill(pid_t(-id), SIGKILL);
            process->kill();
        }
        process->deleteLater();
    }
    for (auto &waiting : std::exchange(m_waiting, {}))
        waiting.complete(failure(Error::Code::Cancelled));
}

void PasswordSource::readOutput()
{
    m_output += m_process->readAllStandardOutput();
    m_errors = (m_errors + m_process->readAllStandardError()).right(keptErrors);
    if (m_output.size() > mostOutput)
        finish(failure(failed(tr("it printed more than %1 KiB").arg(mostOutput >> 10))));
}

QString PasswordSource::lastWords() const
{
    const QByteArrayList lines = m_errors.trimmed().split('\n');
    return toDisplay(scrubbed(lines.constLast().trimmed()).left(shownErrors));
}

PasswordSource::Password PasswordSource::result(int exitCode, bool crashed) const
{
    const QString words = lastWords();
    if (crashed)
        return failure(failed(tr("a signal ended it")));
    if (exitCode != 0)
        return failure(failed(words.isEmpty() ? tr("it ended with exit code %1 and printed no message").arg(exitCode)
                                              : tr("it ended with exit code %1: %2").arg(exitCode).arg(words)));
    QByteArray line = m_output.split('\n').constFirst(); // if there is no newline, the line ends with the output
    if (line.endsWith('\r'))
        line.chop(1);
    QStringDecoder decode(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString password = decode(line);
    if (decode.hasError())
        return failure(failed(tr("its output is not valid UTF-8")));
    if (password.isEmpty())
        return failure(failed(words.isEmpty()
                                  ? tr("the first line of its output is empty")
                                  : tr("the first line of its output is empty; its message: %1").arg(words)));
    return password;
}

void PasswordSource::finish(Password outcome)
{
    m_deadline.stop();
    if (QProcess *process = std::exchange(m_process, nullptr)) {
        process->disconnect(this);
        if (process->state() == QProcess::Running)
            ::kill(pid_t(-process->processId()), SIGKILL);
        process->deleteLater();
    }
    m_output.clear();
    const bool isRenewal = !m_current.isEmpty(), hadFailed = m_failedAt != 0;
    std::vector<Awaited<Password>::Completer> waiting = std::exchange(m_waiting, {});
    // a receiver may release the last reference to this object
    const std::shared_ptr<PasswordSource> held = of(m_command);
    if (outcome) {
        m_failedAt = 0;
        m_backoff.reset();
        rememberSecret(outcome->toUtf8());
        if (m_current != *outcome)
            ++m_words;
        m_current = *outcome;
        renewInTime();
        if (!isRefused())
            setProblem(std::nullopt);
    } else {
        m_failedAt = steadyMs();
        m_error = outcome.error();
        if (isRenewal) {
            m_again.start(m_backoff.next());
            setProblem(m_error);
        }
    }
    const Password given = outcome;
    for (auto &completer : waiting)
        completer.complete(given && isRefused() ? Password(failure(failed(tr("it printed the same password again"))))
                                                : given);
    if (outcome && (isRenewal || hadFailed) && !isRefused())
        Q_EMIT renewed();
}

void PasswordSource::renewInTime()
{
    const int valid = std::min(m_command.validSeconds, longestValidSeconds);
    const int lead = std::min(longestLeadSeconds, valid / 5);
    if (valid > 0)
        m_again.start(1000 * std::max(1, valid - lead));
}

void PasswordSource::setProblem(std::optional<Error> problem)
{
    if (m_problem == problem)
        return;
    m_problem = std::move(problem);
    Q_EMIT problemChanged();
}

Error PasswordSource::failed(const QString &detail) const
{
    return {.code = Error::Code::PasswordCommand,
            .detail = u"%1: %2"_s.arg(m_program, detail),
            .serverPrefix = {},
            .node = {},
            .command = {}};
}

Credentials withCurrentPassword(Credentials credentials)
{
    if (!credentials.command.isEmpty())
        credentials.password = PasswordSource::of(credentials.command)->current();
    return credentials;
}

} // namespace slotscope
