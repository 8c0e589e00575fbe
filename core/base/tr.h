// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

namespace slotscope {

/// Translates a text for the user, in code without a QObject. Its translations use the context "slotscope".
[[nodiscard]] inline QString tr(const char *text)
{
    return QCoreApplication::translate("slotscope", text);
}

} // namespace slotscope
