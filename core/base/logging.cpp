// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/logging.h"

namespace slotscope {

Q_LOGGING_CATEGORY(lcNet, "slotscope.net", QtWarningMsg)
Q_LOGGING_CATEGORY(lcCluster, "slotscope.cluster", QtWarningMsg)
Q_LOGGING_CATEGORY(lcSession, "slotscope.session", QtWarningMsg)
Q_LOGGING_CATEGORY(lcLocal, "slotscope.local", QtWarningMsg)
Q_LOGGING_CATEGORY(lcUi, "slotscope.ui", QtWarningMsg)

} // namespace slotscope
