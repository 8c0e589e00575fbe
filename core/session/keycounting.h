// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"

#include <QPointer>

namespace slotscope {

/// Counts the keys in each slot by asking the primaries. Each is asked for a few thousand slots per second, so the load
/// is negligible. Run on the session's thread. Fails only if there is no view yet.
[[nodiscard]] QCoro::Task<Result<SlotKeyCountsPtr>> countKeys(QPointer<ClusterSession> session);

/// Key counting as a service, for the window.
class KeyCounter final
{
public:
    explicit KeyCounter(QPointer<ClusterSession> session) : m_session(std::move(session)) { }
    [[nodiscard]] QCoro::Task<Result<SlotKeyCountsPtr>> count() const { return countKeys(m_session); }

private:
    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
