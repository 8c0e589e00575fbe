// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

#include "core/operations/requests.h"
#include "core/operations/run.h"

class QCommandLineParser;

namespace slotscope::cli {

/// What stands between a plan and its execution.
struct Consent
{
    bool dryRun = false; ///< the plan, and nothing else
    bool yes = false; ///< do not ask
    bool dataLoss = false; ///< --accept-data-loss
    std::optional<int> keysPerSecond = {}; ///< of a resumed run: another throttle than planned; 0: none
    bool rollBack = false; ///< of an unfinished create: its nodes are made empty again
};

/// What --help after a command prints.
void tellHelp(const QCommandLineParser &parser, const QString &synopsis);
/// The options that every changing command takes.
void addConsentOptions(QCommandLineParser &parser);
[[nodiscard]] Consent consentOf(const QCommandLineParser &parser);

/// Shows the plan, asks, carries it out with progress, reports. Gives the exit code. `session` may be null (create).
[[nodiscard]] QCoro::Task<int> carryOut(Context context, OperationPlan plan, std::shared_ptr<ClusterSession> session,
                                        Consent consent);
/// Goes on with a run of the journal.
[[nodiscard]] QCoro::Task<int> carryOn(Context context, RunSnapshot interrupted,
                                       std::shared_ptr<ClusterSession> session, Consent consent);

/// The plan as text for people. `everyCommand`: those of its steps are shown whole and without a bound; of moving
/// slots, which goes slot by slot, the first ones.
[[nodiscard]] QString planText(const OperationPlan &plan, bool everyCommand = false);
/// One event as one line of JSON.
void printEvent(const QString &event, QJsonObject fields);

} // namespace slotscope::cli
