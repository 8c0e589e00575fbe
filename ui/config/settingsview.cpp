// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/settingsview.h"

#include "ui/config/configdelegate.h"
#include "ui/config/nodeheader.h"
#include "ui/config/settingpanel.h"
#include "ui/shared/currentstack.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/exporting.h"
#include "ui/shared/icons.h"
#include "ui/shared/nodenotice.h"
#include "ui/shared/pagecards.h"
#include "ui/shared/rowsview.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/sidesplit.h"
#include "ui/shared/theme.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int readPaceMs = 10'000;
constexpr int settingColumn = 250, defaultColumn = 100, mostColumn = 110, nodeColumn = 112;
constexpr int leastSettingColumn = 190;

} // namespace

SettingsView::SettingsView(PageContext &context, QWidget *parent)
    : QWidget(parent)
    , m_context(context)
    , m_feed(
          context, [this](const NodeConfig &config) { takeConfig(config); },
          [this] {
              m_model.clear();
              updateAll();
              if (isVisible())
                  m_feed.readNow();
          })
{
    m_tools = makeTools();
    m_panel = new SettingPanel(context.theme(), this);
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
    m_ageing.setInterval(1000);
    connectParts();
    takeRights();
    setView(context.view());
    updateAll();
}

QWidget *SettingsView::makeTools()
{
    auto *tools = new QWidget(this);
    m_filter = new SegmentedControl({tr("All"), tr("≠ Different"), tr("Changed")}, tools);
    m_filter->setAccessibleName(tr("Which settings"));
    m_search = new QLineEdit(tools);
    m_search->setObjectName(u"search"_s);
    m_search->setPlaceholderText(tr("Find a setting or a value"));
    m_search->setAccessibleName(tr("Find a setting or a value"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(themedIcon(u"search"_s, m_context.theme()), QLineEdit::LeadingPosition);
    m_search->setMinimumWidth(120);
    m_search->setMaximumWidth(220);
    m_rewrite = new QPushButton(tr("Rewrite files…"), tools);
    m_rewrite->setObjectName(u"rewrite"_s);
    QPushButton *exporter = exportButton(m_context.theme(), tools, [this](QMenu *menu) { fillExportMenu(menu); });
    auto *layout = new QHBoxLayout(tools);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addStretch();
    layout->addWidget(m_filter);
    layout->addWidget(m_search, 1);
    layout->addWidget(exporter);
    layout->addWidget(m_rewrite);
    return tools;
}

QFrame *SettingsView::makeTable()
{
    QFrame *frame = pageCard(this);
    auto *header = new NodeHeader(m_context.theme());
    m_table = new RowsView(frame, header);
    m_table->setHeaderHeight(NodeHeader::height);
    m_table->setAccessibleName(tr("Settings"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->setItemDelegate(new ConfigDelegate(m_context.theme(), m_table));
    m_table->setModel(&m_model);
    header->setMinimumSectionSize(60);
    m_foot = mutedLabel(frame);
    m_age = mutedLabel(frame);
    m_age->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(16, 6, 16, 6);
    foot->addWidget(m_foot, 1);
    foot->addWidget(m_age);
    m_age->setMinimumWidth(110);
    auto *layout = new QVBoxLayout(frame);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_table, 1);
    layout->addLayout(foot);
    return frame;
}

void SettingsView::connectParts()
{
    connect(&m_model, &ConfigModel::compared, this, &SettingsView::takeCompared);
    // queued, because it may reset the model's columns while other receivers still handle this signal
    connect(&m_model, &ConfigModel::modelReset, this, &SettingsView::updateColumns, Qt::QueuedConnection);
    connect(&m_ageing, &QTimer::timeout, this, &SettingsView::updateFoot);
    connect(&m_context, &PageContext::readOnlyChanged, this, &SettingsView::takeRights);
    connect(&m_context, &PageContext::operationsChanged, this, &SettingsView::takeOperations);
    takeOperations();
    connect(m_filter, &SegmentedControl::currentChanged, this, &SettingsView::takeFilter);
    connect(m_search, &QLineEdit::textChanged, this, &SettingsView::takeFilter);
    connect(m_rewrite, &QPushButton::clicked, this, &SettingsView::askToRewrite);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &SettingsView::takeCurrent);
    connect(m_table, &QAbstractItemView::clicked, this, [this](const QModelIndex &index) {
        if (index.data(ConfigModel::GroupRole).toBool())
            toggleGroup(index.row());
        else
            takeCurrent();
    });
    connect(m_table, &RowsView::foldRequested, this, [this](int row, bool open) { m_model.setFolded(row, !open); });
    connect(m_table, &QWidget::customContextMenuRequested, this, &SettingsView::openMenu);
    m_table->installEventFilter(this);
    connect(m_panel, &SettingPanel::closed, this, &SettingsView::closeDetail);
    connect(m_panel, &SettingPanel::changeRequested, this, &SettingsView::operationRequested);
    auto *find = new QShortcut(QKeySequence::Find, this);
    find->setWhatsThis(tr("Find a setting"));
    find->setContext(Qt::WidgetWithChildrenShortcut);
    connect(find, &QShortcut::activated, this, [this] {
        m_search->setFocus();
        m_search->selectAll();
    });
}

void SettingsView::takeOperations()
{
    if (OperationsDoor *door = m_context.operations())
        connect(door, &OperationsDoor::runChanged, this, &SettingsView::takeRun, Qt::UniqueConnection);
}

/// Reads the settings again after an operation that changed them.
void SettingsView::takeRun(const RunSnapshotPtr &run)
{
    if (isVisible() && run && run->isOver())
        m_feed.readNow();
}

void SettingsView::setView(const ClusterViewPtr &view)
{
    m_model.setView(view);
    if (isVisible() && m_model.isUntouched())
        m_feed.readNow();
}

void SettingsView::takeConfig(const NodeConfig &config)
{
    m_model.take(config);
    updateNotice();
    updateFoot();
    m_stack->setCurrentIndex(isFilled() ? 0 : 1);
}

/// Selects the setting that another page asked for as soon as it is known.
void SettingsView::takeCompared()
{
    updateAll();
    if (!m_toShow.isEmpty()
        && m_model.comparison().find(m_toShow)
        // otherwise the user has changed the search in the meantime
        && m_search->text() == QString::fromLatin1(m_toShow))
        showSetting(QByteArray(m_toShow)); // this call also clears m_toShow
}

void SettingsView::takeFilter()
{
    m_model.setFilter(ConfigModel::Shown(m_filter->current()), m_search->text());
    if (const int row = m_model.rowOf(m_chosen); row >= 0)
        m_table->setCurrentIndex(m_model.index(row, 0));
    updateFoot();
}

void SettingsView::toggleGroup(int row)
{
    const bool isFolded = m_model.index(row, 0).data(ConfigModel::FoldedRole).toBool();
    m_model.setFolded(row, !isFolded);
}

void SettingsView::takeCurrent()
{
    if (const SettingRow *row = m_model.rowAt(m_table->currentIndex().row())) {
        m_chosen = row->name;
        updatePanel();
        m_split->setPanelShown(true);
    }
}

void SettingsView::showSetting(const QByteArray &name)
{
    m_filter->setCurrent(int(ConfigModel::Shown::All));
    m_search->clear();
    const SettingRow *setting = m_model.comparison().find(name);
    m_toShow = setting ? QByteArray() : name;
    if (!setting) {
        m_search->setText(QString::fromLatin1(name));
        return;
    }
    for (int row = 0; row < m_model.rowCount() && m_model.rowOf(name) < 0; ++row)
        m_model.setFolded(row, false);
    if (const int row = m_model.rowOf(name); row >= 0) {
        m_table->setCurrentIndex(m_model.index(row, 0));
        m_table->scrollTo(m_model.index(row, 0), QAbstractItemView::PositionAtCenter);
        takeCurrent();
    }
}

bool SettingsView::closeDetail()
{
    if (!m_split->isPanelShown())
        return false;
    m_split->setPanelShown(false);
    m_chosen.clear();
    m_table->setFocus();
    return true;
}

void SettingsView::readAgain()
{
    m_feed.readNow();
}

void SettingsView::saveState(QSettings &settings) const
{
    settings.setValue(u"config/folded"_s, m_model.foldedGroups());
    settings.setValue(u"config/split"_s, m_split->saveState());
    settings.setValue(u"config/shown"_s, m_filter->current());
}

void SettingsView::restoreState(const QSettings &settings)
{
    m_model.setFoldedGroups(settings.value(u"config/folded"_s).toStringList());
    m_split->restoreState(settings.value(u"config/split"_s).toByteArray());
    m_filter->setCurrent(settings.value(u"config/shown"_s, 0).toInt());
}

void SettingsView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_feed.setPace(readPaceMs);
    m_feed.readNow();
    m_ageing.start();
}

void SettingsView::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_feed.setPace(0);
    m_ageing.stop();
}

