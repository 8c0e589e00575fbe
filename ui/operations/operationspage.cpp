// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/operationspage.h"

#include "core/base/errortext.h"
#include "core/operations/run/operationsdoor.h"
#include "ui/operations/auditview.h"
#include "ui/operations/keyjoblist.h"
#include "ui/operations/loadview.h"
#include "ui/operations/newoperations.h"
#include "ui/shared/operationmenu.h"
#include "ui/operations/runactions.h"
#include "ui/operations/rundelegates.h"
#include "ui/operations/runview.h"
#include "ui/operations/sentview.h"
#include "ui/shared/currentstack.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/taborder.h"
#include "ui/shared/theme.h"

#include <QDateTime>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int narrowOperationsPage = 1060; ///< page width in px

} // namespace

OperationsPage::OperationsPage(PageContext &context, QWidget *parent)
    : Page(context, parent)
    , m_parts(new CurrentStack(this))
    , m_runsPart(new QWidget(m_parts))
    , m_jobs(new KeyJobList(context, m_runsPart))
    , m_split(new QSplitter(Qt::Horizontal, m_runsPart))
    , m_right(new CurrentStack(m_split))
    , m_new(new NewOperations(context.theme(), m_right))
    , m_runCard(new QFrame(m_right))
    , m_runView(new RunView(context.theme(), m_runCard))
    , m_actions(new RunActions(context, this))
{
    m_filter.setSourceModel(&m_model);
    m_runCard->setProperty("card", true);
    auto *cardLayout = new QVBoxLayout(m_runCard);
    cardLayout->setContentsMargins(1, 1, 1, 1);
    cardLayout->addWidget(m_runView);
    m_right->addWidget(m_new);
    m_right->addWidget(m_runCard);
    m_right->setMinimumWidth(420);
    m_split->setChildrenCollapsible(false);
    m_split->setHandleWidth(16);
    m_split->addWidget(makeList(context.theme()));
    m_split->addWidget(m_right);
    m_split->setStretchFactor(0, 0);
    m_split->setStretchFactor(1, 1);
    m_split->setSizes({310, 1000});
    auto *runs = new QVBoxLayout(m_runsPart);
    runs->setContentsMargins(0, 0, 0, 0);
    runs->setSpacing(16);
    runs->addWidget(m_jobs);
    runs->addWidget(m_split, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(16);
    layout->addWidget(makeHead(context.theme()));
    m_audit = new AuditView(context, m_parts);
    m_sent = new SentView(context, m_parts);
    for (QWidget *part : std::initializer_list<QWidget *>{m_runsPart, m_audit, m_sent})
        m_parts->addWidget(part);
    layout->addWidget(m_parts, 1);
    connectParts();
    connectRunView();
    connect(&context, &PageContext::operationsChanged, this, &OperationsPage::takeOperations);
    connect(&context, &PageContext::readOnlyChanged, this, &OperationsPage::takeReadOnly);
    takeOperations();
    updateHead();
    updateReason();
}

QWidget *OperationsPage::makeHead(const Theme &theme)
{
    auto *head = new QWidget(this);
    auto *title = plainLabel(tr("Operations"), nullptr, head);
    title->setFont(Theme::titleFont());
    m_tabs = new SegmentedControl({tr("Runs"), tr("Audit log"), tr("Commands sent"), tr("Load test")}, head);
    m_tabs->setAccessibleName(tr("Section of the page"));
    m_subtitle = new ElidedLabel({}, Qt::ElideRight, head);
    m_subtitle->setProperty("tone", u"muted"_s);
    m_scope = new SegmentedControl({tr("This cluster"), tr("All")}, head);
    m_scope->setAccessibleName(tr("Operations shown"));
    m_filterField = new QLineEdit(head);
    m_filterField->setPlaceholderText(tr("Filter operations…"));
    m_filterField->setAccessibleName(tr("Filter operations by title, state, cluster or user"));
    m_filterField->setClearButtonEnabled(true);
    m_filterField->setFixedWidth(180);
    m_filterField->addAction(themedIcon(u"filter"_s, theme), QLineEdit::LeadingPosition);
    m_newButton = new QPushButton(tr("New operation"), head);
    m_newButton->setProperty("primary", true);
    m_newButton->hide();
    m_head = new QBoxLayout(QBoxLayout::LeftToRight, head);
    m_head->setContentsMargins(0, 0, 0, 0);
    m_head->setSpacing(8);
    m_tools = new QWidget(head);
    auto *tools = new QHBoxLayout(m_tools);
    tools->setContentsMargins(0, 0, 0, 0);
    tools->setSpacing(8);
    tools->addWidget(m_scope);
    tools->addWidget(m_filterField);
    tools->addStretch(1);
    tools->addWidget(m_newButton);
    auto *names = new QHBoxLayout;
    names->setSpacing(8);
    names->addWidget(title);
    names->addSpacing(8);
    names->addWidget(m_tabs);
    names->addWidget(m_subtitle, 1);
    m_head->addLayout(names, 1);
    m_head->addWidget(m_tools);
    return head;
}

/// If the page is too narrow for one line, places the tools below the tabs.
void OperationsPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    m_head->setDirection(width() < narrowOperationsPage ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

QWidget *OperationsPage::makeList(const Theme &theme)
{
    auto *card = new QFrame(m_split);
    card->setProperty("card", true);
    card->setMinimumWidth(260);
    m_list = new QListView(card);
    m_list->setAccessibleName(tr("Running and finished operations"));
    m_list->setModel(&m_filter);
    m_list->setItemDelegate(new RunDelegate(theme, m_list));
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setResizeMode(QListView::Adjust);
    m_list->setMouseTracking(true);
    m_listStack = new CurrentStack(card);
    m_listStack->addWidget(m_list);
    m_noRuns = plainLabel({}, "muted", card);
    m_noRuns->setAlignment(Qt::AlignCenter);
    m_noRuns->setWordWrap(true);
    m_noRuns->setMargin(24);
    m_listStack->addWidget(m_noRuns);
    auto *layout = new QVBoxLayout(card);
    layout->setContentsMargins(2, 4, 2, 4);
    layout->addWidget(m_listStack);
    return card;
}

void OperationsPage::showTab(Tab tab)
{
    m_tabs->setCurrent(int(tab));
}

OperationsPage::Tab OperationsPage::tab() const
{
    return Tab(m_tabs->current());
}

/// Created on first use: it has half of the page's widgets, and few users need it.
LoadView *OperationsPage::loadView()
{
    if (m_load)
        return m_load;
    m_load = new LoadView(context(), m_parts);
    m_parts->addWidget(m_load);
    setTabOrderAsLaidOut(m_load);
    if (m_settings)
        m_load->restoreState(*m_settings);
    if (m_view)
        m_load->setView();
    return m_load;
}

void OperationsPage::readAgain()
{
    if (tab() == Tab::Audit)
        m_audit->readAgain();
}

void OperationsPage::connectParts()
{
    connect(m_tabs, &SegmentedControl::currentChanged, this, [this](int tab) {
        if (Tab(tab) == Tab::Load)
            (void)loadView();
        m_parts->setCurrentIndex(tab);
        m_tools->setVisible(tab == 0);
        updateHead();
    });
    connect(m_scope, &SegmentedControl::currentChanged, this, [this](int scope) {
        m_filter.setThisClusterOnly(scope == 0);
        updateHead();
    });
    connect(m_filterField, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filter.setWords(text);
        updateHead();
    });
    connect(m_newButton, &QPushButton::clicked, this, &OperationsPage::showNew);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &OperationsPage::choose);
    // needed to choose the current row again after the cards were shown
    connect(m_list, &QListView::clicked, this, &OperationsPage::choose);
    connect(m_new, &NewOperations::chosen, this, [this](Operation operation) {
        OperationDraft draft;
        draft.operation = operation;
        Q_EMIT operationRequested(draft);
    });
    auto *clock = new QTimer(this);
    clock->setInterval(1000);
    connect(clock, &QTimer::timeout, this, [this] { m_model.tick(QDateTime::currentMSecsSinceEpoch()); });
    clock->start();
}

