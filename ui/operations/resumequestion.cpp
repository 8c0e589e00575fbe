// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/resumequestion.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "core/models/runwords.h"
#include "core/operations/plan/planvalidity.h"
#include "ui/operations/consent.h"
#include "ui/operations/migrationfields.h"
#include "ui/operations/planview.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/taborder.h"
#include "ui/shared/theme.h"

#include <QCheckBox>
#include <QDateTime>
#include <QGridLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int rangesShown = 6;

bool isThrough(const StepState &step)
{
    return step.state == StepState::State::Done || step.state == StepState::State::Skipped;
}

const PlanStep *movingStep(const OperationPlan &plan)
{
    const auto it = std::find_if(plan.steps.begin(), plan.steps.end(), [](const PlanStep &step) {
        return step.kind == PlanStep::Kind::MoveSlots || step.kind == PlanStep::Kind::GatherKeys;
    });
    return it == plan.steps.end() ? nullptr : &*it;
}

/// The end of the operation, or the time of the last entry in its journal.
qint64 lastHeardAt(const RunSnapshot &run)
{
    qint64 last = std::max(run.startedAt, run.endedAt);
    for (const StepState &step : run.steps)
        last = std::max({last, step.startedAt, step.endedAt});
    return run.log.isEmpty() ? last : std::max(last, run.log.constLast().at);
}

QString endText(const RunSnapshot &run, qint64 now)
{
    const QString when = whenText(lastHeardAt(run), now);
    switch (run.state) {
    case RunState::Stopped: return ResumeQuestion::tr("stopped %1").arg(when);
    case RunState::Failed: return ResumeQuestion::tr("failed %1").arg(when);
    default: return ResumeQuestion::tr("interrupted %1").arg(when);
    }
}

/// Whether the remaining steps destroy data: this needs a new confirmation, because hours may have passed.
bool destroys(const RunSnapshot &run)
{
    return !destructiveRest(run).isEmpty();
}

/// Every command of the remaining steps; for moving slots, which repeats per slot, only the first ones.
QString commandsLeft(const RunSnapshot &run)
{
    constexpr int ofMoves = 12;
    QStringList lines;
    for (qsizetype i = 0; i < run.plan->steps.size(); ++i) {
        const PlanStep &step = run.plan->steps[i];
        if (isThrough(run.steps.value(i)))
            continue;
        lines << u"%1. %2"_s.arg(i + 1).arg(step.title);
        const int most = std::max(int(step.commands.size()), ofMoves);
        for (const StepCommand &command : commandsOf(step, most))
            lines << u"    "_s + shellLine(command);
        if (const qint64 count = commandCountOf(step); count < 0 || count > most)
            lines << u"    …"_s;
    }
    return lines.join(u'\n');
}

/// Text of what is done and what is left.
QStringList progressLines(const RunSnapshot &run)
{
    QStringList lines;
    if (const int total = slotsToMove(*run.plan).count(); total > 0) {
        const int moved = std::min(run.progress.moved.count(), total);
        lines << ResumeQuestion::tr("%1 of %2 slots have moved, %3 are left.")
                     .arg(groupedNumber(moved), groupedNumber(total), groupedNumber(total - moved));
    }
    const auto next = std::find_if_not(run.steps.begin(), run.steps.end(), isThrough);
    if (next != run.steps.end()) {
        const qsizetype index = next - run.steps.begin();
        lines << ResumeQuestion::tr("It continues with step %1 of %2: %3")
                     .arg(index + 1)
                     .arg(run.steps.size())
                     .arg(run.plan->steps.value(index).title);
    }
    if (!run.leftOpen.isEmpty())
        lines << ResumeQuestion::tr("Slots left in migration: %1").arg(rangesText(run.leftOpen, rangesShown));
    return lines;
}

} // namespace

