// SPDX-License-Identifier: GPL-3.0-or-later
// Cards with a plot and figures, where few shards leave the room for them.
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/models/nodewords.h"
#include "ui/shared/badge.h"
#include "ui/shared/theme.h"
#include "ui/topology/cardmeasures.h"
#include "ui/topology/cardpainter.h"

#include <QPainter>

#include <cmath>
#include <limits>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int figureColumns = 3;
constexpr double nearlyFull = 0.9; // share of maxmemory
constexpr double figureUnknown = std::numeric_limits<double>::quiet_NaN();

QString countText(double value)
{
    return std::isnan(value) ? u"–"_s : shortCount(qint64(std::llround(value)));
}

QString bytesText(double value)
{
    return std::isnan(value) ? u"–"_s : byteSize(qint64(std::llround(value)));
}

double orElse(double value, const std::optional<qint64> &other)
{
    return std::isnan(value) && other ? double(*other) : value;
}

QString upText(const ServerInfo *info)
{
    return info && info->uptimeSeconds ? tr("up %1").arg(roughDuration(*info->uptimeSeconds * 1000)) : QString();
}

} // namespace

void CardPainter::paintRoomyRow(const Card &card, size_t index, const Marks &marks)
{
    const CardRow &row = card.rows[index];
    const NodeState &node = m_view.nodes[size_t(row.node)];
    m_painter.save();
    if (!row.matches)
        m_painter.setOpacity(0.4);
    const QRect inner = row.rect.adjusted(6, 0, -6, 0); // the background is wider than the content
    const int rail = inner.left() + 13;
    if (index > 0) { // line that connects to the node above
        const CardRow &above = card.rows[index - 1];
        m_painter.setPen(QPen(m_tokens.line2, 1));
        m_painter.drawLine(QPointF(rail + 0.5, above.rect.center().y() + 12),
                           QPointF(rail + 0.5, row.rect.center().y() - 12));
    }
    paintMarked(row, marks);
    paintNodeBadge(QRect(inner.left(), inner.center().y() - 8, 26, 18), node);
    const LinkWord link = linkWord(m_view, node);
    const bool isOnly = card.rows.size() == 2;
    const bool isSick = node.condition != NodeCondition::Ok;
    const QString right = isSick || (index > 0 && !isOnly) ? link.text : upText(node.currentInfo());
    const QRect line = inner.adjusted(roomyIndent, 0, 0, 0);
    m_painter.setFont(Theme::textFont());
    m_painter.setPen(isSick || (index > 0 && !isOnly) ? toneColours(m_tokens, link.tone).text : m_tokens.muted);
    const int words = std::min(m_painter.fontMetrics().horizontalAdvance(right) + 2, line.width() / 2);
    drawElided(m_painter, QRect(line.right() + 1 - words, line.top(), words, line.height()), right, Qt::ElideRight,
               Qt::AlignRight);
    QFont mono = Theme::monoFont();
    mono.setWeight(index == 0 ? QFont::DemiBold : QFont::Normal);
    m_painter.setFont(mono);
    m_painter.setPen(node.condition == NodeCondition::Failed ? m_tokens.error : m_tokens.text);
    drawElided(m_painter, line.adjusted(0, 0, -words - 12, 0), node.name, Qt::ElideMiddle);
    if (index == 0) {
        paintRoomyPlot(card, node);
        paintRoomyFigures(card, node);
        if (card.rows.size() == 1) {
            m_painter.setFont(Theme::textFont());
            m_painter.setPen(m_tokens.muted);
            const QRect place(line.left(), row.area.bottom() + 1, line.width(), roomyLink);
            drawElided(m_painter, place, tr("No replica"), Qt::ElideRight);
        }
    } else {
        if (isOnly)
            paintRoomyLink(card, node);
        paintRoomyReplica(row, node, isOnly);
    }
    m_painter.restore();
}

