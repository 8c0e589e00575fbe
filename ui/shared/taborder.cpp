// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/taborder.h"

#include <QLayout>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QWidget>

namespace slotscope {
namespace {

void collect(QWidget *widget, QList<QWidget *> &all);

void collectLayout(const QLayout *layout, QList<QWidget *> &all)
{
    for (int i = 0; i < layout->count(); ++i) {
        QLayoutItem *item = layout->itemAt(i);
        if (item->layout())
            collectLayout(item->layout(), all);
        else if (item->widget())
            collect(item->widget(), all);
    }
}

/// A widget that the keyboard reaches is one stop, whatever it is made of.
void collect(QWidget *widget, QList<QWidget *> &all)
{
    const auto *stack = qobject_cast<QStackedWidget *>(widget);
    const auto *area = qobject_cast<QScrollArea *>(widget);
    const auto *splitter = qobject_cast<QSplitter *>(widget);
    if (stack) {
        for (int i = 0; i < stack->count(); ++i)
            collect(stack->widget(i), all);
    } else if (area) {
        if (area->focusPolicy() & Qt::TabFocus)
            all.append(widget);
        if (area->widget())
            collect(area->widget(), all);
    } else if (splitter) {
        for (int i = 0; i < splitter->count(); ++i)
            collect(splitter->widget(i), all);
    } else if (widget->focusPolicy() & Qt::TabFocus) {
        all.append(widget);
    } else if (widget->layout()) {
        collectLayout(widget->layout(), all);
    }
}

} // namespace

void setTabOrderAsLaidOut(QWidget *top)
{
    QList<QWidget *> all;
    if (top->layout())
        collectLayout(top->layout(), all);
    for (qsizetype i = 1; i < all.size(); ++i)
        QWidget::setTabOrder(all[i - 1], all[i]);
}

} // namespace slotscope
