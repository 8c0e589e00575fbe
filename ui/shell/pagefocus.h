// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QWidget;

namespace slotscope {

class Page;

/// Moves the focus into `page`, which is visible: to `last` if that can take it, else to the page's first focus, else
/// to its first list or view, else to its first control. GUI thread.
void focusPage(Page &page, QWidget *last);

} // namespace slotscope
