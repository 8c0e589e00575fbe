// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/nodechoice.h"

#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "ui/shared/themetokens.h"

#include <QPainter>
#include <QSignalBlocker>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int choiceRowHeight = 28;
constexpr int mostChoices = 6;

} // namespace

bool isPrimary(const ClusterView &, const NodeState &node)
{
    return node.primary && node.shard >= 0;
}

bool isReplica(const ClusterView &, const NodeState &node)
{
    return !node.primary && node.shard >= 0;
}

bool ownsSlots(const ClusterView &, const NodeState &node)
{
    return node.primary && !node.slots.isEmpty();
}

QString nodeLine(const ClusterView &view, const NodeState &node)
{
    QStringList parts{node.name.isEmpty() ? QString::fromLatin1(node.id.left(12)) : node.name, shardWord(view, node),
                      roleWord(node)};
    if (node.primary)
        parts.append(NodeCombo::tr("%1 slots").arg(groupedNumber(node.slots.count())));
    else if (const QString link = linkWord(view, node).text; !link.isEmpty())
        parts.append(link);
    if (node.condition != NodeCondition::Ok)
        parts.append(stateWord(node).text);
    return parts.join(u" · "_s);
}

QIcon shardIcon(const ClusterView &view, const NodeState &node)
{
    QPixmap pixmap(20, 20);
    pixmap.setDevicePixelRatio(2);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(shardColour(node.shard < 0 ? shardColourCount - 1 : view.shards[size_t(node.shard)].colour));
    painter.drawRoundedRect(QRectF(0, 0, 10, 10), 2, 2);
    return QIcon(pixmap);
}

namespace {

/// The matching nodes and their texts: a field is only filled again if these have changed.
struct Fitting
{
    QList<const NodeState *> nodes;
    QStringList lines;
};

Fitting fittingNodes(const ClusterViewPtr &view, const NodeFilter &filter)
{
    Fitting fitting;
    if (!view)
        return fitting;
    for (const NodeState &node : view->nodes) {
        if (!filter(*view, node))
            continue;
        fitting.nodes.append(&node);
        fitting.lines.append(QString::fromLatin1(node.id) + nodeLine(*view, node));
    }
    return fitting;
}

} // namespace

NodeCombo::NodeCombo(NodeFilter filter, const QString &none, QWidget *parent)
    : QComboBox(parent), m_filter(std::move(filter)), m_none(none)
{
    setSizeAdjustPolicy(AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(24);
    setIconSize({10, 10});
    setPlaceholderText(tr("Choose a node…"));
    connect(this, &QComboBox::currentIndexChanged, this, [this] {
        m_wanted = node();
        Q_EMIT nodeChanged();
    });
}

void NodeCombo::setView(const ClusterViewPtr &view)
{
    const auto [fitting, lines] = fittingNodes(view, m_filter);
    if (lines == m_shown)
        return;
    m_shown = lines;
    const QSignalBlocker blocker(this);
    clear();
    if (!m_none.isEmpty())
        addItem(m_none, QByteArray());
    for (const NodeState *node : fitting)
        addItem(shardIcon(*view, *node), nodeLine(*view, *node), node->id);
    setCurrentIndex(findData(m_wanted));
}

void NodeCombo::setNode(const QByteArray &id)
{
    m_wanted = id;
    setCurrentIndex(findData(id));
    m_wanted = id;
}

NodeChecks::NodeChecks(NodeFilter filter, QWidget *parent) : QListWidget(parent), m_filter(std::move(filter))
{
    setProperty("boxed", true);
    setIconSize({10, 10});
    setUniformItemSizes(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTextElideMode(Qt::ElideRight);
    connect(this, &QListWidget::itemChanged, this, [this](const QListWidgetItem *item) {
        const QByteArray id = item->data(Qt::UserRole).toByteArray();
        const bool on = item->checkState() == Qt::Checked;
        if (on == m_chosen.contains(id))
            return;
        if (on)
            m_chosen.append(id);
        else
            m_chosen.removeAll(id);
        Q_EMIT nodesChanged();
    });
}

void NodeChecks::setView(const ClusterViewPtr &view)
{
    const auto [fitting, lines] = fittingNodes(view, m_filter);
    if (lines == m_shown)
        return;
    m_shown = lines;
    const QSignalBlocker blocker(this);
    const int row = currentRow();
    clear();
    for (const NodeState *node : fitting) {
        auto *item = new QListWidgetItem(shardIcon(*view, *node), nodeLine(*view, *node), this);
        item->setData(Qt::UserRole, node->id);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        item->setCheckState(m_chosen.contains(node->id) ? Qt::Checked : Qt::Unchecked);
        item->setSizeHint({100, choiceRowHeight});
    }
    setCurrentRow(row);
    updateGeometry();
}

void NodeChecks::setNodes(const QList<QByteArray> &ids)
{
    m_chosen = ids;
    const QSignalBlocker blocker(this);
    for (int row = 0; row < count(); ++row)
        item(row)->setCheckState(ids.contains(item(row)->data(Qt::UserRole).toByteArray()) ? Qt::Checked
                                                                                           : Qt::Unchecked);
}

QSize NodeChecks::sizeHint() const
{
    return {200, std::clamp(count(), 1, mostChoices) * choiceRowHeight + 8};
}

QSize NodeChecks::minimumSizeHint() const
{
    return {120, std::clamp(count(), 1, 3) * choiceRowHeight + 8};
}

} // namespace slotscope
