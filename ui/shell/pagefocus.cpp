// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/pagefocus.h"

#include "ui/shared/page.h"

#include <QAbstractScrollArea>
#include <QScrollArea>

namespace slotscope {
namespace {

bool takesKeys(const Page &page, const QWidget *widget)
{
    const QWidget *target = widget;
    while (target && target->focusProxy())
        target = target->focusProxy();
    return target && page.isAncestorOf(target) && target->isVisibleTo(&page) && target->isEnabled()
        && target->focusPolicy() != Qt::NoFocus;
}

/// Excludes scroll areas that only contain other widgets.
bool isView(const QWidget *widget)
{
    return qobject_cast<const QAbstractScrollArea *>(widget) && !qobject_cast<const QScrollArea *>(widget);
}

} // namespace

void focusPage(Page &page, QWidget *last)
{
    if (!takesKeys(page, last))
        last = page.firstFocus();
    QWidget *chosen = takesKeys(page, last) ? last : nullptr, *first = nullptr;
    for (QWidget *widget = page.nextInFocusChain(); !chosen && widget != &page; widget = widget->nextInFocusChain()) {
        if (!takesKeys(page, widget) || !(widget->focusPolicy() & Qt::TabFocus) || widget->focusProxy())
            continue;
        first = first ? first : widget;
        chosen = isView(widget) ? widget : nullptr;
    }
    if (!chosen)
        chosen = first ? first : &page;
    chosen->setFocus(Qt::ShortcutFocusReason);
}

} // namespace slotscope
