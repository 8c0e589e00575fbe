// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace slotscope {

/// What can be done with all keys that are selected, or lie in selected folders.
enum class KeyAct : quint8 {
    Delete,
    Expire,
    ExpireEndless, ///< those that live for ever: what has a time to live by then keeps it
    Export,
    Copy,
    RenamePrefix
};

} // namespace slotscope
