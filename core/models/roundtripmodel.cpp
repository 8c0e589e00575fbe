// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/roundtripmodel.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/models/latencywords.h"

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int tenthOfMillisecondRow = 10; // row of the spectrum that stands for 0.1 ms

} // namespace

RoundTripModel::RoundTripModel(const PingBook &book, QObject *parent) : QAbstractTableModel(parent), m_book(book)
{
    m_lowestRow = tenthOfMillisecondRow;
}

void RoundTripModel::setView(const ClusterViewPtr &view)
{
    QByteArrayList ids;
    for (size_t i = 0; view && i < view->nodes.size(); ++i) {
        const NodeState &node = view->nodes[i];
        if (!node.id.isEmpty() && node.condition != NodeCondition::Handshake
            && node.condition != NodeCondition::NoAddress)
            ids.append(node.id);
    }
    m_view = view;
    for (int row = rowCount() - 1; row >= 0; --row) {
        if (ids.contains(m_ids[row]))
            continue;
        beginRemoveRows({}, row, row);
        m_ids.removeAt(row);
        endRemoveRows();
    }
    for (const QByteArray &id : ids) {
        if (m_ids.contains(id))
            continue;
        beginInsertRows({}, rowCount(), rowCount());
        m_ids.append(id);
        endInsertRows();
    }
    refresh();
}

void RoundTripModel::refresh()
{
    m_figures.clear();
    m_lowestRow = tenthOfMillisecondRow;
    for (const QByteArray &id : std::as_const(m_ids)) {
        const PingBook::Node *node = m_book.node(id);
        if (!node)
            continue;
        const PingFigures figures = node->series.figures();
        m_figures.insert(id, figures);
        if (figures.shortest >= 0 && spectrumRow(figures.shortest) < tenthOfMillisecondRow)
            m_lowestRow = 0;
    }
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

QString RoundTripModel::nameOf(const QByteArray &nodeId) const
{
    const NodeState *node = m_view ? m_view->node(nodeId) : nullptr;
    return node ? node->name : QString::fromLatin1(nodeId.left(8));
}

int RoundTripModel::colourOf(const QByteArray &nodeId) const
{
    const NodeState *node = m_view ? m_view->node(nodeId) : nullptr;
    return node && node->shard >= 0 ? m_view->shards.at(size_t(node->shard)).colour : -1;
}

int RoundTripModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_ids.size());
}

int RoundTripModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(Column::Count_);
}

qint64 RoundTripModel::time(const QByteArray &id, Column column) const
{
    const PingFigures figures = m_figures.value(id);
    const PingBook::Node *node = m_book.node(id);
    switch (column) {
    case Column::Min: return figures.shortest;
    case Column::Average: return figures.average;
    case Column::P50: return figures.p50;
    case Column::P99: return figures.p99;
    case Column::P999: return figures.p999;
    case Column::Longest: return node ? std::max(figures.longest, node->waiting) : figures.longest;
    default: return -1;
    }
}

QString RoundTripModel::lostCell(const QByteArray &id) const
{
    const PingBook::Node *node = m_book.node(id);
    if (!node)
        return u"…"_s;
    if (node->waiting > 0)
        return tr("no answer for %1").arg(duration(node->waiting / 1000));
    if (node->problem)
        return tr("no connection");
    return lostText(m_figures.value(id));
}

QString RoundTripModel::text(const QByteArray &id, Column column) const
{
    switch (column) {
    case Column::Node: {
        const NodeState *node = m_view ? m_view->node(id) : nullptr;
        const QString name = nameOf(id);
        return !node || !node->roleKnown ? name : name + (node->primary ? u" P"_s : u" R"_s);
    }
    case Column::Lost: return lostCell(id);
    case Column::Spectrum: return {};
    default: return m_book.node(id) ? millisecondsText(time(id, column)) : u"…"_s;
    }
}

Tone RoundTripModel::tone(const QByteArray &id, Column column) const
{
    const PingBook::Node *node = m_book.node(id);
    switch (column) {
    case Column::Node: return Tone::Neutral;
    case Column::Lost:
        if (node && (node->waiting > 0 || node->problem))
            return Tone::Bad;
        return m_figures.value(id).lost > 0 ? Tone::Warning : Tone::Muted;
    default: return roundTripTone(time(id, column));
    }
}

QVariant RoundTripModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const QByteArray &id = m_ids.at(index.row());
    const auto column = Column(index.column());
    const PingBook::Node *node = m_book.node(id);
    switch (role) {
    case Qt::DisplayRole: return text(id, column);
    case SortRole:
        if (column == Column::Node)
            return nameOf(id);
        if (column == Column::Lost)
            return m_figures.value(id).lost;
        return time(id, column) >= 0 ? QVariant(time(id, column)) : QVariant();
    case IdRole: return id;
    case NumberRole: return column != Column::Node && column != Column::Spectrum;
    case MonospaceRole: return column == Column::Node;
    case ToneRole: return int(tone(id, column));
    case ShardColourRole: return column == Column::Node ? QVariant(colourOf(id)) : QVariant();
    case Qt::ToolTipRole:
        if (node && node->problem)
            return describe(*node->problem);
        if (node && node->waiting > 0)
            return tr("The oldest ping without a reply was sent %1 ago.").arg(duration(node->waiting / 1000));
        return {};
    case Qt::AccessibleTextRole:
        return column == Column::Spectrum ? tr("Spectrum of %1: p50 %2 ms, longest %3 ms")
                                                .arg(nameOf(id), text(id, Column::P50), text(id, Column::Longest))
                                          : text(id, column);
    default: return {};
    }
}

QVariant RoundTripModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    static constexpr std::array<const char *, size_t(Column::Count_)> titles{QT_TR_NOOP("Round trip, ms"),
                                                                             QT_TR_NOOP("Min"),
                                                                             QT_TR_NOOP("Average"),
                                                                             QT_TR_NOOP("p50"),
                                                                             QT_TR_NOOP("p99"),
                                                                             QT_TR_NOOP("p99.9"),
                                                                             QT_TR_NOOP("Longest"),
                                                                             QT_TR_NOOP("Lost"),
                                                                             QT_TR_NOOP("Spectrum")};
    static constexpr std::array<QLatin1StringView, size_t(Column::Count_)> names{
        "node"_L1, "min"_L1, "average"_L1, "p50"_L1, "p99"_L1, "p99.9"_L1, "longest"_L1, "lost"_L1, "spectrum"_L1};
    if (role == NumberRole)
        return Column(section) != Column::Node && Column(section) != Column::Spectrum;
    if (role == Qt::DisplayRole)
        return Column(section) == Column::Spectrum
            ? tr("Spectrum of %1 min, %2 at the bottom to 2 s")
                  .arg(QString::number(m_book.window() / 60'000), m_lowestRow == 0 ? tr("10 µs") : tr("0.1 ms"))
            : tr(titles.at(size_t(section)));
    return role == ColumnNameRole ? QVariant(QString(names.at(size_t(section)))) : QVariant();
}

} // namespace slotscope
