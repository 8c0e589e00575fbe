// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/journal.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/tr.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QStandardPaths>

#include <unistd.h>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString suffix = u".jsonl"_s;
const QString lockSuffix = u".lock"_s;

QString lockPath(const QString &journalPath)
{
    return journalPath.chopped(suffix.size()) + lockSuffix;
}

/// Whether the program that writes this journal is alive.
bool isHeld(const QString &journalPath)
{
    const QString path = lockPath(journalPath);
    if (!QFile::exists(path)) // so it is with all of a long history
        return false;
    QLockFile lock(path);
    lock.setStaleLockTime(0); // only a dead owner makes it stale
    return !lock.tryLock(0);
}

/// Journals whose programs are alive.
QStringList heldIn(const QString &folder)
{
    QStringList paths;
    for (const QFileInfo &lock : QDir(folder).entryInfoList({u'*' + lockSuffix}, QDir::Files)) {
        const QString path = lock.path() + u'/' + lock.completeBaseName() + suffix;
        if (QFile::exists(path) && isHeld(path))
            paths.append(path);
    }
    return paths;
}

/// Whether the run may touch one of the nodes.
bool concerns(const QString &journalPath, const QList<QByteArray> &nodeIds)
{
    QFile file(journalPath);
    if (!file.open(QIODevice::ReadOnly))
        return false;
    const QJsonArray ids = QJsonDocument::fromJson(file.readLine()).object()[u"nodes"].toArray();
    return std::any_of(ids.begin(), ids.end(),
                       [&](const QJsonValue &id) { return nodeIds.contains(id.toString().toLatin1()); });
}

Error errorFrom(const QJsonObject &json)
{
    return {.code = Error::Code(json[u"code"].toInt()),
            .detail = json[u"detail"].toString(),
            .serverPrefix = json[u"prefix"].toString().toLatin1(),
            .node = json[u"node"].toString(),
            .command = json[u"command"].toString()};
}

void replay(RunSnapshot &run, const QJsonObject &event)
{
    const QString kind = event[u"event"].toString();
    const qint64 at = event[u"at"].toInteger();
    const int index = event[u"step"].toInt(-1);
    StepState *step = index >= 0 && index < run.steps.size() ? &run.steps[index] : nullptr;
    if (kind == u"log" || kind == u"warning") {
        run.log.append({.at = at, .warning = kind == u"warning", .text = event[u"text"].toString()});
    } else if (kind == u"step-begun" && step) {
        if (run.step != index)
            run.progress.keysDone = 0;
        run.step = index;
        *step = {.state = StepState::State::Running, .note = {}, .startedAt = at, .endedAt = 0};
    } else if (kind == u"step-done" && step) {
        step->state = StepState::State::Done;
        step->note = event[u"note"].toString();
        step->endedAt = at;
    } else if (kind == u"step-failed" && step) {
        step->state = StepState::State::Failed;
        step->note = event[u"note"].toString();
        step->endedAt = at;
    } else if (kind == u"slots-opened") {
        run.leftOpen = run.leftOpen.united(SlotSet::parse(event[u"slots"].toString().toLatin1()).value_or(SlotSet{}));
    } else if (kind == u"slots-closed") {
        const SlotSet slotSet = SlotSet::parse(event[u"slots"].toString().toLatin1()).value_or(SlotSet{});
        run.leftOpen = run.leftOpen.subtracted(slotSet);
        run.progress.moved = run.progress.moved.united(slotSet);
        run.progress.keysDone = event[u"keys"].toInteger(run.progress.keysDone);
    } else if (kind == u"resumed") {
        run.state = RunState::Interrupted;
        run.resumedAt = at;
        run.endedAt = 0;
        run.error.reset();
    } else if (kind == u"rolling-back") {
        run.rollingBack = true;
    } else if (kind == u"rolled-back") {
        run.rolledBack = true;
        run.leftOpen = {};
    } else if (kind == u"end") {
        run.endedAt = at;
        run.state = RunState(event[u"state"].toInt());
        for (const QJsonValue &text : event[u"verified"].toArray())
            run.verified.append(text.toString());
        if (event[u"error"].isObject())
            run.error = errorFrom(event[u"error"].toObject());
    }
}

} // namespace

QString Journal::defaultFolder()
{
    const QString given = qEnvironmentVariable("SLOTSCOPE_JOURNAL");
    return given.isEmpty()
        ? QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/slotscope/operations"_s
        : given;
}

namespace {

/// Whether somebody did further steps of a run, or ended it, since `run` was read.
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

/// For further lines: behind a line that a crash has cut they begin anew.
bool openToAppend(QFile &file)
{
    QFile before(file.fileName());
    const bool isCut = before.open(QIODevice::ReadOnly) && before.size() > 0 && before.seek(before.size() - 1)
        && before.read(1) != "\n";
    return file.open(QIODevice::WriteOnly | QIODevice::Append) && (!isCut || file.write("\n") == 1);
}

} // namespace

