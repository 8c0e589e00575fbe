// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/usersmodel.h"

#include "core/base/text.h"
#include "core/models/nodewords.h"

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

QString userNodesText(const UserRow &row)
{
    int read = 0, missing = 0, differing = 0;
    for (const UserRow::Cell cell : row.cells) {
        read += cell != UserRow::Cell::NotRead ? 1 : 0;
        missing += cell == UserRow::Cell::Missing ? 1 : 0;
        differing += cell == UserRow::Cell::Differs ? 1 : 0;
    }
    QStringList parts;
    if (differing > 0)
        parts.append(counted(differing, UsersModel::tr("1 differs"), UsersModel::tr("%1 differ")));
    if (missing > 0)
        parts.append(UsersModel::tr("%1 without it").arg(missing));
    if (!parts.isEmpty())
        return u"≠ "_s + parts.join(u", "_s);
    return read == row.cells.size() ? UsersModel::tr("all %1").arg(read)
                                    : UsersModel::tr("%1 of %2 read").arg(read).arg(row.cells.size());
}

UsersModel::UsersModel(QObject *parent) : QAbstractTableModel(parent)
{
    m_gathering.setSingleShot(true);
    m_gathering.setInterval(gatherMs);
    connect(&m_gathering, &QTimer::timeout, this, &UsersModel::compare);
}

void UsersModel::setView(const ClusterViewPtr &view)
{
    std::vector<NodeUsers> nodes;
    for (size_t i = 0; view && i < view->nodes.size(); ++i) {
        const NodeState &node = view->nodes[i];
        if (node.id.isEmpty() || node.condition == NodeCondition::Handshake
            || node.condition == NodeCondition::NoAddress)
            continue;
        const auto heard = std::find_if(m_nodes.begin(), m_nodes.end(),
                                        [&node](const NodeUsers &each) { return each.nodeId == node.id; });
        NodeUsers users;
        if (heard != m_nodes.end())
            users = *heard;
        users.nodeId = node.id;
        users.nodeName = node.name;
        nodes.push_back(std::move(users));
    }
    const bool isSame = std::equal(
        nodes.begin(), nodes.end(), m_nodes.begin(), m_nodes.end(),
        [](const NodeUsers &a, const NodeUsers &b) { return a.nodeId == b.nodeId && a.nodeName == b.nodeName; });
    m_nodes = std::move(nodes);
    if (!isSame)
        compare();
}

void UsersModel::take(const NodeUsers &users)
{
    for (NodeUsers &node : m_nodes) {
        if (node.nodeId != users.nodeId)
            continue;
        const bool isSame =
            node.readAt > 0 && node.users == users.users && node.problem.has_value() == users.problem.has_value();
        node = users;
        if (!isSame && !m_gathering.isActive())
            m_gathering.start(); // data of many nodes arrives close together, so compare them later once
        return;
    }
}

void UsersModel::clear()
{
    for (NodeUsers &node : m_nodes)
        node = NodeUsers{
            .nodeId = node.nodeId, .nodeName = node.nodeName, .users = {}, .hasFile = {}, .problem = {}, .readAt = 0};
    compare();
}

void UsersModel::compare()
{
    m_gathering.stop();
    std::vector<NodeUsers> read = m_nodes;
    for (NodeUsers &node : read)
        if (node.readAt == 0 && !node.problem)
            node.problem = Error{}; // nothing is known yet
    m_rows = compareUsers(read);
    layOut();
    Q_EMIT compared();
}

void UsersModel::setFilter(bool onlyDifferent, const QString &words)
{
    m_onlyDifferent = onlyDifferent;
    m_words = words.simplified().toLower().split(u' ', Qt::SkipEmptyParts);
    layOut();
}

