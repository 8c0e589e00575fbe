// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QLineEdit;

namespace slotscope {

class Theme;

/// Hides the text of a field and adds an eye button that shows it. The theme must outlive the field.
void hideText(QLineEdit *field, const Theme &theme);

} // namespace slotscope