void SettingsView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    updateColumns();
}

/// Shows as many node columns as fit; the name column takes the remaining width.
void SettingsView::updateColumns()
{
    const int width = m_table->viewport()->width();
    const int room = width - leastSettingColumn - defaultColumn - mostColumn;
    m_model.setMostNodeColumns(std::max(1, room / nodeColumn));
    QHeaderView *header = m_table->header();
    if (header->count() == 0)
        return;
    for (int column = 1; column < header->count(); ++column) {
        const int wanted = column == ConfigModel::Default ? defaultColumn
            : column == ConfigModel::Most                 ? mostColumn
                                                          : nodeColumn;
        header->setSectionResizeMode(column, QHeaderView::Fixed);
        header->resizeSection(column, wanted);
    }
    header->setSectionResizeMode(ConfigModel::Setting, QHeaderView::Stretch);
    if (const int row = m_model.rowOf(m_chosen); row >= 0 && m_table->currentIndex().row() != row)
        m_table->setCurrentIndex(m_model.index(row, 0)); // changing the columns reset the model
}

bool SettingsView::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_table && event->type() == QEvent::Resize)
        QMetaObject::invokeMethod(this, &SettingsView::updateColumns, Qt::QueuedConnection);
    if (watched == m_table && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const int row = m_table->currentIndex().row();
        if ((key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter || key->key() == Qt::Key_Space) && row >= 0) {
            if (m_model.rowAt(row))
                takeCurrent();
            else
                toggleGroup(row);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace slotscope
