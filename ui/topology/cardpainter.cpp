// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/cardpainter.h"

#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/models/nodewords.h"
#include "ui/shared/badge.h"
#include "ui/shared/theme.h"

#include <QPainter>
#include <QPainterPath>
#include <QPixmapCache>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int memoryWidth = 66;
constexpr int opsWidth = 66;
constexpr int enoughDetail = 90; // enough for a range and an ellipsis; the summary is shortened only if less is left
constexpr int largestKeptFrame = 256 * 1024; // in pixels, a megabyte; larger frames are drawn again each time

struct BadgeWord
{
    QString text;
    Tone tone;
};

BadgeWord badgeOf(const NodeState &node)
{
    switch (node.condition) {
    case NodeCondition::Failed: return {u"✕"_s, Tone::Bad};
    case NodeCondition::MaybeFailed: return {u"?"_s, Tone::Warning};
    case NodeCondition::Unreachable:
    case NodeCondition::NoAddress: return {u"!"_s, Tone::Warning};
    case NodeCondition::Handshake:
    case NodeCondition::Loading: return {u"…"_s, Tone::Warning};
    default: break;
    }
    return node.primary ? BadgeWord{u"P"_s, Tone::Accent} : BadgeWord{u"R"_s, Tone::Neutral};
}

} // namespace

void drawElided(QPainter &painter, const QRect &rect, const QString &text, Qt::TextElideMode mode,
                Qt::Alignment alignment)
{
    painter.drawText(rect, int(alignment | Qt::AlignVCenter),
                     painter.fontMetrics().elidedText(text, mode, rect.width()));
}

void CardPainter::paint(const Card &card, CardSize size, const Marks &marks)
{
    paintFrame(card);
    if (size == CardSize::Compact) {
        paintCompact(card, marks);
        return;
    }
    paintHead(card);
    for (size_t i = 0; i < card.rows.size(); ++i) {
        if (size == CardSize::Roomy)
            paintRoomyRow(card, i, marks);
        else
            paintRow(card, card.rows[i], marks);
    }
}

/// Drawing an antialiased frame is the most expensive part of a card, and most cards have the same size, so it is drawn
/// once and then copied.
void CardPainter::paintFrame(const Card &card)
{
    m_painter.setRenderHint(QPainter::Antialiasing);
    const QSize size = card.rect.size();
    if (card.kind == Card::Kind::Outside || size.width() * size.height() > largestKeptFrame) {
        drawFrame(m_painter, card.rect, card.kind == Card::Kind::Outside, card.trouble);
        return;
    }
    const qreal ratio = m_painter.device()->devicePixelRatioF();
    const QString key = u"slotscope card %1 %2 %3 %4 %5 %6"_s.arg(size.width())
                            .arg(size.height())
                            .arg(ratio)
                            .arg(m_tokens.line.rgba())
                            .arg(m_tokens.surface.rgba())
                            .arg(int(card.trouble));
    QPixmap frame;
    if (!QPixmapCache::find(key, &frame)) {
        frame = QPixmap(size * ratio);
        frame.setDevicePixelRatio(ratio);
        frame.fill(Qt::transparent);
        QPainter painter(&frame);
        painter.setRenderHint(QPainter::Antialiasing);
        drawFrame(painter, QRect(QPoint(), size), false, card.trouble);
        painter.end();
        QPixmapCache::insert(key, frame);
    }
    m_painter.drawPixmap(card.rect.topLeft(), frame);
}

void CardPainter::drawFrame(QPainter &painter, const QRect &rect, bool dashed, CardTrouble trouble) const
{
    const QColor line = trouble == CardTrouble::Error ? m_tokens.errorMark
        : trouble == CardTrouble::Warning             ? m_tokens.warnMark
                                                      : m_tokens.line;
    QPen pen(line, 1);
    if (dashed) {
        pen.setStyle(Qt::CustomDashLine);
        pen.setDashPattern({4, 3});
        pen.setColor(m_tokens.line2);
    }
    painter.setPen(pen);
    painter.setBrush(m_tokens.surface);
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
}

