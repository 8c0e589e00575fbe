// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/profilegroupsmodel.h"

#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "core/profiler/profilewords.h"
#include "core/slowlog/slowlogentry.h"

#include <QDateTime>
#include <QHash>
#include <QSet>

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr qint64 microsecondsInMs = 1000;

int colourOfProfileNode(const ClusterViewPtr &view, const QByteArray &id)
{
    const NodeState *node = view ? view->node(id) : nullptr;
    return node && node->shard >= 0 ? view->shards.at(size_t(node->shard)).colour : -1;
}

} // namespace

ProfileGroupsModel::ProfileGroupsModel(QObject *parent) : QAbstractTableModel(parent) { }

void ProfileGroupsModel::take(const ProfileSnapshot &profile, ProfileBy by, const ClusterViewPtr &view)
{
    m_view = view;
    m_nodes = profile.nodes;
    m_read = profile.lines - profile.dropped - profile.odd;
    m_milliseconds = profile.milliseconds;
    if (std::exchange(m_by, by) != by && !m_rows.empty()) {
        beginRemoveRows({}, 0, rowCount() - 1);
        m_rows.clear();
        endRemoveRows();
    }
    QHash<QByteArray, const ProfileGroup *> there;
    for (const ProfileGroup &group : profile.groups.groups)
        there.insert(group.name, &group);
    for (int row = rowCount() - 1; row >= 0; --row) {
        if (const ProfileGroup *group = there.take(m_rows[size_t(row)].name)) {
            m_rows[size_t(row)] = *group;
            continue;
        }
        beginRemoveRows({}, row, row);
        m_rows.erase(m_rows.begin() + row);
        endRemoveRows();
    }
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    if (there.isEmpty())
        return;
    beginInsertRows({}, rowCount(), rowCount() + int(there.size()) - 1);
    for (const ProfileGroup &group : profile.groups.groups)
        if (there.contains(group.name))
            m_rows.push_back(group);
    endInsertRows();
}

QByteArray ProfileGroupsModel::nameAt(int row) const
{
    return row >= 0 && row < rowCount() ? m_rows[size_t(row)].name : QByteArray();
}

int ProfileGroupsModel::rowOf(const QByteArray &name) const
{
    for (int row = 0; row < rowCount(); ++row)
        if (m_rows[size_t(row)].name == name)
            return row;
    return -1;
}

int ProfileGroupsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int ProfileGroupsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(Column::Count_);
}

QVariant ProfileGroupsModel::value(const ProfileGroup &row, Column column) const
{
    switch (column) {
    case Column::Lines: return row.lines;
    case Column::Rate: return double(row.lines) * 1000 / double(std::max<qint64>(1, m_milliseconds));
    case Column::Share: return m_read > 0 ? double(row.lines) / double(m_read) : 0.0;
    default: return text(row, column);
    }
}

QString ProfileGroupsModel::text(const ProfileGroup &row, Column column) const
{
    switch (column) {
    case Column::Group: return groupText(row, m_by, m_nodes);
    case Column::Lines: return groupedNumber(qint64(row.lines));
    case Column::Rate: return groupedNumber(qRound64(value(row, column).toDouble()));
    case Column::Share: return QString::number(100 * value(row, column).toDouble(), 'f', 1) + u" %"_s;
    default: return {};
    }
}

QVariantList ProfileGroupsModel::coloursOf(const ProfileGroup &row) const
{
    QVariantList colours;
    for (size_t i = 0; i < row.byNode.size() && i < m_nodes.size(); ++i) {
        const int colour = row.byNode[i] > 0 ? colourOfProfileNode(m_view, m_nodes[i].id) : -1;
        if (colour >= 0 && !colours.contains(colour))
            colours.append(colour);
    }
    return colours;
}

QVariant ProfileGroupsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ProfileGroup &row = m_rows[size_t(index.row())];
    const auto column = Column(index.column());
    switch (role) {
    case Qt::DisplayRole: return text(row, column);
    case SortRole: return value(row, column);
    case NumberRole: return column != Column::Group && column != Column::Shards;
    case MonospaceRole:
    case ElideEndRole: return column == Column::Group;
    case LeadRole:
        return column == Column::Group && m_by == ProfileBy::CommandAndPrefix
            ? (text(row, column).contains(u" ("_s) ? text(row, column).indexOf(u" ("_s)
                                                   : text(row, column).lastIndexOf(u' '))
            : -1;
    case ShareRole: return column == Column::Share ? value(row, column) : QVariant();
    case ShardColoursRole: return column == Column::Shards ? QVariant(coloursOf(row)) : QVariant();
    case Qt::AccessibleTextRole:
        return tr("%1, %2 lines, %3").arg(text(row, Column::Group), text(row, Column::Lines), text(row, Column::Share));
    default: return {};
    }
}

