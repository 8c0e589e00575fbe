// SPDX-License-Identifier: GPL-3.0-or-later
// The building half of SlowlogPage: its head, its cards, its side panel.
#include "ui/shared/currentstack.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/exporting.h"
#include "ui/shared/icons.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/sidesplit.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"
#include "ui/slowlog/entrycard.h"
#include "ui/slowlog/plotlegend.h"
#include "ui/slowlog/slowlogpage.h"
#include "ui/slowlog/slowlogplot.h"
#include "ui/slowlog/thresholdcard.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int tableRowHeight = 26, plotCardHeight = 188, searchWidth = 190;

ElidedLabel *quietLabel(QWidget *parent)
{
    auto *label = new ElidedLabel({}, Qt::ElideRight, parent);
    label->setProperty("tone", u"muted"_s);
    return label;
}

QFrame *card(QWidget *parent)
{
    auto *frame = new QFrame(parent);
    frame->setProperty("card", true);
    return frame;
}

QLabel *cardTitle(const QString &text, QWidget *parent)
{
    QLabel *label = plainLabel(text, nullptr, parent);
    label->setFont(Theme::strongFont());
    return label;
}

/// Lays out a card with a head of 46 px above its content.
QVBoxLayout *cardLayout(QFrame *card, const QList<QWidget *> &head, QWidget *stretched)
{
    auto *row = new QHBoxLayout;
    row->setContentsMargins(16, 8, 8, 8);
    row->setSpacing(8);
    for (QWidget *part : head)
        row->addWidget(part, part == stretched ? 1 : 0);
    auto *layout = new QVBoxLayout(card);
    layout->setContentsMargins(1, 0, 1, 1);
    layout->setSpacing(0);
    layout->addLayout(row);
    return layout;
}

void dressTable(TableView *table, int stretched, std::initializer_list<std::pair<int, int>> widths)
{
    table->verticalHeader()->setDefaultSectionSize(tableRowHeight);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    QHeaderView *header = table->horizontalHeader();
    header->setMinimumSectionSize(48);
    for (const auto &[column, width] : widths)
        header->resizeSection(column, width);
    header->setSectionResizeMode(stretched, QHeaderView::Stretch);
}

} // namespace

QWidget *SlowlogPage::makeHead()
{
    auto *head = new QWidget(this);
    auto *title = plainLabel(tr("Slow log"), nullptr, head);
    title->setFont(Theme::titleFont());
    m_subtitle = quietLabel(head);
    m_kind = new SegmentedControl({tr("Slow"), tr("Large requests"), tr("Large replies")}, head);
    m_kind->setAccessibleName(tr("Log type"));
    m_kind->hide();
    m_live = new QPushButton(head);
    m_live->setObjectName(u"live"_s);
    m_live->setCheckable(true);
    m_live->setProperty("toggle", true);
    m_panelButton = new QPushButton(themedIcon(u"panel"_s, m_theme), tr("Thresholds"), head);
    m_panelButton->setObjectName(u"panel"_s);
    m_panelButton->hide();
    QPushButton *exporter = exportButton(m_theme, head, [this](QMenu *menu) { fillExportMenu(menu); });
    m_reset = new QPushButton(tr("Reset…"), head);
    m_reset->setObjectName(u"reset"_s);
    auto *menu = new QMenu(m_reset);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] { fillResetMenu(menu); });
    m_reset->setMenu(menu);
    auto *layout = new QHBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(title);
    layout->addWidget(m_subtitle, 1);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_kind, m_live, m_panelButton, exporter, m_reset})
        layout->addWidget(widget);
    return head;
}

QWidget *SlowlogPage::makeNotice()
{
    m_notice = new QFrame(this);
    m_notice->setProperty("finding", u"warn"_s);
    m_noticeText = wrappedLabel({}, nullptr, m_notice);
    m_noticeText->setObjectName(u"notice"_s);
    m_copyRight = new QPushButton(tr("Copy ACL command"), m_notice);
    m_dismiss = new QPushButton(tr("Close"), m_notice);
    m_dismiss->setProperty("quiet", true);
    auto *layout = new QHBoxLayout(m_notice);
    layout->setContentsMargins(14, 8, 8, 8);
    layout->addWidget(m_noticeText, 1);
    layout->addWidget(m_copyRight, 0, Qt::AlignTop);
    layout->addWidget(m_dismiss, 0, Qt::AlignTop);
    m_notice->hide();
    return m_notice;
}

QWidget *SlowlogPage::makePlotCard()
{
    QFrame *frame = card(this);
    frame->setFixedHeight(plotCardHeight);
    m_plotTitle = cardTitle(tr("Duration over time"), frame);
    m_legend = new PlotLegend(m_theme, frame);
    m_span = new SegmentedControl({tr("5 min"), tr("30 min"), tr("3 h"), tr("All")}, frame);
    m_span->setAccessibleName(tr("Time shown"));
    m_plot = new SlowlogPlot(m_theme, m_entries, frame);
    QVBoxLayout *layout = cardLayout(frame, {m_plotTitle, m_legend, m_span}, m_legend);
    layout->addWidget(m_plot, 1);
    return frame;
}

