// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/planpicture.h"

#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "ui/shared/theme.h"
#include "ui/shared/slotimage.h"

#include <QPainter>
#include <QPainterPath>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int labelWidth = 60;
constexpr int barHeight = 18;
constexpr int mapSide = 256;
constexpr int moveRowHeight = 28;
constexpr int movesPictured = 10;

} // namespace

PlanPicture::PlanPicture(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setAccessibleName(tr("Slots before and after"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void PlanPicture::setViews(const ClusterViewPtr &before, const ClusterViewPtr &after)
{
    m_before = before;
    m_after = after;
    updateGeometry();
    update();
}

void PlanPicture::setMaps(bool maps)
{
    m_maps = maps;
    updateGeometry();
    update();
}

QSize PlanPicture::sizeHint() const
{
    if (m_maps)
        return {2 * mapSide + 32, mapSide + 24};
    return {400, (m_before ? 2 : 1) * (barHeight + 8)};
}

void PlanPicture::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    QList<std::pair<QString, ClusterViewPtr>> parts;
    if (m_before)
        parts.append({tr("Before"), m_before});
    if (m_after)
        parts.append({tr("After"), m_after});
    int x = 0;
    int y = 0;
    for (const auto &[name, view] : std::as_const(parts)) {
        painter.setPen(m_theme.tokens().muted);
        painter.setFont(Theme::textFont());
        painter.drawText(QRect(x, y, labelWidth, barHeight), Qt::AlignLeft | Qt::AlignVCenter, name);
        if (m_maps) {
            paintMap(painter, {x, 24, mapSide, mapSide}, *view);
            x += mapSide + 32;
        } else {
            paintBar(painter, {labelWidth, y, width() - labelWidth, barHeight}, *view);
            y += barHeight + 8;
        }
    }
}

void PlanPicture::paintBar(QPainter &painter, const QRect &rect, const ClusterView &view) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath clip;
    clip.addRoundedRect(QRectF(rect), 4, 4);
    painter.setClipPath(clip);
    painter.fillRect(rect, tokens.raised);
    const double unit = double(rect.width()) / slotCount;
    const auto fill = [&](const SlotSet &set, const QColor &colour) {
        for (const SlotRange &range : set.ranges())
            painter.fillRect(QRectF(rect.left() + range.first * unit, rect.top(), std::max(1.0, range.count() * unit),
                                    rect.height()),
                             colour);
    };
    for (const ShardState &shard : view.shards)
        fill(shard.slots, mixed(tokens.raised, shardColour(shard.colour), 0.92));
    fill(view.uncovered, tokens.error);
    painter.restore();
}

void PlanPicture::paintMap(QPainter &painter, const QRect &rect, const ClusterView &view) const
{
    const qreal ratio = devicePixelRatioF();
    QImage image = renderSlots({.view = &view,
                                .values = nullptr,
                                .tokens = &m_theme.tokens(),
                                .colouring = SlotColouring::Owner,
                                .highlightedShard = -1,
                                .side = int(rect.width() * ratio)});
    image.setDevicePixelRatio(ratio);
    painter.drawImage(rect.topLeft(), image);
}

MovesList::MovesList(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void MovesList::setMoves(const QList<SlotMove> &moves, const ClusterViewPtr &view)
{
    m_moves = moves;
    m_view = view;
    QStringList lines;
    for (const SlotMove &move : moves.mid(0, movesPictured))
        lines.append(tr("%1 from %2 to %3").arg(rangesText(move.slots, 4), move.source.address, move.target.address));
    setAccessibleName(lines.join(u"; "_s));
    updateGeometry();
    update();
}

int MovesList::rows() const
{
    return int(std::min<qsizetype>(m_moves.size(), movesPictured)) + (m_moves.size() > movesPictured ? 1 : 0);
}

QSize MovesList::sizeHint() const
{
    return {600, m_moves.isEmpty() ? 0 : (rows() + 1) * moveRowHeight};
}

void MovesList::paintNode(QPainter &painter, const QRect &rect, const NodeRef &ref) const
{
    const NodeState *node = m_view ? m_view->node(ref.id) : nullptr;
    const bool inShard = node && node->shard >= 0;
    const int colour = inShard ? m_view->shards[size_t(node->shard)].colour : shardColourCount - 1;
    painter.setPen(Qt::NoPen);
    painter.setBrush(shardColour(colour));
    painter.drawRoundedRect(QRectF(rect.left(), rect.center().y() - 4.5, 10, 10), 2, 2);
    const QString text = inShard ? shardWord(*m_view, *node) + u" · "_s + ref.address : ref.address;
    painter.setPen(m_theme.tokens().text);
    painter.setFont(Theme::textFont());
    painter.drawText(rect.adjusted(18, 0, -8, 0), Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(text, Qt::ElideMiddle, rect.width() - 26));
}

void MovesList::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const ThemeTokens &tokens = m_theme.tokens();
    const int count = 64, node = (width() - count) * 3 / 10, ranges = width() - count - 2 * node;
    int y = 0;
    const auto text = [&](int x, int wide, const QString &words, const QColor &colour, Qt::Alignment side) {
        painter.setPen(colour);
        painter.drawText(QRect(x, y, wide - 8, moveRowHeight), side | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(words, Qt::ElideRight, wide - 8));
    };
    const auto line = [&] {
        painter.setPen(tokens.line);
        painter.drawLine(0, y + moveRowHeight - 1, width(), y + moveRowHeight - 1);
        y += moveRowHeight;
    };
    painter.setFont(Theme::smallFont());
    text(0, ranges, tr("Slots"), tokens.muted, Qt::AlignLeft);
    text(ranges, count, tr("Count"), tokens.muted, Qt::AlignRight);
    text(ranges + count + 8, node, tr("From"), tokens.muted, Qt::AlignLeft);
    text(ranges + count + node, node, tr("To"), tokens.muted, Qt::AlignLeft);
    line();
    for (const SlotMove &move : m_moves.mid(0, movesPictured)) {
        painter.setFont(Theme::monoFont());
        text(0, ranges, rangesText(move.slots, 12), tokens.text, Qt::AlignLeft);
        text(ranges, count, groupedNumber(move.slots.count()), tokens.text, Qt::AlignRight);
        paintNode(painter, {ranges + count + 8, y, node - 8, moveRowHeight}, move.source);
        paintNode(painter, {ranges + count + node, y, node, moveRowHeight}, move.target);
        line();
    }
    if (m_moves.size() > movesPictured)
        text(0, width(), tr("and %1 more moves, see the steps").arg(groupedNumber(m_moves.size() - movesPictured)),
             tokens.muted, Qt::AlignLeft);
}

} // namespace slotscope
