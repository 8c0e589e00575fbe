// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/slots/slotmap.h"

#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "ui/shared/theme.h"

#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int axisWidth = 52;
constexpr int border = 2; ///< space for marks at the border
constexpr int rowsOfMap = slotCount / slotColumns;

/// Lines around the selected cells: an edge wherever the neighbour is not selected.
QList<QLine> outlineOf(const SlotSet &set)
{
    std::vector<bool> on(slotCount);
    for (const SlotRange &range : set.ranges())
        std::fill(on.begin() + range.first, on.begin() + range.last + 1, true);
    const auto at = [&on](int column, int row) {
        return column >= 0 && row >= 0 && column < slotColumns && row < rowsOfMap
            && on[size_t(row * slotColumns + column)];
    };
    QList<QLine> lines;
    for (const SlotRange &range : set.ranges()) {
        for (int slot = range.first; slot <= range.last; ++slot) {
            const int x = slot % slotColumns;
            const int y = slot / slotColumns;
            if (!at(x, y - 1))
                lines.append(QLine(x, y, x + 1, y));
            if (!at(x, y + 1))
                lines.append(QLine(x, y + 1, x + 1, y + 1));
            if (!at(x - 1, y))
                lines.append(QLine(x, y, x, y + 1));
            if (!at(x + 1, y))
                lines.append(QLine(x + 1, y, x + 1, y + 1));
        }
    }
    return lines;
}

SlotSelection::Mode modeOf(Qt::KeyboardModifiers modifiers)
{
    if (modifiers & Qt::ShiftModifier)
        return SlotSelection::Mode::Extend;
    return modifiers & Qt::ControlModifier ? SlotSelection::Mode::Toggle : SlotSelection::Mode::Replace;
}

} // namespace

SlotMap::SlotMap(const Theme &theme, QWidget *parent) : QAbstractScrollArea(parent), m_theme(theme)
{
    setAccessibleName(tr("Slot map"));
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
    viewport()->setAutoFillBackground(false);
    setMinimumSize(320, 320);
    connect(&theme, &Theme::changed, this, [this] {
        updatePulse();
        invalidate();
    });
    connect(&m_pulse, &QTimer::timeout, this, [this] {
        ++m_phase;
        viewport()->update();
    });
}

void SlotMap::setView(const ClusterViewPtr &view)
{
    const auto sameLook = [](const ShardState &a, const ShardState &b) {
        return a.colour == b.colour && a.number == b.number && a.primary == b.primary;
    };
    const bool sameMap = view && m_view && view->owner == m_view->owner
        && std::equal(view->shards.begin(), view->shards.end(), m_view->shards.begin(), m_view->shards.end(), sameLook)
        && view->openSlots == m_view->openSlots && view->disputed == m_view->disputed
        && failedSlots(*view) == failedSlots(*m_view);
    m_view = view;
    if (!sameMap)
        invalidate();
}

void SlotMap::setKeyCounts(const SlotKeyCountsPtr &counts)
{
    m_counts = counts;
    invalidate();
}

void SlotMap::setHeat(const SlotHeatPtr &heat)
{
    const bool isNew = std::exchange(m_heat, heat) != heat;
    if (isNew && m_colouring > SlotColouring::Keys)
        invalidate();
}

const SlotValues *SlotMap::shownValues() const
{
    if (m_colouring == SlotColouring::Keys)
        return m_counts ? &m_counts->keys : nullptr;
    return m_colouring > SlotColouring::Keys && m_heat ? &m_heat->values : nullptr;
}

QString SlotMap::heatLine(int slot) const
{
    if (m_colouring <= SlotColouring::Keys || !m_heat)
        return {};
    const qint64 value = m_heat->values[size_t(slot)];
    const QString what = m_heat->metric == SlotMetric::Memory ? tr("memory")
        : m_heat->metric == SlotMetric::Cpu                   ? tr("CPU")
                                                              : tr("network");
    return value < 0 ? tr("%1 not known").arg(what)
                     : tr("%1 %2 · %3 % of the known total")
                           .arg(what, slotHeatText(m_heat->metric, value))
                           .arg(100.0 * double(value) / double(std::max<qint64>(1, m_heat->sum)), 0, 'f', 1);
}

void SlotMap::setColouring(SlotColouring colouring)
{
    m_colouring = colouring;
    invalidate();
}

void SlotMap::setHighlightedShard(int shard)
{
    m_highlighted = shard;
    invalidate();
}

void SlotMap::setFound(int slot)
{
    m_found = slot;
    if (slot >= 0) {
        m_selection.setCursor(quint16(slot));
        showSlot(slot);
    }
    viewport()->update();
}

void SlotMap::select(const SlotSet &slotSet)
{
    m_selection.select(slotSet);
    afterSelection();
    if (m_selection.cursor() >= 0)
        showSlot(m_selection.cursor());
}

void SlotMap::clearSelection()
{
    m_selection.clear();
    afterSelection();
}

void SlotMap::afterSelection()
{
    m_outline = outlineOf(m_selection.selected());
    tellPart(this);
    viewport()->update();
    Q_EMIT selectionChanged();
}

