// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLoggingCategory>

namespace slotscope {

Q_DECLARE_LOGGING_CATEGORY(lcNet) // slotscope.net
Q_DECLARE_LOGGING_CATEGORY(lcCluster) // slotscope.cluster
Q_DECLARE_LOGGING_CATEGORY(lcSession) // slotscope.session
Q_DECLARE_LOGGING_CATEGORY(lcLocal) // slotscope.local
Q_DECLARE_LOGGING_CATEGORY(lcUi) // slotscope.ui

} // namespace slotscope
