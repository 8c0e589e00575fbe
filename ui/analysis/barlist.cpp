// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/analysis/barlist.h"

#include "ui/shared/typebadge.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int rowGap = 12, badgeRoom = 26, trackHeight = 6, leastBar = 40;

QFont nameFont(const BarRow &row)
{
    return row.isMono ? Theme::monoFont() : Theme::textFont();
}

} // namespace

BarList::BarList(const Theme &theme, QWidget *parent) : QAbstractScrollArea(parent), m_theme(theme)
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setAutoFillBackground(false);
    viewport()->setMouseTracking(true);
    verticalScrollBar()->setSingleStep(rowHeight);
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void BarList::setRows(const QList<BarRow> &rows)
{
    m_rows = rows;
    m_current = rows.isEmpty() ? -1 : std::clamp(m_current, 0, int(rows.size()) - 1);
    updateRange();
    updateGeometry();
    viewport()->update();
    tellPart(this);
}

void BarList::setCurrent(int row)
{
    if (row < 0 || row >= m_rows.size())
        return;
    m_current = row;
    const int top = row * rowHeight, shown = viewport()->height();
    if (top < verticalScrollBar()->value())
        verticalScrollBar()->setValue(top);
    else if (top + rowHeight > verticalScrollBar()->value() + shown)
        verticalScrollBar()->setValue(top + rowHeight - shown);
    viewport()->update();
    tellPart(this);
}

QSize BarList::sizeHint() const
{
    return {300, int(m_rows.size()) * rowHeight};
}

void BarList::updateRange()
{
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setRange(0, std::max(0, int(m_rows.size()) * rowHeight - viewport()->height()));
}

QString BarList::spokenPart() const
{
    if (m_current < 0)
        return {};
    const BarRow &row = m_rows[m_current];
    QStringList cells{row.name, row.count, row.value, row.percent};
    cells.removeAll(QString());
    return row.words.isEmpty() ? cells.join(u", "_s) : row.words;
}

QRect BarList::spokenPartRect() const
{
    return m_current < 0
        ? QRect()
        : QRect(0, m_current * rowHeight - verticalScrollBar()->value(), viewport()->width(), rowHeight);
}

BarList::Columns BarList::measured() const
{
    const QFontMetrics mono(Theme::monoFont());
    Columns columns;
    for (const BarRow &row : m_rows) {
        const int badge = row.type.isEmpty() ? 0 : badgeRoom;
        columns.name = std::max(columns.name, badge + QFontMetrics(nameFont(row)).horizontalAdvance(row.name) + 2);
        columns.count = std::max(columns.count, mono.horizontalAdvance(row.count));
        columns.value = std::max(columns.value, mono.horizontalAdvance(row.value));
        columns.percent = std::max(columns.percent, mono.horizontalAdvance(row.percent));
    }
    const auto gap = [](int width) { return width > 0 ? width + rowGap : 0; };
    const int others = gap(columns.count) + gap(columns.value) + gap(columns.percent);
    columns.name = std::min(columns.name, std::max(48, viewport()->width() - others - leastBar - 2 * rowGap));
    return columns;
}

void BarList::paintRow(QPainter &painter, const BarRow &row, const QRect &area, const Columns &columns) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    int left = area.left(), right = area.right();
    if (!row.type.isEmpty())
        paintTypeBadge(painter, QRectF(left, area.top() + 2, 18, 18), row.type, m_theme);
    const int nameLeft = left + (row.type.isEmpty() ? 0 : badgeRoom);
    const QFont font = nameFont(row);
    painter.setFont(font);
    painter.setPen(tokens.text);
    const int nameRoom = left + columns.name - nameLeft;
    painter.drawText(QRect(nameLeft, area.top(), nameRoom, area.height()), Qt::AlignVCenter,
                     QFontMetrics(font).elidedText(row.name, row.isMono ? Qt::ElideMiddle : Qt::ElideRight, nameRoom));
    left += columns.name + rowGap;
    painter.setFont(Theme::monoFont());
    painter.setPen(tokens.muted);
    if (columns.count > 0) {
        painter.drawText(QRect(left, area.top(), columns.count, area.height()), Qt::AlignVCenter | Qt::AlignRight,
                         row.count);
        left += columns.count + rowGap;
    }
    const auto drawRight = [&](int width, const QString &text, const QColor &colour) {
        if (width <= 0)
            return;
        painter.setPen(colour);
        painter.drawText(QRect(right - width, area.top(), width, area.height()), Qt::AlignVCenter | Qt::AlignRight,
                         text);
        right -= width + rowGap;
    };
    drawRight(columns.percent, row.percent, columns.value > 0 ? tokens.muted : tokens.text);
    drawRight(columns.value, row.value, tokens.text);
    const QRectF track(left, area.center().y() - trackHeight / 2.0 + 0.5, std::max(0, right - left), trackHeight);
    if (track.width() < 4)
        return;
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens.grid);
    painter.drawRoundedRect(track, 2, 2);
    if (row.share > 0) {
        painter.setBrush(row.colour);
        painter.drawRoundedRect(QRectF(track.topLeft(), QSizeF(std::max(2.0, track.width() * row.share), trackHeight)),
                                2, 2);
    }
}

void BarList::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    painter.setRenderHint(QPainter::Antialiasing);
    const Columns columns = measured();
    const int shift = verticalScrollBar()->value();
    for (int i = 0; i < m_rows.size(); ++i) {
        const QRect area(0, i * rowHeight - shift, viewport()->width(), rowHeight);
        if (area.bottom() < 0 || area.top() > viewport()->height())
            continue;
        if (i == m_current && hasFocus()) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(m_theme.tokens().sel);
            painter.drawRoundedRect(area, 3, 3);
        }
        paintRow(painter, m_rows[i], area.adjusted(2, 0, -2, 0), columns);
    }
}

int BarList::rowAt(int y) const
{
    const int row = (y + verticalScrollBar()->value()) / rowHeight;
    return y < 0 || row >= m_rows.size() ? -1 : row;
}

void BarList::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateRange();
}

void BarList::mouseReleaseEvent(QMouseEvent *event)
{
    const int row = rowAt(event->position().toPoint().y());
    if (event->button() != Qt::LeftButton || row < 0)
        return;
    setCurrent(row);
    if (m_isChoosable)
        Q_EMIT rowChosen(row);
}

void BarList::mouseMoveEvent(QMouseEvent *event)
{
    const bool leads = m_isChoosable && rowAt(event->position().toPoint().y()) >= 0;
    viewport()->setCursor(leads ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void BarList::keyPressEvent(QKeyEvent *event)
{
    const int last = int(m_rows.size()) - 1;
    switch (event->key()) {
    case Qt::Key_Up: setCurrent(std::max(0, m_current - 1)); break;
    case Qt::Key_Down: setCurrent(std::min(last, m_current + 1)); break;
    case Qt::Key_Home: setCurrent(0); break;
    case Qt::Key_End: setCurrent(last); break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_isChoosable && m_current >= 0)
            Q_EMIT rowChosen(m_current);
        break;
    default: QAbstractScrollArea::keyPressEvent(event);
    }
}

bool BarList::viewportEvent(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QAbstractScrollArea::viewportEvent(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const int row = rowAt(help->pos().y());
    const QString words = row < 0 ? QString() : m_rows[row].words.isEmpty() ? m_rows[row].name : m_rows[row].words;
    QToolTip::showText(help->globalPos(), plainToolTip(words), this);
    return true;
}

void BarList::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
    tellPart(this);
}

} // namespace slotscope