QString SlotMap::spokenPart() const
{
    return m_selection.cursor() < 0 ? QString() : describe(m_selection.cursor()).join(u", "_s);
}

QRect SlotMap::spokenPartRect() const
{
    return m_selection.cursor() < 0 ? QRect() : rectOf(m_selection.cursor()).toAlignedRect();
}

void SlotMap::invalidate()
{
    m_image = {};
    viewport()->update();
}

void SlotMap::measure()
{
    const qreal ratio = devicePixelRatioF();
    const double room = std::min(viewport()->width() - axisWidth, viewport()->height()) - 2.0 * border;
    m_side = std::max(2 * slotColumns, int(room * ratio * m_zoom));
    if (m_side > 12 * slotColumns) // large cells get equal sizes, which looks better
        m_side -= m_side % slotColumns;
    const double side = m_side / ratio;
    const auto range = [side](int available, int before) {
        return std::max(0, int(std::ceil(side)) + before + 2 * border - available);
    };
    horizontalScrollBar()->setRange(0, range(viewport()->width(), axisWidth));
    verticalScrollBar()->setRange(0, range(viewport()->height(), 0));
    horizontalScrollBar()->setPageStep(viewport()->width());
    verticalScrollBar()->setPageStep(viewport()->height());
    horizontalScrollBar()->setSingleStep(24);
    verticalScrollBar()->setSingleStep(24);
    double x = std::max(double(axisWidth), (viewport()->width() - side) / 2) - horizontalScrollBar()->value();
    double y = std::max(double(border), (viewport()->height() - side) / 2) - verticalScrollBar()->value();
    m_origin = QPointF(std::round(x * ratio) / ratio, std::round(y * ratio) / ratio);
}

void SlotMap::setZoom(double zoom, const QPointF &around)
{
    const double wanted = std::clamp(zoom, 1.0, 10.0);
    if (qFuzzyCompare(wanted, m_zoom))
        return;
    const QPointF cell = (around - m_origin) / m_side;
    m_zoom = wanted;
    measure();
    const QPointF moved = m_origin + cell * m_side - around;
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() + qRound(moved.x()));
    verticalScrollBar()->setValue(verticalScrollBar()->value() + qRound(moved.y()));
    measure();
    invalidate();
    Q_EMIT zoomChanged(m_zoom);
}

void SlotMap::zoomBy(int steps)
{
    const QPointF middle(viewport()->width() / 2.0, viewport()->height() / 2.0);
    setZoom(steps == 0 ? 1.0 : m_zoom * std::pow(1.25, steps), middle);
}

QPointF SlotMap::corner(int column, int row) const
{
    return m_origin + QPointF(cellEdge(column, m_side), cellEdge(row, m_side)) / devicePixelRatioF();
}

QRectF SlotMap::rectOf(int slot) const
{
    const int column = slot % slotColumns;
    const int row = slot / slotColumns;
    return {corner(column, row), corner(column + 1, row + 1)};
}

int SlotMap::slotAt(const QPointF &point) const
{
    const QPointF pixel = (point - m_origin) * devicePixelRatioF();
    if (pixel.x() < 0 || pixel.y() < 0 || pixel.x() >= m_side || pixel.y() >= m_side)
        return -1;
    const auto indexOf = [this](double at) {
        return ((int(at) + 1) * slotColumns - 1) / m_side;
    }; // inverse of cellEdge()
    return indexOf(pixel.y()) * slotColumns + indexOf(pixel.x());
}

void SlotMap::showSlot(int slot)
{
    const QRectF rect = rectOf(slot);
    const auto into = [](QScrollBar *bar, double low, double high, int room) {
        if (low < 24)
            bar->setValue(bar->value() + int(low) - room / 3);
        else if (high > room - 24)
            bar->setValue(bar->value() + int(high) - room * 2 / 3);
    };
    if (m_zoom > 1) {
        into(horizontalScrollBar(), rect.left(), rect.right(), viewport()->width());
        into(verticalScrollBar(), rect.top(), rect.bottom(), viewport()->height());
    }
}

QString SlotMap::stateLine(int slot) const
{
    const auto number = quint16(slot);
    if (m_view->openSlots.contains(number)) {
        QStringList names;
        for (const int node : m_view->openSlots.value(number))
            names.append(m_view->nodes.at(size_t(node)).name);
        return tr("In migration between nodes, as %1 reports").arg(names.join(u", "_s));
    }
    if (m_view->uncovered.contains(number))
        return tr("Uncovered: commands on its keys are refused");
    const int owner = m_view->owner[size_t(slot)];
    if (owner != ClusterView::noOwner && m_view->nodes.at(size_t(owner)).condition == NodeCondition::Failed)
        return tr("The owner has failed: no node serves the slot");
    return m_view->disputed.contains(number) ? tr("Disputed: nodes report different owners") : QString();
}

