// SPDX-License-Identifier: GPL-3.0-or-later
// What the window does about operations: the wizard, what runs, and the question before it closes.
#include "core/audit/auditlog.h"
#include "core/base/errortext.h"
#include "core/models/runwords.h"
#include "core/operations/run/operationsdoor.h"
#include "ui/operations/closingquestion.h"
#include "ui/shared/operationmenu.h"
#include "ui/operations/operationwizard.h"
#include "ui/operations/rundialog.h"
#include "ui/shared/keyjobbook.h"
#include "ui/shared/page.h"
#include "ui/shared/theme.h"
#include "ui/shared/usernotices.h"
#include "ui/shell/lockchip.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/statusline.h"

#include <QBoxLayout>
#include <QCloseEvent>
#include <QDateTime>
#include <QMenu>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

void MainWindow::setOperations(OperationsDoor *operations)
{
    m_operations = operations;
    connect(operations, &OperationsDoor::runChanged, this, &MainWindow::updateChip);
    for (ConnectionView *view : std::as_const(m_connections))
        view->setOperations(operations);
    updateChip();
}

void MainWindow::setAudit(AuditLog *audit)
{
    m_audit = audit;
    for (ConnectionView *view : std::as_const(m_connections))
        view->context().setAudit(audit);
    connect(audit, &AuditLog::problemChanged, this, [this] {
        const auto problem = m_audit->problem();
        if (!problem) // the log works again: only the page shows this
            return;
        m_notices->tell(tr("Changes are not recorded"),
                        tr("The audit log cannot be written. %1").arg(describe(*problem)),
                        [this] { showPlace({.page = u"operations"_s, .part = u"audit"_s}); });
    });
}

void MainWindow::connectOperations(ConnectionView *view)
{
    connect(view, &ConnectionView::operationRequested, this,
            [this, view](const OperationDraft &draft) { openWizard(view, draft); });
    connect(view, &ConnectionView::placeRequested, this, [this, view](const Place &place) {
        showConnection(view);
        showPlace(place);
    });
    connect(view, &ConnectionView::changed, this, [this] {
        if (!m_unfinished.isEmpty()) // the view may show that its cluster has unfinished operations
            updateChip();
    });
    view->context().setKeyJobs(m_keyJobs);
    if (m_audit)
        view->context().setAudit(m_audit);
    if (m_operations)
        view->setOperations(m_operations);
}

OperationWizard *MainWindow::openWizard(ConnectionView *view, const OperationDraft &draft)
{
    if (!m_operations || !view || !view->door() || view->isReadOnly())
        return nullptr;
    // create makes another cluster; its nodes have the password of this connection, or none
    if (draft.operation == Operation::Create)
        return openCreateWizard(view->door()->target().access());
    closeIdleWizards(view);
    auto *wizard = new OperationWizard(m_theme, *m_operations, view->operationTarget(), view->view(),
                                       view->environment(), draft, this);
    wizard->setAttribute(Qt::WA_DeleteOnClose);
    connect(view, &ConnectionView::changed, wizard, [view, wizard] { wizard->setView(view->view()); });
    connect(&view->context(), &PageContext::readOnlyChanged, wizard, &OperationWizard::setReadOnly);
    connect(view, &QObject::destroyed, wizard, &QDialog::reject);
    connect(wizard, &QDialog::finished, this, [this, wizard, at = QPointer(view)] {
        // a running operation is then shown on its page; if the wizard has shown the result, the page stays
        if (at && !wizard->runId().isEmpty() && wizard->step() < OperationWizard::Outcome)
            showRun(wizard->runId());
    });
    wizard->setProperty("connection", QVariant::fromValue<QObject *>(view));
    connect(wizard, &OperationWizard::operationRequested, view,
            [this, view](const OperationDraft &next) { openWizard(view, next); });
    wizard->show(); // not modal, so that the user can look at the window meanwhile
    return wizard;
}

/// Each connection has at most one wizard: a new one replaces a wizard that has not started an operation, or that shows
/// a result.
void MainWindow::closeIdleWizards(const ConnectionView *view)
{
    for (OperationWizard *wizard : findChildren<OperationWizard *>(QString(), Qt::FindDirectChildrenOnly))
        if (wizard->property("connection").value<QObject *>() == view && wizard->step() != OperationWizard::Progress)
            wizard->close();
}