Result<> Journal::open(const QString &folder, const RunSnapshot &run, const QList<QByteArray> &nodeIds)
{
    const auto refused = [](const QString &path, const QString &why) {
        return failure(Error{.code = Error::Code::Io,
                             .detail = tr("the journal %1 cannot be written: %2").arg(path, why),
                             .serverPrefix = {},
                             .node = {},
                             .command = {}});
    };
    if (!QDir().mkpath(folder))
        return refused(folder, tr("the folder cannot be made"));
    QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    const QString path = folder + u'/' + run.id + suffix;
    QLockFile door(folder + u"/door.lock"_s); // two runs that begin at once see each other
    if (!door.tryLock(5000))
        return refused(folder, tr("it is locked by another program"));
    for (const QString &other : heldIn(folder))
        if (other != path && concerns(other, nodeIds))
            return failure(Error{.code = Error::Code::InvalidArgument,
                                 .detail = tr("operation %1 is working on this cluster; wait for its end, or stop it")
                                               .arg(QFileInfo(other).completeBaseName()),
                                 .serverPrefix = {},
                                 .node = {},
                                 .command = {}});
    m_lock = std::make_unique<QLockFile>(lockPath(path));
    m_lock->setStaleLockTime(0);
    if (!m_lock->tryLock(0))
        return failure(Error::Code::InvalidArgument, tr("operation %1 is still running").arg(run.id));
    m_file.setFileName(path);
    const bool begun = m_file.exists();
    if (begun && hasGoneOn(path, run)) {
        m_lock.reset();
        return failure(Error::Code::Outdated,
                       tr("operation %1 has gone on since it was looked at, by another program").arg(run.id));
    }
    if (!openToAppend(m_file))
        return refused(path, m_file.errorString());
    m_file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    if (begun)
        return append({{u"event"_s, u"resumed"_s}, {u"at"_s, now}, {u"who"_s, run.who}}, true);
    QJsonArray ids;
    for (const QByteArray &id : nodeIds)
        ids.append(QString::fromLatin1(id));
    return append({{u"event"_s, u"begin"_s},
                   {u"version"_s, 1},
                   {u"id"_s, run.id},
                   {u"at"_s, run.startedAt},
                   {u"who"_s, run.who},
                   {u"cluster"_s, run.cluster},
                   {u"nodes"_s, ids},
                   {u"plan"_s, toJson(*run.plan)}},
                  true);
}

Result<> Journal::append(const QJsonObject &event, bool durable)
{
    if (!m_file.isOpen())
        return {};
    const QByteArray line = QJsonDocument(event).toJson(QJsonDocument::Compact) + '\n';
    if (m_file.write(line) != line.size() || !m_file.flush() || (durable && fsync(m_file.handle()) != 0))
        return failure(Error::Code::Io,
                       tr("the journal %1 cannot be written: %2").arg(m_file.fileName(), m_file.errorString()));
    return {};
}

Result<> Journal::tellRolledBack(const QString &folder, const QString &id)
{
    Journal journal;
    journal.m_file.setFileName((folder.isEmpty() ? defaultFolder() : folder) + u'/' + id + suffix);
    if (!journal.m_file.exists())
        return {}; // deleted, or of another machine
    if (!openToAppend(journal.m_file))
        return failure(
            Error::Code::Io,
            tr("the journal %1 cannot be written: %2").arg(journal.m_file.fileName(), journal.m_file.errorString()));
    return journal.append({{u"event"_s, u"rolled-back"_s}, {u"at"_s, QDateTime::currentMSecsSinceEpoch()}}, true);
}

void Journal::close()
{
    m_file.close();
    m_lock.reset();
}

std::optional<RunSnapshot> Journal::workingOn(const QString &folder, const QList<QByteArray> &nodeIds)
{
    for (const QString &path : heldIn(folder))
        if (concerns(path, nodeIds))
            if (auto run = read(path))
                return std::move(*run);
    return {};
}

Result<RunSnapshot> Journal::read(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(Error::Code::Io, path + u": "_s + file.errorString());
    const QJsonObject first = QJsonDocument::fromJson(file.readLine()).object();
    auto plan = planFromJson(first[u"plan"].toObject());
    if (first[u"event"].toString() != u"begin" || !plan)
        return failure(Error::Code::Parse, tr("%1 is not a journal").arg(path));
    RunSnapshot run;
    run.id = first[u"id"].toString();
    run.steps.resize(plan->steps.size());
    run.plan = std::make_shared<const OperationPlan>(std::move(*plan));
    run.cluster = first[u"cluster"].toString();
    run.who = first[u"who"].toString();
    run.startedAt = first[u"at"].toInteger();
    run.state = RunState::Interrupted;
    while (!file.atEnd()) {
        const QJsonDocument event = QJsonDocument::fromJson(file.readLine());
        if (event.isObject()) // the last line may be cut by a crash
            replay(run, event.object());
    }
    if (run.state == RunState::Interrupted && isHeld(path))
        run.state = RunState::Running; // another program's
    return run;
}

QList<RunSnapshot> Journal::readAll(const QString &folder, QStringList *unread, int limit)
{
    QList<RunSnapshot> runs;
    // an id begins with its date: the last names are the newest
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
    QString text =
        tr("%1\nrun %2 on %3 by %4, begun %5").arg(run.plan->title, run.id, run.cluster, run.who, time(run.startedAt));
    text += run.resumedAt ? tr(", resumed %1").arg(time(run.resumedAt)) : QString();
    text += run.endedAt ? tr(", %1 after %2\n").arg(stateName(run.state), duration(run.endedAt - run.lastBegunAt()))
                        : tr(", %1\n").arg(stateName(run.state));
    if (run.rolledBack)
        text += tr("what it had changed was taken back\n");
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
    for (const QString &line : run.verified)
        text += u"  "_s + tr("verified: %1").arg(line) + u'\n';
    text += u'\n' + tr("Log") + u'\n';
    for (const RunLine &line : run.log)
        text += u"  "_s + time(line.at) + (line.warning ? u"  ! "_s : u"  "_s) + line.text + u'\n';
    return text;
}

} // namespace slotscope