QVariant ProfileGroupsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    static constexpr std::array<const char *, size_t(Column::Count_)> titles{
        QT_TR_NOOP("Group"), QT_TR_NOOP("Lines"), QT_TR_NOOP("Per second"), QT_TR_NOOP("Share"), QT_TR_NOOP("Shards")};
    static constexpr std::array<QLatin1StringView, size_t(Column::Count_)> names{"group"_L1, "lines"_L1, "perSecond"_L1,
                                                                                 "share"_L1, "shards"_L1};
    if (role == NumberRole)
        return Column(section) != Column::Group && Column(section) != Column::Shards;
    if (role == Qt::DisplayRole)
        return tr(titles.at(size_t(section)));
    return role == ColumnNameRole ? QVariant(QString(names.at(size_t(section)))) : QVariant();
}

ProfileLinesModel::ProfileLinesModel(QObject *parent) : QAbstractTableModel(parent) { }

void ProfileLinesModel::take(const ProfileSnapshot &profile, const ClusterViewPtr &view)
{
    m_view = view;
    m_nodes = profile.nodes;
    const int now = int(profile.newest.size()), before = rowCount();
    if (now < before) {
        beginRemoveRows({}, now, before - 1);
        m_lines = profile.newest;
        endRemoveRows();
    } else if (now > before) {
        beginInsertRows({}, before, now - 1);
        m_lines = profile.newest;
        endInsertRows();
    } else {
        m_lines = profile.newest;
    }
    if (!m_lines.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

const ProfileLine *ProfileLinesModel::at(int row) const
{
    return row >= 0 && row < rowCount() ? &m_lines[size_t(row)] : nullptr;
}

QString ProfileLinesModel::nodeName(int row) const
{
    const ProfileLine *line = at(row);
    return line && size_t(line->node) < m_nodes.size() ? m_nodes[size_t(line->node)].name : QString();
}

int ProfileLinesModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_lines.size());
}

int ProfileLinesModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(Column::Count_);
}

QString ProfileLinesModel::text(const ProfileLine &line, Column column) const
{
    switch (column) {
    case Column::Time:
        return QDateTime::fromMSecsSinceEpoch(line.line.microseconds / microsecondsInMs).toString(u"HH:mm:ss.zzz"_s);
    case Column::Node: return size_t(line.node) < m_nodes.size() ? m_nodes[size_t(line.node)].name : QString();
    case Column::Words: return commandText(line.line.command) + (line.line.isCut ? u" …"_s : QString());
    case Column::Client:
        return line.line.source == MonitorLine::Source::Script ? tr("a script") : toDisplay(line.line.client);
    default: return {};
    }
}

QVariant ProfileLinesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ProfileLine &line = m_lines[size_t(index.row())];
    const auto column = Column(index.column());
    switch (role) {
    case Qt::DisplayRole: return text(line, column);
    case MonospaceRole: return column != Column::Node;
    case ElideEndRole: return column == Column::Words;
    case LeadRole: return column == Column::Words ? text(line, column).indexOf(u' ') : -1;
    case ShardColourRole:
        return column == Column::Node && size_t(line.node) < m_nodes.size()
            ? QVariant(colourOfProfileNode(m_view, m_nodes[size_t(line.node)].id))
            : QVariant();
    case Qt::AccessibleTextRole: return text(line, Column::Node) + u", "_s + text(line, Column::Words);
    default: return {};
    }
}

QVariant ProfileLinesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    static constexpr std::array<const char *, size_t(Column::Count_)> titles{
        QT_TR_NOOP("Time"), QT_TR_NOOP("Node"), QT_TR_NOOP("Command"), QT_TR_NOOP("Client")};
    static constexpr std::array<QLatin1StringView, size_t(Column::Count_)> names{"time"_L1, "node"_L1, "command"_L1,
                                                                                 "client"_L1};
    if (role == Qt::DisplayRole)
        return tr(titles.at(size_t(section)));
    return role == ColumnNameRole ? QVariant(QString(names.at(size_t(section)))) : QVariant();
}

} // namespace slotscope
