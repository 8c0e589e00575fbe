// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/clientsmodel.h"

#include "core/base/text.h"
#include "core/base/tr.h"

#include <QSet>

#include <numeric>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int mostGone = 500; // limit, because short-lived connections may come and go by the thousand

} // namespace

ClientState clientState(const ClientLine &client)
{
    if (client.hasFlag('S'))
        return {tr("replica"), Tone::Muted};
    if (client.hasFlag('M'))
        return {tr("primary"), Tone::Muted};
    if (client.replyBytes > 0)
        return {tr("reply pending"), Tone::Warning};
    if (client.hasFlag('O'))
        return {tr("MONITOR"), Tone::Warning};
    if (client.queued >= 0)
        return {u"MULTI"_s, Tone::Accent};
    if (client.hasFlag('b'))
        return {tr("waiting"), Tone::Muted};
    if (client.channels > 0)
        return {client.hasFlag('e') ? tr("subscribed, never evicted") : tr("subscribed"), Tone::Muted};
    if (client.hasFlag('e'))
        return {tr("never evicted"), Tone::Muted};
    if (client.hasFlag('t'))
        return {tr("tracking"), Tone::Muted};
    return {};
}

ClientsModel::ClientsModel(QObject *parent) : QAbstractTableModel(parent) { }

void ClientsModel::setView(const ClusterViewPtr &view)
{
    m_view = view;
    QByteArrayList missing;
    for (auto each = m_heard.constBegin(); view && each != m_heard.constEnd(); ++each)
        if (!view->node(each.key()))
            missing.append(each.key());
    for (const QByteArray &id : std::as_const(missing)) {
        m_heard.remove(id);
        m_read.remove(id);
        for (Row &row : m_all)
            row.isGone = row.isGone || row.key.first == id;
    }
    if (!missing.isEmpty())
        arrange();
    else if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, int(Column::Node)), index(rowCount() - 1, int(Column::Node)));
}

void ClientsModel::take(const NodeClients &node)
{
    NodeClients kept = node;
    kept.clients.reset();
    m_heard.insert(node.nodeId, kept);
    if (!node.clients)
        return; // keep the clients read before
    const bool isFirst = !std::exchange(m_read[node.nodeId], true);
    QSet<int> seen;
    std::vector<int> shown = m_shown;
    for (const ClientLine &line : *node.clients) {
        const Key key(node.nodeId, line.id);
        const auto place = m_places.constFind(key);
        if (place != m_places.constEnd() && m_all[size_t(*place)].line.address == line.address) {
            Row &row = m_all[size_t(*place)];
            row.line = line;
            row.runId = node.runId;
            row.isGone = false;
            seen.insert(*place);
            continue;
        }
        if (place != m_places.constEnd())
            m_all[size_t(*place)].isGone = true; // the server was restarted and has used the id again
        const int fresh = int(m_all.size());
        m_all.push_back({key, node.runId, line});
        m_places.insert(key, fresh);
        seen.insert(fresh);
        if (passes(m_all.back()))
            shown.push_back(fresh);
    }
    m_gone = 0;
    for (size_t i = 0; i < m_all.size(); ++i) {
        Row &row = m_all[i];
        if (row.key.first == node.nodeId && !seen.contains(int(i))) {
            row.isGone = true;
            row.isChecked = false;
        }
        m_gone += row.isGone ? 1 : 0;
    }
    if (m_gone > mostGone) {
        arrange();
        return;
    }
    if (shown.size() != m_shown.size())
        show(std::move(shown));
    else if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    countChecked();
    if (isFirst) // later readings append new clients, so that rows stay where they are
        arrange();
}

void ClientsModel::clear()
{
    beginResetModel();
    m_heard.clear();
    m_read.clear();
    m_all.clear();
    m_places.clear();
    m_shown.clear();
    m_rows.clear();
    m_gone = 0;
    endResetModel();
    countChecked();
}

void ClientsModel::setFilter(const Filter &filter)
{
    m_filter = filter;
    arrange();
}

void ClientsModel::setGroup(GroupBy by, const std::optional<Group> &only)
{
    m_by = by;
    m_only = only;
    arrange();
}