OperationWizard *MainWindow::openCreateWizard(const Access &access)
{
    if (!m_operations)
        return nullptr;
    ConnectionTarget target;
    target.credentials = access.credentials;
    target.tls = access.tls;
    target.way = access.way;
    target.renamed = access.renamed;
    auto *wizard = new OperationWizard(m_theme, *m_operations, target, nullptr, {}, draftOf(Operation::Create), this);
    wizard->setAttribute(Qt::WA_DeleteOnClose);
    connect(wizard, &OperationWizard::started, this, [this, wizard](const QString &id) {
        const ConnectionTarget opener = wizard->target(); // with the credentials that the user entered in the wizard
        auto *follower = new QObject(this); // the run continues when the dialog is closed
        connect(m_operations, &OperationsDoor::runChanged, follower,
                [this, follower, id, opener](const RunSnapshotPtr &run) {
                    if (run->id != id || !run->isOver())
                        return;
                    follower->deleteLater();
                    if (run->state == RunState::Done)
                        Q_EMIT clusterCreated(targetOfCreated(*run->plan, opener));
                });
    });
    wizard->show();
    return wizard;
}

void MainWindow::makeChip()
{
    auto *corner = new QWidget(m_status);
    m_lock = new LockChip(corner);
    m_chip = new QPushButton(corner);
    m_chip->setObjectName(u"runChip"_s);
    m_chip->setCursor(Qt::PointingHandCursor);
    m_chip->hide();
    auto *layout = new QHBoxLayout(corner);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_lock);
    layout->addWidget(m_chip);
    m_status->setCorner(corner);
    connect(m_chip, &QPushButton::clicked, this, &MainWindow::useChip);
}

void MainWindow::setUnfinished(const QList<RunSnapshotPtr> &runs)
{
    m_unfinished = runs;
    updateChip();
}

/// Unfinished operations of clusters that are not open in a tab. A tab shows those of its own cluster; if there is no
/// tab, the start page shows them all.
QList<RunSnapshotPtr> MainWindow::unfinishedElsewhere() const
{
    QList<RunSnapshotPtr> list;
    for (const RunSnapshotPtr &run : m_unfinished) {
        const auto isAbout = [&run](const ConnectionView *view) {
            return view->view() && touchesNodesOf(*run, *view->view());
        };
        if (!m_connections.isEmpty() && std::none_of(m_connections.begin(), m_connections.end(), isAbout))
            list.append(run);
    }
    return list;
}

/// Shows what is running, or lets the user choose an unfinished operation.
void MainWindow::useChip()
{
    const QList<RunSnapshotPtr> running = m_operations ? m_operations->running() : QList<RunSnapshotPtr>();
    if (!running.isEmpty()) {
        showRun(running.first()->id);
        return;
    }
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    for (const RunSnapshotPtr &run : unfinishedElsewhere()) {
        QString text = u"%1 · %2 · %3"_s.arg(run->plan->title.left(80), run->cluster, whenText(run->startedAt, now));
        menu->addAction(text.replace(u'&', u"&&"_s), this, [this, id = run->id] { Q_EMIT unfinishedChosen(id); });
    }
    menu->popup(m_chip->mapToGlobal(QPoint(0, 0)) - QPoint(0, menu->sizeHint().height()));
}

void MainWindow::updateChip()
{
    const QList<RunSnapshotPtr> running = m_operations ? m_operations->running() : QList<RunSnapshotPtr>();
    const qsizetype left = running.isEmpty() ? unfinishedElsewhere().size() : 0;
    m_chip->setVisible(!running.isEmpty() || left > 0);
    if (left > 0)
        tellChip(tr("▲ %n unfinished operation(s)", nullptr, int(left)), true,
                 tr("Operations of other clusters that an earlier session did not finish"));
    if (running.isEmpty())
        return;
    const RunSnapshot &run = *running.first();
    const RunWord word = runWord(run);
    QString text = word.mark + u' ' + shortProgress(run);
    if (run.state != RunState::Running)
        text += u" · "_s + word.text.toLower();
    if (running.size() > 1)
        text = tr("%1 · and %n more", nullptr, int(running.size() - 1)).arg(text);
    tellChip(text, word.tone == Tone::Warning, tr("Show it on the Operations page"));
}

void MainWindow::tellChip(const QString &text, bool warns, const QString &toolTip)
{
    setStyleProperty(m_chip, "tone", warns ? u"warn"_s : QString());
    m_chip->setToolTip(toolTip);
    if (m_chip->text() == text)
        return;
    m_chip->setText(text);
    m_chip->adjustSize();
    m_chip->setAccessibleName(tr("Operations: %1").arg(text));
}

