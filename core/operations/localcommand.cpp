// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/localcommand.h"

#include "core/base/secrets.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/drill/drillspec.h"
#include "core/net/childprocess.h"
#include "core/net/commandwatch.h"

#include <QProcess>
#include <QTimer>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int endingMs = 2000; // from the wish to end until it is made to
constexpr qsizetype printedMost = 400;

struct Ended
{
    QString why; ///< empty: well
};

Error processError(const QStringList &words, const QString &why)
{
    return {.code = Error::Code::Process,
            .detail = tr("%1: %2").arg(localLine(words), why),
            .serverPrefix = {},
            .node = {},
            .command = words.value(0)};
}

/// One run of a program; deletes itself with its process.
Awaited<Ended> launch(const QStringList &words, int timeoutMs, std::shared_ptr<QByteArray> printed)
{
    auto completer = std::make_shared<Awaited<Ended>::Completer>();
    auto *process = new QProcess;
    process->setProgram(words.constFirst());
    process->setArguments(words.mid(1));
    process->setProcessEnvironment(environmentOfChildren());
    process->setProcessChannelMode(QProcess::MergedChannels);
    process->setStandardInputFile(QProcess::nullDevice());
    process->setChildProcessModifier([] { ::setsid(); });
    QObject::connect(process, &QProcess::readyRead, process, [process, printed] {
        const QByteArray more = process->readAll();
        printed->append(more.left(printedMost - printed->size()));
    });
    auto late = std::make_shared<bool>(false);
    QObject::connect(process, &QProcess::finished, process,
                     [process, completer, late, timeoutMs](int code, QProcess::ExitStatus status) {
                         process->deleteLater();
                         completer->complete({*late
                                                  ? tr("it had not come to its end within %1").arg(duration(timeoutMs))
                                                  : status != QProcess::NormalExit ? tr("it was killed")
                                                  : code != 0 ? tr("it ended with code %1").arg(code)
                                                              : QString()});
                     });
    QObject::connect(process, &QProcess::errorOccurred, process, [process, completer](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart)
            return;
        process->deleteLater();
        completer->complete({process->errorString()});
    });
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
    Awaited<Ended> outcome = completer->awaited();
    process->start();
    return outcome;
}

} // namespace

QCoro::Task<Result<>> runLocally(std::shared_ptr<RunContext> context, QStringList words, int timeoutMs)
{
    context->log(tr("on this computer: %1").arg(localLine(words)));
    const auto printed = std::make_shared<QByteArray>();
    const Ended ended = co_await launch(words, timeoutMs, printed);
    if (!printed->trimmed().isEmpty())
        context->log(tr("it printed: %1").arg(toDisplay(scrubbed(printed->trimmed()))));
    Command command;
    for (const QString &word : std::as_const(words))
        command.append(word.toUtf8());
    if (const auto watch = commandWatch())
        watch->ranHere(context->target.title(), context->target.seedsText(), command, ended.why, __builtin_FILE());
    if (!ended.why.isEmpty())
        co_return failure(processError(words, ended.why));
    co_return Result<>();
}

} // namespace slotscope