ResumeQuestion::ResumeQuestion(const RunSnapshot &run, const ResumeOptions &wanted, const QString &cluster,
                               const Environment &environment, QWidget *parent)
    : QDialog(parent)
    , m_wanted(wanted)
    , m_layout(new QVBoxLayout(this))
    , m_consent(new Consent(cluster, environment,
                            wanted.rollBack || wanted.busyKeys != BusyKeyPolicy::Stop || !run.plan->dataLoss.isEmpty()
                                || destroys(run),
                            !wanted.rollBack && destroys(run), this))
    , m_resume(new QPushButton(this))
    , m_cancel(new QPushButton(tr("Cancel"), this))
{
    setObjectName(u"resumeQuestion"_s);
    setWindowTitle(wanted.rollBack ? tr("Roll an operation back") : tr("Resume an operation"));
    setMinimumWidth(520);
    m_layout->setContentsMargins(20, 18, 20, 18);
    m_layout->setSpacing(12);
    addWhat(run, cluster);
    addWhy(run);
    if (!wanted.rollBack) {
        addCommands(run);
        addTimeout(*run.plan);
    }
    m_layout->addWidget(m_consent);
    addButtons();
    connect(m_consent, &Consent::changed, this, &ResumeQuestion::updateButtons);
    updateButtons();
    QWidget *first = m_resume;
    if (m_consent->field())
        first = m_consent->field();
    else if (m_consent->box())
        first = m_consent->box();
    else if (gives())
        first = m_cancel;
    first->setFocus();
    const int width = std::max(minimumWidth(), sizeHint().width());
    // the size hint assumes narrower lines and would leave empty space
    resize(width, m_layout->totalHeightForWidth(width));
}

void ResumeQuestion::addWhat(const RunSnapshot &run, const QString &cluster)
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const auto add = [this](const QString &text, const char *tone) {
        QLabel *label = plainLabel(text, tone, this);
        label->setWordWrap(true);
        m_layout->addWidget(label);
        return label;
    };
    add(run.plan->title, nullptr)->setFont(Theme::titleFont());
    add(QStringList{tr("on %1").arg(cluster), tr("begun %1").arg(whenText(run.startedAt, now)), endText(run, now)}.join(
            u" · "_s),
        "muted");
    if (!m_wanted.rollBack) // a roll-back resumes nothing
        add(progressLines(run).join(u'\n'), nullptr);
}

/// Whether the choice deletes data permanently.
bool ResumeQuestion::gives() const
{
    return m_wanted.rollBack || m_wanted.busyKeys != BusyKeyPolicy::Stop;
}

/// Adds notices: why the run stopped early, and what is lost by rolling back or by the chosen policy for keys with two
/// values.
void ResumeQuestion::addWhy(const RunSnapshot &run)
{
    if (m_wanted.rollBack) {
        QStringList names;
        for (const CreatedNode &node : run.plan->results.layout)
            names.append(node.address);
        m_layout->addWidget(
            noticeCard(tr("✕ These nodes become empty again and belong to no cluster"),
                       {names.join(u", "_s),
                        tr("Slotscope sends CLUSTER RESET HARD to each of these nodes. If any of them holds keys, does "
                           "not answer, or now belongs to another cluster, none of them is reset.")},
                       "error", this));
        return;
    }
    if (m_wanted.busyKeys != BusyKeyPolicy::Stop) {
        QStringList lines = run.error ? run.error->detail.split(u'\n') : QStringList();
        if (lines.size() > 1)
            lines.removeLast(); // the last line explains the choice for the command line
        lines.append(tr("The same happens to every other key of this operation that has two different values; the log "
                        "names each of them."));
        m_layout->addWidget(noticeCard(m_wanted.busyKeys == BusyKeyPolicy::KeepSource
                                           ? tr("✕ The target's value of this key is overwritten permanently")
                                           : tr("✕ The source's value of this key is deleted permanently"),
                                       lines, "error", this));
    } else if (run.error) {
        m_layout->addWidget(noticeCard(tr("▲ Why it ended"), {describe(*run.error)}, "warn", this));
    }
    if (!run.plan->dataLoss.isEmpty())
        m_layout->addWidget(
            noticeCard(tr("✕ Data may be lost; you have agreed to this"), run.plan->dataLoss, "error", this));
}

void ResumeQuestion::addCommands(const RunSnapshot &run)
{
    if (const QStringList rest = destructiveRest(run); !rest.isEmpty())
        m_layout->addWidget(noticeCard(tr("✕ The rest cannot be rolled back"), rest, "error", this));
    constexpr int linesShown = 6;
    m_commands = new QPlainTextEdit(commandsLeft(run), this);
    m_commands->setReadOnly(true);
    m_commands->setTabChangesFocus(true);
    m_commands->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_commands->setFont(Theme::monoFont());
    m_commands->setFixedHeight(m_commands->fontMetrics().lineSpacing() * linesShown + 2 * m_commands->frameWidth() + 8);
    m_commands->setAccessibleName(tr("Remaining commands"));
    m_layout->addWidget(plainLabel(tr("What is sent from here on"), "muted", this));
    m_layout->addWidget(m_commands);
}

