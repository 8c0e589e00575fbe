// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/fieldgrid.h"

#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"
#include "ui/shared/spokenview.h"

namespace slotscope {

QGridLayout *fieldGrid(QWidget *of)
{
    auto *grid = new QGridLayout(of);
    grid->setContentsMargins(24, 0, 0, 4);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(6);
    grid->setColumnStretch(1, 1);
    return grid;
}

void addFieldRow(QGridLayout *grid, const QString &caption, QWidget *field, const QString &name)
{
    field->setObjectName(name);
    nameField(field, caption);
    auto *label = plainLabel(caption, "muted", grid->parentWidget());
    label->setFont(Theme::smallFont());
    label->setBuddy(field);
    const int row = grid->rowCount();
    grid->addWidget(label, row, 0);
    grid->addWidget(field, row, 1);
}

} // namespace slotscope
