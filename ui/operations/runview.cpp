// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/runview.h"

#include "core/base/text.h"
#include "core/drill/drillhtml.h"
#include "core/models/operationwords.h"
#include "core/operations/journal/journal.h"
#include "ui/operations/drillview.h"
#include "ui/operations/movemap.h"
#include "ui/shared/operationmenu.h"
#include "ui/operations/rundelegates.h"
#include "ui/operations/runparts.h"
#include "ui/shared/badge.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/exporting.h"
#include "ui/shared/theme.h"

#include <QClipboard>
#include <QDateTime>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QJsonArray>
#include <QJsonDocument>
#include <QListView>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QTimer>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int maximumStepsHeight = 420;
constexpr int roomyWidth = 700;

QByteArray jsonReport(const RunSnapshot &run)
{
    QJsonObject json = toJson(run);
    json[u"plan"_s] = toJson(*run.plan);
    json[u"cluster"_s] = run.cluster;
    json[u"who"_s] = run.who;
    QJsonArray steps, log;
    for (const StepState &step : run.steps)
        steps.append(QJsonObject{{u"state"_s, stepWord(step.state, run).text},
                                 {u"note"_s, step.note},
                                 {u"startedAt"_s, step.startedAt},
                                 {u"endedAt"_s, step.endedAt}});
    for (const RunLine &line : run.log)
        log.append(QJsonObject{{u"at"_s, line.at}, {u"warning"_s, line.warning}, {u"text"_s, line.text}});
    json[u"stepStates"_s] = steps;
    json[u"log"_s] = log;
    return QJsonDocument(json).toJson();
}

/// Content of a scroll area, as tall as its wrapped texts need at its width.
class FlowingColumn final : public QWidget
{
public:
    using QWidget::QWidget;

protected:
    void resizeEvent(QResizeEvent *event) override
    {
        QWidget::resizeEvent(event);
        fit();
    }
    bool event(QEvent *event) override
    {
        const bool done = QWidget::event(event);
        if (event->type() == QEvent::LayoutRequest)
            fit();
        return done;
    }

private:
    void fit()
    {
        const int height = layout()->hasHeightForWidth() ? layout()->totalMinimumHeightForWidth(width())
                                                         : layout()->totalMinimumSize().height();
        if (height != minimumHeight())
            setMinimumHeight(height);
    }
};

} // namespace

RunView::RunView(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    auto *content = new FlowingColumn(this);
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(16, 14, 16, 16);
    layout->setSpacing(12);
    layout->addWidget(makeHead());
    layout->addWidget(makeButtons());
    m_figures = new RunFigures(content);
    m_outcome = new RunOutcome(content);
    layout->addWidget(m_figures);
    layout->addWidget(m_outcome);
    m_drill = new DrillView(theme, content);
    layout->addWidget(m_drill);
    layout->addWidget(makeMiddle());
    m_log = new RunLog(theme, content);
    layout->addWidget(m_log, 1);
    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(content);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);
    connectButtons();
    auto *clock = new QTimer(this);
    clock->setInterval(1000);
    connect(clock, &QTimer::timeout, this, &RunView::tick);
    clock->start();
}

QWidget *RunView::makeHead()
{
    auto *head = new QWidget(this);
    m_title = new ElidedLabel({}, Qt::ElideRight, head);
    m_title->setFont(Theme::titleFont());
    m_state = new Badge(m_theme, head);
    m_state->setAccessibleName(tr("State"));
    m_facts = new ElidedLabel({}, Qt::ElideRight, head);
    m_facts->setProperty("tone", u"muted"_s);
    m_bar = new QProgressBar(head);
    m_bar->setRange(0, 1000);
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(8);
    m_bar->setAccessibleName(tr("Progress"));
    m_share = plainLabel({}, nullptr, head);
    m_share->setFont(Theme::strongFont());
    m_share->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_share->setMinimumWidth(44);
    auto *upper = new QHBoxLayout;
    upper->setSpacing(12);
    upper->addWidget(m_title, 1);
    upper->addWidget(m_state);
    auto *progress = new QHBoxLayout;
    progress->setSpacing(8);
    progress->addWidget(m_bar, 1);
    progress->addWidget(m_share);
    auto *layout = new QVBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addLayout(upper);
    layout->addWidget(m_facts);
    layout->addLayout(progress);
    return head;
}

