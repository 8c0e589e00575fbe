// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/standardfiles.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <initializer_list>
#include <unistd.h>

namespace slotscope {

void openStandardFiles()
{
    for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(number, F_GETFD) >= 0 || errno != EBADF)
            continue;
        // open() returns the lowest free number, which is this one, because all lower ones are open
        if (::open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY) != number)
            std::abort();
    }
}

} // namespace slotscope
