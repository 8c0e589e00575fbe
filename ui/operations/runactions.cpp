// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/runactions.h"

#include "core/base/whendone.h"
#include "ui/shared/operationmenu.h"
#include "ui/operations/resumequestion.h"
#include "ui/shared/pagecontext.h"

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

RunActions::RunActions(PageContext &context, QWidget *parent)
    : QObject(parent), m_context(context), m_parent(parent) { }

/// Null if no action on it is possible.
RunSnapshotPtr RunActions::run(const QString &id) const
{
    return m_context.operations() && !m_context.isReadOnly() ? m_context.operations()->run(id) : nullptr;
}

void RunActions::rollBack(const QString &id)
{
    const RunSnapshotPtr found = run(id);
    if (!found || !m_context.view())
        return;
    if (emptiesItsNodes(*found))
        resume(id, {.rollBack = true});
    else if (canRollBack(*found, *m_context.view()))
        Q_EMIT operationRequested(rollBackDraft(*found, *m_context.view()));
}

void RunActions::resume(const QString &id, const ResumeOptions &wanted)
{
    const RunSnapshotPtr found = run(id);
    if (!found || !m_context.door())
        return;
    const auto *question = askToResume(*found, wanted, m_context.target().title(), m_context.environment(), m_parent);
    connect(question, &ResumeQuestion::agreed, this, [this, id](const ResumeOptions &options) {
        m_context.goTo({.page = u"operations"_s, .run = id});
        ConnectionTarget target = m_context.target();
        target.readOnly = m_context.isReadOnly(); // writes may be unlocked for a limited time
        whenDone(m_context.operations()->resumeInterrupted(target, id, options), this,
                 [this, id](const Result<QString> &resumed) {
                     if (!resumed)
                         m_context.goTo({.page = u"operations"_s, .run = id, .problem = resumed.error()});
                 });
    });
}

} // namespace slotscope
