// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "ui/shell/healthword.h"

#include <QHash>
#include <QPointer>
#include <QTimer>

namespace slotscope {

class ConnectionView;

/// Reports lasting changes of a connection's health to a user who looks at another tab or window. GUI thread.
class HealthNotices final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HealthNotices)
public:
    explicit HealthNotices(QObject *parent = nullptr);
    void setOn(bool isOn) { m_isOn = isOn; }
    /// Watches this connection until it is closed.
    void watch(ConnectionView *view);
    /// Checks the connections whose health has recently changed.
    void look();

Q_SIGNALS:
    /// The change has lasted; the receiver has to check whether the user sees the connection anyway.
    void turned(slotscope::ConnectionView *view, const QString &title, const QString &text);

private:
    void take(ConnectionView *view);

    QHash<ConnectionView *, HealthTurns> m_turns;
    QTimer m_timer;
    bool m_isOn = true;
};

} // namespace slotscope
