// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"

#include <QPointer>

namespace slotscope {

/// How many keys lie in which slot, as the primaries count them: each is asked for a few thousand slots a second, so
/// that it hardly notices. On the session's thread; Error only where there is no view yet.
[[nodiscard]] QCoro::Task<Result<SlotKeyCountsPtr>> countKeys(QPointer<ClusterSession> session);

/// The same as a service, for the window.
class KeyCounter final
{
public:
    explicit KeyCounter(QPointer<ClusterSession> session) : m_session(std::move(session)) { }
    [[nodiscard]] QCoro::Task<Result<SlotKeyCountsPtr>> count() const { return countKeys(m_session); }

private:
    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
