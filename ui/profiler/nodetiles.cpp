// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/nodetiles.h"

#include "core/base/ratetext.h"
#include "core/base/text.h"
#include "core/metrics/metricsbook.h"
#include "ui/shared/theme.h"

#include <QPainter>
#include <QScrollBar>
#include <QStyledItemDelegate>

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int nodeTileWidth = 148, nodeTileHeight = 52, nodeTileGap = 8, mostTileRows = 3;
constexpr double fullCore = 100; // per cent
constexpr double warmest = 0.62; // highest share of the mark's colour, at which text stays readable

QString tileText(Metric metric, double figure)
{
    if (std::isnan(figure))
        return NodeTiles::tr("not known");
    switch (metric) {
    case Metric::Cpu: return NodeTiles::tr("%1 % of a core").arg(figure, 0, 'f', figure < 10 ? 1 : 0);
    case Metric::NetIn:
    case Metric::NetOut: return NodeTiles::tr("%1/s").arg(byteSize(std::llround(figure)));
    case Metric::Memory: return byteSize(std::llround(figure));
    case Metric::Commands: return NodeTiles::tr("%1/s").arg(rateText(figure));
    default: return groupedNumber(std::llround(figure));
    }
}

class TileDelegate final : public QStyledItemDelegate
{
public:
    TileDelegate(const Theme &theme, QObject *parent) : QStyledItemDelegate(parent), m_theme(theme) { }
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        return {nodeTileWidth, nodeTileHeight};
    }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const ThemeTokens &tokens = m_theme.tokens();
        const QVariant heat = index.data(NodeTiles::HeatRole);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const QRectF area = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5);
        const bool isCurrent = option.state.testFlag(QStyle::State_HasFocus);
        painter->setPen(QPen(isCurrent ? tokens.accent : tokens.line2, isCurrent ? 2 : 1,
                             heat.isValid() ? Qt::SolidLine : Qt::DashLine));
        painter->setBrush(heat.isValid() ? mixed(tokens.raised, tokens.warnMark, warmest * heat.toDouble())
                                         : tokens.surface);
        painter->drawRoundedRect(area, 4, 4);
        const int colour = index.data(NodeTiles::ColourRole).toInt();
        if (colour >= 0)
            painter->fillRect(QRectF(area.left() + 10, area.top() + 12, 9, 9), shardColour(colour));
        painter->setPen(tokens.text);
        painter->setFont(Theme::monoFont());
        const QRectF name = area.adjusted(colour >= 0 ? 26 : 10, 6, -8, -area.height() / 2);
        painter->drawText(name, Qt::AlignVCenter | Qt::AlignLeft,
                          QFontMetrics(Theme::monoFont())
                              .elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideMiddle, int(name.width())));
        painter->setFont(Theme::strongFont());
        painter->drawText(area.adjusted(10, area.height() / 2 - 2, -8, -4), Qt::AlignVCenter | Qt::AlignLeft,
                          index.data(NodeTiles::FigureRole).toString());
        painter->restore();
    }

private:
    const Theme &m_theme;
};

} // namespace

NodeTiles::NodeTiles(const Theme &theme, QWidget *parent) : QListWidget(parent), m_theme(theme)
{
    setObjectName(u"nodeTiles"_s);
    setAccessibleName(tr("Load of the nodes"));
    setViewMode(QListView::IconMode);
    setFlow(QListView::LeftToRight);
    setWrapping(true);
    setMovement(QListView::Static);
    setResizeMode(QListView::Adjust);
    setUniformItemSizes(true);
    setSpacing(nodeTileGap / 2);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setItemDelegate(new TileDelegate(theme, this));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
    connect(this, &QListWidget::itemActivated, this,
            [this](QListWidgetItem *item) { Q_EMIT nodeChosen(item->data(NodeRole).toByteArray()); });
}

void NodeTiles::show(const ClusterViewPtr &view, const std::shared_ptr<MetricsBook> &book, Metric metric)
{
    std::vector<double> figures;
    double top = metric == Metric::Cpu ? fullCore : 0;
    for (size_t i = 0; view && i < view->nodes.size(); ++i) {
        const auto told = book && view->nodes[i].currentInfo() ? book->latest(view->nodes[i].id) : std::nullopt;
        figures.push_back(told ? (*told)[size_t(metric)] : std::nan(""));
        if (!std::isnan(figures.back()))
            top = std::max(top, figures.back());
    }
    while (count() > int(figures.size()))
        delete takeItem(count() - 1);
    while (count() < int(figures.size()))
        new QListWidgetItem(this);
    for (int i = 0; i < count(); ++i) {
        const NodeState &node = view->nodes[size_t(i)];
        const double figure = figures[size_t(i)];
        const QString words = tileText(metric, figure);
        QListWidgetItem *each = item(i);
        each->setText(node.name);
        each->setData(FigureRole, words);
        each->setData(HeatRole, std::isnan(figure) ? QVariant() : QVariant(top > 0 ? figure / top : 0.0));
        each->setData(ColourRole, node.shard >= 0 ? view->shards[size_t(node.shard)].colour : -1);
        each->setData(NodeRole, node.id);
        each->setData(Qt::AccessibleTextRole, tr("%1: %2").arg(node.name, words));
        each->setToolTip(node.primary ? tr("%1, primary: %2").arg(node.name, words)
                                      : tr("%1, replica: %2").arg(node.name, words));
    }
    updateGeometry();
}

QSize NodeTiles::sizeHint() const
{
    const int across = std::max(1, (width() - nodeTileGap) / (nodeTileWidth + nodeTileGap));
    const int rows = std::clamp((count() + across - 1) / across, 1, mostTileRows);
    return {nodeTileWidth + nodeTileGap, rows * (nodeTileHeight + nodeTileGap) + nodeTileGap / 2};
}

void NodeTiles::resizeEvent(QResizeEvent *event)
{
    QListWidget::resizeEvent(event);
    updateGeometry();
}

} // namespace slotscope
