// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/topologypage.h"

#include "core/models/nodewords.h"
#include "core/session/sessiondoor.h"
#include "ui/shared/operationmenu.h"
#include "ui/shared/currentstack.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/exporting.h"
#include "ui/shared/icons.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/sidesplit.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"
#include "ui/topology/hostscard.h"
#include "ui/topology/latestchanges.h"
#include "ui/topology/nodedetail.h"
#include "ui/topology/sentinelcard.h"
#include "ui/topology/shardcanvas.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QInputDialog>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QSettings>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int changesGap = 16;

enum Form { ShardsForm, HostsForm, TableForm };

void copyText(const QString &text)
{
    QGuiApplication::clipboard()->setText(text);
}

} // namespace

TopologyPage::TopologyPage(PageContext &context, QWidget *parent)
    : Page(context, parent)
    , m_theme(context.theme())
    , m_stack(new CurrentStack(this))
    , m_canvas(new ShardCanvas(m_theme, this))
    , m_table(new TableView(m_theme, this))
    , m_empty(new EmptyState(m_theme, this))
    , m_sentinels(new SentinelCard(context, this))
    , m_changes(new LatestChanges(context, this))
    , m_hosts(new HostsCard(m_theme, this))
    , m_below(new QWidget(this))
    , m_map(new QWidget(this))
    , m_detail(new NodeDetail(m_theme, this))
    , m_split(new SideSplit(m_stack, m_detail, this))
{
    makeTable();
    auto *tableCard = new QFrame(this);
    tableCard->setProperty("card", true);
    auto *cardLayout = new QVBoxLayout(tableCard);
    cardLayout->setContentsMargins(8, 4, 8, 8);
    cardLayout->addWidget(m_table);
    auto *mapLayout = new QVBoxLayout(m_map);
    mapLayout->setContentsMargins(0, 0, 0, 0);
    mapLayout->setSpacing(changesGap);
    mapLayout->addWidget(m_canvas, 1);
    mapLayout->addWidget(m_sentinels);
    auto *below = new QHBoxLayout(m_below);
    below->setContentsMargins(0, 0, 0, 0);
    below->setSpacing(changesGap);
    below->addWidget(m_hosts, 2);
    below->addWidget(m_changes, 1);
    mapLayout->addWidget(m_below);
    m_map->installEventFilter(this);
    m_stack->addWidget(m_map);
    m_stack->addWidget(tableCard);
    m_stack->addWidget(m_empty);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(16);
    layout->addWidget(makeHead());
    layout->addWidget(m_split, 1);
    connectParts();
    makeShortcuts();
    updateHead();
    updateStack();
}

void TopologyPage::makeTable()
{
    using Column = NodeTableModel::Column;
    m_table->setAccessibleName(tr("Nodes"));
    m_table->setSource(&m_model);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->sortByColumn(int(Column::Shard), Qt::AscendingOrder);
    const std::initializer_list<std::pair<Column, int>> widths{
        {Column::State, 96},        {Column::Role, 84},         {Column::Address, 190}, {Column::Id, 150},
        {Column::Shard, 92},        {Column::Slots, 74},        {Column::Keys, 100},    {Column::Memory, 84},
        {Column::OpsPerSecond, 78}, {Column::Clients, 88},      {Column::Lag, 78},      {Column::Version, 76},
        {Column::Uptime, 110},      {Column::SaidFailedBy, 260}};
    for (const auto &[column, width] : widths)
        m_table->setColumnWidth(int(column), width);
    m_table->setColumnShown(int(Column::Id), false);
}

