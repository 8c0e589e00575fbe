// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/thresholdmodel.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/tr.h"

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

QString thresholdText(SlowlogKind kind, qint64 threshold)
{
    if (threshold < 0)
        return tr("off");
    if (threshold == 0)
        return tr("everything");
    if (kind == SlowlogKind::Slow && threshold % 1'000'000 == 0)
        return tr("%1 s").arg(threshold / 1'000'000);
    if (kind == SlowlogKind::Slow && threshold % 1000 == 0 && threshold < 1'000'000)
        return tr("%1 ms").arg(threshold / 1000);
    return costText(kind, threshold);
}

ThresholdModel::ThresholdModel(QObject *parent) : QAbstractTableModel(parent) { }

void ThresholdModel::setView(const ClusterViewPtr &view)
{
    QByteArrayList ids;
    for (size_t i = 0; view && i < view->nodes.size(); ++i) {
        const NodeState &node = view->nodes[i];
        if (!node.id.isEmpty() && node.condition != NodeCondition::Handshake
            && node.condition != NodeCondition::NoAddress)
            ids.append(node.id);
    }
    if (ids == m_ids) {
        m_view = view;
        if (rowCount() > 0)
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
        return;
    }
    beginResetModel();
    m_view = view;
    m_ids = ids;
    endResetModel();
}

void ThresholdModel::setKind(SlowlogKind kind)
{
    m_kind = kind;
    clear();
}

void ThresholdModel::clear()
{
    m_logs.clear();
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

void ThresholdModel::take(SlowlogKind kind, const NodeSlowlog &log)
{
    if (kind != m_kind)
        return;
    NodeSlowlog kept = log;
    kept.entries.clear();
    m_logs.insert(log.nodeId, kept);
    if (rowCount() > 0)
        // the most common threshold may have changed
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

const NodeSlowlog *ThresholdModel::heardOf(const QByteArray &nodeId) const
{
    const auto found = m_logs.constFind(nodeId);
    return found == m_logs.constEnd() ? nullptr : &*found;
}

QByteArray ThresholdModel::nodeAt(int row) const
{
    return m_ids.value(row);
}

std::optional<qint64> ThresholdModel::most(std::optional<qint64> NodeSlowlog::*figure) const
{
    QMap<qint64, int> counts;
    for (const QByteArray &id : m_ids)
        if (const NodeSlowlog *log = heardOf(id); log && log->*figure)
            ++counts[*(log->*figure)];
    std::optional<qint64> usual;
    for (auto each = counts.constBegin(); each != counts.constEnd(); ++each)
        if (!usual || each.value() > counts.value(*usual))
            usual = each.key();
    return usual;
}

std::optional<qint64> ThresholdModel::usualThreshold() const
{
    return most(&NodeSlowlog::threshold);
}

std::optional<qint64> ThresholdModel::usualCapacity() const
{
    return most(&NodeSlowlog::capacity);
}

int ThresholdModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_ids.size());
}

int ThresholdModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(Column::Count_);
}

QVariant ThresholdModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const QByteArray &id = m_ids.at(index.row());
    const auto column = Column(index.column());
    const NodeState *node = m_view ? m_view->node(id) : nullptr;
    const NodeSlowlog *log = heardOf(id);
    switch (role) {
    case Qt::DisplayRole: return text(id, column);
    case SortRole:
        if (column == Column::Node)
            return index.row();
        if (log)
            return QVariant(column == Column::Over ? log->threshold.value_or(-2) : log->length.value_or(-1));
        return {};
    case IdRole: return id;
    case NumberRole: return column != Column::Node;
    case MonospaceRole: return column == Column::Node;
    case ToneRole: return int(tone(id, column));
    case ShardColourRole:
        if (column != Column::Node)
            return {};
        return node && node->shard >= 0 ? m_view->shards.at(size_t(node->shard)).colour : -1;
    case Qt::ToolTipRole:
        if (log && log->problem)
            return describe(*log->problem);
        return log && log->settingsProblem && column == Column::Over ? describe(*log->settingsProblem) : QString();
    default: return {};
    }
}

QVariant ThresholdModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    static constexpr std::array<const char *, size_t(Column::Count_)> titles{QT_TR_NOOP("Node"), QT_TR_NOOP("Over"),
                                                                             QT_TR_NOOP("Kept")};
    static constexpr std::array<QLatin1StringView, size_t(Column::Count_)> names{"node"_L1, "threshold"_L1,
                                                                                 "length"_L1};
    if (role == NumberRole)
        return Column(section) != Column::Node;
    if (role == Qt::DisplayRole)
        return tr(titles.at(size_t(section)));
    return role == ColumnNameRole ? QVariant(QString(names.at(size_t(section)))) : QVariant();
}

QString ThresholdModel::text(const QByteArray &id, Column column) const
{
    const NodeState *node = m_view ? m_view->node(id) : nullptr;
    const NodeSlowlog *log = heardOf(id);
    if (column == Column::Node) {
        const QString name = node ? node->name : QString::fromLatin1(id.left(8));
        return !node || !node->roleKnown ? name : name + (node->primary ? u" P"_s : u" R"_s);
    }
    if (!log)
        return u"…"_s;
    if (column == Column::Over) {
        if (!log->threshold)
            return u"?"_s;
        const QString over = thresholdText(m_kind, *log->threshold);
        return log->threshold == usualThreshold() ? over : u"≠ "_s + over;
    }
    if (log->problem)
        return log->problem->code == Error::Code::NoPermission ? tr("refused") : tr("no answer");
    if (!log->length || !log->capacity)
        return log->length ? groupedNumber(*log->length) : u"?"_s;
    const QString filled = u"%1 / %2"_s.arg(groupedNumber(*log->length), groupedNumber(*log->capacity));
    return *log->length >= *log->capacity ? tr("full · %1").arg(filled) : filled;
}

Tone ThresholdModel::tone(const QByteArray &id, Column column) const
{
    const NodeSlowlog *log = heardOf(id);
    if (!log || column == Column::Node)
        return log ? Tone::Neutral : Tone::Muted;
    if (column == Column::Over)
        return log->threshold && log->threshold != usualThreshold() ? Tone::Warning : Tone::Neutral;
    if (log->problem)
        return Tone::Bad;
    return log->length && log->capacity && *log->length >= *log->capacity ? Tone::Warning : Tone::Muted;
}

} // namespace slotscope