QWidget *SlowlogPage::makeShapesCard()
{
    using Column = ShapesModel::Column;
    QFrame *frame = card(this);
    m_shapesNote = quietLabel(frame);
    m_nodeFilter = new QComboBox(frame);
    m_nodeFilter->setObjectName(u"nodeFilter"_s);
    m_nodeFilter->setAccessibleName(tr("Node"));
    m_nodeFilter->setMaximumWidth(180);
    m_costFilter = new QComboBox(frame);
    m_costFilter->setObjectName(u"costFilter"_s);
    m_costFilter->setAccessibleName(tr("At least"));
    m_search = new QLineEdit(frame);
    m_search->setObjectName(u"search"_s);
    m_search->setPlaceholderText(tr("Command, key or client"));
    m_search->setAccessibleName(tr("Command, key or client"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(themedIcon(u"filter"_s, m_theme), QLineEdit::LeadingPosition);
    m_search->setMinimumWidth(120);
    m_search->setMaximumWidth(searchWidth);
    m_hideOurs = new QCheckBox(tr("Hide Slotscope's own"), frame);
    m_hideOurs->setObjectName(u"hideOurs"_s);
    m_hideOurs->setToolTip(tr("Commands from clients named “slotscope”"));
    m_hideOurs->setChecked(true);
    m_shapesTable = new TableView(m_theme, frame);
    m_shapesTable->setAccessibleName(tr("By shape of command"));
    m_shapesTable->setSource(&m_shapes);
    m_shapesTable->sortByColumn(int(Column::Total), Qt::DescendingOrder);
    dressTable(m_shapesTable, int(Column::Shape),
               {{int(Column::Count), 76},
                {int(Column::Total), 176},
                {int(Column::P50), 84},
                {int(Column::P99), 84},
                {int(Column::Longest), 88},
                {int(Column::Shards), 92}});
    QVBoxLayout *layout = cardLayout(
        frame,
        {cardTitle(tr("By shape of command"), frame), m_shapesNote, m_nodeFilter, m_costFilter, m_search, m_hideOurs},
        m_shapesNote);
    layout->addWidget(m_shapesTable, 1);
    return frame;
}

QWidget *SlowlogPage::makeEntriesCard()
{
    using Column = SlowlogModel::Column;
    QFrame *frame = card(this);
    m_entriesNote = quietLabel(frame);
    m_showAll = new QPushButton(themedIcon(u"close"_s, m_theme), tr("Show all"), frame);
    m_showAll->setObjectName(u"showAll"_s);
    m_showAll->setProperty("quiet", true);
    m_showAll->hide();
    m_keep = new QCheckBox(tr("Keep on disk"), frame);
    m_keep->setObjectName(u"keep"_s);
    m_older = new QPushButton(frame);
    m_older->setObjectName(u"older"_s);
    m_older->setProperty("quiet", true);
    m_older->hide();
    m_entriesTable = new TableView(m_theme, frame);
    m_entriesTable->setAccessibleName(tr("Entries"));
    m_entriesTable->setSource(&m_entries);
    m_entriesTable->sortByColumn(int(Column::Time), Qt::DescendingOrder);
    dressTable(m_entriesTable, int(Column::Words),
               {{int(Column::Time), 92},
                {int(Column::Node), 148},
                {int(Column::Cost), 184},
                {int(Column::Client), 148},
                {int(Column::Name), 108}});
    QVBoxLayout *layout =
        cardLayout(frame, {cardTitle(tr("Entries"), frame), m_entriesNote, m_keep, m_older, m_showAll}, m_entriesNote);
    layout->addWidget(m_entriesTable, 1);
    return frame;
}

QWidget *SlowlogPage::makeMain()
{
    auto *content = new QWidget(this);
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(makePlotCard());
    layout->addWidget(makeShapesCard(), 4);
    layout->addWidget(makeEntriesCard(), 5);
    m_empty = new EmptyState(m_theme, this);
    m_lower = m_empty->addAction(tr("Lower the threshold…"), true);
    m_stack = new CurrentStack(this);
    m_stack->addWidget(content);
    m_stack->addWidget(m_empty);
    return m_stack;
}

QFrame *SlowlogPage::makePanel()
{
    auto *panel = new QFrame(this);
    panel->setProperty("panel", true);
    m_thresholdCard = new ThresholdCard(m_theme, m_thresholds, panel);
    m_entryCard = new EntryCard(m_theme, panel);
    auto *layout = new QVBoxLayout(panel);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_thresholdCard);
    layout->addWidget(m_entryCard, 1);
    return panel;
}

} // namespace slotscope
