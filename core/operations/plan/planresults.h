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

/// A node of a cluster being created.
struct CreatedNode
{
    QByteArray id;
    QString address;
    bool primary = false;
    QString replicaOf; ///< address of its primary
    SlotSet slots; ///< only for a primary
    friend bool operator==(const CreatedNode &, const CreatedNode &) = default;
};

/// A setting that a plan changes; values by node id.
struct SettingChange
{
    QByteArray name;
    bool persist = false;
    QMap<QByteArray, QByteArray> before; ///< old value of each node that reported one
    QMap<QByteArray, QByteArray> undo; ///< old values of the nodes that get another one
    friend bool operator==(const SettingChange &, const SettingChange &) = default;
};

/// A node's role before it was given another one.
struct FormerRole
{
    QByteArray node;
    QByteArrayList shard; ///< ids of the other nodes of its shard, the primary first; empty: it was a primary
    friend bool operator==(const FormerRole &, const FormerRole &) = default;
};

/// Slots that a repair treats alike: what was found, and what is done. Nodes are given by name.
struct RepairedSlots
{
    SlotSet slots;
    QString owner; ///< empty: none
    qint64 ownerEpoch = 0;
    QStringList claimants, migrating, importing;
    QMap<QString, qint64> keys; ///< number of keys by node, if there are any
    QString decision;
    bool refused = false;
    [[nodiscard]] bool isAlike(const RepairedSlots &other) const; ///< compares everything except the slots
    friend bool operator==(const RepairedSlots &, const RepairedSlots &) = default;
};

/// Keys found on a node that does not own their slot.
struct FoundOrphans
{
    QByteArray id;
    QString address;
    quint16 slot = 0;
    qint64 keys = 0;
    QString owner; ///< name of the owner; empty: none
    friend bool operator==(const FoundOrphans &, const FoundOrphans &) = default;
};

/// A primary before and after a rebalance.
struct BalancedNode
{
    QByteArray id;
    QString address;
    double weight = 1;
    int slotsBefore = 0, slotsAfter = 0;
    qint64 loadBefore = 0, loadExpected = 0, loadAfter = 0;
    friend bool operator==(const BalancedNode &, const BalancedNode &) = default;
};

/// Results of planning besides the steps. They are written to the journal with the plan, under the names used by
/// --json.
struct PlanResults
{
    QString rollsBack; ///< id of the run that this plan undoes
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
