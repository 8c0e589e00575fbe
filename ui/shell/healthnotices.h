// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "ui/shell/healthword.h"

#include <QHash>
#include <QPointer>
#include <QTimer>

namespace slotscope {

class ConnectionView;

/// Tells when a connection's health turns, for a user who does not look at it: another tab is in front, or another
/// window. GUI thread.
class HealthNotices final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HealthNotices)
public:
    explicit HealthNotices(QObject *parent = nullptr);
    void setOn(bool isOn) { m_isOn = isOn; }
    /// From now on, until it goes.
    void watch(ConnectionView *view);
    /// Looks at the connections whose health is turning.
    void look();

Q_SIGNALS:
    /// It lasted; whether the user sees it anyway is for the receiver to know.
    void turned(slotscope::ConnectionView *view, const QString &title, const QString &text);

private:
    void take(ConnectionView *view);

    QHash<ConnectionView *, HealthTurns> m_turns;
    QTimer m_timer;
    bool m_isOn = true;
};

} // namespace slotscope
