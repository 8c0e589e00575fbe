// SPDX-License-Identifier: GPL-3.0-or-later
// Which form belongs to which operation.
#include "ui/operations/chooseconfig.h"
#include "ui/operations/choosecreate.h"
#include "ui/operations/choosefailover.h"
#include "ui/operations/choosefix.h"
#include "ui/operations/choosemembers.h"
#include "ui/operations/chooserebalance.h"
#include "ui/operations/choosereshard.h"
#include "ui/operations/chooserollback.h"

#include <QHash>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

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
        {u"roll-back"_s, make<ChooseRollBack>},
    };
    return list;
}

} // namespace

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
