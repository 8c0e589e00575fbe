// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/plan/planresults.h"

#include <QJsonArray>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

SlotSet slotsFrom(const QJsonValue &value)
{
    return SlotSet::parse(value.toString().toLatin1()).value_or(SlotSet{});
}

QString textOfId(const QByteArray &id)
{
    return QString::fromLatin1(id);
}

QByteArray idFrom(const QJsonValue &value)
{
    return value.toString().toLatin1();
}

QJsonObject rowOf(const CreatedNode &node)
{
    QJsonObject row{{u"id"_s, textOfId(node.id)}, {u"address"_s, node.address}, {u"primary"_s, node.primary}};
    if (node.primary)
        row[u"slots"_s] = node.slots.toString();
    else
        row[u"replicaOf"_s] = node.replicaOf;
    return row;
}

void takeRow(CreatedNode &node, const QJsonValue &row)
{
    node = {.id = idFrom(row[u"id"]),
            .address = row[u"address"].toString(),
            .primary = row[u"primary"].toBool(),
            .replicaOf = row[u"replicaOf"].toString(),
            .slots = slotsFrom(row[u"slots"])};
}

QJsonObject rowOf(const RepairedSlots &repair)
{
    QJsonObject keys;
    for (auto it = repair.keys.cbegin(); it != repair.keys.cend(); ++it)
        keys[it.key()] = *it;
    return {{u"slots"_s, repair.slots.toString()},
            {u"owner"_s, repair.owner},
            {u"ownerEpoch"_s, repair.ownerEpoch},
            {u"claimants"_s, QJsonArray::fromStringList(repair.claimants)},
            {u"migrating"_s, QJsonArray::fromStringList(repair.migrating)},
            {u"importing"_s, QJsonArray::fromStringList(repair.importing)},
            {u"keys"_s, keys},
            {u"decision"_s, repair.decision},
            {u"refused"_s, repair.refused}};
}

QStringList wordsFrom(const QJsonValue &value)
{
    QStringList words;
    for (const QJsonValue &word : value.toArray())
        words.append(word.toString());
    return words;
}

void takeRow(RepairedSlots &repair, const QJsonValue &row)
{
    repair.slots = slotsFrom(row[u"slots"]);
    repair.owner = row[u"owner"].toString();
    repair.ownerEpoch = row[u"ownerEpoch"].toInteger();
    repair.claimants = wordsFrom(row[u"claimants"]);
    repair.migrating = wordsFrom(row[u"migrating"]);
    repair.importing = wordsFrom(row[u"importing"]);
    const QJsonObject keys = row[u"keys"].toObject();
    for (auto it = keys.begin(); it != keys.end(); ++it)
        repair.keys.insert(it.key(), it->toInteger());
    repair.decision = row[u"decision"].toString();
    repair.refused = row[u"refused"].toBool();
}

QJsonObject rowOf(const FoundOrphans &orphans)
{
    return {{u"id"_s, textOfId(orphans.id)},
            {u"address"_s, orphans.address},
            {u"slot"_s, orphans.slot},
            {u"keys"_s, orphans.keys},
            {u"owner"_s, orphans.owner}};
}

void takeRow(FoundOrphans &orphans, const QJsonValue &row)
{
    orphans = {.id = idFrom(row[u"id"]),
               .address = row[u"address"].toString(),
               .slot = quint16(row[u"slot"].toInt()),
               .keys = row[u"keys"].toInteger(),
               .owner = row[u"owner"].toString()};
}

QJsonObject rowOf(const BalancedNode &node)
{
    return {
        {u"id"_s, textOfId(node.id)},           {u"address"_s, node.address},       {u"weight"_s, node.weight},
        {u"slotsBefore"_s, node.slotsBefore},   {u"slotsAfter"_s, node.slotsAfter}, {u"loadBefore"_s, node.loadBefore},
        {u"loadExpected"_s, node.loadExpected}, {u"loadAfter"_s, node.loadAfter}};
}

