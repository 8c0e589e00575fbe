// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/rundialog.h"

#include "ui/operations/runview.h"
#include "ui/shared/theme.h"

#include <QScrollArea>
#include <QVBoxLayout>

namespace slotscope {

RunDialog::RunDialog(const Theme &theme, OperationsDoor &door, const QString &runId, QWidget *parent)
    : QDialog(parent), m_door(door), m_id(runId), m_view(new RunView(theme, this))
{
    setObjectName(QStringLiteral("runDialog"));
    resize(860, 640);
    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(m_view);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->addWidget(scroll);
    connect(m_view, &RunView::pauseRequested, &door, &OperationsDoor::pause);
    connect(m_view, &RunView::goOnRequested, &door, &OperationsDoor::resume);
    connect(m_view, &RunView::throttleRequested, &door, &OperationsDoor::setThrottle);
    connect(m_view, &RunView::stopRequested, &door, &OperationsDoor::stop);
    connect(&door, &OperationsDoor::runChanged, this, &RunDialog::showRun);
    if (const RunSnapshotPtr run = door.run(runId))
        showRun(run);
}

void RunDialog::showRun(const RunSnapshotPtr &run)
{
    if (run->id != m_id)
        return;
    setWindowTitle(run->plan->title);
    m_view->setRun(run,
                   {.ours = m_door.isOurs(m_id), .notHere = tr("To continue it, connect to %1.").arg(run->cluster)});
}

} // namespace slotscope
