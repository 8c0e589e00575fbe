// SPDX-License-Identifier: GPL-3.0-or-later
// What the rows of KeyRowsModel say.
#include "core/models/keyrowsmodel.h"

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/cluster/slot.h"
#include "core/keys/keyfactscache.h"
#include "core/keys/keystore.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString notRead = u"…"_s;

/// The time to live that is left now.
qint64 ttlNow(const KeyFacts &facts)
{
    const qint64 ttl = *facts.ttlMs;
    return ttl < 0 ? ttl : std::max<qint64>(0, ttl - (steadyMs() - facts.readAt));
}

template <typename T>
QVariant valueOrNothing(const std::optional<T> &value)
{
    return value ? QVariant::fromValue(*value) : QVariant();
}

} // namespace

int KeyRowsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_table->rowCount();
}

int KeyRowsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(Column::Count_);
}

const KeyFacts *KeyRowsModel::factsAt(int row) const
{
    return m_table->partAt(row).isFolder ? nullptr : m_store.facts()->find(m_table->nameAt(row));
}

QVariant KeyRowsModel::factOf(int row, int role) const
{
    const KeyFacts *facts = factsAt(row);
    if (!facts)
        return role == TypeRole || role == EncodingRole ? QVariant(QByteArray())
            : role == ProblemRole                       ? QVariant(QString())
                                                        : QVariant();
    switch (role) {
    case TypeRole: return facts->type;
    case TtlRole: return facts->ttlMs ? QVariant(ttlNow(*facts)) : QVariant();
    case MemoryRole: return valueOrNothing(facts->memory);
    case LengthRole: return valueOrNothing(facts->length);
    case EncodingRole: return facts->encoding;
    case IdleRole: return valueOrNothing(facts->idleSeconds);
    case ProblemRole: return facts->problem;
    default: return {};
    }
}

/// Slot, shard or node of a key.
QVariant KeyRowsModel::placeOf(int row, int role) const
{
    if (m_table->partAt(row).isFolder || !m_view)
        return {};
    int owner = -1;
    if (m_view->cluster) {
        const quint16 slot = slotOfKey(m_table->nameAt(row));
        if (role == SlotRole)
            return int(slot);
        owner = m_view->owner[slot];
    } else if (role == SlotRole) {
        return {};
    } else if (!m_view->shards.empty()) {
        owner = m_view->shards.front().primary;
    }
    const NodeState *node = owner < 0 ? nullptr : &m_view->nodes[size_t(owner)];
    if (role == ShardRole)
        return node && node->shard >= 0 ? m_view->shards[size_t(node->shard)].number : 0;
    return node ? node->id : QByteArray();
}

QString KeyRowsModel::text(int row, Column column) const
{
    const RowTable::Part &part = m_table->partAt(row);
    if (column == Column::Key) {
        const QByteArrayView label = m_table->labelAt(row);
        const QString name = label.isEmpty() ? tr("(empty)") : toDisplay(label);
        return part.isFolder ? tr("%1 (%2)").arg(name, groupedNumber(part.keys)) : name;
    }
    if (part.isFolder)
        return {};
    if (column == Column::Slot) {
        const QVariant slot = placeOf(row, SlotRole);
        return slot.isValid() ? QString::number(slot.toInt()) : QString();
    }
    if (column == Column::Node) {
        const NodeState *node = m_view ? m_view->node(placeOf(row, NodeRole).toByteArray()) : nullptr;
        return node ? node->name : QString();
    }
    const KeyFacts *facts = factsAt(row);
    if (!facts)
        return notRead;
    switch (column) {
    case Column::Type:
        return !facts->problem.isEmpty() && facts->type.isEmpty() ? tr("refused")
            : facts->type == "none"                               ? tr("gone")
            : facts->type.isEmpty()                               ? notRead
                                                                  : toDisplay(facts->type);
    case Column::Ttl:
        return !facts->ttlMs      ? (facts->tried.testFlag(KeyFact::Ttl) ? QString() : notRead)
            : *facts->ttlMs == -1 ? tr("none")
            : *facts->ttlMs == -2 ? tr("gone")
                                  : duration(ttlNow(*facts));
    case Column::Memory:
        return facts->memory ? byteSize(*facts->memory) : facts->tried.testFlag(KeyFact::Memory) ? QString() : notRead;
    case Column::Length:
        return facts->length                         ? groupedNumber(*facts->length)
            : facts->tried.testFlag(KeyFact::Length) ? QString()
                                                     : notRead;
    case Column::Encoding: return facts->tried.testFlag(KeyFact::Encoding) ? toDisplay(facts->encoding) : notRead;
    case Column::Idle:
        return facts->idleSeconds                  ? duration(*facts->idleSeconds * 1000)
            : facts->tried.testFlag(KeyFact::Idle) ? QString()
                                                   : notRead;
    default: return {};
    }
}

QVariant KeyRowsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const int row = index.row();
    switch (role) {
    case Qt::DisplayRole: return text(row, Column(index.column()));
    case Qt::ToolTipRole: return index.column() == 0 ? QVariant(toDisplay(m_table->nameAt(row))) : QVariant();
    case NameRole: return m_table->nameAt(row).toByteArray();
    case LabelRole: return toDisplay(m_table->labelAt(row));
    case DepthRole: return int(m_table->partAt(row).depth);
    case IsFolderRole: return m_table->partAt(row).isFolder;
    case ExpandedRole: return m_table->partAt(row).isFolder && m_table->partAt(row).isOpen;
    case CountRole: return quint64(m_table->partAt(row).isFolder ? m_table->partAt(row).keys : 1);
    case ShareRole: return m_table->shareAt(row);
    case SlotRole:
    case ShardRole:
    case NodeRole: return placeOf(row, role);
    default: return role >= TypeRole && role <= ProblemRole ? factOf(row, role) : QVariant();
    }
}

QVariant KeyRowsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (section == int(Column::Key) ? Qt::AlignLeft : Qt::AlignRight));
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 || section >= int(Column::Count_))
        return {};
    switch (Column(section)) {
    case Column::Key: return tr("Key");
    case Column::Type: return tr("Type");
    case Column::Ttl: return tr("TTL");
    case Column::Memory: return tr("Memory");
    case Column::Length: return tr("Length");
    case Column::Encoding: return tr("Encoding");
    case Column::Idle: return tr("Idle");
    case Column::Slot: return tr("Slot");
    case Column::Node: return tr("Node");
    case Column::Count_: break;
    }
    return {};
}

} // namespace slotscope
