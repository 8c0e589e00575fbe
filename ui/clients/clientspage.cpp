// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clients/clientspage.h"

#include "ui/shared/currentstack.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/nodenotice.h"
#include "ui/shared/pageshortcut.h"
#include "ui/shared/rowsview.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"

#include <QComboBox>
#include <QDateTime>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int gatherClientsMs = 80;
constexpr int narrowClientsPage = 1100;

} // namespace

ClientsPage::ClientsPage(PageContext &context, QWidget *parent)
    : Page(context, parent)
    , m_theme(context.theme())
    , m_feed(
          context, [this](const NodeClients &clients) { takeClients(clients); }, [this] { takeService(); })
{
    m_split = new QSplitter(Qt::Horizontal, this);
    m_split->setChildrenCollapsible(false);
    m_split->setHandleWidth(8);
    QWidget *head = makeHead();
    m_notice = new NodeNotice(context, this);
    m_unpause = new QPushButton(tr("End the pause…"), m_notice);
    m_unpause->setObjectName(u"unpause"_s);
    m_notice->addButton(m_unpause);
    m_split->addWidget(makeGroups());
    m_split->addWidget(makeTable());
    m_split->setStretchFactor(1, 1);
    m_split->setSizes({300, 1000});
    m_empty = new EmptyState(m_theme, this);
    m_empty->setContent(u"clients"_s, tr("Nothing has been read yet"),
                        tr("Clients appear as soon as the nodes answer."));
    m_stack = new CurrentStack(this);
    m_stack->addWidget(m_split);
    m_stack->addWidget(m_empty);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(12);
    layout->addWidget(head);
    layout->addWidget(m_notice);
    layout->addWidget(m_stack, 1);
    m_updating.setSingleShot(true);
    m_updating.setInterval(gatherClientsMs);
    connectParts();
    fillNodes();
    takeRights();
    updateAll();
}

ClientsPage::~ClientsPage() = default;

void ClientsPage::connectParts()
{
    connect(&m_updating, &QTimer::timeout, this, &ClientsPage::updateAll);
    connect(&context(), &PageContext::readOnlyChanged, this, &ClientsPage::takeRights);
    connect(&m_model, &ClientsModel::checksChanged, this, &ClientsPage::updateSelection);
    connect(m_search, &QLineEdit::textChanged, this, &ClientsPage::takeFilter);
    connect(m_idle, &QComboBox::currentIndexChanged, this, &ClientsPage::takeFilter);
    connect(m_node, &QComboBox::currentIndexChanged, this, &ClientsPage::takeFilter);
    connect(m_pace, &QComboBox::currentIndexChanged, this, &ClientsPage::setPace);
    connect(m_by, &SegmentedControl::currentChanged, this, &ClientsPage::takeGroupBy);
    connect(m_groups, &QListWidget::currentRowChanged, this, &ClientsPage::chooseGroup);
    connect(m_showAll, &QPushButton::clicked, this, [this] { chooseGroup(0); });
    connect(m_selectAll, &QPushButton::clicked, this, [this] { m_model.checkAll(m_model.checkedCount() == 0); });
    connect(m_selectUnread, &QPushButton::clicked, &m_model, &ClientsModel::checkUnread);
    connect(m_copy, &QPushButton::clicked, this, &ClientsPage::copyCommands);
    connect(m_kill, &QPushButton::clicked, this, [this] { askToKill(m_model.checkedClients()); });
    connect(m_unpause, &QPushButton::clicked, this, [this] { unpause(m_paused); });
    connect(m_table, &QWidget::customContextMenuRequested, this, &ClientsPage::openMenu);
    connect(m_table->header(), &QHeaderView::sectionClicked, this, [this](int column) {
        if (column == int(ClientsModel::Column::Check))
            m_model.checkAll(m_model.checkedCount() == 0);
        else
            m_model.sort(column, m_table->header()->sortIndicatorOrder());
    });
    m_table->installEventFilter(this);
    addPageShortcut(this, QKeySequence::Find, tr("Find a client"), [this] {
        m_search->setFocus();
        m_search->selectAll();
    });
    addPageShortcut(this, pauseKeys(), tr("Pause, or read on"), [this] {
        const int paused = m_pace->findData(0);
        m_pace->setCurrentIndex(m_pace->currentIndex() == paused ? 0 : paused);
    });
    addPageShortcut(this, removeKeys(), tr("Kill the selected clients…"),
                    [this] { askToKill(m_model.checkedClients()); });
}

void ClientsPage::setView(const ClusterViewPtr &view)
{
    m_model.setView(view);
    fillNodes();
    if (m_readAt == 0 && isVisible())
        m_feed.readNow();
}

/// Uses the new session, or none.
void ClientsPage::takeService()
{
    m_model.clear();
    m_notice->tell({}, false);
    m_readAt = 0;
    setPace();
    if (m_hasBegun)
        m_feed.readNow();
    m_updating.start();
}

void ClientsPage::takeClients(const NodeClients &clients)
{
    const bool isFirst = m_readAt == 0;
    m_readAt = QDateTime::currentMSecsSinceEpoch();
    m_model.take(clients);
    if (isFirst || m_model.rowCount() == 0)
        m_model.arrange();
    if (isFirst)
        updateAll(); // show the table at once in place of the empty page
    else if (!m_updating.isActive())
        m_updating.start();
}

