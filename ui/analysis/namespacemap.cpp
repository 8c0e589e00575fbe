// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/analysis/namespacemap.h"

#include "core/base/text.h"
#include "core/operations/planners/plandraft.h"
#include "ui/analysis/squarify.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr double tileGap = 2, tileRadius = 3;
constexpr int labelWidth = 52, labelHeight = 22, twoLines = 40; // smaller parts have no label, only a tool tip
constexpr int tilePadding = 8;

} // namespace

NamespaceMap::NamespaceMap(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(u"namespaceMap"_s);
    setAccessibleName(tr("Memory by namespace"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void NamespaceMap::show(const QList<NamespacePart> &parts)
{
    m_parts = parts;
    m_current = parts.isEmpty() ? -1 : 0;
    m_hovered = -1;
    layOut();
    update();
    tellPart(this);
}

void NamespaceMap::setCurrent(int part)
{
    if (part < 0 || part >= m_parts.size() || part == m_current)
        return;
    m_current = part;
    update();
    tellPart(this);
}

void NamespaceMap::layOut()
{
    QList<double> weights;
    QList<int> order;
    for (qsizetype i = 0; i < m_parts.size(); ++i)
        order.append(int(i));
    std::stable_sort(order.begin(), order.end(),
                     [this](int left, int right) { return m_parts[left].sum.bytes > m_parts[right].sum.bytes; });
    for (const int part : std::as_const(order))
        weights.append(double(std::max<qint64>(0, m_parts[part].sum.bytes)));
    const QList<QRectF> rects = squarified(weights, QRectF(rect()).adjusted(0, 0, tileGap, tileGap));
    m_rects.fill({}, m_parts.size());
    for (qsizetype i = 0; i < order.size(); ++i)
        m_rects[order[i]] = rects[i].adjusted(0, 0, -tileGap, -tileGap);
}

QColor NamespaceMap::shadeOf(const Theme &theme, double withTtl)
{
    const ThemeTokens &tokens = theme.tokens();
    const double share = std::max(0.0, withTtl);
    return mixed(tokens.surface, tokens.accentMark, 0.14 + 0.34 * share);
}

QString NamespaceMap::words(const NamespacePart &part) const
{
    QStringList sentences{tr("%1: %2, %3.").arg(part.name, byteSize(part.sum.bytes), keysText(part.sum.keys))};
    if (part.withTtl >= 0)
        sentences += tr("%1 % have a time to live.").arg(part.withTtl * 100, 0, 'f', 0);
    if (part.hasFinding)
        sentences += tr("There is a recommendation for it.");
    return sentences.join(u' ');
}

QString NamespaceMap::spokenPart() const
{
    return m_current < 0 ? QString() : words(m_parts[m_current]);
}

QRect NamespaceMap::spokenPartRect() const
{
    return m_current < 0 ? QRect() : m_rects[m_current].toAlignedRect();
}

void NamespaceMap::paintPart(QPainter &painter, int index) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    const NamespacePart &part = m_parts[index];
    const QRectF &tile = m_rects[index];
    if (tile.width() < 1 || tile.height() < 1)
        return;
    const bool isBelow = part.kind == NamespacePart::Kind::Below;
    QColor ground = isBelow ? shadeOf(m_theme, part.withTtl) : mixed(tokens.surface, tokens.mutedMark, 0.18);
    if (index == m_hovered)
        ground = mixed(ground, tokens.text, 0.08);
    painter.setPen(part.hasFinding ? QPen(tokens.warnMark, 1.5) : QPen(Qt::NoPen));
    painter.setBrush(ground);
    painter.drawRoundedRect(part.hasFinding ? tile.adjusted(1, 1, -1, -1) : tile, tileRadius, tileRadius);
    if (index == m_current && hasFocus()) {
        painter.setPen(QPen(tokens.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(tile.adjusted(1, 1, -1, -1), tileRadius, tileRadius);
    }
    if (tile.width() < labelWidth || tile.height() < labelHeight)
        return;
    const QRectF area = tile.adjusted(tilePadding, 4, -tilePadding, -4);
    painter.setPen(tokens.text);
    QFont name = Theme::monoFont();
    name.setWeight(QFont::DemiBold);
    painter.setFont(name);
    const QRectF first(area.topLeft(), QSizeF(area.width(), 16));
    painter.drawText(first, Qt::AlignVCenter | Qt::AlignLeft,
                     QFontMetrics(name).elidedText(part.name, Qt::ElideRight, int(first.width())));
    if (tile.height() < twoLines)
        return;
    painter.setFont(Theme::smallFont());
    const QFontMetrics metrics(Theme::smallFont());
    QString figures = byteSize(part.sum.bytes) + u" · "_s + keysText(part.sum.keys);
    if (metrics.horizontalAdvance(figures) > area.width())
        figures = byteSize(part.sum.bytes);
    painter.drawText(first.translated(0, 17), Qt::AlignVCenter | Qt::AlignLeft,
                     metrics.elidedText(figures, Qt::ElideRight, int(first.width())));
}

void NamespaceMap::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    for (int part = 0; part < m_parts.size(); ++part)
        paintPart(painter, part);
}

int NamespaceMap::partAt(const QPointF &at) const
{
    for (int part = 0; part < m_rects.size(); ++part)
        if (m_rects[part].contains(at))
            return part;
    return -1;
}

void NamespaceMap::resizeEvent(QResizeEvent *)
{
    layOut();
}

void NamespaceMap::mouseMoveEvent(QMouseEvent *event)
{
    const int part = partAt(event->position());
    if (part != std::exchange(m_hovered, part))
        update();
    const bool opens = part >= 0 && m_parts[part].kind == NamespacePart::Kind::Below;
    setCursor(opens ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void NamespaceMap::leaveEvent(QEvent *)
{
    m_hovered = -1;
    update();
}

void NamespaceMap::mouseReleaseEvent(QMouseEvent *event)
{
    const int part = partAt(event->position());
    if (event->button() == Qt::BackButton)
        Q_EMIT upRequested();
    if (event->button() != Qt::LeftButton || part < 0)
        return;
    setCurrent(part);
    Q_EMIT openRequested(part);
}

void NamespaceMap::contextMenuEvent(QContextMenuEvent *event)
{
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const int part = byKey ? m_current : partAt(event->pos());
    if (part < 0)
        return;
    setCurrent(part);
    Q_EMIT menuRequested(part, byKey ? mapToGlobal(m_rects[part].center().toPoint()) : event->globalPos());
}

/// Moves to the nearest part in that direction.
void NamespaceMap::step(int dx, int dy)
{
    if (m_current < 0)
        return;
    const QPointF from = m_rects[m_current].center();
    int best = -1;
    double nearest = 0;
    for (int part = 0; part < m_rects.size(); ++part) {
        if (part == m_current || m_rects[part].isEmpty())
            continue;
        const QPointF way = m_rects[part].center() - from;
        const double along = way.x() * dx + way.y() * dy, aside = std::abs(way.x() * dy) + std::abs(way.y() * dx);
        if (along <= 1)
            continue;
        const double distance = along + 2 * aside;
        if (best < 0 || distance < nearest) {
            best = part;
            nearest = distance;
        }
    }
    setCurrent(best);
}

void NamespaceMap::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Left: step(-1, 0); break;
    case Qt::Key_Right: step(1, 0); break;
    case Qt::Key_Up: step(0, -1); break;
    case Qt::Key_Down: step(0, 1); break;
    case Qt::Key_Home: setCurrent(0); break;
    case Qt::Key_End: setCurrent(int(m_parts.size()) - 1); break;
    case Qt::Key_Backspace: Q_EMIT upRequested(); break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_current >= 0)
            Q_EMIT openRequested(m_current);
        break;
    default: QWidget::keyPressEvent(event);
    }
}

bool NamespaceMap::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const int part = partAt(help->pos());
    QToolTip::showText(help->globalPos(), part < 0 ? QString() : plainToolTip(words(m_parts[part])), this);
    return true;
}

void NamespaceMap::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    update();
    tellPart(this);
}

void NamespaceMap::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    update();
}

} // namespace slotscope
