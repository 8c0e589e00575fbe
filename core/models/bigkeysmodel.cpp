// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/bigkeysmodel.h"

#include "core/base/text.h"
#include "core/models/nodewords.h"

#include <algorithm>
#include <limits>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

QString lengthText(const QByteArray &type, qint64 elements)
{
    if (elements < 0)
        return {};
    const QString number = groupedNumber(elements);
    if (type == "string")
        return BigKeysModel::tr("%1 B").arg(number);
    if (type == "hash")
        return BigKeysModel::tr("%1 fields").arg(number);
    if (type == "list")
        return BigKeysModel::tr("%1 items").arg(number);
    if (type == "stream")
        return BigKeysModel::tr("%1 entries").arg(number);
    return BigKeysModel::tr("%1 members").arg(number);
}

void BigKeysModel::show(const AnalysisReportPtr &report, By by, int within)
{
    beginResetModel();
    m_by = by;
    m_keys.clear();
    if (report) {
        const QList<ReportKey> &all = by == By::Memory ? report->byBytes
            : by == By::Length                         ? report->byElements
                                                       : report->hottest;
        const bool isPart = within > 0 && within < report->namespaces.size();
        const QByteArray name = isPart ? report->namespaces[within].name : QByteArray();
        for (const ReportKey &key : all)
            if (key.key.startsWith(name))
                m_keys.append(key);
        if (isPart && by == By::Memory)
            for (const ReportKey &key : report->namespaces[within].biggest)
                if (std::none_of(m_keys.cbegin(), m_keys.cend(),
                                 [&key](const ReportKey &known) { return known.key == key.key; }))
                    m_keys.append(key);
    }
    endResetModel();
}

void BigKeysModel::setView(const ClusterViewPtr &view)
{
    m_view = view;
    if (!m_keys.isEmpty())
        Q_EMIT dataChanged(index(0, int(Column::Shard)), index(int(m_keys.size()) - 1, int(Column::Shard)));
}

const ReportKey *BigKeysModel::at(int row) const
{
    return row < 0 || row >= m_keys.size() ? nullptr : &m_keys[row];
}

int BigKeysModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_keys.size());
}

int BigKeysModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(Column::Count_);
}

QString BigKeysModel::text(const ReportKey &key, Column column) const
{
    switch (column) {
    case Column::Key: return toDisplay(key.key);
    case Column::Memory: return key.bytes < 0 ? QString() : (key.isSampled ? u"≈ "_s : QString()) + byteSize(key.bytes);
    case Column::Length:
        return m_by == By::Frequency ? QString::number(key.frequency) : lengthText(key.type, key.elements);
    case Column::Ttl: return !key.ttlMs ? QString() : *key.ttlMs < 0 ? tr("none") : duration(*key.ttlMs);
    case Column::Shard: return key.shard > 0 ? shardTitle(m_view.get(), key.shard) : QString();
    case Column::Count_: break;
    }
    return {};
}

QVariant BigKeysModel::sortValue(const ReportKey &key, Column column) const
{
    const auto known = [](qint64 number) { return number < 0 ? QVariant() : QVariant(number); };
    switch (column) {
    case Column::Memory: return known(key.bytes);
    case Column::Length: return known(m_by == By::Frequency ? key.frequency : key.elements);
    case Column::Ttl:
        if (!key.ttlMs)
            return {};
        return *key.ttlMs < 0 ? std::numeric_limits<qint64>::max() : *key.ttlMs;
    case Column::Shard: return known(key.shard > 0 ? key.shard : -1);
    case Column::Key:
    case Column::Count_: break;
    }
    return toDisplay(key.key);
}

QVariant BigKeysModel::data(const QModelIndex &index, int role) const
{
    const ReportKey *key = at(index.row());
    if (!key || !index.isValid())
        return {};
    const auto column = Column(index.column());
    switch (role) {
    case Qt::DisplayRole: return text(*key, column);
    case Qt::ToolTipRole: return column == Column::Key ? toDisplay(key->key) : QVariant();
    case SortRole: return sortValue(*key, column);
    case NumberRole: return column == Column::Memory || column == Column::Length || column == Column::Ttl;
    case MonospaceRole: return column != Column::Shard;
    case ToneRole: return column == Column::Length || column == Column::Ttl ? int(Tone::Muted) : int(Tone::Neutral);
    case TypeRole: return key->type;
    case NameRole: return key->key;
    case ShardColourRole:
        if (column == Column::Shard && m_view)
            for (const ShardState &shard : m_view->shards)
                if (shard.number == key->shard)
                    return shard.colour;
        return -1;
    default: return {};
    }
}

QVariant BigKeysModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    const auto column = Column(section);
    if (role == NumberRole)
        return column == Column::Memory || column == Column::Length || column == Column::Ttl;
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case Column::Key: return tr("Key");
    case Column::Memory: return tr("Memory");
    case Column::Length: return m_by == By::Frequency ? tr("Frequency") : tr("Length");
    case Column::Ttl: return tr("TTL");
    case Column::Shard: return tr("Shard");
    case Column::Count_: break;
    }
    return {};
}

} // namespace slotscope
