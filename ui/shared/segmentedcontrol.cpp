// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/segmentedcontrol.h"

#include "ui/shared/theme.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPushButton>

#include <utility>

namespace slotscope {

SegmentedControl::SegmentedControl(const QStringList &labels, QWidget *parent)
    : QWidget(parent), m_group(new QButtonGroup(this))
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    setSizePolicy(QSizePolicy::Minimum, QSizePolicy::Fixed); // so that texts are never clipped
    for (int i = 0; i < labels.size(); ++i) {
        auto *button = new QPushButton(labels.at(i), this);
        button->setCheckable(true);
        button->setProperty("segment", true);
        button->setProperty("first", i == 0);
        button->setProperty("last", i == labels.size() - 1);
        button->setFocusPolicy(i == 0 ? Qt::StrongFocus : Qt::ClickFocus);
        button->installEventFilter(this);
        m_group->addButton(button, i);
        layout->addWidget(button);
    }
    if (!labels.isEmpty())
        m_group->button(0)->setChecked(true);
    connect(m_group, &QButtonGroup::idToggled, this, [this](int id, bool on) {
        m_group->button(id)->setFocusPolicy(on ? Qt::StrongFocus : Qt::ClickFocus);
        if (on)
            Q_EMIT currentChanged(id);
    });
    connect(m_group, &QButtonGroup::idClicked, this, [this, before = current()](int id) mutable {
        if (std::exchange(before, id) == id && m_isAside) // a click on the already chosen button while set aside
            Q_EMIT currentChanged(id);
    });
}

void SegmentedControl::setAside(bool aside)
{
    if (std::exchange(m_isAside, aside) == aside)
        return;
    const QList<QAbstractButton *> buttons = m_group->buttons();
    for (QAbstractButton *button : buttons)
        setStyleProperty(button, "aside", aside);
}

int SegmentedControl::current() const
{
    return m_group->checkedId();
}

void SegmentedControl::setLabel(int index, const QString &label)
{
    if (QAbstractButton *button = m_group->button(index))
        button->setText(label);
}

void SegmentedControl::setCurrent(int index)
{
    if (QAbstractButton *button = m_group->button(index))
        button->setChecked(true);
}

bool SegmentedControl::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Left || key == Qt::Key_Right) {
            if (QAbstractButton *next = m_group->button(current() + (key == Qt::Key_Left ? -1 : 1))) {
                next->setChecked(true);
                next->setFocus(Qt::TabFocusReason);
            }
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace slotscope
