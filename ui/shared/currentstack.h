// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStackedWidget>

namespace slotscope {

/// A stack whose size hint is that of its current widget. QStackedWidget asks all its widgets at every layout change,
/// and the hidden pages of a connection have hundreds of widgets. For stacks that fill the available space, not for
/// dialogs sized by their largest page. GUI thread.
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
    /// It fills the available height. A layout item would ask the stack's layout, which would ask all its widgets.
    [[nodiscard]] bool hasHeightForWidth() const override { return false; }
};

} // namespace slotscope
