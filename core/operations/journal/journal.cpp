// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/journal/journal.h"

#include "core/base/errortext.h"
#include "core/drill/drillwords.h"
#include "core/base/text.h"
#include "core/base/tr.h"

#include <QDateTime>
#include <QDeadlineTimer>
#include <QDir>
#include <QJsonDocument>
#include <QStandardPaths>
#include <QThread>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString suffix = u".jsonl"_s;

QString folderOr(const QString &folder)
{
    return folder.isEmpty() ? Journal::defaultFolder() : folder;
}

QString pathOf(const QString &folder, const QString &id)
{
    return folderOr(folder) + u'/' + id + suffix;
}

Error wrongId(const QString &id)
{
    return failure(Error::Code::InvalidArgument, tr("“%1” is not the id of an operation").arg(id.left(80))).value();
}

/// Error for a journal that cannot be written; the reason contains the file name.
tl::unexpected<Error> notWritten(Error reason)
{
    reason.detail = tr("the journal cannot be written: %1").arg(reason.detail);
    return failure(std::move(reason));
}

/// Journals whose programs are running.
QStringList heldIn(const QString &folder)
{
    QStringList paths;
    for (const QFileInfo &info : QDir(folder).entryInfoList({u'*' + suffix}, QDir::Files)) {
        const auto file = OwnFile::open(info.filePath(), OwnFile::Mode::Read);
        if (file && file->isLockedByAnother())
            paths.append(info.filePath());
    }
    return paths;
}

/// Whether the run may change one of the nodes.
bool isAbout(const QString &journalPath, const QList<QByteArray> &nodeIds)
{
    const auto file = OwnFile::open(journalPath, OwnFile::Mode::Read);
    const auto lines = file ? file->readAll() : Result<QByteArray>(QByteArray());
    const QList<QByteArray> ids = journal::nodesIn(lines.value_or(QByteArray()).split('\n').front());
    return std::any_of(ids.begin(), ids.end(), [&](const QByteArray &id) { return nodeIds.contains(id); });
}

/// Whether another program has continued or ended the run since `run` was read.
bool hasGoneOn(const QString &path, const RunSnapshot &run)
{
    const auto written = Journal::read(path);
    const bool isRepeated = written && written->error && written->error->code == Error::Code::NotWhole;
    if (written && (written->rolledBack || written->rollingBack != run.rollingBack))
        return true;
    return written && !isRepeated
        && (written->state == RunState::Done
            || !std::equal(written->steps.begin(), written->steps.end(), run.steps.begin(), run.steps.end(),
                           [](const StepState &a, const StepState &b) {
                               return (a.state == StepState::State::Done) == (b.state == StepState::State::Done);
                           }));
}

/// Takes the lock of the folder, so that of two runs starting at the same time the second sees the first.
Result<OwnFile> enter(const QString &folder)
{
    constexpr int patienceMs = 5000;
    constexpr int pollMs = 20;
    auto door = OwnFile::open(folder + u"/door.lock"_s, OwnFile::Mode::Lock);
    for (const QDeadlineTimer deadline(patienceMs); door;) {
        const auto locked = door->tryLock();
        if (!locked)
            return failure(locked.error());
        if (*locked)
            break;
        if (deadline.hasExpired())
            return failure(Error::Code::Io, tr("another program has locked %1").arg(door->path()));
        QThread::msleep(pollMs);
    }
    return door;
}

/// Opens and locks the file of a run: a new file, or that of a resumed run.
Result<OwnFile> openLocked(const QString &path, const RunSnapshot &run)
{
    const bool isNew = run.resumedAt == 0;
    auto file = OwnFile::open(path, isNew ? OwnFile::Mode::Create : OwnFile::Mode::Append);
    if (!file)
        return notWritten(file.error());
    const auto locked = file->tryLock();
    if (!locked)
        return notWritten(locked.error());
    if (!*locked)
        return failure(
            Error::Code::InvalidArgument,
            tr("operation %1 is still running: another program has locked %2 and continues it").arg(run.id, path));
    if (!isNew && hasGoneOn(path, run))
        return failure(Error::Code::Outdated,
                       tr("another program has continued operation %1 in the meantime").arg(run.id));
    return file;
}

} // namespace

QString Journal::defaultFolder()
{
    const QString given = qEnvironmentVariable("SLOTSCOPE_JOURNAL");
    return given.isEmpty()
        ? QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/slotscope/operations"_s
        : given;
}

Result<> Journal::open(const QString &folder, const RunSnapshot &run, const QList<QByteArray> &nodeIds)
{
    if (!journal::isRunId(run.id))
        return failure(wrongId(run.id));
    if (const auto made = makeOwnFolder(folder); !made)
        return notWritten(made.error());
    const auto door = enter(folder);
    if (!door)
        return notWritten(door.error());
    const QString path = pathOf(folder, run.id);
    for (const QString &other : heldIn(folder))
        if (other != path && isAbout(other, nodeIds))
            return failure(
                Error::Code::InvalidArgument,
                tr("operation %1 is working on this cluster; wait until it ends, or stop it (its journal is %2)")
                    .arg(QFileInfo(other).completeBaseName(), other));
    auto file = openLocked(path, run);
    if (!file)
        return failure(file.error());
    m_file = std::move(*file);
    if (run.resumedAt > 0)
        return append(journal::resumed(run.who), true);
    const auto written = append(journal::begun(run, nodeIds), true);
    if (!written) { // a file without its first line is no valid journal
        close();
        QFile::remove(path);
    }
    return written;
}

