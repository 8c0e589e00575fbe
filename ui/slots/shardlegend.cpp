// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/slots/shardlegend.h"

#include "ui/shared/theme.h"

#include <QCoreApplication>
#include <QMimeData>
#include <QMouseEvent>
#include <QPainter>
#include <QStyledItemDelegate>

namespace slotscope {
namespace {

constexpr int legendRowHeight = 50;

class LegendDelegate final : public QStyledItemDelegate
{
    Q_DECLARE_TR_FUNCTIONS(slotscope::LegendDelegate) // this macro gives tr() to a class without Q_OBJECT
public:
    LegendDelegate(const Theme &theme, QObject *parent) : QStyledItemDelegate(parent), m_theme(theme) { }

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        return {200, legendRowHeight};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const ThemeTokens &tokens = m_theme.tokens();
        const auto cell = [&index](ShardModel::Column column) {
            return index.siblingAtColumn(int(column)).data().toString();
        };
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (option.state & (QStyle::State_Selected | QStyle::State_MouseOver)) {
            painter->setPen(option.state & QStyle::State_HasFocus && option.state & QStyle::State_Selected
                                ? QPen(tokens.accent, 1)
                                : QPen(Qt::NoPen));
            painter->setBrush(option.state & QStyle::State_Selected ? tokens.sel : tokens.raised);
            painter->drawRoundedRect(QRectF(option.rect).adjusted(0.5, 1.5, -0.5, -1.5), 6, 6);
        }
        const auto *legend = qobject_cast<const ShardLegend *>(option.widget);
        if (legend && legend->dropRow() == index.row()) { // target row of dragged slots
            painter->setPen(QPen(tokens.accent, 2));
            painter->setBrush(tokens.accentBg);
            painter->drawRoundedRect(QRectF(option.rect).adjusted(1, 2, -1, -2), 6, 6);
        }
        const QRect area = option.rect.adjusted(8, 0, -8, 0);
        painter->setPen(tokens.line);
        painter->drawLine(area.left(), option.rect.bottom(), area.right(), option.rect.bottom());
        painter->setPen(Qt::NoPen);
        painter->setBrush(shardColour(index.data(ShardColourRole).toInt()));
        painter->drawRoundedRect(QRectF(area.left(), area.top() + 11, 10, 10), 2, 2);
        paintNumbers(*painter, area, cell);
        painter->restore();
    }

private:
    template <typename Cell>
    void paintNumbers(QPainter &painter, const QRect &area, const Cell &cell) const
    {
        using Column = ShardModel::Column;
        const ThemeTokens &tokens = m_theme.tokens();
        const QRect first(area.left() + 20, area.top() + 6, area.width() - 20, 20);
        const auto right = [&](const QString &text, int edge, int width, const QColor &colour) {
            painter.setPen(colour);
            painter.drawText(QRect(edge - width, first.top(), width, first.height()), Qt::AlignRight | Qt::AlignVCenter,
                             text);
        };
        painter.setFont(Theme::textFont());
        const QString keys = cell(Column::Keys);
        right(cell(Column::Memory), area.right(), 62, tokens.muted);
        right(keys.isEmpty() ? QString() : tr("%1 keys").arg(keys), area.right() - 62, 92, tokens.muted);
        right(cell(Column::Slots), area.right() - 156, 54, tokens.text);
        painter.setPen(tokens.text);
        painter.drawText(first, Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(cell(Column::Shard), Qt::ElideRight, first.width() - 212));
        painter.setFont(Theme::monoFont());
        painter.setPen(tokens.faint);
        painter.drawText(first.translated(0, 18), Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(cell(Column::Primary), Qt::ElideMiddle, first.width()));
    }

    const Theme &m_theme;
};

} // namespace

ShardLegend::ShardLegend(const Theme &theme, QWidget *parent) : QListView(parent)
{
    setAccessibleName(tr("Shards"));
    setModel(&m_model);
    setItemDelegate(new LegendDelegate(theme, this));
    setUniformItemSizes(true);
    setMouseTracking(true);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setAutoFillBackground(false);
    setAcceptDrops(true);
    setDropIndicatorShown(false);
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        const QModelIndexList chosen = selectionModel()->selectedIndexes();
        Q_EMIT shardChosen(chosen.isEmpty() ? -1 : chosen.first().row());
    });
    connect(this, &QListView::activated, this,
            [this](const QModelIndex &index) { Q_EMIT shardActivated(index.row()); });
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void ShardLegend::setView(const ClusterViewPtr &view)
{
    m_model.setView(view);
}

void ShardLegend::clearChoice()
{
    selectionModel()->clear();
}

void ShardLegend::setDropRow(int row)
{
    m_dropRow = row;
    viewport()->update();
}

void ShardLegend::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasFormat(slotsMimeType()))
        event->acceptProposedAction();
}

void ShardLegend::dragMoveEvent(QDragMoveEvent *event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    setDropRow(event->mimeData()->hasFormat(slotsMimeType()) && index.isValid() ? index.row() : -1);
    event->setAccepted(m_dropRow >= 0);
}

void ShardLegend::dragLeaveEvent(QDragLeaveEvent *)
{
    setDropRow(-1);
}

void ShardLegend::dropEvent(QDropEvent *event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    const auto slotSet = SlotSet::parse(event->mimeData()->data(slotsMimeType()));
    setDropRow(-1);
    if (!index.isValid() || !slotSet || slotSet->isEmpty())
        return;
    event->acceptProposedAction();
    Q_EMIT slotsDropped(index.row(), *slotSet);
}

void ShardLegend::mousePressEvent(QMouseEvent *event)
{
    const QModelIndex index = indexAt(event->pos());
    if (event->button() == Qt::LeftButton && (!index.isValid() || selectionModel()->isSelected(index))) {
        clearChoice(); // a second click on the same shard clears the filter
        return;
    }
    QListView::mousePressEvent(event);
}

} // namespace slotscope
