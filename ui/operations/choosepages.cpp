// SPDX-License-Identifier: GPL-3.0-or-later
// Which form belongs to which operation.
#include "ui/operations/chooseconfig.h"
#include "ui/operations/choosecreate.h"
#include "ui/operations/choosedrill.h"
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

const QHash<Operation, Maker> &makers()
{
    static const QHash<Operation, Maker> list{
        {Operation::AddNode, make<ChooseJoin>},
        {Operation::Meet, make<ChooseJoin>},
        {Operation::RemoveNode, make<ChooseRemove>},
        {Operation::Failover, make<ChooseFailover>},
        {Operation::RollingFailover, make<ChooseRolling>},
        {Operation::Replicate, make<ChooseReplicate>},
        {Operation::Reshard, make<ChooseReshard>},
        {Operation::Forget, make<ChooseNode>},
        {Operation::Reset, make<ChooseNode>},
        {Operation::Create, make<ChooseCreate>},
        {Operation::Rebalance, make<ChooseRebalance>},
        {Operation::Fix, make<ChooseFix>},
        {Operation::Orphans, make<ChooseOrphans>},
        {Operation::Config, make<ChooseConfig>},
        {Operation::Backup, make<ChooseBackup>},
        {Operation::Save, make<ChooseSave>},
        {Operation::RollBack, make<ChooseRollBack>},
        {Operation::Drill, make<ChooseDrill>},
    };
    return list;
}

} // namespace

ChoosePage *makeChoosePage(const Theme &theme, const OperationDraft &draft, const ClusterViewPtr &view, QWidget *parent)
{
    const Maker maker = draft.operation ? makers().value(*draft.operation) : nullptr;
    if (!maker)
        return nullptr;
    ChoosePage *page = maker(theme, draft, parent);
    page->setView(view);
    return page;
}

} // namespace slotscope
