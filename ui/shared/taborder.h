// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QWidget;

namespace slotscope {

/// Sets the tab order of the widgets in `top` to the order of their layouts: from left to right, then down. Qt uses the
/// order of creation, which may differ from what the user sees.
void setTabOrderAsLaidOut(QWidget *top);

/// Does this for each dialog of Slotscope when it or a widget in it is shown, unless the dialog has the property
/// ownTabOrder. Call once per program.
void orderTabsOfDialogs();
constexpr auto ownTabOrder = "ownTabOrder";

} // namespace slotscope