void TopologyPage::connectParts()
{
    connect(m_form, &SegmentedControl::currentChanged, this, [this](int form) {
        if (form != TableForm)
            m_canvas->setGrouping(form == HostsForm ? CardGrouping::Hosts : CardGrouping::Shards);
        else
            updateTable();
        placeChanges();
        updateHead();
        updateStack();
    });
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_canvas->setFilter(text);
        m_table->setFilterText(text);
        updateStack();
    });
    connect(m_canvas, &ShardCanvas::currentChanged, this,
            [this](const QByteArray &id) { selectNode(id, m_split->isPanelShown()); });
    connect(m_canvas, &ShardCanvas::activated, this, [this](const QByteArray &id) { selectNode(id, true); });
    connect(m_canvas, &ShardCanvas::menuRequested, this, [this](const QByteArray &id, const QPoint &position) {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        fillMenu(menu, id);
        menu->popup(position);
    });
    connect(m_canvas, &ShardCanvas::cardMenuRequested, this,
            [this](Card::Kind kind, const QByteArray &member, const QPoint &position) {
                auto *menu = new QMenu(this);
                menu->setAttribute(Qt::WA_DeleteOnClose);
                fillCardMenu(menu, kind, member);
                menu->popup(position);
            });
    connect(m_table, &TableView::rowChosen, this, [this](int row) {
        if (const NodeState *node = m_updating ? nullptr : m_model.nodeAt(row))
            selectNode(node->id, m_split->isPanelShown());
    });
    const auto open = [this](const QModelIndex &index) { selectNode(index.data(IdRole).toByteArray(), true); };
    connect(m_table, &TableView::clicked, this, open);
    connect(m_table, &TableView::activated, this, open);
    connect(m_table, &TableView::menuRequested, this, [this](QMenu *menu, int row) {
        if (const NodeState *node = m_model.nodeAt(row))
            fillMenu(menu, node->id);
    });
    connect(m_trouble, &SegmentedControl::currentChanged, this, [this](int which) {
        m_canvas->setOnlyTrouble(which == 1);
        placeChanges();
        updateStack();
    });
    connect(m_hosts, &HostsCard::hostChosen, this, [this](const QByteArray &node) {
        m_form->setCurrent(HostsForm);
        selectNode(node, false); // also scrolls to its card
    });
    connect(&context(), &PageContext::readOnlyChanged, this, &TopologyPage::updateHead);
    connect(&context(), &PageContext::metricsBookChanged, this, [this] { m_canvas->setBook(context().metricsBook()); });
    m_canvas->setBook(context().metricsBook());
    connect(&context(), &PageContext::alertsChanged, this, &TopologyPage::takeAlerts);
    connect(m_detail, &NodeDetail::closeRequested, this, &TopologyPage::closeDetail);
    connect(m_detail, &NodeDetail::addressRequested, this,
            [this](const QByteArray &id) { context().showAddresses(id); });
    connect(m_detail, &NodeDetail::copyRequested, this, [](const QString &text) { copyText(text); });
    connect(&m_clock, &QTimer::timeout, m_detail, &NodeDetail::refreshTimes);
    connect(&m_clock, &QTimer::timeout, this, [this] {
        if (m_map->isVisible())
            m_changes->look();
    });
    m_clock.start(1000);
}

/// The shortcuts shown in a node's menu also work without the menu, on the selected node.
void TopologyPage::makeShortcuts()
{
    const auto add = [this](const QKeySequence &keys, const QString &title, Operation operation) {
        auto *shortcut = new QShortcut(keys, this);
        shortcut->setWhatsThis(title);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, [this, operation] {
            const NodeState *node = m_view && !context().isReadOnly() ? m_view->node(m_selected) : nullptr;
            if (node && (m_view->cluster || (operation == Operation::Failover && node->isReplica())))
                Q_EMIT operationRequested(draftOf(operation, node->id));
        });
    };
    add(QKeySequence(u"Ctrl+Shift+F"_s), tr("Fail over to the selected node…"), Operation::Failover);
    add(QKeySequence(u"Ctrl+Del"_s), tr("Remove the selected node…"), Operation::RemoveNode);
}

bool TopologyPage::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_map && event->type() == QEvent::Show)
        m_changes->look();
    if (watched == m_map && (event->type() == QEvent::Resize || event->type() == QEvent::Show))
        placeChanges();
    return Page::eventFilter(watched, event);
}

void TopologyPage::takeAlerts()
{
    QHash<QByteArray, QStringList> titles, words;
    QStringList ofCluster;
    for (const NodeAlert &alert : context().alerts()) {
        if (alert.node.isEmpty()) {
            ofCluster.append(alert.words);
            continue;
        }
        titles[alert.node].append(alert.title);
        words[alert.node].append(alert.words);
    }
    m_canvas->setAlerts(titles, words);
    m_alert->setText(ofCluster.isEmpty() ? QString() : u"▲ "_s + ofCluster.join(u" · "_s));
    m_alert->setVisible(!ofCluster.isEmpty());
}

