// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/shardcanvas.h"

#include "core/models/nodewords.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"
#include "ui/topology/cardpainter.h"

#include <QContextMenuEvent>
#include <QDateTime>
#include <QHelpEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

ShardCanvas::ShardCanvas(const Theme &theme, QWidget *parent) : QAbstractScrollArea(parent), m_theme(theme)
{
    setAccessibleName(tr("Cluster map"));
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setMouseTracking(true);
    viewport()->setAutoFillBackground(false);
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void ShardCanvas::setView(const ClusterViewPtr &view)
{
    m_view = view;
    if (view)
        m_history.add(*view);
    m_hovered = -1;
    rebuild();
    readRecord();
}

void ShardCanvas::readRecord()
{
    if (m_layout.size == CardSize::Roomy && isVisible() && m_view)
        m_record.read(QDateTime::currentMSecsSinceEpoch());
}

void ShardCanvas::setBook(const std::shared_ptr<const MetricsBook> &book)
{
    m_record.setBook(book);
    readRecord();
    viewport()->update();
}

void ShardCanvas::setOnlyTrouble(bool only)
{
    m_onlyTrouble = only;
    rebuild();
}

void ShardCanvas::setRoom(int height, int below)
{
    if (height == m_room && below == m_below)
        return;
    m_room = height;
    m_below = below;
    replace();
}

void ShardCanvas::setGrouping(CardGrouping grouping)
{
    if (grouping == m_grouping)
        return;
    m_grouping = grouping;
    rebuild();
    verticalScrollBar()->setValue(0);
}

void ShardCanvas::setFilter(const QString &text)
{
    m_filter = text;
    rebuild();
}

void ShardCanvas::setAlerts(const QHash<QByteArray, QStringList> &titles, const QHash<QByteArray, QStringList> &words)
{
    m_alertTitles = titles;
    m_alertWords = words;
    viewport()->update();
}

void ShardCanvas::setCurrent(const QByteArray &id)
{
    if (id == m_current)
        return;
    m_current = id;
    if (const CardRow *row = m_layout.row(currentPosition()))
        scrollTo(row->rect);
    viewport()->update();
}

void ShardCanvas::rebuild()
{
    m_layout = m_view ? CardLayout::build(*m_view, m_grouping, m_filter, m_onlyTrouble) : CardLayout();
    replace();
}

void ShardCanvas::replace()
{
    const CardSize before = m_layout.size;
    m_layout.place(viewport()->width() - (verticalScrollBar()->isVisible() ? 6 : 0),
                   std::max(m_room, viewport()->height()), m_below);
    if (m_layout.size != before)
        readRecord();
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(34);
    verticalScrollBar()->setRange(0, std::max(0, m_layout.height - viewport()->height()));
    viewport()->update();
}

QImage ShardCanvas::toImage() const
{
    constexpr int border = 16;
    const qreal ratio = std::max(2.0, devicePixelRatioF());
    const QSize size(viewport()->width() + 2 * border, m_layout.height + 2 * border);
    QImage image(size * ratio, QImage::Format_RGB32);
    image.setDevicePixelRatio(ratio);
    image.fill(m_theme.tokens().bg);
    QPainter painter(&image);
    painter.translate(border, border);
    paintCards(painter, QRect(0, 0, viewport()->width(), m_layout.height));
    return image;
}

void ShardCanvas::paintCards(QPainter &painter, const QRect &visible) const
{
    if (!m_view)
        return;
    CardPainter cards(painter, *m_view, m_history, m_record, m_alertTitles, m_theme.tokens());
    const CardPainter::Marks marks{.current = m_view->indexOf(m_current), .hovered = m_hovered, .focus = hasFocus()};
    for (const Card &card : m_layout.cards) {
        if (card.rect.intersects(visible))
            cards.paint(card, m_layout.size, marks);
    }
}

void ShardCanvas::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    const int top = verticalScrollBar()->value();
    painter.translate(0, -top);
    paintCards(painter, event->rect().translated(0, top));
    if (!hasFocus() || currentPosition().isValid())
        return;
    painter.resetTransform(); // the widget has the focus, but no node is current yet
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_theme.tokens().accent, 2));
    painter.setBrush(Qt::NoBrush); // the cards left theirs
    painter.drawRoundedRect(QRectF(viewport()->rect()).adjusted(1, 1, -1, -1), 6, 6);
}

void ShardCanvas::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    replace();
}

QPoint ShardCanvas::toContent(const QPoint &point) const
{
    return point + QPoint(0, verticalScrollBar()->value());
}

QByteArray ShardCanvas::idAt(CardLayout::Position position) const
{
    const CardRow *row = m_layout.row(position);
    return row && m_view ? m_view->nodes.at(size_t(row->node)).id : QByteArray();
}

