// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace slotscope {

/// Installs the catalogue of the system's language, or the English one, which holds the plurals. After the application
/// object was made, before the first text; once.
void installTranslations();

} // namespace slotscope