void TopologyPage::setView(const ClusterViewPtr &view)
{
    m_view = view;
    if (!view || m_form->current() == TableForm)
        updateTable();
    m_canvas->setView(view);
    m_sentinels->setView(view);
    m_hosts->setView(view);
    placeChanges();
    updateHead();
    if (view && view->node(m_selected))
        m_detail->setNode(view, m_selected);
    else if (!m_selected.isEmpty())
        closeDetail();
    if (view) {
        QStringList parts;
        if (view->cluster)
            parts.append(counted(qint64(view->shards.size()), tr("1 shard"), tr("%1 shards")));
        parts.append(counted(qint64(view->nodes.size()), tr("1 node"), tr("%1 nodes")));
        if (view->cluster)
            parts.append(counted(view->observers, tr("reported by 1 node"),
                                 view->agreed ? tr("reported by %1 nodes, all agree") : tr("reported by %1 nodes")));
        m_subtitle->setText(parts.join(u" · "_s));
    } else {
        m_subtitle->clear();
    }
    updateStack();
}

/// Updates the table only while it is visible: sorting a thousand hidden rows would slow down every refresh.
void TopologyPage::updateTable()
{
    const QScopedValueRollback guard(m_updating, true);
    m_model.setView(m_view);
    if (!m_selected.isEmpty())
        m_table->selectSourceRow(m_model.rowOf(m_selected));
}

void TopologyPage::updateStack()
{
    if (!m_view) {
        m_empty->setContent(u"clock"_s, tr("Nothing has been read yet"),
                            tr("The nodes appear as soon as the first one answers."));
        m_stack->setCurrentWidget(m_empty);
        return;
    }
    const bool table = m_form->current() == TableForm;
    if (table ? m_table->proxy()->rowCount() == 0 : m_canvas->cards().cards.empty()) {
        const bool filtered = !m_filter->text().isEmpty();
        m_empty->setContent(
            filtered ? u"filter"_s : u"topology"_s, filtered ? tr("No node matches") : tr("No nodes known"),
            filtered ? tr("Nothing matches “%1”. Addresses, ids, states, roles and shards are searched.")
                           .arg(m_filter->text())
                     : tr("The server answered, but listed no node."));
        m_stack->setCurrentWidget(m_empty);
        return;
    }
    m_stack->setCurrentIndex(table ? 1 : 0);
}

void TopologyPage::selectNode(const QByteArray &id, bool open)
{
    if (!m_view || !m_view->node(id))
        return;
    m_selected = id;
    m_canvas->setCurrent(id);
    m_table->selectSourceRow(m_model.rowOf(id));
    m_detail->setNode(m_view, id);
    if (open && !m_split->isPanelShown())
        m_split->setPanelShown(true);
}

void TopologyPage::showPlace(const Place &place)
{
    if (!place.node.isEmpty())
        showNode(place.node);
}

void TopologyPage::showNode(const QByteArray &id)
{
    m_filter->clear();
    selectNode(id, true);
}

bool TopologyPage::closeDetail()
{
    if (!m_split->isPanelShown())
        return false;
    m_split->setPanelShown(false);
    m_selected.clear();
    m_canvas->setCurrent({});
    return true;
}

void TopologyPage::setForm(int form)
{
    m_form->setCurrent(form);
}

