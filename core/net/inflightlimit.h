// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"
#include "core/net/awaited.h"

#include <QtGlobal>

#include <vector>

namespace slotscope {

/// Limits how much is in use at the same time. Callers wait until there is room, first come, first served. An amount
/// larger than the limit is admitted when nothing else is in use. Use from one thread only.
class InFlightLimit
{
public:
    explicit InFlightLimit(qint64 size) : m_size(size) { }
    /// Waits until `amount` (at least 1) fits. The caller must follow each enter() with one leave() of the same amount.
    [[nodiscard]] static QCoro::Task<> enter(std::shared_ptr<InFlightLimit> room, qint64 amount = 1);
    void leave(qint64 amount = 1);

private:
    qint64 m_size;
    qint64 m_taken = 0;
    std::vector<Awaited<bool>::Completer> m_waiting;
};

} // namespace slotscope
