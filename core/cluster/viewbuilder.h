// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"

namespace slotscope {

/// The steps of buildView(). Observers whose tables have equal digests form a group, and one table represents all of
/// them.
class ViewBuilder
{
    Q_DISABLE_COPY_MOVE(ViewBuilder)
public:
    ViewBuilder(const std::vector<NodeObservation> &observations, ShardNames &names, qint64 now,
                SentinelStatePtr sentinels = {});
    [[nodiscard]] ClusterView build();

private:
    struct Group
    {
        const NodesTable *table = nullptr;
        QList<int> observers; ///< indices of observations, later converted to node indices
    };
    struct Statement
    {
        const NodeLine *line = nullptr;
        int group = -1;
    };
    struct Draft
    {
        NodeState state;
        std::vector<Statement> statements; ///< one per group
        const NodeObservation *observation = nullptr;
        const NodeLine *ownLine = nullptr; ///< the node's own line, if it answers now
    };

    void groupObservers();
    void collectNodes();
    Draft &draftOf(const QByteArray &id);
    void settle(Draft &draft) const;
    void settleRole(Draft &draft) const;
    /// Whether the table is not much older than the newest table, and so describes the current state.
    [[nodiscard]] bool isRecent(const NodeObservation &observation) const;
    [[nodiscard]] bool knowsItsRole(const Draft &draft) const;
    [[nodiscard]] const NodeLine *votedRole(const Draft &draft) const;
    [[nodiscard]] const NodeLine *votedAddress(const Draft &draft) const;
    void settleAddress(Draft &draft, const AnnouncedAddress &voted) const;
    [[nodiscard]] const NodeState *primaryAbove(const NodeState &replica) const;
    void noteStranger(const NodeObservation &observation);
    [[nodiscard]] qsizetype weight(const Statement &statement) const
    {
        return m_groups[size_t(statement.group)].observers.size();
    }
    void settleReach(Draft &draft) const;
    void settleKnownBy(Draft &draft) const;
    void takeRolesOfInfo(const QHash<QString, QByteArray> &idOfAddress);
    void takePrimaryOfSentinels(const QHash<QString, QByteArray> &idOfAddress);
    [[nodiscard]] QHash<QString, QByteArray> mergeAliases();
    [[nodiscard]] QHash<QString, QByteArray> addresses() const; ///< maps the addresses that we connect to, to node ids
    void makeShards();
    [[nodiscard]] bool isOverruled(size_t draft) const;
    void numberShards(std::vector<ShardState> &shards);
    void adoptLeftOvers(std::vector<ShardState> &shards);
    void sortNodes();
    void mapObservers();
    void mapSlots();
    void claimSlots(const Group &group, std::array<quint64, slotCount> &epochs, std::array<qint16, slotCount> &first,
                    bool isFirst);
    void denyClaims();
    void finishSlots();
    void compareWithPrimaries();
    [[nodiscard]] static std::optional<qint64> lagOf(const NodeState &replica, const NodeState &primary);

    const std::vector<NodeObservation> &m_observations;
    ShardNames &m_names;
    ClusterView m_view;
    std::vector<Group> m_groups;
    qint64 m_newestTable = 0; ///< ms since 1970
    bool m_current = false; ///< groups contain only nodes that answer now; otherwise the last known tables
    std::vector<Draft> m_drafts;
    QHash<QByteArray, int> m_draftById;
    std::array<bool, slotCount> m_disputed{};
};

/// Sorts addresses naturally: digits in them compare as numbers.
[[nodiscard]] bool addressBefore(const QString &a, const QString &b);

} // namespace slotscope
