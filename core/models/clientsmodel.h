// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/clientsreader.h"
#include "core/models/tableroles.h"

#include <QAbstractTableModel>

namespace slotscope {

/// The clients of all nodes. New data changes rows in place and appends new ones, so that nothing moves under the
/// mouse. Rows are sorted again only when the user sorts, filters, chooses a group or refreshes. Until then a client
/// that has disconnected stays, marked as gone. Designed for tens of thousands of clients.
class ClientsModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ClientsModel)
public:
    enum class Column : int { Check, Node, Address, Name, User, Age, Idle, Words, Memory, Subs, State, Count_ };
    enum Role : int { GoneRole = Qt::UserRole + 60, CheckableRole };
    enum class GroupBy : int { Library, Address, User };
    struct Filter
    {
        QString text; ///< words that must all occur
        qint64 idleSeconds = 0; ///< minimum
        QByteArray nodeId; ///< empty: all nodes
    };
    struct Group
    {
        QByteArray name; ///< empty: unknown
        enum class Kind : quint8 { Told, NotTold, Ours, Replication } kind = Kind::Told;
        int clients = 0, hosts = 0, unread = 0; ///< unread: number of clients that do not read their replies
        qint64 memory = 0, unreadBytes = 0;
        friend bool operator==(const Group &left, const Group &right)
        {
            return left.kind == right.kind && left.name == right.name;
        }
    };
    explicit ClientsModel(QObject *parent = nullptr);

    void setView(const ClusterViewPtr &view);
    void take(const NodeClients &node);
    void clear();
    void setFilter(const Filter &filter);
    void setGroup(GroupBy by, const std::optional<Group> &only); ///< nullopt: all groups
    void arrange(); ///< sorts the rows and removes clients that are gone
    void sort(int column, Qt::SortOrder order) override;

    void setChecked(int row, bool checked);
    void checkAll(bool checked); ///< checks shown clients, but never our own and never replication links
    void checkUnread(); ///< checks shown clients that do not read their replies
    [[nodiscard]] int checkedCount() const { return m_checked; }
    [[nodiscard]] std::vector<ClientToKill> checkedClients() const;
    [[nodiscard]] qint64 checkedUnreadBytes() const;
    [[nodiscard]] ClientToKill clientAt(int row) const;
    [[nodiscard]] const ClientLine *lineAt(int row) const; ///< null: no such row
    [[nodiscard]] bool isGone(int row) const;
    [[nodiscard]] int rowOf(const QByteArray &nodeId, qint64 id) const; ///< -1: not shown
    [[nodiscard]] QString nameOf(const QByteArray &nodeId) const;
    [[nodiscard]] std::vector<Group> groups() const; ///< sorted by number of clients, with our own and replication last
    [[nodiscard]] int total() const; ///< number of connected clients
    [[nodiscard]] const QHash<QByteArray, NodeClients> &heard() const { return m_heard; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    void checksChanged();

private:
    using Key = QPair<QByteArray, qint64>; ///< node id and client id
    struct Row
    {
        Key key;
        QByteArray runId;
        ClientLine line;
        bool isGone = false, isChecked = false;
    };
    [[nodiscard]] const Row &at(int row) const { return m_all[size_t(m_shown[size_t(row)])]; }
    [[nodiscard]] Group groupOf(const ClientLine &line) const;
    [[nodiscard]] bool passes(const Row &row) const;
    [[nodiscard]] bool isLess(const Row &left, const Row &right) const;
    [[nodiscard]] QString text(const Row &row, Column column) const;
    [[nodiscard]] Tone tone(const Row &row, Column column) const;
    void show(std::vector<int> shown);
    void dropGone();
    void countChecked();

    ClusterViewPtr m_view;
    QHash<QByteArray, NodeClients> m_heard; ///< latest data of each node, without its clients
    std::vector<Row> m_all;
    QHash<Key, int> m_places; ///< maps a client to its index in m_all
    std::vector<int> m_shown; ///< index in m_all of each row
    QHash<int, int> m_rows; ///< maps an index in m_all to its row
    Filter m_filter;
    GroupBy m_by = GroupBy::Library;
    std::optional<Group> m_only;
    Column m_sorted = Column::Memory;
    Qt::SortOrder m_order = Qt::DescendingOrder;
    QHash<QByteArray, bool> m_read; ///< nodes whose clients were read at least once
    int m_checked = 0, m_gone = 0;
};

/// What is unusual about a client: "reply waits", "MULTI", "subscribed", …; empty: nothing.
struct ClientState
{
    QString text;
    Tone tone = Tone::Muted;
};
[[nodiscard]] ClientState clientState(const ClientLine &client);

} // namespace slotscope