void UsersModel::layOut()
{
    beginResetModel();
    m_shown.clear();
    for (int i = 0; i < int(m_rows.size()); ++i) {
        const UserRow &row = m_rows[size_t(i)];
        const QString text = toDisplay(row.most.name + ' ' + aclRulesOf(row.most).join(' ')).toLower();
        const bool fits =
            std::all_of(m_words.begin(), m_words.end(), [&text](const QString &word) { return text.contains(word); });
        if (fits && (!m_onlyDifferent || row.differing > 0))
            m_shown.push_back(i);
    }
    endResetModel();
}

const UserRow *UsersModel::rowAt(int row) const
{
    return row >= 0 && row < int(m_shown.size()) ? &m_rows[size_t(m_shown[size_t(row)])] : nullptr;
}

const UserRow *UsersModel::find(const QByteArray &user) const
{
    const auto found =
        std::find_if(m_rows.begin(), m_rows.end(), [&user](const UserRow &row) { return row.most.name == user; });
    return found == m_rows.end() ? nullptr : &*found;
}

int UsersModel::rowOf(const QByteArray &user) const
{
    for (int row = 0; row < rowCount(); ++row)
        if (rowAt(row)->most.name == user)
            return row;
    return -1;
}

int UsersModel::different() const
{
    return int(std::count_if(m_rows.begin(), m_rows.end(), [](const UserRow &row) { return row.differing > 0; }));
}

int UsersModel::nodesRead() const
{
    return int(nodesThatAnswered().size());
}

bool UsersModel::isUntouched() const
{
    return std::all_of(m_nodes.begin(), m_nodes.end(),
                       [](const NodeUsers &node) { return node.readAt == 0 && !node.problem; });
}

QByteArrayList UsersModel::nodesThatAnswered() const
{
    QByteArrayList ids;
    for (const NodeUsers &node : m_nodes)
        if (node.readAt > 0 && !node.problem)
            ids.append(node.nodeId);
    return ids;
}

int UsersModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_shown.size());
}

int UsersModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(Column::Count_);
}

QVariant UsersModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const UserRow &row = *rowAt(index.row());
    const ServerUser &user = row.most;
    const auto column = Column(index.column());
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case Column::User: return toDisplay(user.name);
        case Column::State: return user.isOn ? tr("on") : tr("off");
        case Column::Password: return aclPasswordText(user);
        case Column::Commands: return user.commands.isEmpty() ? u"-@all"_s : toDisplay(user.commands.join(' '));
        case Column::Keys: return user.keys.isEmpty() ? u"–"_s : toDisplay(user.keys.join(' '));
        case Column::Channels: return user.channels.isEmpty() ? u"–"_s : toDisplay(user.channels.join(' '));
        case Column::Nodes: return userNodesText(row);
        default: return {};
        }
    case Qt::ToolTipRole:
        return column == Column::Nodes || column == Column::State ? QVariant()
            : column == Column::Password                          ? QVariant(aclWarnings(user).join(u'\n'))
                                                                  : QVariant(toDisplay(aclRulesOf(user).join(' ')));
    case IdRole: return user.name;
    case BadgeRole: return column == Column::State;
    case MonospaceRole: return column == Column::User || (column >= Column::Commands && column <= Column::Channels);
    case ElideEndRole: return column != Column::User;
    case ToneRole:
        switch (column) {
        case Column::State: return int(user.isOn ? Tone::Good : Tone::Muted);
        case Column::Password: return int(user.isOn && user.hasNoPassword ? Tone::Warning : Tone::Neutral);
        case Column::Nodes: return int(row.differing > 0 ? Tone::Warning : Tone::Muted);
        case Column::Channels: return int(Tone::Muted);
        default: return int(Tone::Neutral);
        }
    default: return {};
    }
}

QVariant UsersModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (Column(section)) {
    case Column::User: return tr("User");
    case Column::State: return tr("State");
    case Column::Password: return tr("Password");
    case Column::Commands: return tr("Commands");
    case Column::Keys: return tr("Keys");
    case Column::Channels: return tr("Channels");
    case Column::Nodes: return tr("Nodes");
    default: return {};
    }
}

} // namespace slotscope
