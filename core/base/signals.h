// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <functional>

namespace slotscope {

/// Calls a function from the event loop for each SIGINT, SIGTERM or SIGHUP. Only one object of this class may exist at
/// a time.
class Signals final : public QObject
{
    Q_DISABLE_COPY_MOVE(Signals)
public:
    explicit Signals(std::function<void()> received, QObject *parent = nullptr);
    ~Signals() override;
    /// From now on, a signal ends the program as by default.
    static void restore();
    /// Acts as if a signal had arrived; returns false if no Signals object exists.
    static bool interrupt();
};

} // namespace slotscope
