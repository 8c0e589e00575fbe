// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/hotkeysview.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/whendone.h"
#include "core/cluster/slot.h"
#include "core/metrics/metricsbook.h"
#include "ui/shared/gatequestion.h"
#include "ui/profiler/nodetiles.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/pagecards.h"
#include "ui/shared/pagecontext.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QMenu>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int hotKeyRow = 26, tilesEveryMs = 1000;
constexpr size_t hotKeysOfANode = 50;

} // namespace

HotKeysView::HotKeysView(PageContext &context, QWidget *parent)
    : QWidget(parent)
    , m_context(context)
    , m_tiles(new NodeTiles(context.theme(), this))
    , m_metric(new QComboBox(this))
    , m_time(new QComboBox(this))
    , m_start(new QPushButton(this))
    , m_table(new TableView(context.theme(), this))
    , m_note(wrappedLabel({}, "muted", this))
{
    using Column = HotKeysModel::Column;
    m_metric->setObjectName(u"tileMetric"_s);
    m_metric->setAccessibleName(tr("What the colour of a node's tile shows"));
    for (const auto &[words, metric] : {std::pair(tr("Commands per second"), Metric::Commands),
                                        {tr("CPU time"), Metric::Cpu},
                                        {tr("Network, received"), Metric::NetIn},
                                        {tr("Network, sent"), Metric::NetOut},
                                        {tr("Memory"), Metric::Memory},
                                        {tr("Clients"), Metric::Clients}})
        m_metric->addItem(words, int(metric));
    m_time->setObjectName(u"hotTime"_s);
    m_time->setAccessibleName(tr("How long HOTKEYS counts"));
    m_time->setToolTip(tr("How long HOTKEYS counts. LFU counters are read at once, without a duration."));
    m_time->addItem(tr("10 s"), 10'000);
    m_time->addItem(tr("1 min"), 60'000);
    m_time->addItem(tr("10 min"), 600'000);
    m_start->setObjectName(u"startHotKeys"_s);
    m_table->setAccessibleName(tr("Hottest keys"));
    m_table->setSource(&m_model);
    dressPageTable(m_table, hotKeyRow, int(Column::Key),
                   {{int(Column::Cpu), 150},
                    {int(Column::Network), 150},
                    {int(Column::Counter), 120},
                    {int(Column::Slot), 76},
                    {int(Column::Node), 170}});
    m_note->setObjectName(u"hotNote"_s);
    m_note->setContentsMargins(16, 8, 16, 8);
    QFrame *nodes = pageCard(this);
    ElidedLabel *nodesNote = mutedLabel(nodes);
    nodesNote->setText(tr("current values; Enter shows a node in the topology"));
    QVBoxLayout *nodesLayout = layOutCard(nodes, {pageCardTitle(tr("Nodes"), nodes), nodesNote, m_metric}, nodesNote);
    m_tiles->setContentsMargins(8, 0, 8, 4);
    nodesLayout->addWidget(m_tiles);
    QFrame *keys = pageCard(this);
    m_keysNote = mutedLabel(keys);
    QVBoxLayout *keysLayout =
        layOutCard(keys, {pageCardTitle(tr("Hottest keys"), keys), m_keysNote, m_time, m_start}, m_keysNote);
    keysLayout->addWidget(m_table, 1);
    keysLayout->addWidget(m_note);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(nodes);
    layout->addWidget(keys, 1);
    m_tilesTimer.setInterval(tilesEveryMs);
    connect(&m_tilesTimer, &QTimer::timeout, this, &HotKeysView::updateTiles);
    connect(m_metric, &QComboBox::activated, this, &HotKeysView::updateTiles);
    connect(m_tiles, &NodeTiles::nodeChosen, this,
            [this](const QByteArray &node) { m_context.goTo({.page = u"topology"_s, .node = node}); });
    connect(m_start, &QPushButton::clicked, this, [this] {
        if (isRunning())
            stop();
        else
            start();
    });
    connect(m_table, &TableView::menuRequested, this, &HotKeysView::fillMenu);
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex &index) {
        const QByteArray key = m_model.keyAt(m_table->proxy()->mapToSource(index).row());
        m_context.goTo(placeOf(key));
    });
    connect(&context, &PageContext::doorChanged, this, &HotKeysView::takeDoor);
    showColumns();
    takeDoor();
}

HotKeysView::~HotKeysView() = default;

void HotKeysView::takeDoor()
{
    const bool wasRunning = isRunning();
    m_reader.reset();
    m_underway = 0;
    ++m_serial;
    m_model.clear();
    m_notes.clear();
    if (SessionDoor *door = m_context.door())
        m_reader = std::make_unique<Remote<HotKeysReader>>(*door);
    if (wasRunning)
        Q_EMIT runningChanged(false);
    updateAll();
}

void HotKeysView::setView(const ClusterViewPtr &view)
{
    m_model.setView(view);
    if (isVisible())
        updateTiles();
    updateAll();
}

void HotKeysView::start(UserConsent consent)
{
    const ClusterViewPtr view = m_context.view();
    if (!m_reader || !view || isRunning())
        return;
    ++m_serial;
    m_ask.reset();
    m_seen = 0;
    m_model.clear();
    m_notes.clear();
    for (const NodeState &node : view->nodes) {
        if (!node.primary || node.id.isEmpty() || node.condition == NodeCondition::Handshake)
            continue;
        const HotKeysRequest request{.nodeId = node.id,
                                     .milliseconds = m_time->currentData().toLongLong(),
                                     .most = hotKeysOfANode,
                                     .consent = consent};
        ++m_underway;
        whenDone(m_reader->call<NodeHotKeys>([request](HotKeysReader &reader) { return reader.read(request); }), this,
                 [this, id = node.id, serial = m_serial](const Result<NodeHotKeys> &told) {
                     if (serial == m_serial)
                         takeTold(id, told);
                 });
    }
    Q_EMIT runningChanged(isRunning());
    updateAll();
}

void HotKeysView::stop()
{
    if (m_reader)
        m_reader->tell([](HotKeysReader &reader) { reader.stop(); });
}

void HotKeysView::takeTold(const QByteArray &nodeId, const Result<NodeHotKeys> &told)
{
    --m_underway;
    if (told) {
        m_model.take(*told);
        m_notes[told->nodeName] = hotKeysNote(*told);
        m_seen += told->seen;
    } else if (told.error().code == Error::Code::NeedsConsent) {
        m_ask = m_ask ? m_ask : told.error();
    } else {
        const NodeState *node = m_context.view() ? m_context.view()->node(nodeId) : nullptr;
        m_notes[node ? node->name : QString::fromLatin1(nodeId)] = describe(told.error());
    }
    if (m_underway == 0) {
        Q_EMIT runningChanged(false);
        if (const auto ask = std::exchange(m_ask, std::nullopt))
            askFor(*ask); // ask once for all nodes
    }
    showColumns();
    updateAll();
}

/// Selects columns and sort order once per measurement; the user's later choice is kept.
void HotKeysView::showColumns()
{
    using Column = HotKeysModel::Column;
    const Figures now{m_model.hasMeasured(), m_model.hasCounters()};
    if (now == m_columnsFor)
        return;
    m_columnsFor = now;
    m_table->setColumnHidden(int(Column::Cpu), !now.measured);
    m_table->setColumnHidden(int(Column::Network), !now.measured);
    m_table->setColumnHidden(int(Column::Counter), now.measured && !now.counters);
    m_table->sortByColumn(int(now.measured ? Column::Cpu : Column::Counter), Qt::DescendingOrder);
}

void HotKeysView::askFor(const Error &error)
{
    auto *question = new GateQuestion(error, m_context.title(), this);
    connect(question, &QDialog::finished, this, [this, question] {
        if (question->consent() != UserConsent::None)
            start(question->consent());
    });
    question->open();
}

/// Hot keys belong to the connection's database, whichever database the browser shows.
Place HotKeysView::placeOf(const QByteArray &key) const
{
    return {.page = u"browser"_s, .key = key, .database = std::max(0, m_context.target().database)};
}

void HotKeysView::fillMenu(QMenu *menu, int row)
{
    const QByteArray key = m_model.keyAt(row);
    menu->addAction(tr("Open in the browser"), this, [this, key] { m_context.goTo(placeOf(key)); });
    menu->addAction(tr("Show its slot"), this, [this, key] {
        const int slot = slotOfKey(key);
        m_context.goTo({.page = u"slots"_s, .slots = SlotSet{SlotRange{quint16(slot), quint16(slot)}}});
    });
    menu->addAction(tr("Copy the name"), this, [key] { QGuiApplication::clipboard()->setText(toDisplay(key)); });
}

void HotKeysView::updateTiles()
{
    m_tiles->show(m_context.view(), m_context.metricsBook(), Metric(m_metric->currentData().toInt()));
}

void HotKeysView::updateAll()
{
    m_start->setText(isRunning() ? tr("Stop now") : tr("Find hot keys"));
    setStyleProperty(m_start, "primary", !isRunning());
    m_start->setEnabled(m_reader && m_context.view());
    m_time->setEnabled(!isRunning());
    m_keysNote->setText(m_seen > 0 ? tr("per primary, of %1 keys").arg(groupedNumber(m_seen)) : tr("per primary"));
    m_note->setText(notes());
}

/// Groups nodes with the same note.
QString HotKeysView::notes() const
{
    if (isRunning())
        return tr("Waiting for %n node(s)…", nullptr, m_underway);
    if (m_notes.isEmpty())
        return tr("HOTKEYS (Redis 8.6) counts CPU time and network bytes per key for the chosen time; with an LFU "
                  "policy the counters of all keys are read (OBJECT FREQ). Neither changes a key.");
    QMap<QString, QStringList> byNote;
    for (auto note = m_notes.constBegin(); note != m_notes.constEnd(); ++note)
        byNote[note.value()].append(note.key());
    QStringList lines;
    for (auto each = byNote.constBegin(); each != byNote.constEnd(); ++each)
        lines.append(tr("%1: %2").arg(each.value().join(u", "_s), each.key()));
    return lines.join(u'\n');
}

void HotKeysView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_tilesTimer.start();
    updateTiles();
}

void HotKeysView::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_tilesTimer.stop();
}

} // namespace slotscope
