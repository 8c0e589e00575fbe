// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QWidget;

namespace slotscope {

class Page;

/// Gives the keyboard to `page`, which is shown: to `last` where that can take it, else to what the page names as its
/// first, else to its first list or view, else to the first control in it. GUI thread.
void focusPage(Page &page, QWidget *last);

} // namespace slotscope
