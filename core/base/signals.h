// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <functional>

namespace slotscope {

/// Calls back in the event loop for each SIGINT, SIGTERM or SIGHUP from now on. One at a time in a program.
class Signals final : public QObject
{
    Q_DISABLE_COPY_MOVE(Signals)
public:
    explicit Signals(std::function<void()> received, QObject *parent = nullptr);
    ~Signals() override;
    /// From now on a signal ends the program, as if nobody listened.
    static void restore();
    /// As if a signal had come, from within the program; false where nobody listens.
    static bool interrupt();
};

} // namespace slotscope