void CardPainter::paintHead(const Card &card)
{
    const QRect line(card.rect.left() + 16, card.rect.top() + 12, card.rect.width() - 32, 20);
    int x = line.left();
    if (card.colour >= 0) {
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(shardColour(card.colour));
        m_painter.drawRoundedRect(QRectF(x, line.center().y() - 4, 10, 10), 2, 2);
        x += 18;
    }
    m_painter.setFont(Theme::textFont());
    m_painter.setPen(m_tokens.muted);
    const int ranges = std::min(QFontMetrics(Theme::monoFont()).horizontalAdvance(card.detail), enoughDetail);
    const int detail = ranges + QFontMetrics(Theme::strongFont()).horizontalAdvance(card.title) + 24;
    const bool full = card.shortSummary.isEmpty()
        || x + detail + m_painter.fontMetrics().horizontalAdvance(card.summary) <= line.right();
    const QString &words = full ? card.summary : card.shortSummary;
    const int summary = std::min(m_painter.fontMetrics().horizontalAdvance(words) + 2, line.width() * 3 / 5);
    drawElided(m_painter, QRect(line.right() + 1 - summary, line.top(), summary, line.height()), words, Qt::ElideRight,
               Qt::AlignRight);
    m_painter.setFont(Theme::strongFont());
    m_painter.setPen(m_tokens.text);
    const int title =
        std::min(m_painter.fontMetrics().horizontalAdvance(card.title) + 2, line.right() - summary - 12 - x);
    drawElided(m_painter, QRect(x, line.top(), title, line.height()), card.title, Qt::ElideMiddle);
    x += title + 8;
    m_painter.setFont(Theme::monoFont());
    m_painter.setPen(m_tokens.muted);
    drawElided(m_painter, QRect(x, line.top(), line.right() - summary - 12 - x, line.height()), card.detail,
               Qt::ElideRight);
    if (!card.slots.isEmpty())
        paintBar(card);
    if (!card.warning.isEmpty()) {
        const int y = card.slots.isEmpty() ? line.bottom() + 3 : line.bottom() + 17;
        m_painter.setFont(Theme::smallFont());
        m_painter.setPen(m_tokens.warn);
        drawElided(m_painter, QRect(line.left(), y, line.width(), 18), card.warning, Qt::ElideRight);
    }
}

void CardPainter::paintBar(const Card &card)
{
    const QRectF track(card.rect.left() + 16, card.rect.top() + 40, card.rect.width() - 32, 6);
    QPainterPath clip;
    clip.addRoundedRect(track, 2, 2);
    m_painter.save();
    m_painter.setClipPath(clip, Qt::IntersectClip);
    m_painter.fillRect(track, m_tokens.raised);
    const QColor colour = shardColour(card.colour);
    for (const SlotRange &range : card.slots.ranges()) {
        const double left = track.left() + track.width() * range.first / slotCount;
        m_painter.fillRect(
            QRectF(left, track.top(), std::max(1.5, track.width() * range.count() / slotCount), track.height()),
            colour);
    }
    m_painter.restore();
}

void CardPainter::paintRow(const Card &card, const CardRow &row, const Marks &marks)
{
    const NodeState &node = m_view.nodes[size_t(row.node)];
    m_painter.save();
    if (!row.matches)
        m_painter.setOpacity(0.4);
    if (row.indented)
        paintConnector(card, row);
    paintMarked(row, marks);
    const QRect badgeRect(row.rect.left() + 7, row.rect.center().y() - 8, 26, 18);
    paintNodeBadge(badgeRect, node);
    int x = badgeRect.right() + 9;
    if (card.kind == Card::Kind::Host && node.shard >= 0) {
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(shardColour(m_view.shards[size_t(node.shard)].colour));
        m_painter.drawRoundedRect(QRectF(x, row.rect.center().y() - 4, 9, 9), 2, 2);
        x += 16;
    }
    paintFigures(card, row, node, x);
    m_painter.restore();
}

