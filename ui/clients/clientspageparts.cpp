// SPDX-License-Identifier: GPL-3.0-or-later
// What ClientsPage is put together from.
#include "ui/clients/clientsdelegate.h"
#include "ui/clients/clientspage.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/exporting.h"
#include "ui/shared/icons.h"
#include "ui/shared/pagecards.h"
#include "ui/shared/rowsview.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"
#include "ui/shared/twolinedelegate.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int clientRow = 26;
constexpr int groupsMargin = 45; ///< width beside the choice of groups: margins and a gap; its label may go

} // namespace

QWidget *ClientsPage::makeHead()
{
    auto *head = new QWidget(this);
    auto *title = plainLabel(tr("Clients"), nullptr, head);
    title->setFont(Theme::titleFont());
    m_subtitle = mutedLabel(head);
    m_search = new QLineEdit(head);
    m_search->setObjectName(u"search"_s);
    m_search->setPlaceholderText(tr("Address, name, user, command"));
    m_search->setAccessibleName(tr("Address, name, user, command"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(themedIcon(u"filter"_s, m_theme), QLineEdit::LeadingPosition);
    m_search->setMinimumWidth(140);
    m_search->setMaximumWidth(240);
    m_idle = new QComboBox(head);
    m_idle->setObjectName(u"idleFilter"_s);
    m_idle->setAccessibleName(tr("Idle"));
    m_idle->addItem(tr("Idle: any"), 0);
    m_idle->addItem(tr("Idle ≥ 1 min"), 60);
    m_idle->addItem(tr("Idle ≥ 10 min"), 600);
    m_idle->addItem(tr("Idle ≥ 1 h"), 3600);
    m_node = new QComboBox(head);
    m_node->setObjectName(u"nodeFilter"_s);
    m_node->setAccessibleName(tr("Node"));
    m_node->setMaximumWidth(180);
    m_pace = new QComboBox(head);
    m_pace->setObjectName(u"pace"_s);
    m_pace->setAccessibleName(tr("Refresh"));
    m_pace->addItem(tr("Every 2 s"), 2000);
    m_pace->addItem(tr("Every 10 s"), 10'000);
    m_pace->addItem(tr("Paused"), 0);
    QPushButton *exporter = exportButton(m_theme, head, [this](QMenu *menu) { fillExportMenu(menu); });
    auto *layout = new QHBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(title);
    layout->addWidget(m_subtitle, 1);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_search, m_idle, m_node, m_pace, exporter})
        layout->addWidget(widget);
    return head;
}

QFrame *ClientsPage::makeGroups()
{
    QFrame *frame = pageCard(this);
    m_by = new SegmentedControl({tr("Library"), tr("Address"), tr("User")}, frame);
    m_by->setAccessibleName(tr("Group by"));
    m_by->setMinimumWidth(m_by->sizeHint().width());
    frame->setMinimumWidth(m_by->minimumWidth() + groupsMargin);
    m_groups = new QListWidget(frame);
    m_groups->setAccessibleName(tr("Client groups"));
    TwoLineDelegate::dress(*m_groups, m_theme);
    m_finding = new QFrame(frame);
    m_finding->setProperty("finding", u"warn"_s);
    m_findingText = wrappedLabel({}, nullptr, m_finding);
    m_selectUnread = new QPushButton(m_finding);
    m_selectUnread->setObjectName(u"selectUnread"_s);
    auto *findingLayout = new QVBoxLayout(m_finding);
    findingLayout->setContentsMargins(12, 10, 12, 10);
    findingLayout->addWidget(m_findingText);
    findingLayout->addWidget(m_selectUnread, 0, Qt::AlignLeft);
    m_finding->hide();
    auto *foot = new QVBoxLayout;
    foot->setContentsMargins(12, 8, 12, 12);
    foot->addWidget(m_finding);
    ElidedLabel *by = mutedLabel(frame);
    by->setText(tr("Group by"));
    by->setMinimumWidth(1);
    QVBoxLayout *layout = layOutCard(frame, {by, m_by}, by);
    layout->addWidget(m_groups, 1);
    layout->addLayout(foot);
    return frame;
}

QFrame *ClientsPage::makeTable()
{
    using Column = ClientsModel::Column;
    QFrame *frame = pageCard(this);
    m_tableTitle = mutedLabel(frame);
    m_showAll = new QPushButton(themedIcon(u"close"_s, m_theme), tr("Show all"), frame);
    m_showAll->setObjectName(u"showAll"_s);
    m_showAll->setProperty("quiet", true);
    m_selectAll = new QPushButton(tr("Select all"), frame);
    m_selectAll->setObjectName(u"selectAll"_s);
    m_selectAll->setProperty("quiet", true);
    m_selectAll->setToolTip(tr("All clients shown, except Slotscope's own and replication links (Ctrl+A)"));
    m_table = new RowsView(frame);
    m_table->setAccessibleName(tr("Clients"));
    m_table->setRowHeight(clientRow);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setItemDelegate(new ClientsDelegate(m_theme, m_table));
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->setModel(&m_model);
    QHeaderView *header = m_table->header();
    header->setMinimumSectionSize(32);
    for (const auto &[column, width] : std::initializer_list<std::pair<Column, int>>{{Column::Check, 36},
                                                                                     {Column::Node, 164},
                                                                                     {Column::Address, 134},
                                                                                     {Column::Name, 110},
                                                                                     {Column::User, 72},
                                                                                     {Column::Age, 80},
                                                                                     {Column::Idle, 80},
                                                                                     {Column::Words, 112},
                                                                                     {Column::Memory, 80},
                                                                                     {Column::Subs, 64},
                                                                                     {Column::State, 100}})
        header->resizeSection(int(column), width);
    header->setSectionResizeMode(int(Column::Name), QHeaderView::Stretch);
    header->setSectionResizeMode(int(Column::Check), QHeaderView::Fixed);
    header->setSortIndicatorShown(true);
    header->setSortIndicator(int(Column::Memory), Qt::DescendingOrder);
    QVBoxLayout *layout = layOutCard(frame, {m_tableTitle, m_showAll, m_selectAll}, m_tableTitle);
    layout->addWidget(m_table, 1);
    layout->addWidget(makeSelectionBar());
    return frame;
}

QWidget *ClientsPage::makeSelectionBar()
{
    m_selectionBar = new QFrame(this);
    m_selectionBar->setObjectName(u"selectionBar"_s);
    m_selectionText = new ElidedLabel({}, Qt::ElideRight, m_selectionBar);
    m_copy = new QPushButton(tr("Copy as commands"), m_selectionBar);
    m_copy->setObjectName(u"copyCommands"_s);
    m_kill = new QPushButton(m_selectionBar);
    m_kill->setObjectName(u"kill"_s);
    m_kill->setProperty("tone", u"error"_s);
    auto *layout = new QHBoxLayout(m_selectionBar);
    layout->setContentsMargins(16, 8, 12, 8);
    layout->addWidget(m_selectionText, 1);
    layout->addWidget(m_copy);
    layout->addWidget(m_kill);
    m_selectionBar->hide();
    return m_selectionBar;
}

} // namespace slotscope