void MainWindow::showRun(const QString &id)
{
    const RunSnapshotPtr run = m_operations ? m_operations->run(id) : nullptr;
    if (!run)
        return;
    const auto isAbout = [&run](const ConnectionView *view) {
        return view && view->view() && touchesNodesOf(*run, *view->view());
    };
    if (!isAbout(currentConnection())) {
        const auto it = std::find_if(m_connections.begin(), m_connections.end(), isAbout);
        if (it != m_connections.end())
            showConnection(*it);
    }
    ConnectionView *view = currentConnection();
    if (!view) { // no tab is open that could show the run
        auto *dialog = new RunDialog(m_theme, *m_operations, id, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->show();
        return;
    }
    showPlace({.page = u"operations"_s, .run = id});
}

void MainWindow::showPlace(const Place &place)
{
    ConnectionView *view = currentConnection();
    Page *page = view ? view->page(place.page) : nullptr;
    if (!page)
        return;
    showPage(place.page);
    page->showPlace(place);
}

/// An operation on the servers that end with this tab; null if there is none.
RunSnapshotPtr MainWindow::runOnOwnServers(const ConnectionView *view) const
{
    if (view && view->endsServers() && view->view() && m_operations)
        for (const RunSnapshotPtr &run : m_operations->running())
            if (touchesNodesOf(*run, *view->view()))
                return run;
    return nullptr;
}

void MainWindow::askToClose(ConnectionView *view)
{
    const RunSnapshotPtr working = runOnOwnServers(view);
    QStringList unsaved = view ? view->unsaved() : QStringList();
    if (view && view->endsServers())
        unsaved += jobsOn(view);
    if (!working && !unsaved.isEmpty()) {
        askToLose(unsaved, tr("Close the tab"), [this, tab = QPointer(view)] {
            if (tab)
                closeView(tab);
        });
        return;
    }
    if (!working) {
        closeView(view);
        return;
    }
    auto *question = new QMessageBox(QMessageBox::Warning, tr("End the demo"),
                                     tr("An operation is running on these servers: %1.").arg(working->plan->title),
                                     QMessageBox::NoButton, this);
    question->setObjectName(u"endDemo"_s);
    question->setTextFormat(Qt::PlainText);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setInformativeText(tr("Closing the tab stops the servers and deletes their data in the middle of it."));
    question->setDefaultButton(question->addButton(tr("Keep the tab"), QMessageBox::RejectRole));
    const QAbstractButton *end = question->addButton(tr("End the demo"), QMessageBox::DestructiveRole);
    connect(end, &QAbstractButton::clicked, this, [this, tab = QPointer(view)] {
        if (tab)
            closeView(tab);
    });
    question->open();
}

/// Bulk jobs that run over the session of `view` (null: of any tab) and would be stopped, as sentences.
QStringList MainWindow::jobsOn(const ConnectionView *view) const
{
    QStringList words;
    for (const KeyJobRunPtr &run : m_keyJobs->running())
        if (!view || run->uses(view->door()))
            words.append(tr("%1: “%2” is running and would be stopped.").arg(run->connection(), run->title()));
    return words;
}

/// Asks before unsaved data is lost; calls `act` if the user agrees.
void MainWindow::askToLose(const QStringList &unsaved, const QString &actWords, const std::function<void()> &act)
{
    if (m_losing && m_losing->isVisible()) {
        m_losing->raise();
        return;
    }
    m_losing =
        new QMessageBox(QMessageBox::Warning, tr("Unsaved changes"), unsaved.join(u'\n'), QMessageBox::NoButton, this);
    m_losing->setObjectName(u"unsavedQuestion"_s);
    m_losing->setTextFormat(Qt::PlainText);
    m_losing->setAttribute(Qt::WA_DeleteOnClose);
    m_losing->setInformativeText(tr("The changes are lost when you close it."));
    m_losing->setDefaultButton(m_losing->addButton(tr("Keep it open"), QMessageBox::RejectRole));
    const QAbstractButton *lose = m_losing->addButton(actWords, QMessageBox::DestructiveRole);
    connect(lose, &QAbstractButton::clicked, this, act, Qt::QueuedConnection);
    m_losing->open();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (!mayClose()) {
        event->ignore();
        return;
    }
    saveState();
    QMainWindow::closeEvent(event);
}

bool MainWindow::mayClose()
{
    if (m_quitting)
        return true;
    QStringList unsaved;
    for (const ConnectionView *view : std::as_const(m_connections))
        for (const QString &words : view->unsaved())
            unsaved.append(view->title() + u": "_s + words);
    unsaved += jobsOn(nullptr);
    if (!unsaved.isEmpty() && !m_losesUnsaved) {
        askToLose(unsaved, tr("Quit without saving"), [this] {
            m_losesUnsaved = true;
            close();
            m_losesUnsaved = false; // if the window stays open for another reason, ask again next time
        });
        return false;
    }
    if (!m_operations || m_operations->running().isEmpty())
        return true;
    if (m_closing) {
        m_closing->raise();
        m_closing->activateWindow();
        return false;
    }
    m_closing = new ClosingQuestion(*m_operations, this);
    m_closing->setAttribute(Qt::WA_DeleteOnClose);
    connect(
        m_closing, &ClosingQuestion::quitRequested, this,
        [this] {
            m_quitting = true;
            if (m_closing)
                m_closing->close();
            close();
        },
        Qt::QueuedConnection);
    m_closing->open();
    return false;
}

} // namespace slotscope