void ClientsPage::takeFilter()
{
    ClientsModel::Filter filter;
    filter.text = m_search->text();
    filter.idleSeconds = m_idle->currentData().toLongLong();
    filter.nodeId = m_node->currentData().toByteArray();
    m_model.setFilter(filter);
    updateAll();
}

void ClientsPage::takeGroupBy()
{
    m_group.reset();
    m_model.setGroup(ClientsModel::GroupBy(m_by->current()), m_group);
    updateAll();
}

void ClientsPage::chooseGroup(int row)
{
    const bool isOne = row > 0 && row <= int(m_shownGroups.size());
    const std::optional<ClientsModel::Group> chosen =
        isOne ? std::optional(m_shownGroups[size_t(row - 1)]) : std::nullopt;
    if (chosen == m_group)
        return;
    m_group = chosen;
    m_model.setGroup(ClientsModel::GroupBy(m_by->current()), m_group);
    updateAll();
}

void ClientsPage::takeRights()
{
    const bool readOnly = context().isReadOnly();
    for (QPushButton *button : {m_kill, m_unpause}) {
        button->setEnabled(!readOnly);
        button->setToolTip(readOnly ? tr("This connection is read-only.") : QString());
    }
}

void ClientsPage::fillNodes()
{
    const QByteArrayList ids = m_feed.nodes();
    bool isSame = m_node->count() == ids.size() + 1;
    for (int i = 0; isSame && i < ids.size(); ++i)
        isSame = m_node->itemData(i + 1).toByteArray() == ids[i] && m_node->itemText(i + 1) == m_model.nameOf(ids[i]);
    if (isSame)
        return;
    const QByteArray chosen = m_node->currentData().toByteArray();
    const QSignalBlocker quiet(m_node);
    m_node->clear();
    m_node->addItem(tr("All nodes"), QByteArray());
    for (const QByteArray &id : ids)
        m_node->addItem(m_model.nameOf(id), id);
    m_node->setCurrentIndex(std::max(0, m_node->findData(chosen)));
    if (m_node->currentData().toByteArray() != chosen)
        takeFilter();
}

void ClientsPage::setPace()
{
    m_feed.setPace(m_hasBegun && isVisible() ? m_pace->currentData().toInt() : 0);
}

void ClientsPage::showPlace(const Place &place)
{
    if (!place.node.isEmpty())
        m_node->setCurrentIndex(std::max(0, m_node->findData(place.node)));
}

void ClientsPage::readAgain()
{
    m_model.arrange();
    m_feed.readNow();
}

bool ClientsPage::closeDetail()
{
    if (m_model.checkedCount() > 0) {
        m_model.checkAll(false);
        return true;
    }
    if (!m_group)
        return false;
    chooseGroup(0);
    return true;
}

void ClientsPage::saveState(QSettings &settings) const
{
    settings.setValue(u"clients/by"_s, m_by->current());
    settings.setValue(u"clients/pace"_s, m_pace->currentIndex());
    settings.setValue(u"clients/split"_s, m_split->saveState());
}

void ClientsPage::restoreState(const QSettings &settings)
{
    m_by->setCurrent(settings.value(u"clients/by"_s, 0).toInt());
    m_pace->setCurrentIndex(settings.value(u"clients/pace"_s, 0).toInt());
    if (const QByteArray state = settings.value(u"clients/split"_s).toByteArray(); !state.isEmpty())
        m_split->restoreState(state);
}

void ClientsPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    m_hasBegun = true;
    setPace();
    m_feed.readNow();
}

void ClientsPage::hideEvent(QHideEvent *event)
{
    Page::hideEvent(event);
    setPace();
}

void ClientsPage::resizeEvent(QResizeEvent *event)
{
    using Column = ClientsModel::Column;
    Page::resizeEvent(event);
    const bool isNarrow = width() < narrowClientsPage;
    if (std::exchange(m_isNarrow, isNarrow) == isNarrow)
        return;
    for (const Column column : {Column::User, Column::Subs, Column::Age, Column::State})
        m_table->header()->setSectionHidden(int(column), isNarrow);
    for (const auto &[column, wide, narrow] :
         std::initializer_list<std::tuple<Column, int, int>>{{Column::Node, 164, 150},
                                                             {Column::Address, 134, 126},
                                                             {Column::Idle, 80, 56},
                                                             {Column::Words, 112, 96},
                                                             {Column::Memory, 80, 76}})
        m_table->header()->resizeSection(int(column), isNarrow ? narrow : wide);
    if (isNarrow)
        m_split->setSizes({230, width()});
}

void ClientsPage::toggleCurrent()
{
    const QModelIndex box = m_table->currentIndex().siblingAtColumn(int(ClientsModel::Column::Check));
    m_model.setChecked(box.row(), box.data(Qt::CheckStateRole).toInt() != Qt::Checked);
}

bool ClientsPage::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != m_table || event->type() != QEvent::KeyPress)
        return Page::eventFilter(watched, event);
    const auto *key = static_cast<QKeyEvent *>(event);
    if (key->key() == Qt::Key_Space && m_table->currentIndex().isValid()) {
        toggleCurrent();
        return true;
    }
    if (key->matches(QKeySequence::SelectAll)) {
        m_model.checkAll(true);
        return true;
    }
    if (key->key() == Qt::Key_Delete && m_kill->isEnabled() && m_model.checkedCount() > 0) {
        askToKill(m_model.checkedClients());
        return true;
    }
    return Page::eventFilter(watched, event);
}

} // namespace slotscope
