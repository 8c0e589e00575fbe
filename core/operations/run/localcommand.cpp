// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/run/localcommand.h"

#include "core/base/errortext.h"
#include "core/base/secrets.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/drill/drillspec.h"
#include "core/net/childprocess.h"
#include "core/net/commandwatch.h"

#include <QCoro/QCoroTimer>
#include <QDir>
#include <QProcess>
#include <QTemporaryFile>
#include <QTimer>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int endingMs = 2000; // time between the request to end and killing the process
constexpr qsizetype printedMost = 400;
constexpr int commandLookMs = 20;
constexpr int startCommandMs = 3000; // a command still running then may be the server itself

/// State of one running program.
struct LocalRun
{
    bool over = false;
    QString why; ///< why it failed; empty if it succeeded
    std::function<void(const QString &why)> ended; ///< called at the end if nobody waits any more
    QString file; ///< file for the program's output; empty: the output is discarded
};
using LocalRunPtr = std::shared_ptr<LocalRun>;

Error processError(const QStringList &words, const QString &why)
{
    return {.code = Error::Code::Process,
            .detail = tr("%1: %2").arg(localLine(words), why),
            .serverPrefix = {},
            .node = {},
            .command = words.value(0)};
}

void endRun(const LocalRunPtr &run, const QString &why)
{
    if (std::exchange(run->over, true))
        return;
    run->why = why;
    if (run->ended)
        run->ended(why);
}

/// Creates a file that only the user may read. Empty if that fails; the output is then discarded.
QString fileForOutput()
{
    QTemporaryFile file(QDir::tempPath() + u"/slotscope-command-XXXXXX"_s);
    file.setAutoRemove(false);
    return file.open() ? file.fileName() : QString();
}

/// Starts a program. With `timeoutMs` 0, it is never ended. The process object deletes itself.
LocalRunPtr launch(const QStringList &words, int timeoutMs)
{
    const auto run = std::make_shared<LocalRun>();
    run->file = fileForOutput();
    auto *process = new QProcess;
    process->setProgram(words.constFirst());
    process->setArguments(words.mid(1));
    process->setProcessEnvironment(environmentOfChildren());
    process->setProcessChannelMode(QProcess::MergedChannels);
    process->setStandardInputFile(QProcess::nullDevice());
    process->setStandardOutputFile(run->file.isEmpty() ? QProcess::nullDevice()
                                                       // a file instead of a pipe, because the program may outlive ours
                                                       : run->file);
    process->setChildProcessModifier([] { ::setsid(); });
    auto late = std::make_shared<bool>(false);
    QObject::connect(process, &QProcess::finished, process,
                     [process, run, late, timeoutMs](int code, QProcess::ExitStatus status) {
                         process->deleteLater();
                         endRun(run,
                                *late ? tr("it had not finished within %1").arg(duration(timeoutMs))
                                    : status != QProcess::NormalExit ? tr("it was killed")
                                    : code != 0                      ? tr("it exited with code %1").arg(code)
                                                                     : QString());
                     });
    QObject::connect(process, &QProcess::errorOccurred, process, [process, run](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart)
            return;
        process->deleteLater();
        endRun(run, process->errorString());
    });
    if (timeoutMs > 0)
        QTimer::singleShot(timeoutMs, process, [process, late] {
            *late = true;
            const pid_t group = pid_t(process->processId());
            if (group > 0)
                ::kill(-group, SIGTERM);
            QTimer::singleShot(endingMs, process, [group] {
                if (group > 0)
                    ::kill(-group, SIGKILL);
            });
        });
    process->start();
    return run;
}

void logPrinted(RunContext &context, const LocalRun &run)
{
    QFile file(run.file);
    const QByteArray printed =
        !run.file.isEmpty() && file.open(QIODevice::ReadOnly) ? file.read(printedMost).trimmed() : QByteArray();
    if (!printed.isEmpty())
        context.log(tr("it printed: %1").arg(toDisplay(scrubbed(printed))));
}

void recordRun(RunContext &context, const QStringList &words, const QString &why)
{
    Command command;
    for (const QString &word : words)
        command.append(word.toUtf8());
    if (const auto watch = commandWatch())
        watch->ranHere(context.target.title(), context.target.seedsText(), command, why, __builtin_FILE());
}

Result<> concluded(RunContext &context, const QStringList &words, const LocalRun &run)
{
    logPrinted(context, run);
    recordRun(context, words, run.why);
    if (!run.file.isEmpty())
        QFile::remove(run.file);
    if (!run.why.isEmpty())
        return failure(processError(words, run.why));
    return {};
}

} // namespace

QCoro::Task<Result<>> runLocally(std::shared_ptr<RunContext> context, QStringList words)
{
    context->log(tr("on this computer: %1").arg(localLine(words)));
    const LocalRunPtr run = launch(words, localCommandMs);
    while (!run->over)
        co_await QCoro::sleepFor(std::chrono::milliseconds(commandLookMs));
    co_return concluded(*context, words, *run);
}

QCoro::Task<Result<>> startLocally(std::shared_ptr<RunContext> context, QStringList words)
{
    context->log(tr("on this computer: %1").arg(localLine(words)));
    const LocalRunPtr run = launch(words, 0);
    const QDeadlineTimer enough(startCommandMs);
    while (!run->over && !enough.hasExpired())
        co_await QCoro::sleepFor(std::chrono::milliseconds(commandLookMs));
    if (run->over)
        co_return concluded(*context, words, *run);
    recordRun(*context, words, {});
    context->log(
        tr("the command keeps running, like a server in the foreground; Slotscope does not end it. Its output is in %1")
            .arg(run->file.isEmpty() ? tr("no file") : run->file));
    const std::weak_ptr<RunContext> weak = context;
    run->ended = [weak, words](const QString &why) {
        const auto alive = weak.lock();
        if (alive && !why.isEmpty() && alive->journal.isOpen())
            alive->log(describe(processError(words, why)), true);
    };
    co_return Result<>();
}

} // namespace slotscope