QWidget *RunView::makeButtons()
{
    auto *row = new QWidget(this);
    m_resume = new QPushButton(tr("Resume…"), row);
    m_resume->setProperty("primary", true);
    m_pause = new QPushButton(tr("Pause"), row);
    m_stop = new QPushButton(tr("Stop"), row);
    m_fix = new QPushButton(tr("Fix…"), row);
    m_rollBack = new QPushButton(tr("Roll back…"), row);
    m_rollBack->setObjectName(u"rollBack"_s);
    m_throttle = new QPushButton(tr("Throttle"), row);
    m_throttle->setObjectName(u"throttle"_s);
    auto *throttles = new QMenu(m_throttle);
    connect(throttles, &QMenu::aboutToShow, this, [this, throttles] { fillThrottleMenu(throttles); });
    m_throttle->setMenu(throttles);
    m_rebalance = new QPushButton(tr("Give it slots: rebalance…"), row);
    m_rebalance->setObjectName(u"rebalance"_s);
    m_rebalance->setProperty("primary", true);
    m_keepSource = new QPushButton(tr("Keep the source's value…"), row);
    m_keepTarget = new QPushButton(tr("Keep the target's value…"), row);
    m_hint = new ElidedLabel({}, Qt::ElideRight, row);
    m_hint->setProperty("tone", u"muted"_s);
    m_hint->setFont(Theme::smallFont());
    QPushButton *exporter = exportButton(m_theme, row, [this](QMenu *menu) { fillExportMenu(menu); });
    auto *upper = new QHBoxLayout;
    upper->setSpacing(8);
    for (QPushButton *button : {m_resume, m_pause, m_stop, m_throttle, m_rebalance, m_rollBack, m_fix})
        upper->addWidget(button);
    upper->addWidget(m_hint, 1);
    upper->addWidget(exporter);
    auto *lower = new QHBoxLayout; // in one row with the others they would not fit into 1000 pixels
    lower->setSpacing(8);
    lower->addWidget(m_keepSource);
    lower->addWidget(m_keepTarget);
    lower->addStretch(1);
    auto *layout = new QVBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addLayout(upper);
    layout->addLayout(lower);
    return row;
}

QWidget *RunView::makeMiddle()
{
    auto *middle = new QWidget(this);
    m_stepsTitle = plainLabel({}, nullptr, middle);
    m_stepsTitle->setFont(Theme::strongFont());
    m_steps = new QListView(middle);
    m_steps->setAccessibleName(tr("Steps"));
    m_steps->setModel(&m_stepModel);
    m_steps->setItemDelegate(new RunStepDelegate(m_theme, m_steps));
    m_steps->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_steps->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_steps->setResizeMode(QListView::Adjust);
    m_map = new MoveMap(m_theme, middle);
    auto *left = new QVBoxLayout;
    left->setSpacing(6);
    left->addWidget(m_stepsTitle);
    left->addWidget(m_steps);
    left->addStretch(1);
    auto *layout = new QHBoxLayout(middle);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(16);
    layout->addLayout(left, 1);
    layout->addWidget(m_map, 0, Qt::AlignTop);
    return middle;
}

void RunView::connectButtons()
{
    connect(m_pause, &QPushButton::clicked, this, [this] {
        if (m_run->state == RunState::Paused)
            Q_EMIT goOnRequested(m_run->id);
        else
            Q_EMIT pauseRequested(m_run->id);
    });
    connect(m_stop, &QPushButton::clicked, this, [this] { Q_EMIT stopRequested(m_run->id); });
    const std::initializer_list<std::pair<QPushButton *, BusyKeyPolicy>> resuming{
        {m_resume, BusyKeyPolicy::Stop},
        {m_keepSource, BusyKeyPolicy::KeepSource},
        {m_keepTarget, BusyKeyPolicy::KeepTarget}};
    for (const auto &[button, busyKeys] : resuming)
        connect(button, &QPushButton::clicked, this,
                [this, policy = busyKeys] { Q_EMIT resumeRequested(m_run->id, policy); });
    connect(m_rebalance, &QPushButton::clicked, this, &RunView::rebalanceRequested);
    connect(m_fix, &QPushButton::clicked, this, [this] { Q_EMIT fixRequested(m_run->leftOpen); });
    connect(m_rollBack, &QPushButton::clicked, this, [this] { Q_EMIT rollBackRequested(m_run); });
}

