// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QLineEdit;

namespace slotscope {

class Theme;

/// Makes a field that hides what is typed, with an eye in it that shows it. The theme outlives the field.
void hideText(QLineEdit *field, const Theme &theme);

} // namespace slotscope
