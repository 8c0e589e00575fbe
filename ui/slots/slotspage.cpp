// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/slots/slotspage.h"

#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/whendone.h"
#include "core/cluster/slot.h"
#include "core/models/nodewords.h"
#include "core/session/keycounting.h"
#include "core/session/remote.h"
#include "ui/shared/currentstack.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/exporting.h"
#include "ui/shared/findingcard.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/sidesplit.h"
#include "ui/shared/theme.h"
#include "ui/slots/hotslots.h"
#include "ui/slots/shardlegend.h"
#include "ui/slots/slotheatfeed.h"
#include "ui/slots/slotkey.h"
#include "ui/slots/slotmap.h"
#include "ui/slots/slotstrip.h"

#include <QApplication>
#include <QLineEdit>
#include <QMenu>
#include <QSettings>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr qint64 countEveryMs = 30'000;

/// Text such as "a, b, c and 4 more".
QString firstOf(const QStringList &names)
{
    constexpr qsizetype shown = 4;
    const QString first = names.first(std::min(shown, names.size())).join(u", "_s);
    return names.size() > shown ? SlotsPage::tr("%1 and %2 more").arg(first).arg(names.size() - shown) : first;
}

} // namespace

SlotsPage::SlotsPage(PageContext &context, QWidget *parent)
    : Page(context, parent)
    , m_theme(context.theme())
    , m_map(new SlotMap(m_theme, this))
    , m_strip(new SlotStrip(m_theme, this))
    , m_mapKey(new SlotKey(m_theme, this))
    , m_legend(new ShardLegend(m_theme, this))
    , m_empty(new EmptyState(m_theme, this))
    , m_findings(new FindingList(this))
    , m_heat(new SlotHeatFeed(context, this))
    , m_stack(new CurrentStack(this))
{
    m_split = new SideSplit(makeMapCard(), makePanel(), this);
    m_split->setPanelShown(true);
    m_stack->addWidget(m_split);
    m_stack->addWidget(m_empty);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(16);
    layout->addWidget(makeHead());
    layout->addWidget(m_stack, 1);
    m_countTimer.setInterval(1000);
    connectParts();
    connectOperations();
    connect(&context, &PageContext::doorChanged, this, &SlotsPage::takeDoor);
    takeDoor();
    updateSelection();
    updateStack();
}

SlotsPage::~SlotsPage() = default;

void SlotsPage::connectParts()
{
    connect(&m_countTimer, &QTimer::timeout, this, [this] {
        countWhereDue();
        updateNote();
    });
    m_map->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_map, &QWidget::customContextMenuRequested, this, &SlotsPage::showMapMenu);
    connect(m_map, &SlotMap::selectionChanged, this, &SlotsPage::updateSelection);
    connect(m_map, &SlotMap::zoomChanged, this,
            [this](double factor) { m_zoomLabel->setText(tr("%1 %").arg(qRound(factor * 100))); });
    connect(m_legend, &ShardLegend::shardChosen, this, [this](int shard) {
        m_map->setHighlightedShard(shard);
        m_strip->setHighlightedShard(shard);
    });
    connect(m_legend, &ShardLegend::shardActivated, this, [this](int shard) {
        if (const ShardState *state = m_legend->shards().shardAt(shard))
            m_map->select(state->slots);
    });
    connect(m_strip, &SlotStrip::slotsChosen, m_map, &SlotMap::select);
    connect(m_key, &QLineEdit::textChanged, this, &SlotsPage::findKey);
    connect(m_colouring, &SegmentedControl::currentChanged, this, [this](int index) {
        m_map->setColouring(SlotColouring(index));
        watchHeat();
        countWhereDue();
        updateNote();
    });
    connect(m_heat, &SlotHeatFeed::changed, this, &SlotsPage::takeHeat);
    connect(m_split, &SideSplit::narrowChanged, this, [this](bool narrow) {
        m_panelButton->setVisible(narrow);
        placeKeyField(narrow);
        m_split->setPanelShown(!narrow);
    });
    connect(m_panelButton, &QPushButton::clicked, this, [this] { m_split->setPanelShown(!m_split->isPanelShown()); });
}