void CardPainter::paintMarked(const CardRow &row, const Marks &marks)
{
    if (row.node != marks.current && row.node != marks.hovered)
        return;
    m_painter.setPen(row.node == marks.current && marks.focus ? QPen(m_tokens.accent, 2) : QPen(Qt::NoPen));
    m_painter.setBrush(row.node == marks.current ? m_tokens.sel : m_tokens.raised);
    m_painter.drawRoundedRect(QRectF(row.rect).adjusted(0.5, 1.5, -0.5, -1.5), 6, 6);
}

void CardPainter::paintNodeBadge(const QRect &rect, const NodeState &node)
{
    const BadgeWord badge = badgeOf(node);
    paintBadge(m_painter, rect, badge.text, badge.tone, m_tokens);
    if (!m_alerts.contains(node.id))
        return;
    m_painter.setPen(QPen(m_tokens.surface, 1.5));
    m_painter.setBrush(m_tokens.warnMark);
    m_painter.drawEllipse(QPointF(rect.right(), rect.top() + 1), 4.5, 4.5);
}

void CardPainter::paintConnector(const Card &card, const CardRow &row)
{
    const double x = card.rect.left() + 14 + 20.5;
    const double y = row.rect.center().y() + 1.5;
    const bool first = card.rows.size() < 2 || &row == &card.rows[1] || !card.rows.front().indented;
    const double top = first && !card.rows.front().indented ? card.rows.front().rect.center().y() + 12
                                                            : row.rect.top() - row.rect.height() / 2.0;
    QPainterPath path(QPointF(x, top));
    path.lineTo(x, y - 5);
    path.quadTo(x, y, x + 5, y);
    path.lineTo(row.rect.left() + 6, y);
    m_painter.setPen(QPen(m_tokens.line2, 1));
    m_painter.setBrush(Qt::NoBrush);
    m_painter.drawPath(path);
}

QString CardPainter::outsideText(const NodeState &node) const
{
    if (node.knownByAll || node.knownBy.isEmpty())
        return linkWord(m_view, node).text;
    const QString name = m_view.nodes.at(size_t(node.knownBy.front())).name;
    const int strangers = m_view.observers - int(node.knownBy.size());
    return node.knownBy.size() == 1 ? tr("known only to %1").arg(name)
                                    : counted(strangers, tr("unknown to 1 node"), tr("unknown to %1 nodes"));
}

int CardPainter::paintName(const Card &card, const NodeState &node, const QRect &area, int room)
{
    const bool host = card.kind == Card::Kind::Host;
    const QString name = host ? u':' + QString::number(node.address.port) : node.name;
    QFont mono = Theme::monoFont();
    if (node.primary && card.kind != Card::Kind::Outside)
        mono.setWeight(QFont::DemiBold);
    m_painter.setFont(mono);
    m_painter.setPen(node.condition == NodeCondition::Failed ? m_tokens.error
                         : node.primary                      ? m_tokens.text
                                                             : m_tokens.muted);
    // a long address uses the space that the texts or values beside it leave
    const int usual = std::max(card.rect.left() + int(card.rect.width() * 0.46), area.left() + 60);
    const int wanted = area.left() + m_painter.fontMetrics().horizontalAdvance(name) + 12;
    const int most = std::max(area.left() + 60, area.right() - room);
    const int middle = wanted > most ? std::max(most, std::min(wanted, usual)) : std::clamp(usual, wanted, most);
    drawElided(m_painter, QRect(area.left(), area.top(), middle - area.left() - 10, area.height()), name,
               Qt::ElideMiddle);
    if (host) {
        m_painter.setFont(Theme::textFont());
        m_painter.setPen(m_tokens.muted);
        drawElided(m_painter, QRect(wanted, area.top(), middle - wanted - 10, area.height()), shardWord(m_view, node),
                   Qt::ElideRight);
    }
    return middle;
}

