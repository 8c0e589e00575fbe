// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/commandwatch.h"

#include <QMutex>

namespace slotscope {

namespace {

struct WatchOfProgram
{
    QMutex mutex;
    std::shared_ptr<CommandWatch> watch;
};

WatchOfProgram &watchOfProgram()
{
    static WatchOfProgram one;
    return one;
}

} // namespace

void setCommandWatch(std::shared_ptr<CommandWatch> watch)
{
    WatchOfProgram &one = watchOfProgram();
    const QMutexLocker lock(&one.mutex);
    one.watch.swap(watch); // swap under the lock, destroy the old watch after it
}

std::shared_ptr<CommandWatch> commandWatch()
{
    WatchOfProgram &one = watchOfProgram();
    const QMutexLocker lock(&one.mutex);
    return one.watch;
}

} // namespace slotscope
