// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace slotscope {

/// Actions for all keys that are selected or in selected folders.
enum class KeyAct : quint8 {
    Delete,
    Expire,
    ExpireEndless, ///< sets an expiry only on keys that have none when the job reaches them
    Export,
    Copy,
    RenamePrefix
};

} // namespace slotscope