CardLayout::Position ShardCanvas::currentPosition() const
{
    return m_view ? m_layout.find(m_view->indexOf(m_current)) : CardLayout::Position{};
}

QString ShardCanvas::spokenPart() const
{
    const NodeState *node = m_view && !m_current.isEmpty() ? m_view->node(m_current) : nullptr;
    return node
        ? tr("%1, %2, %3, %4").arg(node->name, roleWord(*node), shardWord(*m_view, *node), stateWord(*node).text)
        : QString();
}

QRect ShardCanvas::spokenPartRect() const
{
    const auto row = m_layout.row(currentPosition());
    return row ? row->rect.translated(-toContent({})) : QRect();
}

void ShardCanvas::choose(CardLayout::Position position, bool activate)
{
    const QByteArray id = idAt(position);
    if (id.isEmpty())
        return;
    scrollTo(m_layout.row(position)->rect);
    if (id != m_current) {
        m_current = id;
        tellPart(this);
        viewport()->update();
        Q_EMIT currentChanged(id);
    }
    if (activate)
        Q_EMIT activated(id);
}

void ShardCanvas::scrollTo(const QRect &rect)
{
    QScrollBar *bar = verticalScrollBar();
    if (rect.top() - 60 < bar->value())
        bar->setValue(rect.top() - 60);
    else if (rect.bottom() + 16 > bar->value() + viewport()->height())
        bar->setValue(rect.bottom() + 16 - viewport()->height());
}

void ShardCanvas::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        choose(m_layout.at(toContent(event->pos())), true);
}

void ShardCanvas::mouseMoveEvent(QMouseEvent *event)
{
    const CardRow *row = m_layout.row(m_layout.at(toContent(event->pos())));
    const int hovered = row ? row->node : -1;
    if (hovered == m_hovered)
        return;
    m_hovered = hovered;
    viewport()->setCursor(row ? Qt::PointingHandCursor : Qt::ArrowCursor);
    viewport()->update();
}

bool ShardCanvas::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::Leave && m_hovered >= 0) {
        m_hovered = -1;
        viewport()->update();
    }
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const CardRow *row = m_layout.row(m_layout.at(toContent(help->pos())));
        QString text;
        if (row) {
            const NodeState &node = m_view->nodes.at(size_t(row->node));
            const LinkWord link = linkWord(*m_view, node);
            text = node.name + u'\n' + roleWord(node) + u" · "_s + shardWord(*m_view, node) + u" · "_s
                + (link.text.isEmpty() ? stateWord(node).text : link.text);
            for (const QString &alert : m_alertWords.value(node.id))
                text += u"\n▲ "_s + alert;
        }
        QToolTip::showText(help->globalPos(), plainToolTip(text), viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void ShardCanvas::keyPressEvent(QKeyEvent *event)
{
    const CardLayout::Position here = currentPosition();
    const int lastCard = int(m_layout.cards.size()) - 1;
    switch (event->key()) {
    case Qt::Key_Down: choose(m_layout.below(here, 1), false); break;
    case Qt::Key_Up: choose(m_layout.below(here, -1), false); break;
    case Qt::Key_Right: choose(m_layout.beside(here, 1), false); break;
    case Qt::Key_Left: choose(m_layout.beside(here, -1), false); break;
    case Qt::Key_Home: choose({lastCard < 0 ? -1 : 0, 0}, false); break;
    case Qt::Key_End: choose({lastCard, 0}, false); break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space: choose(here, true); break;
    default: QAbstractScrollArea::keyPressEvent(event);
    }
}

void ShardCanvas::contextMenuEvent(QContextMenuEvent *event)
{
    if (event->reason() == QContextMenuEvent::Mouse) {
        const QPoint point = toContent(event->pos());
        const CardLayout::Position position = m_layout.at(point);
        const Card *card = position.isValid() ? nullptr : m_layout.cardAt(point);
        if (card && !card->rows.empty() && m_view) {
            Q_EMIT cardMenuRequested(card->kind, m_view->nodes.at(size_t(card->rows.front().node)).id,
                                     event->globalPos());
            return;
        }
        choose(position, false);
        Q_EMIT menuRequested(idAt(position), event->globalPos());
    } else if (const CardRow *row = m_layout.row(currentPosition())) {
        Q_EMIT menuRequested(m_current,
                             viewport()->mapToGlobal(row->rect.center() - QPoint(0, verticalScrollBar()->value())));
    } else {
        Q_EMIT menuRequested({}, viewport()->mapToGlobal(QPoint(24, 24)));
    }
}

void ShardCanvas::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void ShardCanvas::focusOutEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

} // namespace slotscope
