// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcessEnvironment>

#include <csignal>
#include <unistd.h>
#ifdef Q_OS_LINUX
#include <sys/prctl.h>
#endif

namespace slotscope {

/// For QProcess::setChildProcessModifier: on Linux the child is ended (SIGTERM) with the thread that started it, also
/// where `parent`, our process, has ended already. Async-signal-safe.
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

/// Our own environment without the passwords and passphrases in it: for programs that have no use for them.
[[nodiscard]] QProcessEnvironment environmentOfChildren();

} // namespace slotscope
