// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

#include "core/operations/plan/requests.h"
#include "core/operations/run/run.h"

class QCommandLineParser;

namespace slotscope::cli {

/// Options that control whether and how a plan is executed.
struct Consent
{
    bool dryRun = false; ///< only show the plan
    bool yes = false; ///< do not ask
    bool dataLoss = false; ///< --accept-data-loss
    std::optional<int> keysPerSecond = {}; ///< for a resumed operation: throttle in place of the planned one; 0: none
    bool rollBack = false; ///< for an unfinished create: reset its nodes
};

/// Prints the --help text of a command.
void tellHelp(const QCommandLineParser &parser, const QString &synopsis);
/// Adds the options that every changing command has.
void addConsentOptions(QCommandLineParser &parser);
[[nodiscard]] Consent consentOf(const QCommandLineParser &parser);

/// Shows the plan, asks, executes it with progress, and reports. Returns the exit code. `session` may be null (create).
[[nodiscard]] QCoro::Task<int> carryOut(Context context, OperationPlan plan, std::shared_ptr<ClusterSession> session,
                                        Consent consent);
/// Resumes an operation from the journal.
[[nodiscard]] QCoro::Task<int> carryOn(Context context, RunSnapshot interrupted,
                                       std::shared_ptr<ClusterSession> session, Consent consent);

/// The plan as plain text. `everyCommand`: show all commands of its steps; for moving slots, which repeats per slot,
/// only the first ones are shown.
[[nodiscard]] QString planText(const OperationPlan &plan, bool everyCommand = false);
/// Prints one event as one line of JSON.
void printEvent(const QString &event, QJsonObject fields);

} // namespace slotscope::cli
