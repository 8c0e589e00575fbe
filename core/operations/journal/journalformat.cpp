// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/journal/journalformat.h"

#include "core/base/errortext.h"
#include "core/base/tr.h"
#include "core/operations/plan/planvalidity.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

#include <array>

namespace slotscope::journal {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString nameBegun = u"begin"_s, nameResumed = u"resumed"_s, nameLog = u"log"_s, nameWarning = u"warning"_s,
              nameStepBegun = u"step-begun"_s, nameStepDone = u"step-done"_s, nameStepFailed = u"step-failed"_s,
              nameOpened = u"slots-opened"_s, nameClosed = u"slots-closed"_s, nameRollingBack = u"rolling-back"_s,
              nameRolledBack = u"rolled-back"_s, nameEnded = u"end"_s, nameDrilled = u"drilled"_s;

/// Meaning of the numbers in version 1. Never change them.
constexpr std::array formerStates{RunState::Running, RunState::Paused,  RunState::Stopping,   RunState::Done,
                                  RunState::Failed,  RunState::Stopped, RunState::Interrupted};
constexpr std::array formerCodes{"cancelled",
                                 "timeout",
                                 "host-not-found",
                                 "connection-refused",
                                 "unreachable",
                                 "connection-lost",
                                 "maybe-executed",
                                 "not-redis",
                                 "protocol",
                                 "limit-exceeded",
                                 "auth-required",
                                 "wrong-password",
                                 "no-permission",
                                 "cluster-disabled",
                                 "cluster-down",
                                 "loading",
                                 "too-many-redirects",
                                 "server-error",
                                 "parse",
                                 "invalid-argument",
                                 "not-shareable",
                                 "read-only",
                                 "no-route",
                                 "process",
                                 "io",
                                 "outdated",
                                 "not-whole"};

qint64 wallMs()
{
    return QDateTime::currentMSecsSinceEpoch();
}

QJsonObject event(const QString &name, qint64 at)
{
    return {{u"event"_s, name}, {u"at"_s, at}};
}

RunState stateFrom(const QJsonValue &value)
{
    // formerStates lists every state, in the order that numbered them in journals of earlier versions
    for (const RunState state : formerStates)
        if (value.toString() == stateName(state))
            return state;
    const int former = value.toInt(-1);
    return former >= 0 && former < int(formerStates.size()) ? formerStates[size_t(former)] : RunState::Interrupted;
}

Error::Code codeFrom(const QJsonValue &value)
{
    const int former = value.toInt(-1);
    const bool isFormer = former >= 0 && former < int(formerCodes.size());
    const QString name = isFormer ? QString::fromLatin1(formerCodes[size_t(former)]) : value.toString();
    return codeNamed(name).value_or(Error::Code::ServerError);
}

QJsonObject json(const Error &error)
{
    return {{u"code"_s, codeName(error.code)},
            {u"detail"_s, error.detail},
            {u"prefix"_s, QString::fromLatin1(error.serverPrefix)},
            {u"node"_s, error.node},
            {u"command"_s, error.command}};
}

Error errorFrom(const QJsonObject &json)
{
    return {.code = codeFrom(json[u"code"]),
            .detail = json[u"detail"].toString(),
            .serverPrefix = json[u"prefix"].toString().toLatin1(),
            .node = json[u"node"].toString(),
            .command = json[u"command"].toString()};
}

SlotSet slotsIn(const QJsonObject &event)
{
    return SlotSet::parse(event[u"slots"].toString().toLatin1()).value_or(SlotSet{});
}

/// Replays an event about a step; false if the event is of another kind.
bool replayStep(RunSnapshot &run, const QString &name, const QJsonObject &event)
{
    const bool isBegun = name == nameStepBegun, isDone = name == nameStepDone;
    if (!isBegun && !isDone && name != nameStepFailed)
        return false;
    const int index = event[u"step"].toInt(-1);
    if (index < 0 || index >= run.steps.size())
        return true;
    const qint64 at = event[u"at"].toInteger();
    StepState &step = run.steps[index];
    if (isBegun) {
        if (run.step != index)
            run.progress.keysDone = 0;
        run.step = index;
        step = {.state = StepState::State::Running, .note = {}, .startedAt = at, .endedAt = 0};
        return true;
    }
    step.state = isDone ? StepState::State::Done : StepState::State::Failed;
    step.note = event[u"note"].toString();
    step.endedAt = at;
    return true;
}

void replay(RunSnapshot &run, const QJsonObject &event)
{
    const QString name = event[u"event"].toString();
    const qint64 at = event[u"at"].toInteger();
    if (replayStep(run, name, event))
        return;
    if (name == nameLog || name == nameWarning) {
        run.log.append({.at = at, .warning = name == nameWarning, .text = event[u"text"].toString()});
    } else if (name == nameOpened) {
        run.leftOpen = run.leftOpen.united(slotsIn(event));
    } else if (name == nameClosed) {
        run.leftOpen = run.leftOpen.subtracted(slotsIn(event));
        run.progress.moved = run.progress.moved.united(slotsIn(event));
        run.progress.keysDone = event[u"keys"].toInteger(run.progress.keysDone);
    } else if (name == nameResumed) {
        run.state = RunState::Interrupted;
        run.resumedAt = at;
        run.endedAt = 0;
        run.error.reset();
    } else if (name == nameRollingBack) {
        run.rollingBack = true;
    } else if (name == nameRolledBack) {
        run.rolledBack = true;
        run.leftOpen = {};
    } else if (name == nameDrilled) {
        if (auto report = drillReportFrom(event[u"report"].toObject()))
            run.drill = std::make_shared<const DrillReport>(std::move(*report));
    } else if (name == nameEnded) {
        run.endedAt = at;
        run.state = stateFrom(event[u"state"]);
        for (const QJsonValue &text : event[u"verified"].toArray())
            run.verified.append(text.toString());
        if (event[u"error"].isObject())
            run.error = errorFrom(event[u"error"].toObject());
    }
}

} // namespace

