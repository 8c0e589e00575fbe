// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/slotset.h"
#include "core/drill/drillspec.h"

#include <QByteArrayList>
#include <QHash>
#include <QJsonObject>
#include <QList>
#include <QMap>
#include <QStringList>

#include <optional>

namespace slotscope {

/// A node of a cluster that a plan makes.
struct CreatedNode
{
    QByteArray id;
    QString address;
    bool primary = false;
    QString replicaOf; ///< address of its primary
    SlotSet slots; ///< of a primary
    friend bool operator==(const CreatedNode &, const CreatedNode &) = default;
};

/// A parameter that a plan sets; its values by node id.
struct SettingChange
{
    QByteArray name;
    bool persist = false;
    QMap<QByteArray, QByteArray> before; ///< what each node that told had
    QMap<QByteArray, QByteArray> undo; ///< of those, what is given another value
    friend bool operator==(const SettingChange &, const SettingChange &) = default;
};

/// What a node was before it was given another role.
struct FormerRole
{
    QByteArray node;
    QByteArrayList shard; ///< ids of the other nodes of its shard, the primary first; empty: it was a primary
    friend bool operator==(const FormerRole &, const FormerRole &) = default;
};

/// Slots that are alike to a repair: what was found, and what becomes of them. Nodes by their names.
struct RepairedSlots
{
    SlotSet slots;
    QString owner; ///< empty: nobody
    qint64 ownerEpoch = 0;
    QStringList claimants, migrating, importing;
    QMap<QString, qint64> keys; ///< by node, where there are any
    QString decision;
    bool refused = false;
    [[nodiscard]] bool isAlike(const RepairedSlots &other) const; ///< but for the slots
    friend bool operator==(const RepairedSlots &, const RepairedSlots &) = default;
};

/// Keys that were found on a node that does not own their slot.
struct FoundOrphans
{
    QByteArray id;
    QString address;
    quint16 slot = 0;
    qint64 keys = 0;
    QString owner; ///< its name; empty: nobody
    friend bool operator==(const FoundOrphans &, const FoundOrphans &) = default;
};

/// What a rebalance makes of one primary.
struct BalancedNode
{
    QByteArray id;
    QString address;
    double weight = 1;
    int slotsBefore = 0, slotsAfter = 0;
    qint64 loadBefore = 0, loadExpected = 0, loadAfter = 0;
    friend bool operator==(const BalancedNode &, const BalancedNode &) = default;
};

/// What planning found beside the steps. Journalled with the plan, under the names that --json shows.
struct PlanResults
{
    QString rollsBack; ///< id of the run that this plan takes back
    QList<CreatedNode> layout;
    std::optional<SettingChange> setting;
    std::optional<FormerRole> formerRole;
    QList<RepairedSlots> repairs;
    QList<FoundOrphans> orphans;
    QList<BalancedNode> balance;
    std::optional<DrillPlan> drill;
    friend bool operator==(const PlanResults &, const PlanResults &) = default;
};
[[nodiscard]] QJsonObject toJson(const PlanResults &results);
[[nodiscard]] PlanResults resultsFromJson(const QJsonObject &json);

} // namespace slotscope