void SlotsPage::setView(const ClusterViewPtr &view)
{
    m_view = view;
    m_map->setView(view);
    m_strip->setView(view);
    m_mapKey->setView(view);
    m_legend->setView(view);
    QList<Finding> findings;
    if (view) {
        std::copy_if(view->findings.begin(), view->findings.end(), std::back_inserter(findings),
                     [](const Finding &finding) { return !finding.slots.isEmpty(); });
    }
    m_findings->setFindings(findings);
    updateHead();
    updateStack();
    updateSelection();
    watchHeat();
    countWhereDue();
}

void SlotsPage::updateHead()
{
    if (!m_view || !m_view->cluster) {
        m_subtitle->clear();
        return;
    }
    QStringList parts{tr("%1 of %2 covered").arg(groupedNumber(m_view->covered.count()), groupedNumber(slotCount))};
    if (!m_view->openSlots.isEmpty())
        parts.append(tr("%1 in migration").arg(groupedNumber(m_view->openSlots.size())));
    if (!m_view->disputed.isEmpty())
        parts.append(tr("%1 disputed").arg(groupedNumber(m_view->disputed.count())));
    m_subtitle->setText(parts.join(u" · "_s));
}

void SlotsPage::updateStack()
{
    const bool filled = isFilled();
    m_stack->setCurrentIndex(filled ? 0 : 1);
    m_colouring->setEnabled(filled);
    m_key->setEnabled(filled);
    if (!m_view)
        m_empty->setContent(u"clock"_s, tr("Nothing has been read yet"),
                            tr("The map appears as soon as the first node answers."));
    else
        m_empty->setContent(u"slots"_s, tr("This server has no slots"),
                            tr("It does not run in cluster mode: all keys are on one server. Slots exist only with "
                               "cluster-enabled yes."));
}

void SlotsPage::setKeyCounts(const SlotKeyCountsPtr &counts)
{
    m_counts = counts;
    if (counts) // F5 also counts keys
        m_countedAt = std::max(m_countedAt, counts->takenAt);
    m_countError = counts ? counts->errors.join(u"\n"_s) : QString();
    m_map->setKeyCounts(counts);
    updateSelection();
    updateNote();
}

void SlotsPage::setKeyCountsFailed(const Error &error)
{
    m_countError = describe(error);
    updateNote();
}

void SlotsPage::watchHeat()
{
    const auto colouring = SlotColouring(m_colouring->current());
    std::optional<SlotMetric> metric;
    if (colouring > SlotColouring::Keys && isVisible() && isFilled())
        metric = SlotMetric(int(colouring) - int(SlotColouring::Memory));
    m_heat->watch(metric);
    takeHeat();
}

void SlotsPage::takeHeat()
{
    const bool isShown = SlotColouring(m_colouring->current()) > SlotColouring::Keys;
    m_map->setHeat(m_heat->heat());
    m_hot->show(isShown ? m_heat->heat() : nullptr, m_view);
    const SlotUse *use = m_heat->use();
    const bool isShownCpu = SlotColouring(m_colouring->current()) == SlotColouring::Cpu;
    const bool isUncounted = use && !(isShownCpu ? use->withoutCpu : use->withoutNetwork).isEmpty();
    m_switchOn->setVisible(isShown && isUncounted && SlotColouring(m_colouring->current()) != SlotColouring::Memory);
    updateNote();
}

