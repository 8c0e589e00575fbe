// SPDX-License-Identifier: GPL-3.0-or-later
// The building half of SlotsPage: its head, its map card, its side panel.
#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "core/models/shardmodel.h"
#include "core/models/tableexport.h"
#include "ui/shared/operationmenu.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/exporting.h"
#include "ui/shared/findingcard.h"
#include "ui/shared/icons.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"
#include "ui/slots/hotslots.h"
#include "ui/slots/shardlegend.h"
#include "ui/slots/slotheatfeed.h"
#include "ui/slots/slotkey.h"
#include "ui/slots/slotmap.h"
#include "ui/slots/slotspage.h"
#include "ui/slots/slotstrip.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

QWidget *SlotsPage::makeHead()
{
    auto *head = new QWidget(this);
    auto *title = plainLabel(tr("Slots"), nullptr, head);
    title->setFont(Theme::titleFont());
    m_subtitle = new ElidedLabel({}, Qt::ElideRight, head);
    m_subtitle->setProperty("tone", u"muted"_s);
    m_colouring = new SegmentedControl({tr("Owner"), tr("Keys"), tr("Memory"), tr("CPU"), tr("Network")}, head);
    m_colouring->setAccessibleName(tr("Colour by"));
    m_key = new QLineEdit(head);
    m_key->setFont(Theme::monoFont());
    m_key->setPlaceholderText(tr("Slot of key…"));
    m_key->setAccessibleName(tr("Find the slot of a key"));
    m_key->setTextMargins(0, 0, 84, 0);
    m_keySlot = plainLabel({}, "accent", m_key);
    m_keySlot->setFont(Theme::monoFont());
    m_keySlot->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_keySlot->hide();
    m_colourLabel = plainLabel(tr("Colour by"), "muted", head);
    placeKeyField(false);
    m_panelButton = new QPushButton(themedIcon(u"panel"_s, m_theme), tr("Shards"), head);
    m_panelButton->hide();
    QPushButton *exporter = exportButton(m_theme, head, [this](QMenu *menu) { fillExportMenu(menu); });
    auto *layout = new QHBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(title);
    layout->addWidget(m_subtitle, 1);
    layout->addWidget(m_colourLabel);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_colouring, m_key, m_panelButton, exporter})
        layout->addWidget(widget);
    return head;
}

/// In a narrow page, the colour choices need the width.
void SlotsPage::placeKeyField(bool narrow)
{
    constexpr int wideField = 230, narrowField = 170, slotWidth = 86;
    m_key->setFixedWidth(narrow ? narrowField : wideField);
    m_keySlot->setGeometry(m_key->width() - slotWidth - 8, 0, slotWidth, 30);
    m_colourLabel->setVisible(!narrow);
}

QWidget *SlotsPage::makeZoomBar()
{
    auto *bar = new QWidget(this);
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    const auto add = [&](const QString &icon, const QString &text, int steps) {
        auto *button = new QToolButton(bar);
        button->setIcon(themedIcon(icon, m_theme));
        button->setIconSize({16, 16});
        button->setToolTip(text);
        button->setAccessibleName(text);
        connect(button, &QToolButton::clicked, m_map, [this, steps] { m_map->zoomBy(steps); });
        layout->addWidget(button);
    };
    add(u"zoom-out"_s, tr("Zoom out (-)"), -1);
    m_zoomLabel = plainLabel(tr("100 %"), "muted", bar);
    m_zoomLabel->setFont(Theme::smallFont());
    m_zoomLabel->setFixedWidth(44);
    m_zoomLabel->setAlignment(Qt::AlignCenter);
    layout->addWidget(m_zoomLabel);
    add(u"zoom-in"_s, tr("Zoom in (+)"), 1);
    return bar;
}

QWidget *SlotsPage::makeMapCard()
{
    auto *card = new QFrame(this);
    card->setProperty("card", true);
    auto *layout = new QVBoxLayout(card);
    layout->setContentsMargins(16, 14, 16, 14);
    layout->setSpacing(12);
    layout->addWidget(m_map, 1);
    layout->addWidget(m_mapKey);
    auto *foot = new QHBoxLayout;
    foot->setSpacing(12);
    foot->addWidget(m_strip, 1);
    foot->addWidget(makeZoomBar());
    layout->addLayout(foot);
    return card;
}