void ClientsModel::sort(int column, Qt::SortOrder order)
{
    m_sorted = Column(column);
    m_order = order;
    arrange();
}

void ClientsModel::dropGone()
{
    std::erase_if(m_all, [](const Row &row) { return row.isGone; });
    m_places.clear();
    for (size_t i = 0; i < m_all.size(); ++i)
        m_places.insert(m_all[i].key, int(i));
    m_gone = 0;
}

void ClientsModel::arrange()
{
    Q_EMIT layoutAboutToBeChanged();
    const QModelIndexList before = persistentIndexList();
    std::vector<Key> keys;
    for (const QModelIndex &index : before)
        keys.push_back(at(index.row()).key);
    dropGone();
    m_shown.clear();
    for (size_t i = 0; i < m_all.size(); ++i)
        if (passes(m_all[i]))
            m_shown.push_back(int(i));
        else
            m_all[i].isChecked = false; // a client that is not shown must not be killed
    std::stable_sort(m_shown.begin(), m_shown.end(), [this](int left, int right) {
        const Row &a = m_all[size_t(left)], &b = m_all[size_t(right)];
        return m_order == Qt::AscendingOrder ? isLess(a, b) : isLess(b, a);
    });
    m_rows.clear();
    for (size_t row = 0; row < m_shown.size(); ++row)
        m_rows.insert(m_shown[row], int(row));
    QModelIndexList after;
    for (qsizetype i = 0; i < before.size(); ++i) {
        const int row = rowOf(keys[size_t(i)].first, keys[size_t(i)].second);
        after.append(row < 0 ? QModelIndex() : index(row, before[i].column()));
    }
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged();
    countChecked();
}