void takeRow(BalancedNode &node, const QJsonValue &row)
{
    node = {.id = idFrom(row[u"id"]),
            .address = row[u"address"].toString(),
            .weight = row[u"weight"].toDouble(),
            .slotsBefore = row[u"slotsBefore"].toInt(),
            .slotsAfter = row[u"slotsAfter"].toInt(),
            .loadBefore = row[u"loadBefore"].toInteger(),
            .loadExpected = row[u"loadExpected"].toInteger(),
            .loadAfter = row[u"loadAfter"].toInteger()};
}

template <typename T>
QJsonArray rowsOf(const QList<T> &list)
{
    QJsonArray rows;
    for (const T &one : list)
        rows.append(rowOf(one));
    return rows;
}

template <typename T>
void take(QList<T> &list, const QJsonValue &rows)
{
    for (const QJsonValue &row : rows.toArray())
        takeRow(list.emplaceBack(), row);
}

QJsonObject valuesOf(const QMap<QByteArray, QByteArray> &values)
{
    QJsonObject object;
    for (auto it = values.cbegin(); it != values.cend(); ++it)
        object[textOfId(it.key())] = QString::fromUtf8(*it);
    return object;
}

QMap<QByteArray, QByteArray> valuesFrom(const QJsonValue &value)
{
    QMap<QByteArray, QByteArray> values;
    const QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end(); ++it)
        values.insert(it.key().toLatin1(), it->toString().toUtf8());
    return values;
}

} // namespace

bool RepairedSlots::isAlike(const RepairedSlots &other) const
{
    RepairedSlots same = other;
    same.slots = slots;
    return *this == same;
}

QJsonObject toJson(const PlanResults &results)
{
    QJsonObject json;
    if (!results.rollsBack.isEmpty())
        json[u"rollsBack"_s] = results.rollsBack;
    if (!results.layout.isEmpty()) {
        json[u"layout"_s] = rowsOf(results.layout);
        QJsonArray nodes; // the nodes that a roll-back empties
        for (const CreatedNode &node : results.layout)
            nodes.append(QJsonObject{{u"id"_s, textOfId(node.id)}, {u"address"_s, node.address}});
        json[u"rollback"_s] = nodes;
    }
    if (const auto &setting = results.setting) {
        json[u"setting"_s] = QString::fromUtf8(setting->name);
        json[u"persist"_s] = setting->persist;
        json[u"before"_s] = valuesOf(setting->before);
        json[u"undo"_s] = valuesOf(setting->undo);
    }
    if (const auto &role = results.formerRole) {
        json[u"node"_s] = textOfId(role->node);
        QJsonArray shard;
        for (const QByteArray &id : role->shard)
            shard.append(textOfId(id));
        json[u"shardBefore"_s] = shard;
    }
    if (!results.repairs.isEmpty())
        json[u"slots"_s] = rowsOf(results.repairs);
    if (!results.orphans.isEmpty())
        json[u"orphans"_s] = rowsOf(results.orphans);
    if (!results.balance.isEmpty())
        json[u"balance"_s] = rowsOf(results.balance);
    if (results.drill)
        json[u"drill"_s] = toJson(*results.drill);
    return json;
}

PlanResults resultsFromJson(const QJsonObject &json)
{
    PlanResults results;
    results.rollsBack = json[u"rollsBack"].toString();
    take(results.layout, json[u"layout"]);
    if (json.contains(u"setting"))
        results.setting = SettingChange{.name = json[u"setting"].toString().toUtf8(),
                                        .persist = json[u"persist"].toBool(),
                                        .before = valuesFrom(json[u"before"]),
                                        .undo = valuesFrom(json[u"undo"])};
    if (json.contains(u"shardBefore")) {
        results.formerRole = FormerRole{.node = idFrom(json[u"node"]), .shard = {}};
        for (const QJsonValue &id : json[u"shardBefore"].toArray())
            results.formerRole->shard.append(idFrom(id));
    }
    take(results.repairs, json[u"slots"]);
    take(results.orphans, json[u"orphans"]);
    take(results.balance, json[u"balance"]);
    if (json.contains(u"drill"))
        if (const auto drill = drillPlanFrom(json[u"drill"].toObject()))
            results.drill = *drill;
    return results;
}

} // namespace slotscope