/// Draws the commands of the last minutes, with the same scale on all cards.
void CardPainter::paintRoomyPlot(const Card &card, const NodeState &node)
{
    const QRect plot = card.plot;
    const QRect head(plot.left(), plot.top() - roomyHead, plot.width(), roomyHead - 6);
    const ServerInfo *info = node.currentInfo();
    const double now =
        orElse(m_record.last(node.id, Metric::Commands), info ? info->opsPerSecond : std::optional<qint64>());
    m_painter.setFont(Theme::titleFont());
    m_painter.setPen(m_tokens.text);
    const QString value = info ? countText(now) : u"–"_s;
    const int width = m_painter.fontMetrics().horizontalAdvance(value);
    m_painter.drawText(head, int(Qt::AlignLeft | Qt::AlignVCenter), value);
    m_painter.setFont(Theme::textFont());
    m_painter.setPen(m_tokens.muted);
    const QString unit = tr("commands/s");
    const int unitWidth = m_painter.fontMetrics().horizontalAdvance(unit);
    m_painter.drawText(head.adjusted(width + 8, 0, 0, 0), int(Qt::AlignLeft | Qt::AlignVCenter), unit);
    m_painter.setFont(Theme::smallFont());
    const QRect scale = head.adjusted(width + unitWidth + 20, 0, 0, 0);
    if (!m_record.commands(node.id).empty())
        drawElided(m_painter, scale,
                   tr("%1 min · scale 0 to %2")
                       .arg(NodeRecord::minutes)
                       .arg(shortCount(qint64(m_record.commandScale())).replace(u".0"_s, QString())),
                   Qt::ElideLeft, Qt::AlignRight);
    for (int line = 1; line <= 3; ++line) {
        m_painter.setPen(QPen(line == 3 ? m_tokens.line2 : m_tokens.grid, 1));
        const double y = plot.top() + plot.height() * line / 3.0;
        m_painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right() + 1, y));
    }
    const QColor colour = card.colour >= 0 ? shardColour(card.colour) : m_tokens.accentMark;
    paintLine(plot, m_record.commands(node.id), m_record.commandScale(), colour, true);
}

