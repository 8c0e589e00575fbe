// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/plan/runsnapshot.h"

#include "core/base/errortext.h"

#include <QJsonArray>
#include <QJsonObject>

#include <cmath>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

QString stateName(RunState state)
{
    switch (state) {
    case RunState::Running: return u"running"_s;
    case RunState::Paused: return u"paused"_s;
    case RunState::Stopping: return u"stopping"_s;
    case RunState::Done: return u"done"_s;
    case RunState::Failed: return u"failed"_s;
    case RunState::Stopped: return u"stopped"_s;
    case RunState::Interrupted: return u"interrupted"_s;
    }
    return {};
}

QJsonObject toJson(const RunSnapshot &run)
{
    const RunProgress &progress = run.progress;
    QJsonObject json{{u"run"_s, run.id},
                     {u"operation"_s, operationName(*run.plan->operation)},
                     {u"state"_s, stateName(run.state)},
                     {u"startedAt"_s, run.startedAt}};
    if (run.endedAt)
        json[u"endedAt"_s] = run.endedAt;
    if (run.step >= 0 && run.step < run.plan->steps.size()) {
        json[u"step"_s] = run.step + 1;
        json[u"steps"_s] = run.plan->steps.size();
        json[u"title"_s] = run.plan->steps[run.step].title;
    }
    if (progress.slotsTotal > 0) {
        json[u"slotsDone"_s] = progress.slotsDone;
        json[u"slotsTotal"_s] = progress.slotsTotal;
        json[u"keysDone"_s] = progress.keysDone;
        json[u"method"_s] = progress.method;
        const auto put = [&json](const QString &name, double value) {
            if (value >= 0)
                json[name] = value;
        };
        put(u"keysTotal"_s, double(progress.keysTotal));
        put(u"keysPerSecond"_s, std::round(progress.keysPerSecond));
        put(u"leftMs"_s, double(progress.leftMs));
    }
    if (!run.waitingFor.isEmpty())
        json[u"waitingFor"_s] = run.waitingFor;
    if (!run.verified.isEmpty())
        json[u"verified"_s] = QJsonArray::fromStringList(run.verified);
    if (run.error)
        json[u"error"_s] = describe(*run.error);
    if (!run.leftOpen.isEmpty())
        json[u"leftOpen"_s] = run.leftOpen.toString();
    if (run.rolledBack)
        json[u"rolledBack"_s] = true;
    if (run.drill && run.isOver())
        json[u"drill"_s] = toJson(*run.drill);
    return json;
}

VerifiedLine verifiedLine(const QString &line)
{
    using Kind = VerifiedLine::Kind;
    for (const auto &[word, kind] : {std::pair(u"NOT: "_s, Kind::Not), std::pair(u"STILL: "_s, Kind::Still)})
        if (line.startsWith(word))
            return {.kind = kind, .text = line.mid(word.size())};
    return {.kind = Kind::Verified, .text = line};
}

} // namespace slotscope