/// Text of what the map's shades show, or why there are none.
QString SlotsPage::heatNote() const
{
    const SlotUse *use = m_heat->use();
    const SlotHeatPtr &heat = m_heat->heat();
    if (!use || !heat)
        return tr("Reading CLUSTER SLOT-STATS…");
    QStringList parts;
    if (!use->errors.isEmpty())
        parts.append(firstOf(use->errors));
    if (!use->unsupported.isEmpty())
        parts.append(tr("No CLUSTER SLOT-STATS (needs Valkey 8.0 or Redis 8.2): %1.").arg(firstOf(use->unsupported)));
    const bool isMemory = heat->metric == SlotMetric::Memory;
    const QStringList &uncounted = heat->metric == SlotMetric::Cpu ? use->withoutCpu : use->withoutNetwork;
    if (!isMemory && !uncounted.isEmpty())
        parts.append(tr("Not counted, see cluster-slot-stats-enabled: %1.").arg(firstOf(uncounted)));
    if (heat->known > 0 && isMemory)
        parts.append(tr("The brighter a slot, the more memory its keys take; %1 in the %2 slots with values.")
                         .arg(byteSize(heat->sum), groupedNumber(heat->known)));
    else if (heat->known > 0)
        parts.append(
            tr("The brighter a slot, the more its keys are used: %1 in the %2 slots with values, over %3.")
                .arg(slotHeatText(heat->metric, heat->sum), groupedNumber(heat->known), duration(heat->overMs)));
    else if (parts.isEmpty())
        parts.append(isMemory ? tr("These servers report no memory per slot: Valkey does not, newer versions of Redis "
                                   "only with cluster-slot-stats-enabled.")
                              : tr("A rate needs two samples, %1 s apart.").arg(SlotHeatFeed::everyMs / 1000));
    return parts.join(u' ');
}

QString SlotsPage::noteText() const
{
    if (SlotColouring(m_colouring->current()) > SlotColouring::Keys)
        return heatNote();
    QStringList parts;
    if (!m_countError.isEmpty())
        parts.append(tr("Keys could not be counted everywhere: %1").arg(m_countError));
    const bool keys = m_colouring->current() == int(SlotColouring::Keys);
    if (keys && m_counts && m_countError.isEmpty())
        parts.append(tr("The brighter a slot, the more keys it contains."));
    if (m_counts) {
        const qint64 age = steadyMs() - m_counts->takenAt;
        const QString words =
            age < 60'000 ? tr("%1 s").arg(std::max<qint64>(0, age) / 1000) : duration(age / 60'000 * 60'000);
        parts.append(keys ? tr("Keys counted %1 ago.").arg(words)
                          : tr("Keys counted %1 ago; F5 counts again.").arg(words));
    } else if (keys && m_countError.isEmpty()) {
        parts.append(tr("Counting keys…"));
    }
    return parts.join(u' ');
}

void SlotsPage::updateNote()
{
    const QString text = noteText();
    m_note->setText(text);
    m_note->setVisible(!text.isEmpty());
    m_mapKey->setScale(scaleText());
}

/// Whether the page is visible and not behind a dialog.
bool SlotsPage::isWatched() const
{
    return isVisible() && !window()->isMinimized() && !QApplication::activeModalWidget();
}

/// Counting queries all slots of all primaries: it runs once for tool tips and selection, and repeatedly only while the
/// map shows the counts.
void SlotsPage::countWhereDue()
{
    const qint64 passed = steadyMs() - m_countedAt;
    const bool keys = m_colouring->current() == int(SlotColouring::Keys);
    if (m_countedAt == 0 || (keys && passed >= countEveryMs))
        requestCounts();
}

void SlotsPage::requestCounts()
{
    if (!isFilled() || !isWatched())
        return;
    m_countedAt = steadyMs();
    countKeys();
}

void SlotsPage::readAgain()
{
    if (isFilled())
        countKeys();
    m_heat->readNow();
}

void SlotsPage::takeDoor()
{
    m_counter.reset();
    m_counting = false;
    if (SessionDoor *door = context().door())
        m_counter = std::make_unique<Remote<KeyCounter>>(*door);
}

void SlotsPage::countKeys()
{
    if (m_counting)
        return;
    Q_EMIT countingBegan();
    if (!m_counter)
        return;
    m_counting = true;
    whenDone(m_counter->call<SlotKeyCountsPtr>([](KeyCounter &counter) { return counter.count(); }), this,
             [this](const Result<SlotKeyCountsPtr> &counts) {
                 m_counting = false;
                 if (counts)
                     setKeyCounts(*counts);
                 else
                     setKeyCountsFailed(counts.error());
             });
}

void SlotsPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    m_countTimer.start();
    watchHeat();
    countWhereDue();
    updateNote();
}

void SlotsPage::hideEvent(QHideEvent *event)
{
    m_countTimer.stop();
    m_heat->watch({});
    Page::hideEvent(event);
}

void SlotsPage::findKey(const QString &text)
{
    m_keySlot->setVisible(!text.isEmpty());
    if (text.isEmpty()) {
        m_map->setFound(-1);
        return;
    }
    const int slot = slotOfKey(text.toUtf8());
    m_keySlot->setText(tr("slot %1").arg(groupedNumber(slot)));
    m_map->setFound(slot);
}

QString SlotsPage::selectionText() const
{
    const SlotSet &selected = m_map->selected();
    if (selected.isEmpty() || !m_view)
        return {};
    QStringList parts;
    for (const ShardState &shard : m_view->shards) {
        const int count = shard.slots.intersected(selected).count();
        if (count > 0 && parts.size() < 4)
            parts.append(count == selected.count() ? tr("of shard %1").arg(shard.number)
                                                   : tr("%1 of shard %2").arg(groupedNumber(count)).arg(shard.number));
    }
    QString text = counted(selected.count(), tr("1 slot"), tr("%1 slots"));
    if (parts.size() == 1 && selected.intersected(m_view->covered) == selected)
        text += u' ' + parts.first();
    else if (!parts.isEmpty())
        text += u": "_s + parts.join(u", "_s);
    if (!m_counts)
        return text;
    qint64 keys = 0;
    int uncounted = 0;
    for (const SlotRange &range : selected.ranges()) {
        for (int slot = range.first; slot <= range.last; ++slot) {
            const qint64 count = m_counts->keys[size_t(slot)];
            count < 0 ? ++uncounted : keys += count;
        }
    }
    text += u" · "_s + tr("%1 keys").arg(groupedNumber(keys));
    return uncounted > 0 ? text + tr(" (%1 slots not counted)").arg(groupedNumber(uncounted)) : text;
}

void SlotsPage::updateSelection()
{
    const SlotSet &selected = m_map->selected();
    const bool any = !selected.isEmpty();
    m_selectionLine->setText(
        any ? selectionText()
            : tr("Drag over the map to select slots, with Alt to select a rectangle. Shift extends, Ctrl adds or "
                 "removes. Drag a selection onto a shard below to move it there."));
    setStyleProperty(m_selectionLine, "tone", any ? u""_s : u"muted"_s);
    m_selectionRanges->setText(rangesText(selected, 8));
    m_selectionRanges->setVisible(any);
    m_selectionButtons->setVisible(any);
    const int count = selected.count();
    m_move->setText(count == 1 ? tr("Move 1 slot…") : tr("Move %1 slots…").arg(groupedNumber(count)));
}

void SlotsPage::showPlace(const Place &place)
{
    if (!place.slots.isEmpty())
        showSlots(place.slots);
}

void SlotsPage::showSlots(const SlotSet &slotSet)
{
    m_map->select(slotSet);
}

bool SlotsPage::closeDetail()
{
    if (!m_map->selected().isEmpty()) {
        m_map->clearSelection();
        return true;
    }
    if (m_split->isNarrow() && m_split->isPanelShown()) {
        m_split->setPanelShown(false);
        return true;
    }
    return false;
}

void SlotsPage::setColouring(int colouring)
{
    m_colouring->setCurrent(colouring);
}

void SlotsPage::saveState(QSettings &settings) const
{
    settings.setValue(u"slots/colouring"_s, m_colouring->current());
    if (const QByteArray state = m_split->saveState(); !state.isEmpty())
        settings.setValue(u"slots/split"_s, state);
}

void SlotsPage::restoreState(const QSettings &settings)
{
    m_colouring->setCurrent(settings.value(u"slots/colouring"_s, 0).toInt());
    m_split->restoreState(settings.value(u"slots/split"_s).toByteArray());
}

bool SlotsPage::isFilled() const
{
    return m_view && m_view->cluster;
}

} // namespace slotscope