Result<> Journal::append(const QJsonObject &event, bool durable)
{
    if (!m_file.isOpen())
        return {};
    QByteArray line = QJsonDocument(event).toJson(QJsonDocument::Compact) + '\n';
    if (m_file.isCut()) // a crash cut the last line, so start a new one
        line.prepend('\n');
    const auto written = m_file.append(line, durable);
    return written ? Result<>() : Result<>(notWritten(written.error()));
}

Result<> Journal::tellRolledBack(const QString &folder, const QString &id)
{
    if (!journal::isRunId(id))
        return failure(wrongId(id));
    const QString path = pathOf(folder, id);
    if (!QFile::exists(path))
        return {}; // deleted, or made on another computer
    auto file = OwnFile::open(path, OwnFile::Mode::Append);
    if (!file)
        return notWritten(file.error());
    Journal journal;
    journal.m_file = std::move(*file);
    return journal.append(journal::rolledBack(), true);
}

void Journal::close()
{
    m_file.close();
}

std::optional<RunSnapshot> Journal::workingOn(const QString &folder, const QList<QByteArray> &nodeIds)
{
    for (const QString &path : heldIn(folder))
        if (isAbout(path, nodeIds))
            if (auto run = read(path))
                return std::move(*run);
    return {};
}

Result<RunSnapshot> Journal::read(const QString &path)
{
    const auto file = OwnFile::open(path, OwnFile::Mode::Read);
    if (!file)
        return failure(file.error());
    const auto lines = file->readAll();
    if (!lines)
        return failure(lines.error());
    auto run = journal::runFrom(*lines);
    if (run && run->id != QFileInfo(path).completeBaseName())
        run = failure(Error::Code::Parse, tr("this is the journal of another operation, %1").arg(run->id));
    if (!run) {
        Error error = run.error();
        error.detail.prepend(path + u": "_s);
        return failure(std::move(error));
    }
    if (run->state == RunState::Interrupted && file->isLockedByAnother())
        run->state = RunState::Running; // another program is running it
    return run;
}

Result<RunSnapshot> Journal::readRun(const QString &folder, const QString &id)
{
    return journal::isRunId(id) ? read(pathOf(folder, id)) : Result<RunSnapshot>(failure(wrongId(id)));
}

QList<RunSnapshot> Journal::readAll(const QString &folder, QStringList *unread, int limit)
{
    QList<RunSnapshot> runs;
    // ids begin with the date, so the last names are the newest
    const auto files = QDir(folder).entryInfoList({u'*' + suffix}, QDir::Files, QDir::Name | QDir::Reversed);
    for (const QFileInfo &file : files.mid(0, limit)) {
        auto run = read(file.filePath());
        if (run)
            runs.append(std::move(*run));
        else if (unread)
            unread->append(describe(run.error()));
    }
    std::sort(runs.begin(), runs.end(),
              [](const RunSnapshot &a, const RunSnapshot &b) { return a.startedAt > b.startedAt; });
    return runs;
}

QString Journal::report(const RunSnapshot &run)
{
    const auto time = [](qint64 at) { return QDateTime::fromMSecsSinceEpoch(at).toString(u"yyyy-MM-dd hh:mm:ss"_s); };
    QString text = tr("%1\noperation %2 on %3 by %4, started %5")
                       .arg(run.plan->title, run.id, run.cluster, run.who, time(run.startedAt));
    text += run.resumedAt ? tr(", resumed %1").arg(time(run.resumedAt)) : QString();
    text += run.endedAt ? tr(", %1 after %2\n").arg(stateName(run.state), duration(run.endedAt - run.lastBegunAt()))
                        : tr(", %1\n").arg(stateName(run.state));
    if (run.rolledBack)
        text += tr("its changes were rolled back\n");
    if (run.error)
        text += describe(*run.error) + u'\n';
    text += u'\n' + tr("Checks") + u'\n';
    for (const PlanCheck &check : run.plan->checks)
        text += u"  %1  %2%3\n"_s.arg(verdictName(check.verdict).leftJustified(6), check.title,
                                      check.detail.isEmpty() ? QString() : u": "_s + check.detail);
    text += u'\n' + tr("Steps") + u'\n';
    static const QStringList names{u"pending"_s, u"running"_s, u"done"_s, u"failed"_s, u"skipped"_s};
    for (qsizetype i = 0; i < run.plan->steps.size(); ++i) {
        const StepState &step = run.steps[i];
        text += u"  %1. %2: %3%4\n"_s.arg(i + 1).arg(run.plan->steps[i].title, names[int(step.state)],
                                                     step.note.isEmpty() ? QString() : u" ("_s + step.note + u')');
    }
    for (const QString &line : run.verified) {
        const VerifiedLine one = verifiedLine(line);
        text += u"  "_s + (one.kind == VerifiedLine::Kind::Verified ? tr("verified: %1").arg(one.text) : line) + u'\n';
    }
    if (run.drill)
        text += u'\n' + tr("Drill") + u'\n' + drillText(*run.drill);
    text += u'\n' + tr("Log") + u'\n';
    for (const RunLine &line : run.log)
        text += u"  "_s + time(line.at) + (line.warning ? u"  ! "_s : u"  "_s) + line.text + u'\n';
    return text;
}

} // namespace slotscope