void OperationsPage::connectRunView()
{
    connect(m_runView, &RunView::pauseRequested, this,
            [this](const QString &id) { context().operations()->pause(id); });
    connect(m_runView, &RunView::goOnRequested, this,
            [this](const QString &id) { context().operations()->resume(id); });
    connect(m_runView, &RunView::stopRequested, this, [this](const QString &id) { context().operations()->stop(id); });
    connect(m_runView, &RunView::resumeRequested, this,
            [this](const QString &id, BusyKeyPolicy busyKeys) { m_actions->resume(id, {.busyKeys = busyKeys}); });
    connect(m_actions, &RunActions::operationRequested, this, &OperationsPage::operationRequested);
    connect(m_runView, &RunView::rollBackRequested, this,
            [this](const RunSnapshotPtr &run) { m_actions->rollBack(run->id); });
    connect(m_runView, &RunView::throttleRequested, this,
            [this](const QString &id, int keys) { context().operations()->setThrottle(id, keys); });
    connect(m_runView, &RunView::rebalanceRequested, this, [this] {
        OperationDraft draft;
        draft.operation = Operation::Rebalance;
        draft.useEmpty = true;
        Q_EMIT operationRequested(draft);
    });
    connect(m_runView, &RunView::fixRequested, this, [this](const SlotSet &slotSet) {
        OperationDraft draft;
        draft.operation = Operation::Fix;
        draft.slots = slotSet;
        Q_EMIT operationRequested(draft);
    });
}

