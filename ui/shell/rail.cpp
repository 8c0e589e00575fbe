// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/rail.h"

#include "ui/shared/icons.h"
#include "ui/shared/theme.h"
#include "ui/shell/pages.h"

#include <QButtonGroup>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

Rail::Rail(const Theme &theme, QWidget *parent) : QWidget(parent), m_group(new QButtonGroup(this))
{
    setObjectName(u"rail"_s);
    setAttribute(Qt::WA_StyledBackground);
    setAccessibleName(tr("Pages"));
    setFixedWidth(84);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 9, 8);
    layout->setSpacing(4);
    QFont font = Theme::smallFont();
    font.setPixelSize(11);
    int number = 0;
    for (const PageInfo &info : pageInfos()) {
        ++number;
        auto *button = new QToolButton(this);
        button->setObjectName(info.id);
        button->setText(info.title);
        button->setIcon(themedIcon(info.icon, theme));
        button->setIconSize({20, 20});
        button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
        button->setFont(font);
        button->setCheckable(true);
        button->setFixedSize(67, 52);
        button->setToolTip(tr("%1 (Ctrl+%2)").arg(info.title).arg(number));
        m_group->addButton(button);
        layout->addWidget(button);
        connect(button, &QToolButton::clicked, this, [this, id = info.id] { Q_EMIT pageChosen(id); });
    }
    layout->addStretch();
}

void Rail::setCurrent(const QString &id)
{
    if (auto *button = findChild<QToolButton *>(id))
        button->setChecked(true);
}

} // namespace slotscope
