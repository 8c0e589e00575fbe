// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/closingquestion.h"

#include "core/models/runwords.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/taborder.h"
#include "ui/shared/theme.h"

#include <QHBoxLayout>
#include <QPushButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

ClosingQuestion::ClosingQuestion(OperationsDoor &operations, QWidget *parent)
    : QDialog(parent)
    , m_operations(operations)
    , m_title(plainLabel({}, nullptr, this))
    , m_runs(plainLabel({}, nullptr, this))
    , m_text(plainLabel({}, "muted", this))
    , m_stay(new QPushButton(tr("Keep running"), this))
    , m_stop(new QPushButton(tr("Stop, then quit"), this))
    , m_quit(new QPushButton(tr("Quit now"), this))
{
    setObjectName(u"closingQuestion"_s);
    setWindowTitle(tr("Quit Slotscope"));
    setMinimumWidth(520);
    m_title->setFont(Theme::titleFont());
    m_stay->setProperty("primary", true);
    m_stay->setDefault(true);
    m_quit->setAutoDefault(false);
    m_stop->setAutoDefault(false);
    for (QLabel *label : {m_title, m_runs, m_text})
        label->setWordWrap(true);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_quit);
    buttons->addStretch(1);
    buttons->addWidget(m_stop);
    buttons->addWidget(m_stay);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 18, 20, 18);
    layout->setSpacing(12);
    for (QLabel *label : {m_title, m_runs, m_text})
        layout->addWidget(label);
    layout->addSpacing(4);
    layout->addLayout(buttons);
    setTabOrder(m_stay, m_stop);
    setTabOrder(m_stop, m_quit);
    setProperty(ownTabOrder, true); // the least harmful button comes first
    connect(m_stay, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_stop, &QPushButton::clicked, this, &ClosingQuestion::stopAll);
    connect(m_quit, &QPushButton::clicked, this, &ClosingQuestion::quitRequested);
    connect(&operations, &OperationsDoor::runChanged, this, &ClosingQuestion::refresh);
    refresh();
    m_stay->setFocus();
}

void ClosingQuestion::stopAll()
{
    m_stopping = true;
    for (const RunSnapshotPtr &run : m_operations.running()) {
        if (run->state != RunState::Stopping) // a second request would leave slots in migration
            m_operations.stop(run->id);
    }
    refresh();
}

void ClosingQuestion::tellOver()
{
    m_title->setText(tr("No operation is running any more"));
    m_runs->hide();
    m_text->setText(tr("All operations have finished; their results are on the Operations page."));
    m_stop->hide();
    m_quit->setText(tr("Quit"));
    m_stay->setText(tr("Stay"));
}

void ClosingQuestion::refresh()
{
    const QList<RunSnapshotPtr> running = m_operations.running();
    if (running.isEmpty()) {
        if (m_stopping)
            Q_EMIT quitRequested();
        else
            tellOver(); // the dialog has to be answered anyway
        return;
    }
    QStringList lines;
    for (const RunSnapshotPtr &run : running)
        lines << u"%1 %2 · %3"_s.arg(runWord(*run).mark, run->plan->title, shortProgress(*run));
    m_runs->setText(lines.join(u'\n'));
    m_title->setText(m_stopping ? tr("Finishing the current step…")
                                : tr("%n operation(s) still running", nullptr, int(running.size())));
    m_text->setText(
        m_stopping
            ? tr("Slotscope quits as soon as no slot is in migration. “Quit now” leaves slots in migration: clients "
                 "still reach their keys, and the next start offers to resume.")
            : tr("“Stop, then quit” finishes the current step first, so that no slot stays in migration. “Quit now” "
                 "leaves it unfinished; either way the next start offers to resume. (A demo ends with Slotscope.)"));
    m_stop->setEnabled(!m_stopping);
}

} // namespace slotscope