void OperationsPage::takeOperations()
{
    OperationsDoor *operations = context().operations();
    if (!operations)
        return;
    connect(operations, &OperationsDoor::runChanged, this, &OperationsPage::takeRun, Qt::UniqueConnection);
    for (const RunSnapshotPtr &run : operations->runs())
        takeRun(run);
}

void OperationsPage::showPlace(const Place &place)
{
    if (place.part == u"load")
        showTab(Tab::Load);
    else if (place.part == u"audit" || place.part == u"sent")
        showTab(place.part == u"audit" ? Tab::Audit : Tab::Sent);
    else if (place.problem)
        showProblem(place.run, *place.problem);
    else if (!place.run.isEmpty())
        showRun(place.run);
}

void OperationsPage::takeRun(const RunSnapshotPtr &run)
{
    m_model.update(run);
    if (run->id == m_shown)
        updateRun();
    updateHead();
}

void OperationsPage::setView(const ClusterViewPtr &view)
{
    m_view = view;
    m_model.setView(view);
    m_runView->setView(view);
    m_filled = m_filled || view;
    if (m_load)
        m_load->setView();
    updateReason();
    updateHead();
}

void OperationsPage::takeReadOnly()
{
    updateReason();
    updateRun();
}

void OperationsPage::updateReason()
{
    m_new->setReason(context().isReadOnly() ? tr("This connection is read-only: it sends no changes. Unlock writes in "
                                                 "the status line to start an operation.")
                                            : QString(),
                     m_view && !m_view->cluster);
}

void OperationsPage::choose(const QModelIndex &index)
{
    if (!index.isValid())
        return;
    m_shown = index.data(RunListModel::RunIdRole).toString();
    m_right->setCurrentIndex(1);
    m_newButton->show();
    updateRun();
}

void OperationsPage::showNew()
{
    m_shown.clear();
    m_list->selectionModel()->clear();
    m_right->setCurrentIndex(0);
    m_newButton->hide(); // the cards of new operations are already shown
    m_new->button(Operation::Create)->setFocus();
}

