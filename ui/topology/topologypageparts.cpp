// SPDX-License-Identifier: GPL-3.0-or-later
// The head of the page, and what stands below the cards.
#include "ui/shared/operationmenu.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/exporting.h"
#include "ui/shared/icons.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"
#include "ui/topology/hostscard.h"
#include "ui/topology/latestchanges.h"
#include "ui/topology/sentinelcard.h"
#include "ui/topology/shardcanvas.h"
#include "ui/topology/topologypage.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int belowGap = 16;
constexpr int belowHeight = 178; // for the head and five lines of the latest changes
constexpr size_t manyShards = 12; // above this number, the filter for cards with problems is offered
constexpr int shardsForm = 0; // index in the control of the head

} // namespace

QWidget *TopologyPage::makeHead()
{
    auto *head = new QWidget(this);
    auto *title = plainLabel(tr("Topology"), nullptr, head);
    title->setFont(Theme::titleFont());
    m_subtitle = new ElidedLabel({}, Qt::ElideRight, head);
    m_subtitle->setProperty("tone", u"muted"_s);
    m_alert = new ElidedLabel({}, Qt::ElideRight, head);
    m_alert->setProperty("tone", u"warn"_s);
    m_alert->hide();
    m_form = new SegmentedControl({tr("Shards"), tr("Hosts"), tr("Table")}, head);
    m_form->setAccessibleName(tr("Show as"));
    m_filter = new QLineEdit(head);
    m_filter->setPlaceholderText(tr("Filter nodes…"));
    m_filter->setAccessibleName(tr("Filter nodes by address, id, state, role or shard"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setFixedWidth(170);
    m_filter->addAction(themedIcon(u"filter"_s, m_theme), QLineEdit::LeadingPosition);
    QPushButton *exporter = exportButton(m_theme, head, [this](QMenu *menu) { fillExportMenu(menu); });
    auto *layout = new QHBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(title);
    layout->addWidget(m_subtitle, 1);
    layout->addWidget(m_alert, 1);
    m_trouble = new SegmentedControl({tr("All"), tr("With findings")}, head);
    m_trouble->setAccessibleName(tr("Which shards"));
    m_trouble->hide();
    m_failover = new QPushButton(tr("Fail over…"), head);
    m_failover->setObjectName(u"headFailover"_s);
    m_add = new QPushButton(tr("Add node…"), head);
    m_add->setObjectName(u"headAddNode"_s);
    m_add->setProperty("primary", true);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_trouble, m_form, m_filter, m_failover, exporter, m_add})
        layout->addWidget(widget);
    connect(m_failover, &QPushButton::clicked, this,
            [this] { Q_EMIT operationRequested(draftOf(Operation::Failover)); });
    connect(m_add, &QPushButton::clicked, this, [this] { Q_EMIT operationRequested(draftOf(Operation::AddNode)); });
    return head;
}

void TopologyPage::updateHead()
{
    const bool isCluster = m_view && m_view->cluster;
    for (QPushButton *button : {m_failover, m_add}) {
        button->setVisible(isCluster);
        button->setEnabled(!context().isReadOnly());
        button->setToolTip(context().isReadOnly() ? OperationActs::tr("This connection is read-only.") : QString());
    }
    const bool mayBeOffered = isCluster && m_form->current() == shardsForm && m_view->shards.size() > manyShards;
    // in this case the canvas contains all cards
    const bool isWhole = m_filter->text().isEmpty() && m_trouble->current() == 0;
    const int troubled = !mayBeOffered ? 0
        : isWhole                      ? m_canvas->cards().troubled()
                                       : CardLayout::build(*m_view, CardGrouping::Shards, {}).troubled();
    const bool isOffered = mayBeOffered && troubled > 0;
    m_trouble->setLabel(0, tr("All %1").arg(isCluster ? m_view->shards.size() : 0));
    m_trouble->setLabel(1, tr("▲ With findings %1").arg(troubled));
    if (!isOffered)
        m_trouble->setCurrent(0);
    m_trouble->setVisible(isOffered);
}

void TopologyPage::placeChanges()
{
    const int sentinels = m_sentinels->isVisibleTo(m_map) ? m_sentinels->sizeHint().height() + belowGap : 0;
    const bool hasHosts = m_hosts->isWanted() && m_form->current() == shardsForm;
    const int wanted = hasHosts ? belowHeight : m_changes->wantedHeight();
    m_canvas->setRoom(m_map->height() - sentinels, wanted + belowGap);
    const int room = m_map->height() - m_canvas->cards().height - belowGap - sentinels;
    m_changes->setRoom(std::min(room, wanted));
    m_hosts->setRoom(hasHosts ? std::min(room, wanted) : 0);
    m_below->setVisible(m_changes->isVisibleTo(m_below) || m_hosts->isVisibleTo(m_below));
    m_below->setFixedHeight(hasHosts ? std::clamp(room, 0, belowHeight) : m_changes->minimumHeight());
}

} // namespace slotscope
