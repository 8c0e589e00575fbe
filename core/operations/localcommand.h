// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"
#include "core/operations/runcontext.h"

namespace slotscope {

/// Runs a program of the user's own on this computer: no shell, no input, our environment without its passwords, a
/// session of its own, so that Ctrl+C does not reach it. Ended after localCommandMs. Error::Process where it cannot be
/// started, does not come to its end in time, or ends with another code than 0; the beginning of what it printed is in
/// the log of the run, which the audit log has too.
[[nodiscard]] QCoro::Task<Result<>> runLocally(std::shared_ptr<RunContext> context, QStringList words);
/// The same for one that starts a server, which may be the server itself: it is waited for a moment only, and never
/// ended. It outlives this program; what it prints then goes to a file that the log names.
[[nodiscard]] QCoro::Task<Result<>> startLocally(std::shared_ptr<RunContext> context, QStringList words);

} // namespace slotscope
