// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

namespace slotscope {

/// A text for people, in code that is no QObject. Its translations stand under the context "slotscope".
[[nodiscard]] inline QString tr(const char *text)
{
    return QCoreApplication::translate("slotscope", text);
}

} // namespace slotscope
