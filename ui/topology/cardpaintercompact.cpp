// SPDX-License-Identifier: GPL-3.0-or-later
// Cards of many shards: a strip of colour, the number, a small line for each node.
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/models/nodewords.h"
#include "ui/shared/badge.h"
#include "ui/shared/theme.h"
#include "ui/topology/cardmeasures.h"
#include "ui/topology/cardpainter.h"

#include <QPainter>
#include <QPainterPath>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

void CardPainter::paintCompact(const Card &card, const Marks &marks)
{
    if (card.colour >= 0) {
        QPainterPath clip;
        clip.addRoundedRect(QRectF(card.rect).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
        m_painter.save();
        m_painter.setClipPath(clip, Qt::IntersectClip);
        m_painter.fillRect(QRect(card.rect.left(), card.rect.top(), 4, card.rect.height()), shardColour(card.colour));
        m_painter.restore();
    }
    for (size_t i = 0; i < card.rows.size(); ++i) {
        const CardRow &row = card.rows[i];
        const NodeState &node = m_view.nodes[size_t(row.node)];
        m_painter.save();
        if (!row.matches)
            m_painter.setOpacity(0.4);
        if (i == 0 && node.shard >= 0) {
            m_painter.setFont(Theme::strongFont());
            m_painter.setPen(m_tokens.text);
            drawElided(m_painter, QRect(card.rect.left() + 10, row.rect.top(), compactNumber - 10, row.rect.height()),
                       QString::number(m_view.shards[size_t(node.shard)].number), Qt::ElideRight);
        }
        paintMarked(row, marks);
        paintCompactRow(row, node);
        m_painter.restore();
    }
}

void CardPainter::paintCompactRow(const CardRow &row, const NodeState &node)
{
    paintNodeBadge(QRect(row.rect.left() + 2, row.rect.center().y() - 7, 20, 16), node);
    const QRect line = row.rect.adjusted(26, 0, -4, 0);
    const LinkWord link = linkWord(m_view, node);
    const ServerInfo *info = node.currentInfo();
    const bool isWell = node.condition == NodeCondition::Ok && link.tone != Tone::Bad && link.tone != Tone::Warning;
    const QString alert = m_alerts.value(node.id).value(0);
    QString right;
    QColor colour = m_tokens.muted;
    if (!isWell) {
        right = link.text;
        colour = toneColours(m_tokens, link.tone).text;
    } else if (!alert.isEmpty()) {
        right = u"▲ "_s + alert;
        colour = m_tokens.warn;
    } else if (node.primary) {
        right = info && info->opsPerSecond ? tr("%1/s").arg(shortCount(*info->opsPerSecond)) : u"–"_s;
        colour = m_tokens.text;
    } else if (node.lagBytes) {
        right = tr("lag %1").arg(byteSize(std::max<qint64>(0, *node.lagBytes)));
    }
    m_painter.setFont(Theme::smallFont());
    const int words = std::min(m_painter.fontMetrics().horizontalAdvance(right) + 2, line.width() * 3 / 5);
    m_painter.setPen(colour);
    drawElided(m_painter, QRect(line.right() - words, line.top(), words, line.height()), right, Qt::ElideRight,
               Qt::AlignRight);
    constexpr int curve = 20;
    m_painter.setFont(Theme::monoFont());
    const int name = m_painter.fontMetrics().horizontalAdvance(node.name);
    const bool hasCurve = node.primary && isWell && alert.isEmpty() && line.width() - words - name >= curve + 16;
    m_painter.setPen(node.condition == NodeCondition::Failed ? m_tokens.error
                         : node.primary                      ? m_tokens.text
                                                             : m_tokens.muted);
    drawElided(m_painter, line.adjusted(0, 0, -words - (hasCurve ? curve + 14 : 8), 0), node.name, Qt::ElideMiddle);
    if (hasCurve)
        paintSparkline(QRect(line.right() - words - 7 - curve, line.top() + 5, curve, line.height() - 10), node);
}

} // namespace slotscope