bool OperationsPage::showsRun() const
{
    return m_right->currentIndex() == 1;
}

bool OperationsPage::closeDetail()
{
    if (tab() != Tab::Operations || !showsRun())
        return false;
    showNew();
    return true;
}

void OperationsPage::showRun(const QString &id)
{
    showTab(Tab::Operations);
    const int row = m_model.rowOf(id);
    if (row < 0)
        return;
    if (!m_filter.mapFromSource(m_model.index(row)).isValid()) {
        m_filterField->clear();
        if (!m_model.index(row).data(RunListModel::ThisClusterRole).toBool())
            m_scope->setCurrent(1);
    }
    const QModelIndex index = m_filter.mapFromSource(m_model.index(row));
    m_list->setCurrentIndex(index);
    m_list->scrollTo(index);
    choose(index);
}

void OperationsPage::showProblem(const QString &id, const Error &error)
{
    showRun(id);
    m_runView->setProblem(describe(error));
}

void OperationsPage::updateRun()
{
    const int row = m_model.rowOf(m_shown);
    if (row < 0)
        return;
    const RunSnapshotPtr run = m_model.runAt(row);
    RunView::Rights rights{.ours = context().operations() && context().operations()->isOurs(run->id), .notHere = {}};
    if (context().isReadOnly())
        rights.notHere = tr("This connection is read-only.");
    else if (!m_view || !touchesNodesOf(*run, *m_view))
        rights.notHere = tr("This operation is about other nodes: to continue it, connect to “%1”.").arg(run->cluster);
    m_runView->setRun(run, rights);
}

void OperationsPage::updateHead()
{
    int running = 0, unfinished = 0;
    for (int row = 0; row < m_filter.rowCount(); ++row) {
        const int group = m_filter.index(row, 0).data(RunListModel::GroupRole).toInt();
        running += group == int(RunListModel::Group::Running) ? 1 : 0;
        unfinished += group == int(RunListModel::Group::Unfinished) ? 1 : 0;
    }
    QStringList parts;
    if (running > 0)
        parts << tr("%n running", nullptr, running);
    if (unfinished > 0)
        parts << tr("%n unfinished", nullptr, unfinished);
    if (m_filter.rowCount() > 0)
        parts << tr("%n in total", nullptr, m_filter.rowCount());
    m_subtitle->setText(tab() == Tab::Operations ? parts.join(u" · "_s) : QString());
    const bool none = m_filter.rowCount() == 0;
    m_listStack->setCurrentIndex(none ? 1 : 0);
    if (!none)
        return;
    const bool filtered = m_model.rowCount() > 0;
    m_noRuns->setText(!m_filterField->text().isEmpty() ? tr("No operation matches.")
                          : filtered
                          ? tr("No operation has been run on this cluster. “All” shows those of other clusters.")
                          : tr("No operation has been run yet.\n\nOperations that you start on the right are listed "
                               "here, with plan, log and result."));
}

QString OperationsPage::unsaved() const
{
    return m_load && m_load->isRunning() ? tr("A load test is running: its keys would not be deleted.") : QString();
}

void OperationsPage::saveState(QSettings &settings) const
{
    settings.setValue(u"operations/split"_s, m_split->saveState());
    settings.setValue(u"operations/scope"_s, m_scope->current());
    settings.setValue(u"operations/tab"_s, m_tabs->current());
    if (m_load)
        m_load->saveState(settings);
}

void OperationsPage::restoreState(const QSettings &settings)
{
    m_split->restoreState(settings.value(u"operations/split"_s).toByteArray());
    m_scope->setCurrent(settings.value(u"operations/scope"_s, 0).toInt() == 1 ? 1 : 0);
    m_settings = &settings;
    if (m_load)
        m_load->restoreState(settings);
    m_tabs->setCurrent(std::clamp(settings.value(u"operations/tab"_s, 0).toInt(), 0, 3));
}

} // namespace slotscope