void CardPainter::paintFigures(const Card &card, const CardRow &row, const NodeState &node, int left)
{
    QRect area = row.rect.adjusted(0, 0, -7, 0);
    area.setLeft(left);
    const bool outside = card.kind == Card::Kind::Outside;
    const LinkWord link = linkWord(m_view, node);
    const QString words = outside ? outsideText(node) : link.text;
    const int beside = words.isEmpty() ? opsWidth : QFontMetrics(Theme::textFont()).horizontalAdvance(words) + 10;
    const ServerInfo *info = node.currentInfo();
    const bool known = info && info->usedMemory;
    const QString used = outside ? QString() : known ? byteSize(*info->usedMemory) : u"–"_s;
    const int usedWidth = outside ? 0
        : words.isEmpty()         ? memoryWidth
                                  : QFontMetrics(Theme::textFont()).horizontalAdvance(used) + 10;
    const int middle = paintName(card, node, area, beside + usedWidth);
    const QRect memory(area.right() - memoryWidth, area.top(), memoryWidth, area.height());
    m_painter.setFont(Theme::textFont());
    m_painter.setPen(m_tokens.muted);
    m_painter.drawText(memory, Qt::AlignRight | Qt::AlignVCenter, used);
    if (!words.isEmpty()) {
        m_painter.setPen(toneColours(m_tokens, link.tone).text);
        const int end = area.right() - usedWidth;
        drawElided(m_painter, QRect(middle, area.top(), end - middle, area.height()), words, Qt::ElideRight);
        return;
    }
    const QRect ops(memory.left() - opsWidth, area.top(), opsWidth, area.height());
    m_painter.setPen(m_tokens.text);
    const bool hasOps = info && info->opsPerSecond;
    m_painter.drawText(ops, Qt::AlignRight | Qt::AlignVCenter,
                       hasOps ? tr("%1/s").arg(shortCount(*info->opsPerSecond)) : u"–"_s);
    if (const QString alert = m_alerts.value(node.id).value(0); !alert.isEmpty()) {
        const QSize size = badgeSize(u"▲ "_s + alert);
        if (ops.left() - middle - 4 >= size.width()) {
            const QRect place(QPoint(ops.left() - 4 - size.width(), area.center().y() - size.height() / 2), size);
            paintBadge(m_painter, place, u"▲ "_s + alert, Tone::Warning, m_tokens);
            return;
        }
    }
    if (const int width = ops.left() - middle - 4; width >= 40)
        paintSparkline(QRect(middle, area.top() + 9, std::min(width, 160), area.height() - 18), node);
}

void CardPainter::paintSparkline(const QRect &rect, const NodeState &node)
{
    const QList<qint64> samples = m_history.of(node.id);
    const double unit = double(rect.width()) / (OpsHistory::length - 1);
    const double begin = rect.right() - unit * double(std::max<qsizetype>(0, samples.size() - 1));
    if (begin > rect.left() + 1) { // the time before the first sample
        m_painter.setPen(QPen(m_tokens.line, 1));
        m_painter.drawLine(QPointF(rect.left(), rect.center().y() + 0.5), QPointF(begin, rect.center().y() + 0.5));
    }
    if (samples.size() < 2)
        return;
    const auto [low, high] = std::minmax_element(samples.begin(), samples.end());
    const double middle = double(*low + *high) / 2;
    const double span = OpsHistory::spanOf(*low, *high); // a flat line is drawn in the middle
    QPolygonF line;
    for (qsizetype i = 0; i < samples.size(); ++i) {
        const double x = rect.right() - unit * double(samples.size() - 1 - i);
        line.append(QPointF(x, rect.center().y() + 0.5 - (double(samples.at(i)) - middle) / span * rect.height()));
    }
    const QColor colour = node.shard >= 0 ? shardColour(m_view.shards[size_t(node.shard)].colour) : m_tokens.muted;
    m_painter.setPen(QPen(colour, 1.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    m_painter.setBrush(Qt::NoBrush);
    m_painter.drawPolyline(line);
}

} // namespace slotscope
