// SPDX-License-Identifier: GPL-3.0-or-later
// What ClientsModel shows of a row.
#include "core/base/text.h"
#include "core/models/clientsmodel.h"

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr qint64 longIdle = 3600; // seconds

bool isClientNumber(ClientsModel::Column column)
{
    using Column = ClientsModel::Column;
    return column == Column::Age || column == Column::Idle || column == Column::Memory || column == Column::Subs;
}

} // namespace

int ClientsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_shown.size());
}

int ClientsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(Column::Count_);
}

QString ClientsModel::text(const Row &row, Column column) const
{
    const ClientLine &line = row.line;
    switch (column) {
    case Column::Node: {
        const NodeState *node = m_view ? m_view->node(row.key.first) : nullptr;
        const QString name = nameOf(row.key.first);
        return !node || !node->roleKnown ? name : name + (node->primary ? u" P"_s : u" R"_s);
    }
    case Column::Address: return toDisplay(line.address);
    case Column::Name: return toDisplay(line.name);
    case Column::User: return toDisplay(line.user);
    case Column::Age: return line.age ? duration(*line.age * 1000) : u"?"_s;
    case Column::Idle: return line.idle ? duration(*line.idle * 1000) : u"?"_s;
    case Column::Words: return toDisplay(line.command);
    case Column::Memory: return line.memory ? byteSize(*line.memory) : u"?"_s;
    case Column::Subs: return line.channels > 0 ? groupedNumber(line.channels) : u"–"_s;
    case Column::State: return row.isGone ? tr("gone") : clientState(line).text;
    default: return {};
    }
}

Tone ClientsModel::tone(const Row &row, Column column) const
{
    if (row.isGone)
        return Tone::Muted;
    switch (column) {
    case Column::User:
    case Column::Age:
    case Column::Subs: return Tone::Muted;
    case Column::Idle:
        return row.line.idle.value_or(0) >= longIdle && row.line.replyBytes > 0 ? Tone::Warning : Tone::Neutral;
    case Column::Memory: return row.line.replyBytes > 0 && !row.line.isServer() ? Tone::Warning : Tone::Neutral;
    case Column::State: return clientState(row.line).tone;
    default: return Tone::Neutral;
    }
}

QVariant ClientsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row &row = at(index.row());
    const auto column = Column(index.column());
    switch (role) {
    case Qt::DisplayRole: return text(row, column);
    case Qt::CheckStateRole:
        return column == Column::Check ? QVariant(row.isChecked ? Qt::Checked : Qt::Unchecked) : QVariant();
    case SortRole:
        switch (column) {
        case Column::Age: return row.line.age ? QVariant(*row.line.age) : QVariant();
        case Column::Idle: return row.line.idle ? QVariant(*row.line.idle) : QVariant();
        case Column::Memory: return row.line.memory ? QVariant(*row.line.memory) : QVariant();
        case Column::Subs: return row.line.channels;
        default: return text(row, column);
        }
    case IdRole: return row.key.first;
    case GoneRole: return row.isGone;
    case CheckableRole: return !row.isGone && !row.line.isServer();
    case BadgeRole: return column == Column::State;
    case NumberRole: return isClientNumber(column);
    case MonospaceRole: return column == Column::Node || column == Column::Address || column == Column::Words;
    case ToneRole: return int(tone(row, column));
    case ShardColourRole: {
        const NodeState *node = m_view && column == Column::Node ? m_view->node(row.key.first) : nullptr;
        return node && node->shard >= 0 ? QVariant(m_view->shards.at(size_t(node->shard)).colour) : QVariant();
    }
    case Qt::ToolTipRole:
        if (column == Column::State && row.line.replyBytes > 0)
            return tr("%1 of replies that it has not read").arg(byteSize(row.line.replyBytes));
        return column == Column::Check ? QVariant() : QVariant(text(row, column));
    case Qt::AccessibleTextRole:
        return column == Column::Check ? QVariant(row.isChecked ? tr("selected") : tr("not selected"))
                                       : QVariant(text(row, column));
    default: return {};
    }
}

bool ClientsModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::CheckStateRole || !index.isValid())
        return false;
    setChecked(index.row(), value.toInt() == Qt::Checked);
    return true;
}

QVariant ClientsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    static constexpr std::array<const char *, size_t(Column::Count_)> titles{"",
                                                                             QT_TR_NOOP("Node"),
                                                                             QT_TR_NOOP("Address"),
                                                                             QT_TR_NOOP("Name"),
                                                                             QT_TR_NOOP("User"),
                                                                             QT_TR_NOOP("Age"),
                                                                             QT_TR_NOOP("Idle"),
                                                                             QT_TR_NOOP("Command"),
                                                                             QT_TR_NOOP("Memory"),
                                                                             QT_TR_NOOP("Subs"),
                                                                             QT_TR_NOOP("State")};
    static constexpr std::array<QLatin1StringView, size_t(Column::Count_)> names{
        "selected"_L1,    "node"_L1,    "address"_L1, "name"_L1,          "user"_L1, "ageSeconds"_L1,
        "idleSeconds"_L1, "command"_L1, "memory"_L1,  "subscriptions"_L1, "state"_L1};
    const auto column = Column(section);
    if (role == NumberRole)
        return isClientNumber(column);
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (isClientNumber(column) ? Qt::AlignRight : Qt::AlignLeft));
    if (role == Qt::DisplayRole)
        return column == Column::Check ? QString() : tr(titles.at(size_t(section)));
    return role == ColumnNameRole ? QVariant(QString(names.at(size_t(section)))) : QVariant();
}

} // namespace slotscope
