// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/operationsdoor.h"
#include "ui/operations/operationdraft.h"

#include <QObject>

class QWidget;

namespace slotscope {

class PageContext;

/// What can be done with a run that was interrupted or is over: it is gone on with, or taken back. GUI thread.
class RunActions final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunActions)
public:
    /// `parent` also carries the questions.
    RunActions(PageContext &context, QWidget *parent);
    /// Asks, then goes on with it; the Operations page says why it cannot.
    void resume(const QString &id, const ResumeOptions &wanted);
    void rollBack(const QString &id);

Q_SIGNALS:
    void operationRequested(const slotscope::OperationDraft &draft); ///< a run is taken back by another one

private:
    [[nodiscard]] RunSnapshotPtr run(const QString &id) const;

    PageContext &m_context;
    QWidget *m_parent;
};

} // namespace slotscope
