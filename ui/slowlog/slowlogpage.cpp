// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/slowlog/slowlogpage.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "core/profile/clustermarks.h"
#include "core/slowlog/slowlogkept.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/icons.h"
#include "ui/shared/pageshortcut.h"
#include "ui/shared/recordkeeper.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/sidesplit.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"
#include "ui/slowlog/entrycard.h"
#include "ui/slowlog/plotlegend.h"
#include "ui/slowlog/slowlogplot.h"
#include "ui/slowlog/thresholdcard.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateTime>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSettings>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

// while the page is hidden, polling continues at a slower pace so that nothing is missed
constexpr int livePaceMs = 1000, hiddenPaceMs = 5000;
constexpr int gatherMs = 60;
constexpr int foldBelow = 1100; // page width in a window of 1200 px
constexpr std::array<qint64, 4> spansMs{5 * 60'000, 30 * 60'000, 180 * 60'000, 0};

} // namespace

SlowlogPage::SlowlogPage(PageContext &context, QWidget *parent)
    : Page(context, parent), m_theme(context.theme()), m_feed(context), m_changes(context, m_feed, this)
{
    m_keeper = new RecordKeeper(context, u"slowlog/keep"_s, SlowlogRecord::usualFolder(), this);
    m_split = new SideSplit(makeMain(), makePanel(), this);
    m_split->setNarrowBelow(foldBelow);
    m_split->setPanelShown(true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(12);
    layout->addWidget(makeHead());
    layout->addWidget(makeNotice());
    layout->addWidget(m_split, 1);
    m_updating.setSingleShot(true);
    m_updating.setInterval(gatherMs);
    m_span->setCurrent(int(spansMs.size()) - 1);
    fillCostFilter();
    fillNodeFilter();
    connectParts();
    connectTables();
    takeFilter();
    takeRights();
    takeReader();
    updateKeeping();
    setLive(true);
    updateAll();
}

SlowlogPage::~SlowlogPage()
{
    m_keeper->setRecord(nullptr); // saves what was recorded
}

void SlowlogPage::connectParts()
{
    connect(&m_feed, &SlowlogFeed::heard, this, &SlowlogPage::takeLog);
    connect(&m_feed, &SlowlogFeed::readerChanged, this, &SlowlogPage::takeReader);
    connect(m_keeper, &RecordKeeper::filled, this, &SlowlogPage::takeKept);
    connect(m_keeper, &RecordKeeper::writing, this, &SlowlogPage::giveKept);
    connect(m_keeper, &RecordKeeper::changed, this, &SlowlogPage::updateKeeping);
    connect(m_keep, &QCheckBox::clicked, m_keeper, &RecordKeeper::setOn);
    connect(&m_updating, &QTimer::timeout, this, &SlowlogPage::updateAll);
    connect(&context(), &PageContext::readOnlyChanged, this, &SlowlogPage::takeRights);
    connect(m_live, &QPushButton::clicked, this, &SlowlogPage::setLive);
    connect(m_kind, &SegmentedControl::currentChanged, this, &SlowlogPage::takeKind);
    connect(m_span, &SegmentedControl::currentChanged, this,
            [this](int span) { m_plot->setSpan(spansMs.at(size_t(span))); });
    connect(m_nodeFilter, &QComboBox::currentIndexChanged, this, &SlowlogPage::takeFilter);
    connect(m_costFilter, &QComboBox::currentIndexChanged, this, &SlowlogPage::takeFilter);
    connect(m_search, &QLineEdit::textChanged, this, &SlowlogPage::takeFilter);
    connect(m_hideOurs, &QCheckBox::toggled, this, &SlowlogPage::takeFilter);
    connect(m_showAll, &QPushButton::clicked, this, [this] { showShape({}); });
    connect(m_older, &QPushButton::clicked, this, [this] { m_feed.readAll(int(SlowlogBook::usualBound)); });
    connect(m_lower, &QPushButton::clicked, this, [this] { editThresholds({}); });
    connect(m_copyRight, &QPushButton::clicked, this, &SlowlogPage::copyRight);
    connect(m_dismiss, &QPushButton::clicked, this, [this] { tell({}, false); });
    connect(m_split, &SideSplit::narrowChanged, this, [this](bool narrow) {
        m_panelButton->setVisible(narrow);
        m_split->setPanelShown(!narrow);
    });
    connect(m_panelButton, &QPushButton::clicked, this, [this] { m_split->setPanelShown(!m_split->isPanelShown()); });
    addPageShortcut(this, QKeySequence::Find, tr("Find a command"), [this] {
        m_search->setFocus();
        m_search->selectAll();
    });
    addPageShortcut(this, pauseKeys(), tr("Pause, or read on"), [this] { setLive(!m_isLive); });
    addPageShortcut(this, QKeySequence(Qt::CTRL | Qt::Key_L), tr("Thresholds and length of the logs…"), [this] {
        if (!context().isReadOnly())
            editThresholds({});
    });
}

void SlowlogPage::connectTables()
{
    connect(m_shapesTable, &TableView::rowChosen, this, [this](int row) {
        if (const ShapeFigures *shape = m_shapes.at(row); shape && !m_isUpdatingShapes)
            showShape(shape->shape);
    });
    connect(m_entriesTable, &TableView::rowChosen, this, [this](int row) {
        if (const SlowlogEntryPtr entry = m_entries.entryAt(row))
            chooseEntry(entry);
    });
    connect(m_entriesTable, &QTableView::activated, this, [this] { m_split->setPanelShown(true); });
    connect(m_entriesTable, &TableView::menuRequested, this, &SlowlogPage::fillEntryMenu);
    connect(m_plot, &SlowlogPlot::entryChosen, this, [this](const SlowlogEntryPtr &entry) {
        chooseEntry(entry);
        m_entriesTable->selectSourceRow(m_entries.rowOf(entry));
        m_entriesTable->scrollTo(m_entriesTable->currentIndex());
    });
    const auto toTopology = [this](const QByteArray &node) { context().goTo({.page = u"topology"_s, .node = node}); };
    connect(m_entryCard, &EntryCard::nodeRequested, this, toTopology);
    connect(m_thresholdCard, &ThresholdCard::nodeRequested, this, toTopology);
    connect(m_thresholdCard, &ThresholdCard::editRequested, this, &SlowlogPage::editThresholds);
    connect(m_thresholdCard, &ThresholdCard::resetRequested, this, &SlowlogPage::askToReset);
    m_shapesTable->installEventFilter(this);
    m_entriesTable->installEventFilter(this);
}

void SlowlogPage::setView(const ClusterViewPtr &view)
{
    m_entries.setView(view);
    m_thresholds.setView(view);
    m_legend->setView(view);
    fillNodeFilter();
    m_keeper->takeView();
    if (m_since == 0 && isVisible())
        m_feed.readNow();
    m_updating.start();
}

void SlowlogPage::takeLog(SlowlogKind kind, const NodeSlowlog &log)
{
    if (m_since == 0)
        m_since = QDateTime::currentMSecsSinceEpoch();
    m_kind->setVisible(log.hasLogsOfSizes);
    m_missed += log.missed;
    m_thresholds.take(kind, log);
    const QModelIndex top = m_entriesTable->indexAt({1, 1});
    const bool isScrolled = m_entriesTable->verticalScrollBar()->value() > 0;
    const QPersistentModelIndex kept(isScrolled ? top : QModelIndex());
    m_entries.add(kind, log.entries);
    if (kept.isValid())
        // keep the scroll position of what is being read
        m_entriesTable->scrollTo(kept, QAbstractItemView::PositionAtTop);
    if (!m_updating.isActive())
        m_updating.start();
}

void SlowlogPage::takeReader()
{
    m_thresholds.clear();
    auto record = context().door() ? std::make_shared<SlowlogRecord>() : nullptr;
    m_keeper->setRecord(record); // saves what the former record has
    m_record = std::move(record);
    m_recordNodes.clear(); // the tab may be connected to another cluster now
    setPace();
    if (m_hasBegun)
        m_feed.readNow();
    m_updating.start();
}

/// Merges saved entries with those read in the meantime; entries in both are kept once.
void SlowlogPage::takeKept()
{
    std::array<std::vector<SlowlogEntry>, 3> logs;
    for (SlowlogEntry &entry : m_record->taken()) {
        m_recordNodes.insert(entry.nodeId);
        logs.at(size_t(entry.kind)).push_back(std::move(entry));
    }
    for (size_t kind = 0; kind < logs.size(); ++kind)
        m_entries.add(SlowlogKind(kind), std::move(logs.at(kind)));
    m_updating.start();
}

void SlowlogPage::giveKept()
{
    const ClusterViewPtr &view = context().view();
    if (!m_record || !view)
        return;
    for (const NodeState &node : view->nodes)
        m_recordNodes.insert(node.id);
    std::vector<SlowlogEntryPtr> entries = m_entries.allEntries();
    std::erase_if(entries, [this](const SlowlogEntryPtr &entry) { return !m_recordNodes.contains(entry->nodeId); });
    m_record->give({.nodes = nodeIdsOf(*view), .entries = std::move(entries)});
}

void SlowlogPage::updateKeeping()
{
    m_keep->setChecked(m_keeper->isOn());
    m_keep->setToolTip(
        !m_keeper->words().isEmpty()
            ? m_keeper->words()
            : tr("When this is on, the newest %1 entries of this cluster are saved to a file in %2 and are available "
                 "after a restart. They contain key names and parts of values; passwords are removed.")
                  .arg(groupedNumber(qint64(KeptSlowlog::mostEntries)), m_keeper->folder()));
    const QString problem = m_keeper->hasProblem() ? m_keeper->words() : QString();
    if (problem == m_keepingProblem)
        return; // already shown, and possibly dismissed
    if (!problem.isEmpty())
        tell(problem, true);
    else if (m_told == m_keepingProblem)
        tell({}, false);
    m_keepingProblem = problem;
}

void SlowlogPage::takeRights()
{
    const bool readOnly = context().isReadOnly();
    m_reset->setEnabled(!readOnly);
    m_reset->setToolTip(readOnly ? tr("This connection is read-only.") : QString());
    m_lower->setEnabled(!readOnly);
    m_lower->setToolTip(m_reset->toolTip());
    m_thresholdCard->setReadOnly(readOnly);
}

void SlowlogPage::takeKind(int kind)
{
    m_thresholds.setKind(SlowlogKind(kind));
    m_entries.setKind(SlowlogKind(kind));
    m_plotTitle->setText(kind == int(SlowlogKind::Slow) ? tr("Duration over time") : tr("Size over time"));
    fillCostFilter();
    m_feed.setKind(SlowlogKind(kind));
    chooseEntry(nullptr);
    updateAll();
}

void SlowlogPage::takeFilter()
{
    SlowlogFilter filter;
    filter.nodeId = m_nodeFilter->currentData().toByteArray();
    filter.text = m_search->text();
    filter.minimum = m_costFilter->currentData().toLongLong();
    filter.hidesOurs = m_hideOurs->isChecked();
    m_entries.setFilter(filter);
    updateAll();
}

void SlowlogPage::fillNodeFilter()
{
    QList<QPair<QString, QByteArray>> wanted{{tr("All nodes"), QByteArray()}};
    const ClusterViewPtr &view = context().view();
    for (size_t i = 0; view && i < view->nodes.size(); ++i)
        wanted.append({view->nodes[i].name, view->nodes[i].id});
    bool isSame = m_nodeFilter->count() == wanted.size();
    for (int i = 0; isSame && i < wanted.size(); ++i)
        isSame =
            m_nodeFilter->itemText(i) == wanted[i].first && m_nodeFilter->itemData(i).toByteArray() == wanted[i].second;
    if (isSame)
        return;
    const QByteArray chosen = m_nodeFilter->currentData().toByteArray();
    const QSignalBlocker quiet(m_nodeFilter);
    m_nodeFilter->clear();
    for (const auto &[name, id] : wanted)
        m_nodeFilter->addItem(name, id);
    m_nodeFilter->setCurrentIndex(std::max(0, m_nodeFilter->findData(chosen)));
    if (m_nodeFilter->currentData().toByteArray() != chosen)
        takeFilter();
}

void SlowlogPage::fillCostFilter()
{
    const SlowlogKind kind = m_entries.kind();
    const bool isTime = kind == SlowlogKind::Slow;
    const QSignalBlocker quiet(m_costFilter);
    m_costFilter->clear();
    m_costFilter->addItem(isTime ? tr("Any time") : tr("Any size"), 0);
    const QList<qint64> costs = isTime ? QList<qint64>{1000, 10'000, 100'000, 1'000'000}
                                       : QList<qint64>{16 * 1024, 256 * 1024, 1024 * 1024, 16 * 1024 * 1024};
    for (const qint64 cost : costs)
        m_costFilter->addItem(tr("≥ %1").arg(thresholdText(kind, cost)), cost);
    takeFilter();
}

void SlowlogPage::setLive(bool live)
{
    m_isLive = live;
    m_live->setChecked(live);
    m_live->setText(live ? tr("Live") : tr("Paused"));
    m_live->setIcon(themedIcon(live ? u"pause"_s : u"play"_s, m_theme));
    m_live->setToolTip(live ? tr("Stop reading new entries (Space)") : tr("Continue (Space)"));
    setPace();
    if (live && m_hasBegun)
        m_feed.readNow();
}

void SlowlogPage::setPace()
{
    m_feed.setPace(!m_isLive || !m_hasBegun ? 0 : isVisible() ? livePaceMs : hiddenPaceMs);
}

void SlowlogPage::showShape(const QByteArray &shape)
{
    m_entries.setShape(shape);
    if (shape.isEmpty())
        m_shapesTable->clearSelection();
    else
        m_shapesTable->selectSourceRow(m_shapes.rowOf(shape));
    updateHead();
}

void SlowlogPage::chooseEntry(const SlowlogEntryPtr &entry)
{
    m_chosen = entry;
    const NodeSlowlog *log = entry ? m_thresholds.heardOf(entry->nodeId) : nullptr;
    m_entryCard->setEntry(entry, log ? log->clockAhead : 0);
    m_plot->setSelected(entry);
}

void SlowlogPage::showPlace(const Place &place)
{
    if (!place.node.isEmpty())
        m_nodeFilter->setCurrentIndex(std::max(0, m_nodeFilter->findData(place.node)));
}

void SlowlogPage::readAgain()
{
    m_feed.readNow();
}

bool SlowlogPage::closeDetail()
{
    if (m_split->isNarrow() && m_split->isPanelShown()) {
        m_split->setPanelShown(false);
        return true;
    }
    if (m_entries.shape().isEmpty())
        return false;
    showShape({});
    return true;
}

void SlowlogPage::saveState(QSettings &settings) const
{
    m_keeper->save(settings);
    settings.setValue(u"slowlog/span"_s, m_span->current());
    settings.setValue(u"slowlog/hideOurs"_s, m_hideOurs->isChecked());
    if (const QByteArray state = m_split->saveState(); !state.isEmpty())
        settings.setValue(u"slowlog/split"_s, state);
}

void SlowlogPage::restoreState(const QSettings &settings)
{
    m_keeper->restore(settings);
    m_span->setCurrent(settings.value(u"slowlog/span"_s, int(spansMs.size()) - 1).toInt());
    m_hideOurs->setChecked(settings.value(u"slowlog/hideOurs"_s, true).toBool());
    m_split->restoreState(settings.value(u"slowlog/split"_s).toByteArray());
}

void SlowlogPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    m_hasBegun = true;
    setPace();
    m_feed.readNow();
}

void SlowlogPage::hideEvent(QHideEvent *event)
{
    Page::hideEvent(event);
    setPace();
}

void SlowlogPage::keyPressEvent(QKeyEvent *event)
{
    if (event->key() != Qt::Key_Space) {
        Page::keyPressEvent(event);
        return;
    }
    setLive(!m_isLive);
}

/// Tables would handle Space themselves.
bool SlowlogPage::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Space) {
        setLive(!m_isLive);
        return true;
    }
    return Page::eventFilter(watched, event);
}

QString SlowlogPage::heldHere() const
{
    return m_entries.rowCount() > 0 ? tr("Slow log entries that the servers have dropped") : QString();
}

} // namespace slotscope
