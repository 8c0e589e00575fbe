// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace slotscope {

/// What can be done with all keys that are selected, or lie in selected folders.
enum class KeyAct : quint8 { Delete, Expire, Export, Copy, RenamePrefix };

} // namespace slotscope