/// The chosen throttle takes effect with the next call; the plan is not changed.
void RunView::fillThrottleMenu(QMenu *menu)
{
    menu->clear();
    if (!m_run)
        return;
    int planned = 0;
    for (const PlanStep &step : m_run->plan->steps)
        if (step.kind == PlanStep::Kind::MoveSlots)
            planned = std::max(planned, step.migration.keysPerSecond);
    const int now = m_run->throttle.value_or(planned);
    QList<int> offered{0, 100, 500, 1'000, 5'000, 20'000};
    if (!offered.contains(now))
        offered.append(now);
    std::sort(offered.begin(), offered.end());
    for (const int keys : std::as_const(offered)) {
        QAction *action =
            menu->addAction(keys == 0 ? tr("No throttle") : tr("%1 keys per second").arg(groupedNumber(keys)), this,
                            [this, keys, id = m_run->id] { Q_EMIT throttleRequested(id, keys); });
        action->setCheckable(true);
        action->setChecked(keys == now);
        action->setData(keys);
    }
}

void RunView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_map->setCompact(width() < roomyWidth);
}

void RunView::setView(const ClusterViewPtr &view)
{
    m_view = view;
    if (!m_run)
        return;
    m_map->setRun(m_run, view);
    showButtons(*m_run); // whether it can be rolled back depends on the cluster
}

void RunView::setRun(const RunSnapshotPtr &run, const Rights &rights)
{
    const bool another = !run || !m_run || run->id != m_run->id;
    m_run = run;
    m_rights = rights;
    if (another)
        m_outcome->setProblem({});
    if (run)
        display(*run);
}

void RunView::setProblem(const QString &text)
{
    m_outcome->setProblem(text);
}

void RunView::focusSteps()
{
    m_steps->setFocus(Qt::OtherFocusReason);
}

void RunView::display(const RunSnapshot &run)
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const RunWord word = runWord(run);
    m_title->setText(run.plan->title);
    m_state->setBadge(word.mark + u' ' + word.text, word.tone);
    m_state->setAccessibleName(word.text);
    const double share = doneShare(run);
    m_bar->setValue(int(share * m_bar->maximum()));
    setStyleProperty(m_bar, "tone",
                     word.tone == Tone::Bad           ? u"error"_s
                         : word.tone == Tone::Warning ? u"warn"_s
                         : word.tone == Tone::Good    ? u"ok"_s
                                                      : QString());
    m_share->setText(tr("%1 %").arg(int(share * 100)));
    m_figures->setRun(run, now);
    m_outcome->setRun(run);
    m_stepModel.setRun(m_run, now);
    // hidden if no slots move
    m_map->setVisible(!run.plan->moves.isEmpty() && run.plan->operation != Operation::Create);
    m_map->setRun(m_run, m_view);
    m_drill->setReport(run.drill);
    m_log->setRun(run);
    showButtons(run);
    tick();
    fitSteps();
}

