// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/writelock.h"

#include "core/base/clock.h"
#include "core/models/nodewords.h"

#include <QDateTime>

namespace slotscope {

WriteLock::WriteLock(PageContext &context, bool readOnly, QObject *parent)
    : QObject(parent), m_context(context), m_readOnly(readOnly)
{
    m_context.setReadOnly(readOnly);
    m_clock.setInterval(1000);
    connect(&m_clock, &QTimer::timeout, this, [this] {
        if (leftMs() == 0)
            lock();
        else
            Q_EMIT changed();
    });
    connect(&context, &PageContext::doorChanged, this, &WriteLock::lock);
}

bool WriteLock::guards() const
{
    return m_readOnly || m_context.environment().kind == Environment::Kind::Production;
}

/// The core thread measures the time itself and refuses writes afterwards, whatever this thread does.
void WriteLock::unlock(int milliseconds)
{
    SessionDoor *door = m_context.door();
    if (!door || milliseconds <= 0)
        return;
    door->unlockWrites(milliseconds);
    m_until = steadyMs() + milliseconds;
    m_untilWall = QDateTime::currentMSecsSinceEpoch() + milliseconds;
    m_clock.start();
    m_context.setReadOnly(false);
    Q_EMIT changed();
}

void WriteLock::lock()
{
    m_clock.stop();
    m_until = m_untilWall = 0;
    if (SessionDoor *door = m_context.door())
        door->unlockWrites(0);
    m_context.setReadOnly(m_readOnly);
    Q_EMIT changed();
}

qint64 WriteLock::leftMs() const
{
    return std::max<qint64>(0, std::min(m_until - steadyMs(), m_untilWall - QDateTime::currentMSecsSinceEpoch()));
}

QString WriteLock::words() const
{
    if (!guards())
        return {};
    if (const qint64 left = leftMs(); left > 0)
        return tr("Writes unlocked · %1 left").arg(clockText(left));
    return m_readOnly ? tr("Read-only · Unlock…") : tr("Writes ask · Unlock…");
}

} // namespace slotscope