void CardPainter::paintLine(const QRectF &rect, const std::vector<double> &values, double top, const QColor &colour,
                            bool fill)
{
    if (values.size() < 2)
        return;
    const double unit = rect.width() / double(values.size() - 1);
    QPolygonF line;
    const auto draw = [&] {
        if (line.size() > 1) {
            if (fill) {
                QPolygonF area = line;
                area.append(QPointF(line.last().x(), rect.bottom()));
                area.append(QPointF(line.first().x(), rect.bottom()));
                QColor ground = colour;
                ground.setAlphaF(0.16F);
                m_painter.setPen(Qt::NoPen);
                m_painter.setBrush(ground);
                m_painter.drawPolygon(area);
            }
            m_painter.setPen(QPen(colour, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
            m_painter.setBrush(Qt::NoBrush);
            m_painter.drawPolyline(line);
        }
        line.clear();
    };
    for (size_t i = 0; i < values.size(); ++i) {
        if (std::isnan(values[i]))
            draw(); // missing values leave a gap in the line
        else
            line.append(QPointF(rect.left() + unit * double(i),
                                rect.bottom() - std::clamp(values[i] / top, 0.0, 1.0) * rect.height()));
    }
    draw();
}

void CardPainter::paintFigure(const QRect &rect, const Figure &figure, const QColor &barColour)
{
    m_painter.setFont(Theme::smallFont());
    m_painter.setPen(m_tokens.muted);
    drawElided(m_painter, QRect(rect.left(), rect.top(), rect.width(), 18), figure.caption, Qt::ElideRight);
    const QRect below(rect.left(), rect.top() + 18, rect.width(), 20);
    m_painter.setFont(Theme::strongFont());
    m_painter.setPen(figure.tone == Tone::Neutral ? m_tokens.text : toneColours(m_tokens, figure.tone).text);
    const int width = std::min(m_painter.fontMetrics().horizontalAdvance(figure.value) + 1, below.width());
    drawElided(m_painter, below, figure.value, Qt::ElideRight);
    m_painter.setFont(Theme::textFont());
    m_painter.setPen(m_tokens.muted);
    if (below.width() - width > 12 && figure.value != u"–") // an unknown value has no unit
        drawElided(m_painter, below.adjusted(width + 3, 0, 0, 0), figure.unit, Qt::ElideRight);
    if (figure.share < 0 || std::isnan(figure.share))
        return;
    const QRectF track(rect.left(), below.bottom() + 3, rect.width(), 4);
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(m_tokens.raised);
    m_painter.drawRoundedRect(track, 2, 2);
    m_painter.setBrush(figure.tone == Tone::Warning ? m_tokens.warnMark : barColour);
    m_painter.drawRoundedRect(QRectF(track.topLeft(), QSizeF(track.width() * std::min(1.0, figure.share), 4)), 2, 2);
}

void CardPainter::paintRoomyFigures(const Card &card, const NodeState &node)
{
    const ServerInfo *info = node.currentInfo();
    const auto told = [&](Metric metric) { return info ? m_record.last(node.id, metric) : figureUnknown; };
    const auto ofInfo = [&](Metric metric, auto field) {
        return info ? orElse(told(metric), info->*field) : figureUnknown;
    };
    const double used = ofInfo(Metric::Memory, &ServerInfo::usedMemory);
    const double most = ofInfo(Metric::MaxMemory, &ServerInfo::maxMemory);
    const double cpu = told(Metric::Cpu), hits = info ? m_record.hitRatio(node.id) : figureUnknown;
    const bool isLimited = most > 0;
    const QString in = bytesText(told(Metric::NetIn)), out = bytesText(told(Metric::NetOut));
    const double roundTrip = info ? node.reach.roundTripMs : -1;
    const std::initializer_list<Figure> figures{
        {.caption = tr("Memory"),
         .value = bytesText(used),
         .unit = isLimited ? u"/ "_s + bytesText(most) : QString(),
         .share = isLimited ? used / most : figureUnknown,
         .tone = isLimited && used / most > nearlyFull ? Tone::Warning : Tone::Neutral},
        {.caption = tr("CPU"),
         .value = std::isnan(cpu) ? u"–"_s : tr("%1 %").arg(cpu, 0, 'f', cpu < 10 ? 1 : 0),
         .unit = tr("of a core"),
         .share = cpu / 100},
        {.caption = tr("Hit ratio"),
         .value = std::isnan(hits) ? u"–"_s : tr("%1 %").arg(100 * hits, 0, 'f', 1),
         .share = hits},
        {.caption = tr("Clients"), .value = countText(ofInfo(Metric::Clients, &ServerInfo::connectedClients))},
        {.caption = tr("In · out per second"), .value = in == u"–" && out == u"–" ? in : in + u" · "_s + out},
        {.caption = tr("Reply time"),
         .value = roundTrip < 0 ? u"–"_s : tr("%1 ms").arg(roundTrip, 0, 'f', roundTrip < 10 ? 1 : 0)},
        {.caption = tr("Keys"), .value = info && info->keys ? groupedNumber(*info->keys) : u"–"_s},
        {.caption = tr("Evicted"), .value = countText(told(Metric::Evicted)), .unit = tr("per second")},
        {.caption = tr("Blocked clients"),
         .value = countText(ofInfo(Metric::BlockedClients, &ServerInfo::blockedClients))},
    };
    const QColor colour = card.colour >= 0 ? shardColour(card.colour) : m_tokens.accentMark;
    const int width = (card.plot.width() - (figureColumns - 1) * 20) / figureColumns;
    int at = 0;
    for (const Figure &figure : figures) {
        const int line = at / figureColumns;
        const int y = card.plot.bottom() + 14 + (line > 0 ? roomyBars + (line - 1) * roomyFigures : 0);
        paintFigure(QRect(card.plot.left() + at % figureColumns * (width + 20), y, width, roomyFigures), figure,
                    colour);
        ++at;
    }
}

void CardPainter::paintRoomyLink(const Card &card, const NodeState &replica)
{
    const QRect line(card.plot.left(), card.rows[1].area.top(), card.plot.width(), roomyLink);
    const LinkWord link = linkWord(m_view, replica);
    const ServerInfo *info = replica.currentInfo();
    const bool isLinked = info && info->primaryLinkUp.value_or(false) && replica.condition == NodeCondition::Ok;
    const QString word = isLinked ? tr("linked") : link.text;
    const QSize size = badgeSize(word);
    const int badge = std::min(size.width(), line.width() / 2);
    paintBadge(m_painter, QRect(line.left(), line.center().y() - size.height() / 2, badge, size.height()), word,
               isLinked                     ? Tone::Good
                   : link.tone == Tone::Bad ? Tone::Bad
                                            : Tone::Warning,
               m_tokens);
    if (!isLinked)
        return;
    QStringList words;
    if (replica.lagBytes)
        words.append(tr("lag %1").arg(byteSize(std::max<qint64>(0, *replica.lagBytes))));
    if (info->primaryLastIoSeconds)
        words.append(*info->primaryLastIoSeconds < 1
                         ? tr("last reply within 1 s")
                         : tr("last reply %1 ago").arg(roughDuration(*info->primaryLastIoSeconds * 1000)));
    constexpr int curve = 84;
    m_painter.setFont(Theme::textFont());
    m_painter.setPen(m_tokens.muted);
    drawElided(m_painter, line.adjusted(badge + 10, 0, -curve - 10, 0), words.join(u" · "_s), Qt::ElideRight);
    const std::vector<double> &lag = m_record.lag(m_view.nodes[size_t(card.rows[0].node)].id);
    double top = 1024; // so that a few bytes are not drawn as a peak
    for (const double value : lag)
        top = std::isnan(value) ? top : std::max(top, value);
    paintLine(QRectF(line.right() - curve, line.top() + 9, curve, line.height() - 18), lag, top, m_tokens.mutedMark,
              false);
}

void CardPainter::paintRoomyReplica(const CardRow &row, const NodeState &node, bool isOnly)
{
    const ServerInfo *info = node.currentInfo();
    const auto told = [&](Metric metric, auto field) {
        return info ? orElse(m_record.last(node.id, metric), info->*field) : figureUnknown;
    };
    const double most = told(Metric::MaxMemory, &ServerInfo::maxMemory);
    const QString commands = countText(told(Metric::Commands, &ServerInfo::opsPerSecond));
    const QString memory = bytesText(told(Metric::Memory, &ServerInfo::usedMemory));
    const QString clients = countText(told(Metric::Clients, &ServerInfo::connectedClients));
    const QRect below(row.rect.left() + 6 + roomyIndent, row.rect.bottom() + 1, row.rect.width() - 12 - roomyIndent,
                      roomyFigures);
    if (!isOnly) {
        m_painter.setFont(Theme::smallFont());
        m_painter.setPen(m_tokens.muted);
        drawElided(m_painter, QRect(below.left(), below.top() - 4, below.width(), roomyLine),
                   tr("%1 commands/s · %2 · %3 clients").arg(commands, memory, clients), Qt::ElideRight);
        return;
    }
    const int width = (below.width() - (figureColumns - 1) * 20) / figureColumns;
    const auto place = [&](int column) {
        return QRect(below.left() + column * (width + 20), below.top(), width, roomyFigures);
    };
    paintFigure(place(0), {.caption = tr("Commands"), .value = commands, .unit = tr("per second")}, {});
    paintFigure(place(1),
                {.caption = tr("Memory"), .value = memory, .unit = most > 0 ? u"/ "_s + bytesText(most) : QString()},
                {});
    paintFigure(place(2), {.caption = tr("Clients"), .value = clients}, {});
}

} // namespace slotscope
