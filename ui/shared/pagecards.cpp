// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/pagecards.h"

#include "ui/shared/elidedlabel.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"

#include <QFrame>
#include <QHeaderView>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int controlHeight = 30;

} // namespace

QFrame *pageCard(QWidget *parent)
{
    auto *frame = new QFrame(parent);
    frame->setProperty("card", true);
    return frame;
}

QLabel *pageCardTitle(const QString &text, QWidget *parent)
{
    QLabel *label = plainLabel(text, nullptr, parent);
    label->setFont(Theme::strongFont());
    return label;
}

ElidedLabel *mutedLabel(QWidget *parent)
{
    auto *label = new ElidedLabel({}, Qt::ElideRight, parent);
    label->setProperty("tone", u"muted"_s);
    return label;
}

QVBoxLayout *layOutCard(QFrame *card, const QList<QWidget *> &head, QWidget *stretched)
{
    auto *row = new QHBoxLayout;
    row->setContentsMargins(16, 8, 8, 8);
    row->setSpacing(8);
    row->addStrut(controlHeight); // heads with and without controls have the same height
    for (QWidget *part : head)
        row->addWidget(part, part == stretched ? 1 : 0);
    auto *layout = new QVBoxLayout(card);
    layout->setContentsMargins(1, 0, 1, 1);
    layout->setSpacing(0);
    layout->addLayout(row);
    return layout;
}

void dressPageTable(TableView *table, int rowHeight, int stretched, std::initializer_list<std::pair<int, int>> widths)
{
    table->verticalHeader()->setDefaultSectionSize(rowHeight);
    QHeaderView *header = table->horizontalHeader();
    header->setMinimumSectionSize(44);
    for (const auto &[column, width] : widths)
        header->resizeSection(column, std::max(width, header->sectionSizeHint(column))); // a title is never cut
    header->setSectionResizeMode(stretched, QHeaderView::Stretch);
}

} // namespace slotscope
