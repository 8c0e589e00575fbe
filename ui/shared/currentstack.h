// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStackedWidget>

namespace slotscope {

/// A stack that asks only the widget that it shows how large it wants to be. QStackedWidget asks all of them at every
/// change of a layout, and the hidden pages of a connection have hundreds of widgets. For stacks that get all the room
/// there is, not for dialogs that are as large as their largest page. GUI thread.
class CurrentStack final : public QStackedWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CurrentStack)
public:
    explicit CurrentStack(QWidget *parent = nullptr) : QStackedWidget(parent)
    {
        connect(this, &QStackedWidget::currentChanged, this, [this] { updateGeometry(); });
    }

    [[nodiscard]] QSize sizeHint() const override { return currentWidget() ? currentWidget()->sizeHint() : QSize(); }
    [[nodiscard]] QSize minimumSizeHint() const override
    {
        const QWidget *shown = currentWidget();
        return shown ? shown->minimumSizeHint().expandedTo(shown->minimumSize()) : QSize();
    }
    /// It takes the height that there is. An item of a layout would ask the stack's layout, and that all its widgets.
    [[nodiscard]] bool hasHeightForWidth() const override { return false; }
};

} // namespace slotscope
