// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/configmodel.h"

#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "core/models/tableexport.h"

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

using Cell = SettingRow::Cell;

namespace {

/// Rows of text for exportTable().
class TextTable final : public QAbstractTableModel
{
public:
    TextTable(QStringList heads, QList<QStringList> rows) : m_heads(std::move(heads)), m_rows(std::move(rows)) { }
    [[nodiscard]] int rowCount(const QModelIndex &) const override { return int(m_rows.size()); }
    [[nodiscard]] int columnCount(const QModelIndex &) const override { return int(m_heads.size()); }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override
    {
        return role == Qt::DisplayRole ? m_rows[index.row()][index.column()] : QVariant();
    }
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation, int role) const override
    {
        return role == Qt::DisplayRole || role == ColumnNameRole ? m_heads[section] : QVariant();
    }

private:
    QStringList m_heads;
    QList<QStringList> m_rows;
};

} // namespace

ConfigModel::ConfigModel(QObject *parent) : QAbstractTableModel(parent)
{
    m_gathering.setSingleShot(true);
    m_gathering.setInterval(gatherMs);
    connect(&m_gathering, &QTimer::timeout, this, &ConfigModel::compare);
}

/// Updates the list of nodes; data of those that stay is kept.
void ConfigModel::setView(const ClusterViewPtr &view)
{
    m_view = view;
    std::vector<NodeConfig> nodes;
    for (size_t i = 0; view && i < view->nodes.size(); ++i) {
        const NodeState &node = view->nodes[i];
        if (node.id.isEmpty() || node.condition == NodeCondition::Handshake
            || node.condition == NodeCondition::NoAddress)
            continue;
        const auto heard = std::find_if(m_nodes.begin(), m_nodes.end(),
                                        [&node](const NodeConfig &each) { return each.nodeId == node.id; });
        NodeConfig config;
        if (heard != m_nodes.end())
            config = *heard;
        config.nodeId = node.id;
        config.nodeName = node.name;
        nodes.push_back(std::move(config));
    }
    const bool isSame = std::equal(
        nodes.begin(), nodes.end(), m_nodes.begin(), m_nodes.end(),
        [](const NodeConfig &a, const NodeConfig &b) { return a.nodeId == b.nodeId && a.nodeName == b.nodeName; });
    m_nodes = std::move(nodes);
    if (!isSame)
        compare();
    else if (!m_columns.isEmpty())
        Q_EMIT headerDataChanged(Qt::Horizontal, FirstNode, columnCount() - 1);
}

void ConfigModel::take(const NodeConfig &config)
{
    for (NodeConfig &node : m_nodes) {
        if (node.nodeId != config.nodeId)
            continue;
        const bool isSame =
            node.values == config.values && node.problem.has_value() == config.problem.has_value() && node.readAt > 0;
        node = config;
        if (!isSame && !m_gathering.isActive())
            m_gathering.start(); // data of many nodes arrives close together, so compare them later once
        return;
    }
}

void ConfigModel::clear()
{
    m_nodes.clear();
    setView(m_view);
    compare();
}

void ConfigModel::compare()
{
    m_gathering.stop();
    std::vector<NodeConfig> read = m_nodes;
    for (NodeConfig &node : read)
        if (node.readAt == 0 && !node.problem)
            node.problem = Error{}; // nothing is known yet
    m_comparison = compareConfig(read);
    layOut(false);
    Q_EMIT compared();
}

void ConfigModel::setFilter(Shown shown, const QString &words)
{
    m_shown = shown;
    m_words = words.simplified().toLower().split(u' ', Qt::SkipEmptyParts);
    layOut(true);
}

void ConfigModel::setMostNodeColumns(int most)
{
    if (std::exchange(m_mostColumns, std::max(1, most)) != m_mostColumns)
        layOut(false);
}

bool ConfigModel::passes(const SettingRow &row) const
{
    if ((m_shown == Shown::Different && row.differing == 0) || (m_shown == Shown::Changed && !row.isChanged))
        return false;
    return std::all_of(m_words.begin(), m_words.end(), [&row](const QString &word) {
        if (QString::fromLatin1(row.name).contains(word) || (row.info && row.info->words().toLower().contains(word)))
            return true;
        return !row.isSecret && std::any_of(row.values.begin(), row.values.end(), [&](const QByteArray &value) {
            return toDisplay(value).toLower().contains(word) || settingText(row.info, value).toLower().contains(word);
        });
    });
}

/// The nodes with a column of their own: all or, if there are too many, those that differ in most settings, in the
/// order of the view.
QList<int> ConfigModel::chooseColumns() const
{
    QList<int> all;
    for (int i = 0; i < int(m_nodes.size()); ++i)
        all.append(i);
    if (all.size() <= m_mostColumns)
        return all;
    QList<int> differing(all.size(), 0);
    for (const SettingRow &row : m_comparison.rows)
        for (qsizetype i = 0; i < row.cells.size(); ++i)
            differing[i] += row.cells[i] == Cell::Differs ? 1 : 0;
    std::stable_sort(all.begin(), all.end(), [&differing](int a, int b) { return differing[a] > differing[b]; });
    all.resize(std::max(0, m_mostColumns - 1)); // the last column is for the other nodes
    std::sort(all.begin(), all.end());
    return all;
}