QJsonObject begun(const RunSnapshot &run, const QList<QByteArray> &nodeIds)
{
    QJsonArray ids;
    for (const QByteArray &id : nodeIds)
        ids.append(QString::fromLatin1(id));
    QJsonObject first = event(nameBegun, run.startedAt);
    first[u"version"_s] = version;
    first[u"id"_s] = run.id;
    first[u"who"_s] = run.who;
    first[u"cluster"_s] = run.cluster;
    first[u"nodes"_s] = ids;
    first[u"plan"_s] = toJson(*run.plan);
    return first;
}

QJsonObject resumed(const QString &who)
{
    QJsonObject json = event(nameResumed, wallMs());
    json[u"who"_s] = who;
    return json;
}

QJsonObject line(const RunLine &said)
{
    QJsonObject json = event(said.warning ? nameWarning : nameLog, said.at);
    json[u"text"_s] = said.text;
    return json;
}

QJsonObject stepBegun(int index, qint64 at)
{
    QJsonObject json = event(nameStepBegun, at);
    json[u"step"_s] = index;
    return json;
}

QJsonObject stepEnded(int index, const StepState &step)
{
    QJsonObject json = event(step.state == StepState::State::Done ? nameStepDone : nameStepFailed, step.endedAt);
    json[u"step"_s] = index;
    json[u"note"_s] = step.note;
    return json;
}

QJsonObject slotsOpened(const SlotSet &slotSet)
{
    return {{u"event"_s, nameOpened}, {u"slots"_s, slotSet.toString()}};
}

QJsonObject slotsClosed(const SlotSet &slotSet, std::optional<qint64> keys)
{
    QJsonObject json{{u"event"_s, nameClosed}, {u"slots"_s, slotSet.toString()}};
    if (keys)
        json[u"keys"_s] = *keys;
    return json;
}

QJsonObject rollingBack()
{
    return event(nameRollingBack, wallMs());
}

QJsonObject rolledBack()
{
    return event(nameRolledBack, wallMs());
}

QJsonObject drilled(const DrillReport &report)
{
    QJsonObject json = event(nameDrilled, wallMs());
    json[u"report"_s] = toJson(report);
    return json;
}

QJsonObject ended(const RunSnapshot &run)
{
    QJsonObject last = event(nameEnded, run.endedAt);
    last[u"state"_s] = stateName(run.state);
    last[u"verified"_s] = QJsonArray::fromStringList(run.verified);
    if (run.error)
        last[u"error"_s] = json(*run.error);
    return last;
}

bool isRunId(const QString &text)
{
    static const QRegularExpression form(u"\\A[0-9]{8}-[0-9]{6}-[0-9]{3}-[a-z]+(-[a-z]+)*\\z"_s);
    return form.match(text).hasMatch();
}

QList<QByteArray> nodesIn(const QByteArray &firstLine)
{
    QList<QByteArray> ids;
    for (const QJsonValue &id : QJsonDocument::fromJson(firstLine).object()[u"nodes"].toArray())
        ids.append(id.toString().toLatin1());
    return ids;
}

Result<RunSnapshot> runFrom(const QByteArray &lines)
{
    const QList<QByteArray> all = lines.split('\n');
    const QJsonObject first = QJsonDocument::fromJson(all.front()).object();
    if (first[u"event"].toString() != nameBegun)
        return failure(Error::Code::Parse, tr("it is not a journal"));
    if (const int written = first[u"version"].toInt(); written < 1 || written > version)
        return failure(Error::Code::Parse,
                       tr("it was written by another version of this program (format %1; this version reads up to %2)")
                           .arg(written)
                           .arg(version));
    auto plan = planFromJson(first[u"plan"].toObject());
    if (!plan)
        return failure(plan.error());
    if (const auto sound = checkSteps(*plan); !sound)
        return failure(sound.error());
    RunSnapshot run;
    run.id = first[u"id"].toString();
    if (!isRunId(run.id))
        return failure(Error::Code::Parse, tr("“%1” is not the id of an operation").arg(run.id.left(80)));
    run.steps.resize(plan->steps.size());
    run.plan = std::make_shared<const OperationPlan>(std::move(*plan));
    run.cluster = first[u"cluster"].toString();
    run.who = first[u"who"].toString();
    run.startedAt = first[u"at"].toInteger();
    run.state = RunState::Interrupted;
    for (const QByteArray &text : all.mid(1)) {
        const QJsonDocument event = QJsonDocument::fromJson(text);
        if (event.isObject()) // a crash may have cut the last line
            replay(run, event.object());
    }
    return run;
}

} // namespace slotscope::journal
