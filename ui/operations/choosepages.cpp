// SPDX-License-Identifier: GPL-3.0-or-later
// Which form belongs to which operation, and what each is called.
#include "ui/operations/chooseconfig.h"
#include "ui/operations/choosecreate.h"
#include "ui/operations/choosefailover.h"
#include "ui/operations/choosefix.h"
#include "ui/operations/choosemembers.h"
#include "ui/operations/chooserebalance.h"
#include "ui/operations/choosereshard.h"

#include <QCoreApplication>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("slotscope::ChoosePage", text);
}

template <typename Form>
ChoosePage *make(const Theme &theme, const OperationDraft &draft, QWidget *parent)
{
    return new Form(theme, draft, parent);
}

using Maker = ChoosePage *(*)(const Theme &, const OperationDraft &, QWidget *);

const QHash<QString, Maker> &makers()
{
    static const QHash<QString, Maker> list{
        {u"add-node"_s, make<ChooseJoin>},
        {u"meet"_s, make<ChooseJoin>},
        {u"remove-node"_s, make<ChooseRemove>},
        {u"failover"_s, make<ChooseFailover>},
        {u"rolling-failover"_s, make<ChooseRolling>},
        {u"replicate"_s, make<ChooseReplicate>},
        {u"reshard"_s, make<ChooseReshard>},
        {u"forget"_s, make<ChooseNode>},
        {u"reset"_s, make<ChooseNode>},
        {u"create"_s, make<ChooseCreate>},
        {u"rebalance"_s, make<ChooseRebalance>},
        {u"fix"_s, make<ChooseFix>},
        {u"orphans"_s, make<ChooseOrphans>},
        {u"config"_s, make<ChooseConfig>},
        {u"backup"_s, make<ChooseBackup>},
        {u"save"_s, make<ChooseSave>},
    };
    return list;
}

} // namespace

const QList<OperationWords> &operationWords()
{
    static const QList<OperationWords> words{
        {u"create"_s, tr("Create a cluster"), tr("Makes one cluster of empty servers that run in cluster mode.")},
        {u"add-node"_s, tr("Add a node"), tr("An empty server joins, as a primary or as a replica.")},
        {u"remove-node"_s, tr("Remove a node"), tr("Empties a node, lets the cluster forget it, and resets it.")},
        {u"failover"_s, tr("Fail over"), tr("A replica becomes the primary of its shard.")},
        {u"rolling-failover"_s, tr("Rolling failover"),
         tr("Shard after shard: to free a host for maintenance, and to put the primaries back afterwards.")},
        {u"replicate"_s, tr("Change a replica's primary"),
         tr("Moves a replica to another shard, or makes it an empty primary.")},
        {u"reshard"_s, tr("Move slots"), tr("Slots and their keys go to another primary; clients lose nothing.")},
        {u"rebalance"_s, tr("Rebalance"), tr("Evens out what the primaries hold, with as few moves as possible.")},
        {u"fix"_s, tr("Fix slots"),
         tr("Closes open slots, gives slots without an owner one, and settles double claims.")},
        {u"orphans"_s, tr("Orphan keys"), tr("Keys that lie on nodes that do not own their slots.")},
        {u"forget"_s, tr("Forget a node"), tr("Removes a node that is gone for good from every node's table.")},
        {u"reset"_s, tr("Reset a node"), tr("Takes an empty node out of its cluster.")},
        {u"meet"_s, tr("Meet"), tr("Introduces a node to the cluster, and nothing else.")},
        {u"config"_s, tr("Change a setting"), tr("CONFIG SET on all nodes, with a result for each and the way back.")},
        {u"backup"_s, tr("Back up"),
         tr("An RDB file of every primary, taken together, with checksums and the topology.")},
        {u"save"_s, tr("Save to disk"), tr("BGSAVE or BGREWRITEAOF on the nodes, until it is through.")},
    };
    return words;
}

OperationWords wordsOf(const QString &operation)
{
    for (const OperationWords &words : operationWords()) {
        if (words.operation == operation)
            return words;
    }
    return {operation, operation, {}};
}

ChoosePage *makeChoosePage(const Theme &theme, const OperationDraft &draft, const ClusterViewPtr &view, QWidget *parent)
{
    const Maker maker = makers().value(draft.operation);
    if (!maker)
        return nullptr;
    ChoosePage *page = maker(theme, draft, parent);
    page->setView(view);
    return page;
}

} // namespace slotscope