QFrame *SlotsPage::makePanel()
{
    auto *panel = new QFrame(this);
    panel->setProperty("card", true);
    const auto heading = [panel](const QString &text) {
        auto *label = plainLabel(text, nullptr, panel);
        label->setFont(Theme::strongFont());
        return label;
    };
    m_selectionLine = plainLabel({}, nullptr, panel);
    m_selectionLine->setWordWrap(true);
    m_selectionRanges = plainLabel({}, "muted", panel);
    m_selectionRanges->setFont(Theme::monoFont());
    m_selectionRanges->setWordWrap(true);
    m_note = plainLabel({}, "muted", panel);
    m_note->setWordWrap(true);
    m_note->hide();
    m_switchOn = new QPushButton(tr("Enable counting… (Config)"), panel);
    m_switchOn->setObjectName(u"countSlotUse"_s);
    m_switchOn->hide();
    connect(m_switchOn, &QPushButton::clicked, this,
            [this] { context().goTo({.page = u"config"_s, .setting = "cluster-slot-stats-enabled"_ba}); });
    m_hot = new HotSlots(panel);
    connect(m_hot, &HotSlots::slotChosen, this, [this](int slot) {
        SlotSet chosen;
        chosen.add(quint16(slot));
        m_map->select(chosen);
        m_map->setFound(slot);
    });
    m_selectionButtons = new QWidget(panel);
    auto *copy = new QPushButton(tr("Copy ranges"), m_selectionButtons);
    auto *clear = new QPushButton(tr("Clear"), m_selectionButtons);
    clear->setProperty("quiet", true);
    m_move = new QPushButton(m_selectionButtons);
    m_move->setObjectName(u"moveSlots"_s);
    m_move->setProperty("primary", true);
    connect(m_move, &QPushButton::clicked, this, [this] { moveSelection(); });
    connect(copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_map->selected().toString()); });
    connect(clear, &QPushButton::clicked, m_map, &SlotMap::clearSelection);
    auto *buttons = new QHBoxLayout(m_selectionButtons);
    buttons->setContentsMargins(0, 2, 0, 0);
    for (QPushButton *button : {m_move, copy, clear})
        buttons->addWidget(button);
    buttons->addStretch();
    auto *layout = new QVBoxLayout(panel);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(6);
    layout->addWidget(heading(tr("Selection")));
    for (QWidget *widget : std::initializer_list<QWidget *>{m_selectionLine, m_selectionRanges, m_selectionButtons})
        layout->addWidget(widget);
    layout->addWidget(m_hot);
    layout->addSpacing(10);
    layout->addWidget(heading(tr("Shards")));
    layout->addWidget(m_note);
    layout->addWidget(m_switchOn, 0, Qt::AlignLeft);
    auto *list = new QHBoxLayout;
    list->setContentsMargins(-8, 0, -8, 0);
    list->addWidget(m_legend);
    layout->addLayout(list, 1);
    layout->addWidget(m_findings);
    return panel;
}

void SlotsPage::showMapMenu(const QPoint &point)
{
    if (!isFilled())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    fillMapMenu(menu, m_map->slotAt(m_map->viewport()->mapFrom(m_map, point)));
    menu->popup(m_map->mapToGlobal(point));
}

void SlotsPage::fillMapMenu(QMenu *menu, int slot)
{
    const bool any = !m_map->selected().isEmpty();
    addActs(menu, OperationActs::ofSlots(*m_view, m_map->selected()), context().isReadOnly(), this,
            [this](const OperationDraft &draft) { Q_EMIT operationRequested(draft); });
    menu->addSeparator();
    menu->addAction(tr("Copy ranges"), this,
                    [this] { QGuiApplication::clipboard()->setText(m_map->selected().toString()); })
        ->setEnabled(any);
    menu->addAction(tr("Clear selection"), m_map, &SlotMap::clearSelection)->setEnabled(any);
    menu->addSeparator();
    const int owner = slot < 0 ? ClusterView::noOwner : m_view->owner.at(size_t(slot));
    const int shard = owner == ClusterView::noOwner ? -1 : m_view->nodes.at(size_t(owner)).shard;
    if (slot >= 0) {
        menu->addAction(tr("Copy slot number %1").arg(groupedNumber(slot)), this,
                        [slot] { QGuiApplication::clipboard()->setText(QString::number(slot)); });
    }
    if (shard >= 0) {
        const ShardState &state = m_view->shards.at(size_t(shard));
        menu->addAction(tr("Select all of %1").arg(shardTitle(state)), this,
                        [this, set = state.slots] { m_map->select(set); });
    }
    menu->addAction(tr("Slot of a key…"), this, [this] {
        m_key->setFocus();
        m_key->selectAll();
    });
    menu->addAction(tr("Count keys again"), this, &SlotsPage::requestCounts);
}

void SlotsPage::fillExportMenu(QMenu *menu)
{
    menu->clear();
    const auto save = [this](const QString &suffix, TableFormat format) {
        saveBytes(this, u"slots"_s, suffix, exportTable(m_legend->shards(), format));
    };
    menu->addAction(tr("Picture of the map (PNG)…"), this, [this] { saveImage(this, u"slots"_s, m_map->toImage()); });
    menu->addAction(tr("Ranges as text…"), this, [save] { save(u"txt"_s, TableFormat::Text); });
    menu->addAction(tr("Ranges as CSV…"), this, [save] { save(u"csv"_s, TableFormat::Csv); });
    menu->addAction(tr("Ranges as JSON…"), this, [save] { save(u"json"_s, TableFormat::Json); });
    for (QAction *action : menu->actions())
        action->setEnabled(isFilled());
}

/// Text of what the fullest colour of the map stands for.
QString SlotsPage::scaleText() const
{
    const auto colouring = SlotColouring(m_colouring->current());
    const auto most = [](const SlotValues &values) { return *std::max_element(values.begin(), values.end()); };
    if (colouring == SlotColouring::Owner)
        return {};
    if (colouring == SlotColouring::Keys)
        return m_counts && most(m_counts->keys) > 0 ? tr("%1 keys in a slot").arg(groupedNumber(most(m_counts->keys)))
                                                    : QString();
    const SlotHeatPtr heat = m_heat->heat();
    return heat && heat->known > 0 && most(heat->values) > 0 ? slotHeatText(heat->metric, most(heat->values))
                                                             : QString();
}

} // namespace slotscope
