// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"
#include "core/operations/migration/runcontext.h"

namespace slotscope {

/// Runs a program configured by the user on this computer: without a shell and input, with our environment minus
/// passwords, in its own session so that Ctrl+C does not reach it. It is ended after localCommandMs. Error::Process if
/// it cannot be started, does not end in time, or its exit code is not 0. The beginning of its output is added to the
/// run's log, and so to the audit log.
[[nodiscard]] QCoro::Task<Result<>> runLocally(std::shared_ptr<RunContext> context, QStringList words);
/// The same for a program that starts a server, or is the server itself. It is waited for only for a moment and never
/// ended. It outlives this program; its output then goes to a file named in the log.
[[nodiscard]] QCoro::Task<Result<>> startLocally(std::shared_ptr<RunContext> context, QStringList words);

} // namespace slotscope