void ConfigModel::layOut(bool isSameShape)
{
    const bool isWhole = m_shown == Shown::All && m_words.isEmpty();
    if (isSameShape)
        Q_EMIT layoutAboutToBeChanged();
    else
        beginResetModel();
    m_lines.clear();
    for (int row = 0; row < int(m_comparison.rows.size()); ++row) {
        const SettingRow &setting = m_comparison.rows[size_t(row)];
        if (!passes(setting))
            continue;
        if (m_lines.empty() || m_lines.back().group != setting.group)
            m_lines.push_back({setting.group, -1});
        if (!isWhole || !m_folded.contains(int(setting.group)))
            m_lines.push_back({setting.group, row});
    }
    if (isSameShape) {
        changePersistentIndexList(persistentIndexList(), QModelIndexList(persistentIndexList().size()));
        Q_EMIT layoutChanged();
    } else {
        m_columns = chooseColumns();
        endResetModel();
    }
}

void ConfigModel::setFolded(int row, bool folded)
{
    if (row < 0 || row >= int(m_lines.size()))
        return;
    const int group = int(m_lines[size_t(row)].group);
    if (folded == m_folded.contains(group))
        return;
    if (folded)
        m_folded.insert(group);
    else
        m_folded.remove(group);
    layOut(true);
}

QStringList ConfigModel::foldedGroups() const
{
    QStringList numbers;
    for (const int group : m_folded)
        numbers.append(QString::number(group));
    return numbers;
}

void ConfigModel::setFoldedGroups(const QStringList &groups)
{
    m_folded.clear();
    for (const QString &group : groups)
        m_folded.insert(group.toInt());
    layOut(true);
}

const SettingRow *ConfigModel::rowAt(int row) const
{
    if (row < 0 || row >= int(m_lines.size()) || m_lines[size_t(row)].row < 0)
        return nullptr;
    return &m_comparison.rows[size_t(m_lines[size_t(row)].row)];
}

int ConfigModel::rowOf(const QByteArray &setting) const
{
    for (int row = 0; row < int(m_lines.size()); ++row)
        if (const SettingRow *each = rowAt(row); each && each->name == setting)
            return row;
    return -1;
}

int ConfigModel::nodesRead() const
{
    return int(std::count_if(m_nodes.begin(), m_nodes.end(),
                             [](const NodeConfig &node) { return node.readAt > 0 && !node.problem; }));
}

bool ConfigModel::isUntouched() const
{
    return std::all_of(m_nodes.begin(), m_nodes.end(),
                       [](const NodeConfig &node) { return node.readAt == 0 && !node.problem; });
}

qint64 ConfigModel::readAt() const
{
    qint64 oldest = 0;
    for (const NodeConfig &node : m_nodes)
        if (node.readAt > 0 && !node.problem && (oldest == 0 || node.readAt < oldest))
            oldest = node.readAt;
    return oldest;
}

int ConfigModel::hiddenDiffering(const SettingRow &row) const
{
    int count = 0;
    for (qsizetype i = 0; i < row.cells.size(); ++i)
        count += row.cells[i] == Cell::Differs && !m_columns.contains(int(i)) ? 1 : 0;
    return count;
}

QByteArray ConfigModel::exported(bool asJson) const
{
    QStringList heads{u"setting"_s, u"group"_s, u"default"_s, u"most nodes"_s};
    for (const NodeConfig &node : m_nodes)
        heads.append(node.nodeName);
    const auto exact = [](const SettingRow &row, const QByteArray &value) {
        return row.isSecret ? settingCellText(row, value) : toDisplay(value);
    };
    QList<QStringList> rows;
    for (int line = 0; line < rowCount(); ++line) {
        const SettingRow *row = rowAt(line);
        if (!row)
            continue;
        QStringList cells{QString::fromLatin1(row->name), settingGroupTitle(row->group),
                          row->usual ? toDisplay(*row->usual) : QString(), exact(*row, row->most)};
        for (qsizetype i = 0; i < row->cells.size(); ++i) {
            const bool isKnown = row->cells[i] == Cell::AsMost || row->cells[i] == Cell::Differs;
            cells.append(isKnown                              ? exact(*row, row->values[i])
                             : row->cells[i] == Cell::Unknown ? u"(no such setting)"_s
                                                              : u"(not read)"_s);
        }
        rows.append(cells);
    }
    return exportTable(TextTable(heads, rows), asJson ? TableFormat::Json : TableFormat::Csv);
}

} // namespace slotscope