QStringList SlotMap::describe(int slot) const
{
    QStringList lines{tr("Slot %1").arg(groupedNumber(slot))};
    if (!m_view || slot < 0)
        return lines;
    const int owner = m_view->owner[size_t(slot)];
    if (owner != ClusterView::noOwner) {
        const NodeState &node = m_view->nodes.at(size_t(owner));
        const QString shard = node.shard < 0 ? tr("no shard") : shardTitle(m_view->shards.at(size_t(node.shard)));
        lines.append(u"%1 · %2"_s.arg(shard, node.name));
        const qint64 keys = m_counts ? m_counts->keys[size_t(slot)] : -1;
        lines.append(keys < 0 ? tr("keys not counted · epoch %1").arg(node.configEpoch)
                              : tr("%1 keys · epoch %2").arg(groupedNumber(keys)).arg(node.configEpoch));
        if (const QString heat = heatLine(slot); !heat.isEmpty())
            lines.append(heat);
    } else {
        lines.append(tr("No owner"));
    }
    if (const QString state = stateLine(slot); !state.isEmpty())
        lines.append(state);
    return lines;
}

QImage SlotMap::toImage() const
{
    if (!m_view)
        return {};
    return renderSlots({.view = m_view.get(),
                        .values = shownValues(),
                        .tokens = &m_theme.tokens(),
                        .colouring = m_colouring,
                        .highlightedShard = m_highlighted,
                        .side = 12 * slotColumns});
}

bool SlotMap::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::Leave && m_hovered >= 0) {
        m_hovered = -1;
        viewport()->update();
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void SlotMap::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    measure();
    invalidate();
}

void SlotMap::scrollContentsBy(int, int)
{
    measure();
    invalidate();
}

void SlotMap::mousePressEvent(QMouseEvent *event)
{
    const int slot = slotAt(event->position());
    if (event->button() != Qt::LeftButton)
        return;
    if (slot < 0) {
        clearSelection();
        return;
    }
    if (event->modifiers() == Qt::NoModifier && selected().contains(quint16(slot))) {
        m_taken = event->position(); // a click selects this slot, a drag moves the whole selection
        return;
    }
    m_dragging = true;
    const bool isRectangle = event->modifiers() & Qt::AltModifier;
    m_selection.press(quint16(slot), modeOf(event->modifiers()),
                      isRectangle ? SlotSelection::Shape::Rectangle : SlotSelection::Shape::Run);
    afterSelection();
}

void SlotMap::mouseMoveEvent(QMouseEvent *event)
{
    if (takeSelection(*event))
        return;
    const QPointF last = corner(slotColumns, rowsOfMap) - QPointF(1, 1);
    const QPointF inside(std::clamp(event->position().x(), m_origin.x(), last.x()),
                         std::clamp(event->position().y(), m_origin.y(), last.y()));
    const int slot = slotAt(m_dragging ? inside : event->position());
    if (slot == m_hovered)
        return;
    m_hovered = slot;
    if (m_dragging && slot >= 0) {
        m_selection.dragTo(quint16(slot));
        afterSelection();
    }
    viewport()->update();
}

void SlotMap::mouseReleaseEvent(QMouseEvent *event)
{
    const int slot = m_taken ? slotAt(event->position()) : -1;
    m_taken.reset();
    if (slot >= 0) {
        m_selection.press(quint16(slot), SlotSelection::Mode::Replace);
        afterSelection();
    }
    m_dragging = false;
}

void SlotMap::wheelEvent(QWheelEvent *event)
{
    if (event->modifiers() & Qt::ControlModifier) {
        setZoom(m_zoom * std::pow(1.25, event->angleDelta().y() / 120.0), event->position());
        event->accept();
        return;
    }
    QAbstractScrollArea::wheelEvent(event);
}

bool SlotMap::handleZoomKey(int key)
{
    switch (key) {
    case Qt::Key_Plus:
    case Qt::Key_Equal: zoomBy(1); return true;
    case Qt::Key_Minus: zoomBy(-1); return true;
    case Qt::Key_0: zoomBy(0); return true;
    default: return false;
    }
}

void SlotMap::keyPressEvent(QKeyEvent *event)
{
    const bool extend = event->modifiers() & Qt::ShiftModifier;
    int columns = 0;
    int rows = 0;
    switch (event->key()) {
    case Qt::Key_Left: columns = -1; break;
    case Qt::Key_Right: columns = 1; break;
    case Qt::Key_Up: rows = -1; break;
    case Qt::Key_Down: rows = 1; break;
    case Qt::Key_PageUp: rows = -16; break;
    case Qt::Key_PageDown: rows = 16; break;
    case Qt::Key_Home: columns = -slotColumns; break;
    case Qt::Key_End: columns = slotColumns; break;
    case Qt::Key_Space:
        if (m_selection.cursor() >= 0)
            m_selection.press(quint16(m_selection.cursor()), SlotSelection::Mode::Toggle);
        break;
    case Qt::Key_Escape:
        if (selected().isEmpty()) {
            event->ignore();
            return;
        }
        clearSelection();
        return;
    default:
        if (!handleZoomKey(event->key()))
            QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    if (event->key() != Qt::Key_Space)
        m_selection.move(columns, rows, extend);
    afterSelection();
    showSlot(m_selection.cursor());
}

} // namespace slotscope