void ResumeQuestion::addTimeout(const OperationPlan &plan)
{
    const PlanStep *step = movingStep(plan);
    if (!step)
        return;
    m_planned = step->migration.callTimeoutMs;
    m_timeout = callTimeoutBox(this);
    m_timeout->setValue(m_planned);
    m_timeout->setAccessibleName(tr("MIGRATE timeout"));
    QLabel *name = plainLabel(tr("MIGRATE timeout"), "muted", this);
    name->setBuddy(m_timeout);
    QLabel *hint = plainLabel(callTimeoutHint(), "faint", this);
    hint->setFont(Theme::smallFont());
    hint->setWordWrap(true);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(1, 1);
    grid->addWidget(name, 0, 0);
    grid->addWidget(m_timeout, 0, 1, Qt::AlignLeft);
    grid->addWidget(hint, 1, 1);
    if (step->mode.isEmpty())
        addThrottle(grid, step->migration.keysPerSecond);
    m_layout->addLayout(grid);
}

void ResumeQuestion::addThrottle(QGridLayout *grid, int planned)
{
    m_plannedThrottle = planned;
    m_throttle = new QSpinBox(this);
    m_throttle->setObjectName(u"throttle"_s);
    m_throttle->setRange(0, 100'000'000);
    m_throttle->setSpecialValueText(tr("none"));
    m_throttle->setSuffix(tr(" keys per second"));
    m_throttle->setGroupSeparatorShown(true);
    m_throttle->setValue(planned);
    m_throttle->setAccessibleName(tr("Throttle"));
    QLabel *name = plainLabel(tr("Throttle"), "muted", this);
    name->setBuddy(m_throttle);
    grid->addWidget(name, 2, 0);
    grid->addWidget(m_throttle, 2, 1, Qt::AlignLeft);
}

void ResumeQuestion::addButtons()
{
    const bool loses = gives();
    m_resume->setText(m_wanted.rollBack                                    ? tr("Roll back")
                          : m_wanted.busyKeys == BusyKeyPolicy::KeepSource ? tr("Keep the source's")
                          : m_wanted.busyKeys == BusyKeyPolicy::KeepTarget ? tr("Keep the target's")
                                                                           : tr("Resume"));
    m_resume->setProperty("primary", true);
    m_resume->setProperty("danger", loses);
    m_resume->setAutoDefault(!loses);
    (loses ? m_cancel : m_resume)->setDefault(true); // Enter must not give up a value
    connect(m_cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_resume, &QPushButton::clicked, this, [this] {
        Q_EMIT agreed(options());
        accept();
    });
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    buttons->addWidget(m_cancel);
    buttons->addWidget(m_resume);
    m_layout->addStretch(1);
    m_layout->addLayout(buttons);
    setProperty(ownTabOrder, true); // tab order from the buttons, where the focus starts, to the texts and options
}

void ResumeQuestion::updateButtons()
{
    m_resume->setEnabled(m_consent->isGiven());
}

ResumeOptions ResumeQuestion::options() const
{
    ResumeOptions options = m_wanted;
    if (m_timeout && m_timeout->value() != m_planned)
        options.callTimeoutMs = m_timeout->value();
    if (m_throttle && m_throttle->value() != m_plannedThrottle)
        options.keysPerSecond = m_throttle->value();
    return options;
}

QString ResumeQuestion::text() const
{
    QStringList texts;
    for (const QLabel *label : findChildren<QLabel *>())
        texts << label->text();
    if (m_commands)
        texts << m_commands->toPlainText();
    return texts.join(u'\n');
}

ResumeQuestion *askToResume(const RunSnapshot &run, const ResumeOptions &wanted, const QString &cluster,
                            const Environment &environment, QWidget *parent)
{
    auto *question = new ResumeQuestion(run, wanted, cluster, environment, parent);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->open();
    return question;
}

} // namespace slotscope
