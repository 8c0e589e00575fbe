// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/choosepage.h"

#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"
#include "ui/shared/spokenview.h"

#include <QGridLayout>
#include <QVBoxLayout>

namespace slotscope {

ChoosePage::ChoosePage(const Theme &theme, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(24, 4, 24, 16);
    m_grid->setHorizontalSpacing(16);
    m_grid->setVerticalSpacing(6);
    m_grid->setColumnMinimumWidth(0, 104);
    m_grid->setColumnStretch(1, 1);
}

QLabel *ChoosePage::addRow(const QString &label, QWidget *field, const QString &hint)
{
    const int row = m_grid->rowCount();
    auto *name = plainLabel(label, "muted", this);
    name->setMinimumHeight(30);
    name->setBuddy(field);
    if (field->accessibleName().isEmpty())
        nameField(field, label);
    m_grid->addWidget(name, row, 0, Qt::AlignTop | Qt::AlignLeft);
    m_grid->addWidget(field, row, 1);
    auto *below = plainLabel(hint, "faint", this);
    below->setFont(Theme::smallFont());
    below->setWordWrap(true);
    below->setVisible(!hint.isEmpty());
    m_grid->addWidget(below, row + 1, 1);
    m_grid->setRowMinimumHeight(row + 2, 6);
    return below;
}

void ChoosePage::addWide(QWidget *widget)
{
    m_grid->addWidget(widget, m_grid->rowCount(), 0, 1, 2);
}

QLabel *ChoosePage::addText(const QString &text, const char *tone)
{
    auto *label = plainLabel(text, tone, this);
    label->setWordWrap(true);
    m_grid->addWidget(label, m_grid->rowCount(), 1);
    return label;
}

void ChoosePage::addHeading(const QString &text)
{
    auto *label = plainLabel(text, nullptr, this);
    label->setFont(Theme::strongFont());
    addWide(label);
}

void ChoosePage::addSpring()
{
    m_grid->setRowStretch(m_grid->rowCount(), 1);
}

void ChoosePage::focusFirst()
{
    for (QWidget *child : findChildren<QWidget *>()) {
        if (child->isEnabled() && !child->isHidden() && child->focusPolicy() & Qt::TabFocus) {
            child->setFocus(Qt::TabFocusReason);
            return;
        }
    }
}

} // namespace slotscope
