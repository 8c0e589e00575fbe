// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/commandlatencymodel.h"

#include "core/base/text.h"
#include "core/models/latencywords.h"

#include <array>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

CommandLatencyModel::CommandLatencyModel(QObject *parent) : QAbstractTableModel(parent) { }

void CommandLatencyModel::setFigures(const CommandLatencies &figures, const CommandPercentiles &exact)
{
    for (int row = rowCount() - 1; row >= 0; --row) {
        if (figures.contains(m_commands[row]))
            continue;
        beginRemoveRows({}, row, row);
        m_commands.removeAt(row);
        endRemoveRows();
    }
    m_figures = figures;
    m_exact = exact;
    m_mostCalls = 0;
    QByteArrayList fresh;
    for (auto each = figures.constBegin(); each != figures.constEnd(); ++each) {
        m_mostCalls = std::max(m_mostCalls, each->calls);
        if (!m_commands.contains(each.key()))
            fresh.append(each.key());
    }
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    if (fresh.isEmpty())
        return;
    beginInsertRows({}, rowCount(), rowCount() + int(fresh.size()) - 1);
    m_commands += fresh;
    endInsertRows();
}

const CommandLatency *CommandLatencyModel::at(int row) const
{
    const auto found = m_figures.constFind(commandAt(row));
    return found == m_figures.constEnd() ? nullptr : &*found;
}

int CommandLatencyModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_commands.size());
}

int CommandLatencyModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(Column::Count_);
}

std::optional<qint64> CommandLatencyModel::exact(const QByteArray &command, Column column) const
{
    const QByteArray name = column == Column::P50 ? "p50" : column == Column::P99 ? "p99" : "p99.9";
    const auto percentiles = m_exact.constFind(command);
    if (column == Column::Longest || percentiles == m_exact.constEnd() || !percentiles->contains(name))
        return std::nullopt;
    return qint64(std::llround(percentiles->value(name)));
}

qint64 CommandLatencyModel::value(const QByteArray &command, Column column) const
{
    if (column >= Column::P50)
        if (const auto told = exact(command, column))
            return *told;
    const CommandLatency figures = m_figures.value(command);
    switch (column) {
    case Column::Calls: return figures.calls;
    case Column::P50: return figures.percentile(0.5);
    case Column::P99: return figures.percentile(0.99);
    case Column::P999: return figures.percentile(0.999);
    case Column::Longest: return figures.longest();
    default: return -1;
    }
}

QString CommandLatencyModel::text(const QByteArray &command, Column column) const
{
    if (column == Column::Name)
        return toDisplay(command.toUpper().replace('|', ' '));
    const qint64 number = value(command, column);
    if (column == Column::Calls)
        return groupedNumber(number);
    return number < 0 || exact(command, column) ? timeText(number) : u"≤ "_s + timeText(number);
}

QVariant CommandLatencyModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const QByteArray &command = m_commands.at(index.row());
    const auto column = Column(index.column());
    switch (role) {
    case Qt::DisplayRole: return text(command, column);
    case SortRole: return column == Column::Name ? QVariant(text(command, column)) : value(command, column);
    case NumberRole: return column != Column::Name;
    case MonospaceRole:
    case ElideEndRole: return column == Column::Name;
    case ShareRole:
        return column == Column::Calls && m_mostCalls > 0
            ? QVariant(double(m_figures.value(command).calls) / double(m_mostCalls))
            : QVariant();
    case ToneRole: return int(column >= Column::P50 ? roundTripTone(value(command, column)) : Tone::Neutral);
    case Qt::ToolTipRole:
        if (column < Column::P50)
            return {};
        return exact(command, column) ? tr("From INFO latencystats, since the start of the server")
                                      : tr("The server's histogram has steps of powers of two: at most this long");
    default: return {};
    }
}

QVariant CommandLatencyModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    static constexpr std::array<const char *, size_t(Column::Count_)> titles{
        QT_TR_NOOP("Command"), QT_TR_NOOP("Calls"), QT_TR_NOOP("p50"),
        QT_TR_NOOP("p99"),     QT_TR_NOOP("p99.9"), QT_TR_NOOP("Longest")};
    static constexpr std::array<QLatin1StringView, size_t(Column::Count_)> names{
        "command"_L1, "calls"_L1, "p50"_L1, "p99"_L1, "p99.9"_L1, "longest"_L1};
    if (role == NumberRole)
        return Column(section) != Column::Name;
    if (role == Qt::DisplayRole)
        return tr(titles.at(size_t(section)));
    return role == ColumnNameRole ? QVariant(QString(names.at(size_t(section)))) : QVariant();
}

} // namespace slotscope
