// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/taborder.h"

#include <QApplication>
#include <QDialog>
#include <QEvent>
#include <QFormLayout>
#include <QGridLayout>
#include <QGroupBox>
#include <QLineEdit>
#include <QPointer>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>

#include <algorithm>
#include <utility>

namespace slotscope {
namespace {

void collect(QWidget *widget, QList<QWidget *> &all);

/// Items from left to right and top to bottom; the items of a grid and a form are in order of insertion.
QList<QLayoutItem *> itemsOf(const QLayout *layout)
{
    const auto *grid = qobject_cast<const QGridLayout *>(layout);
    const auto *form = qobject_cast<const QFormLayout *>(layout);
    QList<std::pair<std::pair<int, int>, QLayoutItem *>> placed;
    for (int i = 0; i < layout->count(); ++i) {
        int row = 0, column = i, rows = 0, columns = 0;
        if (grid)
            grid->getItemPosition(i, &row, &column, &rows, &columns);
        QFormLayout::ItemRole role{};
        if (form) {
            form->getItemPosition(i, &row, &role);
            column = int(role);
        }
        placed.append({{row, column}, layout->itemAt(i)});
    }
    std::stable_sort(placed.begin(), placed.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
    QList<QLayoutItem *> items;
    for (const auto &[place, item] : std::as_const(placed))
        items.append(item);
    return items;
}

void collectLayout(const QLayout *layout, QList<QWidget *> &all)
{
    for (QLayoutItem *item : itemsOf(layout)) {
        if (item->layout())
            collectLayout(item->layout(), all);
        else if (item->widget())
            collect(item->widget(), all);
    }
}

/// A focusable widget is a single stop, whatever it contains.
void collect(QWidget *widget, QList<QWidget *> &all)
{
    const auto *stack = qobject_cast<QStackedWidget *>(widget);
    const auto *area = qobject_cast<QScrollArea *>(widget);
    const auto *splitter = qobject_cast<QSplitter *>(widget);
    const auto *tabs = qobject_cast<QTabWidget *>(widget);
    auto *group = qobject_cast<QGroupBox *>(widget);
    if (tabs) {
        all.append(tabs->tabBar());
        for (int i = 0; i < tabs->count(); ++i)
            collect(tabs->widget(i), all);
    } else if (group && group->layout()) {
        if (group->isCheckable())
            all.append(group);
        collectLayout(group->layout(), all);
    } else if (stack) {
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
        const bool isField = qobject_cast<QLineEdit *>(widget);
        for (QToolButton *button : isField ? widget->findChildren<QToolButton *>() : QList<QToolButton *>())
            if (button->focusPolicy() & Qt::TabFocus) // the eye in a password field
                all.append(button);
    } else if (widget->layout()) {
        collectLayout(widget->layout(), all);
    }
}

} // namespace

namespace {

/// Runs again for widgets that are shown later, such as form rows that depend on a choice.
class DialogOrder final : public QObject
{
public:
    using QObject::QObject;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() != QEvent::Show || !watched->isWidgetType())
            return false;
        auto *widget = static_cast<QWidget *>(watched);
        auto *dialog = qobject_cast<QDialog *>(widget->window());
        if (!dialog || !QByteArrayView(dialog->metaObject()->className()).startsWith("slotscope::")
            || dialog->property(ownTabOrder).toBool())
            return false;
        if (widget == dialog)
            setTabOrderAsLaidOut(dialog);
        if (m_due.contains(dialog))
            return false;
        m_due.append(dialog);
        QMetaObject::invokeMethod(
            this,
            [this] {
                const QList<QPointer<QDialog>> due = std::exchange(m_due, {});
                for (const QPointer<QDialog> &each : due)
                    if (each)
                        setTabOrderAsLaidOut(each);
            },
            Qt::QueuedConnection);
        return false;
    }

private:
    QList<QPointer<QDialog>> m_due;
};

} // namespace

void orderTabsOfDialogs()
{
    static const QPointer<QObject> once = [] {
        auto *filter = new DialogOrder(qApp);
        qApp->installEventFilter(filter);
        return filter;
    }();
}

void setTabOrderAsLaidOut(QWidget *top)
{
    QList<QWidget *> all;
    if (top->layout())
        collectLayout(top->layout(), all);
    for (qsizetype i = 1; i < all.size(); ++i)
        QWidget::setTabOrder(all[i - 1], all[i]);
}

} // namespace slotscope
