// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcessEnvironment>

#include <csignal>
#include <unistd.h>
#ifdef Q_OS_LINUX
#include <sys/prctl.h>
#endif

namespace slotscope {

/// For QProcess::setChildProcessModifier: on Linux, makes the kernel end the child (SIGTERM) when the thread that
/// started it ends, even if `parent`, our process, has already ended. Async-signal-safe.
inline void endWithParent(pid_t parent)
{
#ifdef Q_OS_LINUX
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent)
        ::_exit(1);
#else
    Q_UNUSED(parent)
#endif
}

/// Returns our environment without variables that hold passwords or passphrases, for programs that do not need them.
[[nodiscard]] QProcessEnvironment environmentOfChildren();

} // namespace slotscope
