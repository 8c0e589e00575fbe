// SPDX-License-Identifier: GPL-3.0-or-later
// What ConfigModel shows of a row.
#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/models/configmodel.h"
#include "core/models/nodewords.h"

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

using Cell = SettingRow::Cell;

int ConfigModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_lines.size());
}

int ConfigModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : FirstNode + int(m_columns.size()) + (hiddenNodes() > 0 ? 1 : 0);
}

QString ConfigModel::groupText(SettingInfo::Group group) const
{
    int settings = 0, differing = 0;
    for (const SettingRow &row : m_comparison.rows) {
        if (row.group != group)
            continue;
        ++settings;
        differing += row.differing > 0 ? 1 : 0;
    }
    const QString title = settingGroupTitle(group) + u"  "_s + groupedNumber(settings);
    return differing == 0 ? title : title + u"  ≠ "_s + counted(differing, tr("1 differs"), tr("%1 differ"));
}

QString ConfigModel::text(const SettingRow &row, int column) const
{
    switch (column) {
    case Setting: return QString::fromLatin1(row.name);
    case Default: return row.usual ? settingCellText(row, *row.usual) : u"–"_s;
    case Most: return row.isOwn() ? tr("different on each node") : settingCellText(row, row.most);
    default: break;
    }
    if (column - FirstNode >= m_columns.size()) { // the column for all other nodes
        const int differing = hiddenDiffering(row);
        int notRead = 0;
        for (qsizetype i = 0; i < row.cells.size(); ++i)
            notRead += row.cells[i] == Cell::NotRead && !m_columns.contains(int(i)) ? 1 : 0;
        if (differing == 0 && notRead > 0)
            return tr("%1 not read").arg(notRead);
        return differing > 0 ? u"≠ "_s + groupedNumber(differing) : row.isOwn() ? u"…"_s : u"="_s;
    }
    const int node = m_columns[column - FirstNode];
    switch (row.cells[node]) {
    case Cell::AsMost: return row.isOwn() ? settingCellText(row, row.values[node]) : u"="_s;
    case Cell::Differs: return settingCellText(row, row.values[node]);
    case Cell::Unknown: return u"–"_s;
    case Cell::NotRead: break;
    }
    return m_nodes[size_t(node)].problem ? u"?"_s : u"…"_s;
}

QString ConfigModel::toolTip(const SettingRow &row, int column) const
{
    if (column == Setting)
        return row.info ? row.info->words() : tr("Slotscope does not know this setting.");
    const auto exact = [&row](const QByteArray &value) {
        return row.isSecret ? settingCellText(row, value) : toDisplay(value);
    };
    if (column == Default)
        return row.usual ? exact(*row.usual) : QString();
    if (column == Most)
        return row.isOwn() ? tr("Each node has a value of its own.") : exact(row.most);
    if (column - FirstNode >= m_columns.size()) {
        QStringList lines;
        for (qsizetype i = 0; i < row.cells.size() && lines.size() < 30; ++i)
            if (row.cells[i] == Cell::Differs && !m_columns.contains(int(i)))
                lines.append(u"%1: %2"_s.arg(m_nodes[size_t(i)].nodeName, exact(row.values[i])));
        return lines.join(u'\n');
    }
    const int at = m_columns[column - FirstNode];
    const NodeConfig &node = m_nodes[size_t(at)];
    switch (row.cells[at]) {
    case Cell::Unknown: return tr("%1 does not have this setting, or does not show it.").arg(node.nodeName);
    case Cell::NotRead: return node.problem ? describe(*node.problem) : tr("Not read yet.");
    default: return u"%1: %2"_s.arg(node.nodeName, exact(row.values[at]));
    }
}

QVariant ConfigModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Line &line = m_lines[size_t(index.row())];
    const int column = index.column();
    if (line.row < 0) {
        const bool isWhole = m_shown == Shown::All && m_words.isEmpty();
        switch (role) {
        case GroupRole: return true;
        case FoldedRole: return isWhole && m_folded.contains(int(line.group));
        case Qt::DisplayRole:
        case Qt::AccessibleTextRole: return column == 0 ? groupText(line.group) : QString();
        default: return {};
        }
    }
    const SettingRow &row = m_comparison.rows[size_t(line.row)];
    const bool isNode = column >= FirstNode;
    const bool isOthers = column - FirstNode >= m_columns.size();
    const bool differs =
        isNode && (isOthers ? hiddenDiffering(row) > 0 : row.cells[m_columns[column - FirstNode]] == Cell::Differs);
    switch (role) {
    case Qt::DisplayRole: return text(row, column);
    case Qt::ToolTipRole: return toolTip(row, column);
    case Qt::AccessibleTextRole: {
        const QString head = headerData(column, Qt::Horizontal).toString();
        return column == Setting ? text(row, column) : u"%1: %2"_s.arg(head, text(row, column));
    }
    case GroupRole: return false;
    case DiffersRole: return differs;
    case ChangedRole: return row.isChanged && column == Most && row.usual != row.most;
    case MonospaceRole: return true;
    case NumberRole: return column != Setting;
    case ToneRole: return int(column == Setting || column == Most ? Tone::Neutral : Tone::Muted);
    default: return {};
    }
}

QVariant ConfigModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    if (section < FirstNode) {
        if (role == NumberRole)
            return section != Setting;
        if (role != Qt::DisplayRole)
            return {};
        return section == Setting ? tr("Setting") : section == Default ? tr("Default") : tr("Most nodes");
    }
    if (role == NumberRole)
        return true;
    if (section - FirstNode >= m_columns.size()) {
        if (role == Qt::DisplayRole)
            return counted(hiddenNodes(), tr("1 other"), tr("%1 others"));
        return {};
    }
    const NodeConfig &config = m_nodes[size_t(m_columns[section - FirstNode])];
    const NodeState *node = m_view ? m_view->node(config.nodeId) : nullptr;
    switch (role) {
    case Qt::DisplayRole: return config.nodeName;
    case Qt::ToolTipRole:
        return node ? u"%1 · %2 · %3"_s.arg(config.nodeName, shardWord(*m_view, *node), roleWord(*node))
                    : config.nodeName;
    case HeaderShardRole: return node && node->shard >= 0 ? m_view->shards.at(size_t(node->shard)).colour : -1;
    case HeaderBadgeRole: return !node || !node->roleKnown ? QString() : node->primary ? u"P"_s : u"R"_s;
    default: return {};
    }
}

} // namespace slotscope
