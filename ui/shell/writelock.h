// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shared/pagecontext.h"

#include <QTimer>

namespace slotscope {

/// Lets writes pass over a guarded connection (read-only, or production) for a time that the user chose; then it locks
/// by itself. It locks too when the connection gets another session. GUI thread.
class WriteLock final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WriteLock)
public:
    WriteLock(PageContext &context, bool readOnly, QObject *parent = nullptr);

    [[nodiscard]] bool isReadOnly() const { return m_readOnly; } ///< when locked
    [[nodiscard]] bool guards() const; ///< there is something to unlock
    void unlock(int milliseconds);
    void lock();
    [[nodiscard]] qint64 leftMs() const; ///< 0: locked
    /// "Read-only · Unlock…", "Writes unlocked · 11:42 left"; empty: nothing is guarded.
    [[nodiscard]] QString words() const;

Q_SIGNALS:
    void changed(); ///< each second while unlocked, too

private:
    PageContext &m_context;
    const bool m_readOnly;
    qint64 m_until = 0; ///< steady ms
    qint64 m_untilWall = 0; ///< ms since 1970: after a sleep of the machine this one has passed
    QTimer m_clock;
};

} // namespace slotscope
