// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shared/pagecontext.h"

#include <QTimer>

namespace slotscope {

/// Unlocks writes on a protected connection (read-only, or production) for a time that the user chooses; then locks
/// them again. Also locks when the connection gets another session. GUI thread.
class WriteLock final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WriteLock)
public:
    WriteLock(PageContext &context, bool readOnly, QObject *parent = nullptr);

    [[nodiscard]] bool isReadOnly() const { return m_readOnly; } ///< when locked
    [[nodiscard]] bool guards() const; ///< whether writes are protected
    void unlock(int milliseconds);
    void lock();
    [[nodiscard]] qint64 leftMs() const; ///< in ms; 0: locked
    /// Text such as "Read-only · Unlock…" or "Writes unlocked · 11:42 left"; empty: writes are not protected.
    [[nodiscard]] QString words() const;

Q_SIGNALS:
    void changed(); ///< also every second while unlocked

private:
    PageContext &m_context;
    const bool m_readOnly;
    qint64 m_until = 0; ///< in ms of the steady clock
    qint64 m_untilWall = 0; ///< in ms since 1970; checked too, because the steady clock stops while the machine sleeps
    QTimer m_clock;
};

} // namespace slotscope