void RunView::showButtons(const RunSnapshot &run)
{
    const bool over = run.isOver();
    const bool stopping = run.state == RunState::Stopping;
    const bool isDrill = run.plan->operation == Operation::Drill;
    m_pause->setVisible(!over && !isDrill); // a paused drill would keep the node unavailable
    m_pause->setEnabled(m_rights.ours && !stopping);
    m_pause->setText(run.state == RunState::Paused ? tr("Resume") : tr("Pause"));
    m_stop->setVisible(!over);
    m_stop->setEnabled(m_rights.ours);
    m_stop->setText(stopping ? tr("Stop now") : tr("Stop"));
    m_resume->setVisible(canResume(run));
    m_resume->setEnabled(m_rights.notHere.isEmpty());
    const bool choice = canResume(run) && run.error && run.error->serverPrefix == "BUSYKEY";
    // resuming without a choice would stop at the same key again
    if (m_resume->property("primary").toBool() == choice) {
        m_resume->setProperty("primary", !choice);
        m_resume->style()->polish(m_resume);
    }
    for (QPushButton *button : {m_keepSource, m_keepTarget}) {
        button->setVisible(choice);
        button->setEnabled(m_rights.notHere.isEmpty());
    }
    m_fix->setVisible(over && !run.leftOpen.isEmpty());
    m_fix->setEnabled(m_rights.notHere.isEmpty());
    m_rollBack->setVisible(over && m_view && canRollBack(run, *m_view));
    m_rollBack->setEnabled(m_rights.notHere.isEmpty());
    m_throttle->setVisible(!over && m_rights.ours && movesClassically(run));
    m_rebalance->setVisible(hasNewEmptyPrimary(run));
    m_rebalance->setEnabled(m_rights.notHere.isEmpty());
    QString text;
    if (!over && !m_rights.ours)
        text = tr("Another program on this computer runs it.");
    else if (stopping && isDrill)
        text = tr("The unavailable nodes are being restored.");
    else if (stopping)
        text = tr("“Stop now” does not wait: slots stay in migration.");
    else if (run.state == RunState::Paused)
        text = tr("No step is in progress; no slot is in migration.");
    else if (!over && isDrill)
        text = tr("Stop ends the measurement and restores the unavailable nodes.");
    else if (!over)
        text = tr("Stop finishes the current step first; the rest can be resumed.");
    else if (m_resume->isVisibleTo(this) && !m_rights.notHere.isEmpty())
        text = m_rights.notHere;
    else if (choice)
        text = tr("Resume asks again: use it after resolving the conflict by hand.");
    else if (isUnfinished(run) && !canResume(run))
        text = tr("The remaining steps were planned for the cluster as it was then: create a new plan.");
    m_hint->setText(text);
}

/// Sets the height to that of its rows within limits; beyond that, it scrolls.
void RunView::fitSteps()
{
    int height = 4;
    for (int row = 0; row < m_stepModel.rowCount() && height < maximumStepsHeight; ++row)
        height += m_steps->sizeHintForIndex(m_stepModel.index(row)).height();
    height = std::min(height, maximumStepsHeight);
    if (m_steps->minimumHeight() != height)
        m_steps->setFixedHeight(height);
    const int done = int(std::count_if(m_run->steps.begin(), m_run->steps.end(), [](const StepState &step) {
        return step.state == StepState::State::Done || step.state == StepState::State::Skipped;
    }));
    m_stepsTitle->setText(tr("Steps · %1 of %2 done").arg(done).arg(m_stepModel.rowCount()));
    if (m_run->step >= 0 && !m_run->isOver())
        m_steps->scrollTo(m_stepModel.index(m_run->step));
}

void RunView::tick()
{
    if (!m_run)
        return;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    QStringList facts{operationTitle(m_run->plan->operation), m_run->cluster, m_run->who,
                      tr("begun %1").arg(whenText(m_run->startedAt, now))};
    if (const qint64 ran = ranForMs(*m_run, now); ran >= 1000 && !m_run->isOver())
        facts << tr("for %1").arg(duration(ran / 1000 * 1000));
    m_facts->setText(facts.join(u" · "_s));
    if (!m_run->isOver())
        m_stepModel.setRun(m_run, now);
}

QString RunView::stateText() const
{
    return m_run ? runWord(*m_run).text : QString();
}

QString RunView::hint() const
{
    return m_hint->text();
}

void RunView::fillExportMenu(QMenu *menu)
{
    menu->clear();
    if (!m_run)
        return;
    menu->addAction(tr("Copy the report"), this,
                    [this] { QGuiApplication::clipboard()->setText(Journal::report(*m_run)); });
    if (m_run->drill) {
        menu->addAction(tr("Drill as HTML…"), this,
                        [this] { saveBytes(this, m_run->id, u"html"_s, drillHtml(*m_run->drill)); });
        menu->addAction(tr("Drill as JSON…"), this, [this] {
            saveBytes(this, m_run->id, u"json"_s, QJsonDocument(toJson(*m_run->drill)).toJson());
        });
    }
    menu->addAction(tr("Report as text…"), this,
                    [this] { saveBytes(this, m_run->id, u"txt"_s, Journal::report(*m_run).toUtf8()); });
    menu->addAction(tr("Report as JSON…"), this, [this] { saveBytes(this, m_run->id, u"json"_s, jsonReport(*m_run)); });
}

} // namespace slotscope
