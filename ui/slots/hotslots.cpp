// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/slots/hotslots.h"

#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QHeaderView>
#include <QTreeWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int hotRow = 24;
enum HotColumn { HotSlot, HotShard, HotValue, HotShare };

} // namespace

HotSlots::HotSlots(QWidget *parent) : QWidget(parent), m_list(new QTreeWidget(this))
{
    auto *title = plainLabel(tr("Hottest slots"), nullptr, this);
    title->setFont(Theme::strongFont());
    m_list->setColumnCount(4);
    m_list->setHeaderHidden(true);
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAccessibleName(tr("Hottest slots"));
    m_list->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(HotShard, QHeaderView::Stretch);
    m_list->header()->resizeSection(HotSlot, 68);
    m_list->header()->resizeSection(HotValue, 96);
    m_list->header()->resizeSection(HotShare, 58);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 10, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(title);
    layout->addWidget(m_list);
    const auto choose = [this](QTreeWidgetItem *item) {
        if (item)
            Q_EMIT slotChosen(item->data(HotSlot, Qt::UserRole).toInt());
    };
    connect(m_list, &QTreeWidget::itemClicked, this, choose);
    connect(m_list, &QTreeWidget::itemActivated, this, choose);
    hide();
}

void HotSlots::show(const SlotHeatPtr &heat, const ClusterViewPtr &view)
{
    const int rows = heat && view ? int(std::min<qsizetype>(mostShown, heat->hottest.size())) : 0;
    while (m_list->topLevelItemCount() > rows)
        delete m_list->takeTopLevelItem(rows);
    while (m_list->topLevelItemCount() < rows)
        (new QTreeWidgetItem(m_list))->setSizeHint(0, {0, hotRow});
    for (int i = 0; i < rows; ++i) {
        const int slot = heat->hottest[i];
        const qint64 value = heat->values[size_t(slot)];
        const int owner = view->owner[size_t(slot)];
        const int shard = owner < 0 ? -1 : view->nodes[size_t(owner)].shard;
        QTreeWidgetItem *item = m_list->topLevelItem(i);
        item->setText(HotSlot, groupedNumber(slot));
        item->setData(HotSlot, Qt::UserRole, slot);
        item->setText(HotShard, shard < 0 ? tr("no shard") : shardTitle(view->shards[size_t(shard)]));
        item->setText(HotValue, slotHeatText(heat->metric, value));
        item->setText(HotShare,
                      tr("%1 %").arg(100.0 * double(value) / double(std::max<qint64>(1, heat->sum)), 0, 'f', 1));
        for (const int column : {HotSlot, HotValue, HotShare})
            item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    }
    m_list->setFixedHeight(rows > 0 ? rows * m_list->sizeHintForRow(0) + 2 : 0);
    setVisible(rows > 0);
}

} // namespace slotscope
