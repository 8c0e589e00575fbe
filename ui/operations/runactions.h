// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/run/operationsdoor.h"
#include "ui/shared/operationdraft.h"

#include <QObject>

class QWidget;

namespace slotscope {

class PageContext;

/// Actions on an interrupted or finished operation: resume it or roll it back. GUI thread.
class RunActions final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunActions)
public:
    /// `parent` is also the parent of the questions.
    RunActions(PageContext &context, QWidget *parent);
    /// Asks, then resumes the operation; the Operations page shows a failure.
    void resume(const QString &id, const ResumeOptions &wanted);
    void rollBack(const QString &id);

Q_SIGNALS:
    void operationRequested(const slotscope::OperationDraft &draft); ///< another operation rolls this one back

private:
    [[nodiscard]] RunSnapshotPtr run(const QString &id) const;

    PageContext &m_context;
    QWidget *m_parent;
};

} // namespace slotscope
