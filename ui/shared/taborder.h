// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QWidget;

namespace slotscope {

/// Tab goes through what `top` holds now in the order of its layouts: rows from the left, then down. Qt goes by the
/// order in which widgets were made, which need not be the order in which a user sees them.
void setTabOrderAsLaidOut(QWidget *top);

/// Does so to each dialog of ours when it, or something in it, is shown, but to those that have the property
/// ownTabOrder. Once in a program.
void orderTabsOfDialogs();
constexpr auto ownTabOrder = "ownTabOrder";

} // namespace slotscope