/// Appends rows at the end.
void ClientsModel::show(std::vector<int> shown)
{
    beginInsertRows({}, rowCount(), int(shown.size()) - 1);
    for (size_t row = m_shown.size(); row < shown.size(); ++row)
        m_rows.insert(shown[row], int(row));
    m_shown = std::move(shown);
    endInsertRows();
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

ClientsModel::Group ClientsModel::groupOf(const ClientLine &line) const
{
    Group group;
    if (line.isServer())
        group.kind = Group::Kind::Replication;
    else if (line.isOurs())
        group.kind = Group::Kind::Ours;
    if (group.kind != Group::Kind::Told)
        return group;
    group.name = m_by == GroupBy::Library ? libraryOf(line)
        : m_by == GroupBy::Address        ? clientHost(line.address)
                                          : line.user;
    if (group.name.isEmpty())
        group.kind = Group::Kind::NotTold;
    return group;
}

bool ClientsModel::passes(const Row &row) const
{
    if (!m_filter.nodeId.isEmpty() && row.key.first != m_filter.nodeId)
        return false;
    if (m_filter.idleSeconds > 0 && row.line.idle.value_or(0) < m_filter.idleSeconds)
        return false;
    if (m_only && !(groupOf(row.line) == *m_only))
        return false;
    const QStringList words = m_filter.text.split(u' ', Qt::SkipEmptyParts);
    return std::all_of(words.begin(), words.end(), [&](const QString &word) {
        const QByteArray bytes = word.toLower().toUtf8();
        for (const QByteArray *each :
             {&row.line.address, &row.line.name, &row.line.user, &row.line.command, &row.line.library})
            if (each->toLower().contains(bytes))
                return true;
        return QByteArray::number(row.line.id) == bytes;
    });
}

bool ClientsModel::isLess(const Row &left, const Row &right) const
{
    switch (m_sorted) {
    case Column::Check: return left.isChecked < right.isChecked;
    case Column::Node: return left.key.first < right.key.first;
    case Column::Address: return left.line.address < right.line.address;
    case Column::Name: return left.line.name < right.line.name;
    case Column::User: return left.line.user < right.line.user;
    case Column::Age: return left.line.age < right.line.age;
    case Column::Idle: return left.line.idle < right.line.idle;
    case Column::Words: return left.line.command < right.line.command;
    case Column::Memory: return left.line.memory < right.line.memory;
    case Column::Subs: return left.line.channels < right.line.channels;
    case Column::State: return clientState(left.line).text < clientState(right.line).text;
    case Column::Count_: break;
    }
    return false;
}

void ClientsModel::setChecked(int row, bool checked)
{
    if (row < 0 || row >= rowCount())
        return;
    Row &each = m_all[size_t(m_shown[size_t(row)])];
    if (each.isGone || each.line.isServer())
        return;
    each.isChecked = checked;
    Q_EMIT dataChanged(index(row, 0), index(row, columnCount() - 1));
    countChecked();
}

void ClientsModel::checkAll(bool checked)
{
    for (const int place : m_shown) {
        Row &row = m_all[size_t(place)];
        row.isChecked = checked && !row.isGone && !row.line.isServer() && !row.line.isOurs();
    }
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    countChecked();
}

void ClientsModel::checkUnread()
{
    for (const int place : m_shown) {
        Row &row = m_all[size_t(place)];
        row.isChecked = !row.isGone && row.line.replyBytes > 0 && !row.line.isServer() && !row.line.isOurs();
    }
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    countChecked();
}

void ClientsModel::countChecked()
{
    m_checked = int(std::count_if(m_all.begin(), m_all.end(), [](const Row &row) { return row.isChecked; }));
    Q_EMIT checksChanged();
}

std::vector<ClientToKill> ClientsModel::checkedClients() const
{
    std::vector<ClientToKill> clients;
    for (const int place : m_shown) // in the order of the rows
        if (const Row &row = m_all[size_t(place)]; row.isChecked)
            clients.push_back({row.key.first, row.runId, row.key.second, row.line.address});
    return clients;
}

qint64 ClientsModel::checkedUnreadBytes() const
{
    return std::accumulate(m_all.begin(), m_all.end(), qint64(0),
                           [](qint64 sum, const Row &row) { return sum + (row.isChecked ? row.line.replyBytes : 0); });
}

ClientToKill ClientsModel::clientAt(int row) const
{
    if (row < 0 || row >= rowCount())
        return {};
    return {at(row).key.first, at(row).runId, at(row).key.second, at(row).line.address};
}

const ClientLine *ClientsModel::lineAt(int row) const
{
    return row < 0 || row >= rowCount() ? nullptr : &at(row).line;
}

bool ClientsModel::isGone(int row) const
{
    return row >= 0 && row < rowCount() && at(row).isGone;
}

int ClientsModel::rowOf(const QByteArray &nodeId, qint64 id) const
{
    const int place = m_places.value(Key(nodeId, id), -1);
    return place < 0 ? -1 : m_rows.value(place, -1);
}

QString ClientsModel::nameOf(const QByteArray &nodeId) const
{
    const NodeState *node = m_view ? m_view->node(nodeId) : nullptr;
    return node ? node->name : m_heard.value(nodeId).nodeName;
}

std::vector<ClientsModel::Group> ClientsModel::groups() const
{
    QHash<QPair<int, QByteArray>, Group> found;
    QHash<QPair<int, QByteArray>, QSet<QByteArray>> hosts;
    for (const Row &row : m_all) {
        if (row.isGone)
            continue;
        const Group group = groupOf(row.line);
        const QPair<int, QByteArray> name(int(group.kind), group.name);
        Group &sum = found.insert(name, found.value(name, group)).value();
        ++sum.clients;
        sum.memory += row.line.memory.value_or(0);
        sum.unreadBytes += row.line.replyBytes;
        sum.unread += row.line.replyBytes > 0 ? 1 : 0;
        hosts[name].insert(clientHost(row.line.address));
    }
    std::vector<Group> groups;
    for (auto each = found.begin(); each != found.end(); ++each) {
        each->hosts = int(hosts.value(each.key()).size());
        groups.push_back(*each);
    }
    std::sort(groups.begin(), groups.end(), [](const Group &left, const Group &right) {
        const bool isLeftLast = left.kind >= Group::Kind::Ours, isRightLast = right.kind >= Group::Kind::Ours;
        if (isLeftLast != isRightLast)
            return isRightLast;
        return left.clients != right.clients ? left.clients > right.clients : left.name < right.name;
    });
    return groups;
}

int ClientsModel::total() const
{
    return int(m_all.size()) - m_gone;
}

} // namespace slotscope
