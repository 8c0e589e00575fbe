// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/usersview.h"

#include "ui/config/userpanel.h"
#include "ui/shared/celldelegate.h"
#include "ui/shared/currentstack.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/icons.h"
#include "ui/shared/nodenotice.h"
#include "ui/shared/pagecards.h"
#include "ui/shared/rowsview.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/sidesplit.h"
#include "ui/shared/theme.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int usersPaceMs = 10'000;

} // namespace

UsersView::UsersView(PageContext &context, QWidget *parent)
    : QWidget(parent)
    , m_context(context)
    , m_feed(
          context,
          [this](const NodeUsers &users) {
              m_model.take(users);
              updateNotice();
              m_stack->setCurrentIndex(isFilled() ? 0 : 1);
          },
          [this] {
              m_model.clear();
              updateAll();
              if (isVisible())
                  m_feed.readNow();
          })
{
    m_tools = makeTools();
    m_panel = new UserPanel(context.theme(), this);
    m_split = new SideSplit(makeTable(), m_panel, this);
    m_empty = new EmptyState(context.theme(), this);
    m_stack = new CurrentStack(this);
    m_stack->addWidget(m_split);
    m_stack->addWidget(m_empty);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    m_notice = new NodeNotice(context, this);
    layout->addWidget(m_notice);
    layout->addWidget(m_stack, 1);
    connectParts();
    takeRights();
    setView(context.view());
    updateAll();
}

QWidget *UsersView::makeTools()
{
    auto *tools = new QWidget(this);
    m_filter = new SegmentedControl({tr("All"), tr("≠ Different")}, tools);
    m_filter->setAccessibleName(tr("Which users"));
    m_search = new QLineEdit(tools);
    m_search->setPlaceholderText(tr("Find a user or a rule"));
    m_search->setAccessibleName(tr("Find a user or a rule"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(themedIcon(u"search"_s, m_context.theme()), QLineEdit::LeadingPosition);
    m_search->setMinimumWidth(100);
    m_search->setMaximumWidth(220);
    m_log = new QPushButton(tr("Refused…"), tools);
    m_log->setToolTip(tr("ACL LOG: logins and commands that the nodes refused"));
    m_save = new QPushButton(tr("Save to files…"), tools);
    m_new = new QPushButton(tr("New user…"), tools);
    auto *layout = new QHBoxLayout(tools);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addStretch();
    layout->addWidget(m_filter);
    layout->addWidget(m_search, 1);
    for (QPushButton *button : {m_log, m_save, m_new})
        layout->addWidget(button);
    return tools;
}

QFrame *UsersView::makeTable()
{
    using Column = UsersModel::Column;
    QFrame *frame = pageCard(this);
    m_table = new RowsView(frame);
    m_table->setAccessibleName(tr("Users"));
    m_table->setRowHeight(30);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setItemDelegate(new CellDelegate(m_context.theme(), m_table));
    m_table->setModel(&m_model);
    QHeaderView *header = m_table->header();
    header->setMinimumSectionSize(48);
    for (const auto &[column, width] : std::initializer_list<std::pair<Column, int>>{{Column::User, 150},
                                                                                     {Column::State, 60},
                                                                                     {Column::Password, 110},
                                                                                     {Column::Keys, 150},
                                                                                     {Column::Channels, 110},
                                                                                     {Column::Nodes, 160}})
        header->resizeSection(int(column), width);
    header->setSectionResizeMode(int(Column::Commands), QHeaderView::Stretch);
    auto *layout = new QVBoxLayout(frame);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_table);
    return frame;
}

void UsersView::connectParts()
{
    connect(&m_model, &UsersModel::compared, this, &UsersView::updateAll);
    connect(&m_context, &PageContext::readOnlyChanged, this, &UsersView::takeRights);
    connect(m_filter, &SegmentedControl::currentChanged, this, &UsersView::updateFilter);
    connect(m_search, &QLineEdit::textChanged, this, &UsersView::updateFilter);
    connect(m_table, &QAbstractItemView::clicked, this, &UsersView::takeCurrent);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &now) {
        if (now.isValid())
            takeCurrent();
    });
    m_table->installEventFilter(this);
    connect(m_new, &QPushButton::clicked, this, [this] { openDialog(nullptr); });
    connect(m_log, &QPushButton::clicked, this, &UsersView::openLog);
    connect(m_save, &QPushButton::clicked, this, &UsersView::askToSave);
    connect(m_panel, &UserPanel::closed, this, &UsersView::closeDetail);
    connect(m_panel, &UserPanel::editRequested, this, [this] { openDialog(m_model.find(m_chosen)); });
    connect(m_panel, &UserPanel::removeRequested, this, &UsersView::askToRemove);
    connect(m_panel, &UserPanel::copyRequested, this, &UsersView::askToCopy);
    connect(m_panel, &UserPanel::tryRequested, this, &UsersView::openTrial);
}

void UsersView::setView(const ClusterViewPtr &view)
{
    m_model.setView(view);
    if (isVisible() && m_model.isUntouched())
        m_feed.readNow();
}

void UsersView::readAgain()
{
    m_feed.readNow();
}

void UsersView::updateFilter()
{
    m_model.setFilter(m_filter->current() == 1, m_search->text());
    if (const int row = m_model.rowOf(m_chosen); row >= 0)
        m_table->setCurrentIndex(m_model.index(row, 0));
}

void UsersView::takeCurrent()
{
    if (const UserRow *row = m_model.rowAt(m_table->currentIndex().row())) {
        m_chosen = row->most.name;
        m_panel->show(*row, m_model.nodes());
        m_split->setPanelShown(true);
    }
}

void UsersView::showUser(const QByteArray &user)
{
    m_filter->setCurrent(0);
    m_search->clear();
    if (const int row = m_model.rowOf(user); row >= 0) {
        m_table->setCurrentIndex(m_model.index(row, 0));
        takeCurrent();
    }
}

bool UsersView::closeDetail()
{
    if (!m_split->isPanelShown())
        return false;
    m_split->setPanelShown(false);
    m_chosen.clear();
    m_table->setFocus();
    return true;
}

void UsersView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_feed.setPace(usersPaceMs);
    m_feed.readNow();
}

void UsersView::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_feed.setPace(0);
}

bool UsersView::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_table && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            takeCurrent();
            return true;
        }
        if (key == Qt::Key_Delete && m_model.rowOf(m_chosen) >= 0 && m_panel->removeButton()->isEnabled()) {
            askToRemove();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace slotscope
