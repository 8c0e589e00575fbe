// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/signals.h"

#include <QSocketNotifier>

#include <csignal>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace slotscope {

namespace {

int signalPipe[2] = {-1, -1};

void onEndSignal(int)
{
    const char byte = 1;
    [[maybe_unused]] const auto written = ::write(signalPipe[1], &byte, 1);
}

} // namespace

Signals::Signals(std::function<void()> received, QObject *parent) : QObject(parent)
{
    if (::pipe2(signalPipe, O_CLOEXEC | O_NONBLOCK) != 0)
        return; // without a pipe, the signals keep their default and end the program
    auto *notifier = new QSocketNotifier(signalPipe[0], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, [this, received = std::move(received)] {
        char byte = 0;
        while (::read(signalPipe[0], &byte, 1) == 1)
            // queued, because the callback may delete this object
            QMetaObject::invokeMethod(this, received, Qt::QueuedConnection);
    });
    for (const int number : {SIGINT, SIGTERM, SIGHUP})
        std::signal(number, onEndSignal);
}

void Signals::restore()
{
    for (const int number : {SIGINT, SIGTERM, SIGHUP})
        std::signal(number, SIG_DFL);
}

bool Signals::interrupt()
{
    if (signalPipe[1] < 0)
        return false;
    onEndSignal(0);
    return true;
}

Signals::~Signals()
{
    restore();
    for (int &end : signalPipe)
        if (end >= 0)
            ::close(std::exchange(end, -1));
}

} // namespace slotscope