void TopologyPage::fillMenu(QMenu *menu, const QByteArray &id)
{
    const auto begin = [this](const OperationDraft &draft) { Q_EMIT operationRequested(draft); };
    const NodeState *node = m_view ? m_view->node(id) : nullptr;
    if (!node) {
        if (m_view)
            menu->addAction(tr("Addresses of the nodes…"), this, [this] { context().showAddresses(); });
        addActs(menu, OperationActs::ofCluster(m_view.get()), context().isReadOnly(), this, begin);
        if (m_view)
            menu->addAction(tr("Load test…"), this,
                            [this] { context().goTo({.page = u"operations"_s, .part = u"load"_s}); });
        return;
    }
    const QString name = node->name;
    const QString json = QString::fromUtf8(nodeJson(*m_view, *node));
    menu->addAction(tr("Details"), this, [this, id] { selectNode(id, true); });
    menu->addSeparator();
    menu->addAction(tr("Copy address"), this, [name] { copyText(name); });
    menu->addAction(tr("Copy node id"), this, [id] { copyText(QString::fromLatin1(id)); });
    menu->addAction(tr("Copy node as JSON"), this, [json] { copyText(json); });
    if (node->reach.state == Reach::State::Waiting || node->reach.state == Reach::State::Refused)
        menu->addAction(tr("Try to reach it now\tF5"), this,
                        [this] {
                            if (SessionDoor *door = context().door())
                                door->refresh();
                        })
            ->setObjectName(u"retryNow"_s);
    menu->addAction(tr("Where it is reached…"), this, [this, id] { context().showAddresses(id); });
    addActs(menu, OperationActs::ofNode(*m_view, *node), context().isReadOnly(), this, begin);
}

void TopologyPage::fillCardMenu(QMenu *menu, Card::Kind kind, const QByteArray &member)
{
    const NodeState *node = m_view ? m_view->node(member) : nullptr;
    if (!node)
        return;
    const QList<OperationAct> acts = kind == Card::Kind::Host ? OperationActs::ofHost(node->host())
        : kind == Card::Kind::Shard && node->shard >= 0
        ? OperationActs::ofShard(*m_view, m_view->shards[size_t(node->shard)])
        : OperationActs::ofCluster(m_view.get());
    addActs(menu, acts, context().isReadOnly(), this,
            [this](const OperationDraft &draft) { Q_EMIT operationRequested(draft); });
    if (kind != Card::Kind::Shard || node->shard < 0 || !m_view->cluster)
        return;
    menu->addSeparator();
    menu->addAction(tr("Name this shard…"), this,
                    [this, shard = m_view->shards[size_t(node->shard)]] {
                        auto *question = new QInputDialog(this);
                        question->setAttribute(Qt::WA_DeleteOnClose);
                        question->setWindowTitle(tr("Name shard %1").arg(shard.number));
                        question->setLabelText(
                            tr("Shown next to its number, stored on this computer. Empty: only the number."));
                        question->setTextValue(shard.name);
                        connect(question, &QInputDialog::textValueSelected, this, [this, shard](const QString &name) {
                            if (SessionDoor *door = context().door())
                                door->nameShard(shard.number, name);
                        });
                        question->open();
                    })
        ->setObjectName(u"nameShard"_s);
}

void TopologyPage::fillExportMenu(QMenu *menu)
{
    updateTable(); // all exports except the picture use the table
    menu->clear();
    const auto save = [this](const QString &suffix, TableFormat format) {
        saveBytes(this, u"nodes"_s, suffix, m_table->exported(format));
    };
    menu->addAction(tr("Nodes as text…"), this, [save] { save(u"txt"_s, TableFormat::Text); });
    menu->addAction(tr("Nodes as CSV…"), this, [save] { save(u"csv"_s, TableFormat::Csv); });
    menu->addAction(tr("Nodes as JSON…"), this, [this] {
        if (m_view) // includes ids, slot ranges and primaries, whichever columns are shown
            saveBytes(this, u"nodes"_s, u"json"_s, nodesJson(*m_view));
    });
    menu->addAction(tr("Picture of the map (PNG)…"), this,
                    [this] { saveImage(this, u"topology"_s, m_canvas->toImage()); });
    menu->addSeparator();
    m_table->addCopyActions(menu);
    menu->setEnabled(m_view != nullptr);
}

void TopologyPage::saveState(QSettings &settings) const
{
    settings.setValue(u"topology/form"_s, m_form->current());
    m_table->saveState(settings, u"topology/columns"_s);
    if (const QByteArray state = m_split->saveState(); !state.isEmpty())
        settings.setValue(u"topology/split"_s, state);
}

void TopologyPage::restoreState(const QSettings &settings)
{
    m_form->setCurrent(settings.value(u"topology/form"_s, 0).toInt());
    m_table->restoreState(settings, u"topology/columns"_s);
    m_split->restoreState(settings.value(u"topology/split"_s).toByteArray());
}

bool TopologyPage::isFilled() const
{
    return m_view && !m_view->nodes.empty();
}

} // namespace slotscope
