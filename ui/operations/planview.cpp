// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/planview.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "ui/operations/planpicture.h"
#include "ui/operations/planwords.h"
#include "ui/operations/steptree.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"

#include <QClipboard>
#include <QFrame>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

QWidget *bare(QWidget *parent, int space, bool sideways = false)
{
    auto *box = new QWidget(parent);
    auto *layout = new QBoxLayout(sideways ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom, box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space);
    return box;
}

QLabel *heading(const QString &text, QWidget *parent)
{
    QLabel *label = plainLabel(text, nullptr, parent);
    label->setFont(Theme::strongFont());
    return label;
}

QString methodOf(const OperationPlan &plan)
{
    for (const PlanStep &step : plan.steps) {
        if (step.kind != PlanStep::Kind::MoveSlots)
            continue;
        return step.mode == u"migrateslots" || step.mode == u"import" ? PlanView::tr("Atomic")
                                                                      : PlanView::tr("Classic");
    }
    return {};
}

} // namespace

QWidget *noticeCard(const QString &title, const QStringList &lines, const char *tone, QWidget *parent)
{
    auto *card = new QFrame(parent);
    card->setProperty("finding", QString::fromLatin1(tone));
    auto *layout = new QVBoxLayout(card);
    layout->setContentsMargins(12, 10, 12, 10);
    layout->setSpacing(4);
    QLabel *head = wrappedLabel(title, tone, card);
    head->setFont(Theme::strongFont());
    layout->addWidget(head);
    for (const QString &line : lines)
        layout->addWidget(wrappedLabel(line, nullptr, card));
    return card;
}

PlanView::PlanView(const Theme &theme, QWidget *parent)
    : QScrollArea(parent)
    , m_theme(theme)
    , m_title(plainLabel({}, nullptr, this))
    , m_summary(plainLabel({}, "muted", this))
    , m_facts(bare(this, 12, true))
    , m_checks(bare(this, 6))
    , m_passed(bare(this, 6))
    , m_slotPart(bare(this, 10))
    , m_stepPart(bare(this, 8))
    , m_words(bare(this, 10))
    , m_passedButton(new QPushButton(this))
    , m_form(new SegmentedControl({tr("Bars"), tr("Maps")}, this))
    , m_picture(new PlanPicture(theme, this))
    , m_moves(new MovesList(theme, this))
    , m_steps(new StepTree(theme, this))
{
    setObjectName(u"planView"_s);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    makeParts();
    connect(m_form, &SegmentedControl::currentChanged, this, [this](int form) { m_picture->setMaps(form == 1); });
    connect(m_steps, &StepTree::copyRequested, this, [this] { copyShell(true); });
    connect(m_passedButton, &QPushButton::toggled, m_passed, &QWidget::setVisible);
}

void PlanView::makeParts()
{
    auto *content = new QWidget(this);
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(24, 4, 24, 16);
    layout->setSpacing(14);
    m_title->setFont(Theme::strongFont());
    m_title->setWordWrap(true);
    m_summary->setWordWrap(true);
    m_passedButton->setProperty("link", true);
    m_passedButton->setCheckable(true);
    m_passedButton->setAutoDefault(false);
    m_passed->hide();
    auto *slotHead = bare(m_slotPart, 8, true);
    slotHead->layout()->addWidget(heading(tr("Slots"), slotHead));
    static_cast<QBoxLayout *>(slotHead->layout())->addStretch();
    slotHead->layout()->addWidget(m_form);
    for (QWidget *widget : std::initializer_list<QWidget *>{slotHead, m_picture, m_moves})
        m_slotPart->layout()->addWidget(widget);
    m_stepPart->layout()->addWidget(makeStepsHead());
    m_stepPart->layout()->addWidget(m_steps);
    for (QWidget *widget :
         std::initializer_list<QWidget *>{m_title, m_summary, m_facts, m_checks, m_slotPart, m_stepPart, m_words})
        layout->addWidget(widget);
    layout->addStretch();
    setWidget(content);
}

QWidget *PlanView::makeStepsHead()
{
    auto *head = bare(m_stepPart, 8, true);
    head->layout()->addWidget(heading(tr("Steps"), head));
    head->layout()->addWidget(plainLabel(tr("expand a step to see its commands"), "faint", head));
    static_cast<QBoxLayout *>(head->layout())->addStretch();
    auto *copy = new QPushButton(tr("Copy"), head);
    copy->setObjectName(u"copyPlan"_s);
    copy->setAutoDefault(false);
    auto *menu = new QMenu(copy);
    menu->addAction(tr("Plan as redis-cli commands"), this, [this] { copyShell(false); });
    menu->addAction(tr("Selected step as redis-cli commands\tCtrl+C"), this, [this] { copyShell(true); });
    menu->addAction(tr("Plan as text"), this, &PlanView::copyText);
    copy->setMenu(menu);
    head->layout()->addWidget(copy);
    return head;
}

void PlanView::clear(QWidget *box)
{
    while (QLayoutItem *item = box->layout()->takeAt(0)) {
        if (item->widget()) {
            item->widget()->hide();
            item->widget()->deleteLater();
        }
        delete item;
    }
}

void PlanView::setPlanned(const PlannedOperation &planned)
{
    m_plan = planned.plan;
    m_title->setText(m_plan.title);
    m_title->show();
    m_summary->setText(m_plan.isEmpty() && !m_plan.isRefused() ? tr("There is nothing to do.") : QString());
    m_summary->setVisible(!m_summary->text().isEmpty());
    showFacts(m_plan);
    showChecks(m_plan);
    showSlots(planned);
    m_steps->setPlan(m_plan);
    m_stepPart->setVisible(!m_plan.steps.isEmpty());
    showWords(m_plan);
}

void PlanView::setFailure(const Error &error)
{
    m_plan = {};
    m_title->setText(tr("There is no plan"));
    m_summary->setText(describe(error) + u'\n' + advice(error));
    m_summary->show();
    showFacts(m_plan);
    showChecks(m_plan);
    showWords(m_plan);
    for (QWidget *part : {m_facts, m_slotPart, m_stepPart})
        part->hide();
}

void PlanView::showFacts(const OperationPlan &plan)
{
    clear(m_facts);
    QList<std::pair<QString, QString>> facts;
    const PlanEstimate &estimate = plan.estimate;
    const auto add = [&facts](const QString &name, const QString &value) { facts.append({name, value}); };
    const bool moves = !plan.moves.isEmpty() && plan.operation != Operation::Create;
    if (estimate.slots > 0 && moves)
        add(tr("Slots to move"), groupedNumber(estimate.slots));
    if (moves)
        add(tr("Keys"), estimate.keys >= 0 ? u"≈ "_s + groupedNumber(estimate.keys) : tr("not known"));
    if (estimate.bytes > 0)
        add(tr("Data"), u"≈ "_s + byteSize(estimate.bytes));
    if (const QString method = methodOf(plan); !method.isEmpty())
        add(tr("Method"), method);
    add(tr("Steps"), groupedNumber(plan.steps.size()));
    if (estimate.milliseconds >= 0)
        add(tr("Estimated"), u"≈ "_s + duration(std::max<qint64>(1000, estimate.milliseconds)));
    for (const auto &[name, value] : std::as_const(facts)) {
        auto *tile = new QFrame(m_facts);
        tile->setProperty("tile", true);
        auto *layout = new QVBoxLayout(tile);
        layout->setContentsMargins(12, 8, 12, 8);
        layout->setSpacing(2);
        auto *label = plainLabel(name, "muted", tile);
        label->setFont(Theme::smallFont());
        auto *figure = new ElidedLabel(value, Qt::ElideRight, tile);
        figure->setFont(Theme::titleFont());
        layout->addWidget(label);
        layout->addWidget(figure);
        tile->setMinimumWidth(96);
        tile->setMaximumWidth(200);
        m_facts->layout()->addWidget(tile);
    }
    static_cast<QBoxLayout *>(m_facts->layout())->addStretch();
    m_facts->setVisible(!plan.isEmpty());
}

QWidget *PlanView::checkRow(const PlanCheck &check)
{
    const bool warn = check.verdict == PlanCheck::Verdict::Warn, refuse = check.verdict == PlanCheck::Verdict::Refuse;
    const char *tone = refuse ? "error" : warn ? "warn" : "ok";
    auto *row = new QFrame(m_checks);
    row->setProperty("finding", QString::fromLatin1(refuse || warn ? tone : ""));
    row->setAccessibleName(verdictWord(check.verdict) + u": "_s + check.title);
    auto *layout = new QGridLayout(row);
    layout->setContentsMargins(12, refuse || warn ? 8 : 0, 12, refuse || warn ? 8 : 0);
    layout->setHorizontalSpacing(12);
    layout->setVerticalSpacing(2);
    QLabel *word = plainLabel(verdictWord(check.verdict), tone, row);
    word->setMinimumWidth(84);
    layout->addWidget(word, 0, 0, Qt::AlignTop);
    layout->addWidget(wrappedLabel(check.title, nullptr, row), 0, 1);
    if (!check.detail.isEmpty())
        layout->addWidget(wrappedLabel(check.detail, "muted", row), 1, 1);
    layout->setColumnStretch(1, 1);
    m_checkLines.append(verdictWord(check.verdict) + u": "_s + check.title);
    return row;
}

void PlanView::showChecks(const OperationPlan &plan)
{
    m_checks->layout()->removeWidget(m_passedButton);
    m_checks->layout()->removeWidget(m_passed);
    clear(m_checks);
    clear(m_passed);
    m_checkLines.clear();
    int passed = 0;
    for (const auto verdict : {PlanCheck::Verdict::Refuse, PlanCheck::Verdict::Warn, PlanCheck::Verdict::Pass}) {
        for (const PlanCheck &check : plan.checks) {
            if (check.verdict != verdict)
                continue;
            const bool pass = verdict == PlanCheck::Verdict::Pass;
            (pass ? m_passed : m_checks)->layout()->addWidget(checkRow(check));
            passed += pass ? 1 : 0;
        }
    }
    m_passedButton->setText(passed == plan.checks.size() && passed > 1
                                ? tr("✓ All %1 checks passed").arg(passed)
                                : u"✓ "_s + counted(passed, tr("1 check passed"), tr("%1 checks passed")));
    m_passedButton->setVisible(passed > 0);
    m_checks->layout()->addWidget(m_passedButton);
    m_checks->layout()->setAlignment(m_passedButton, Qt::AlignLeft);
    m_checks->layout()->addWidget(m_passed);
    m_passed->setVisible(passed > 0 && m_passedButton->isChecked());
}

void PlanView::showSlots(const PlannedOperation &planned)
{
    const ClusterViewPtr made = viewOfLayout(planned.plan);
    const ClusterViewPtr &view = planned.plan.basis.view;
    const bool moves = view && !planned.plan.moves.isEmpty();
    m_slotPart->setVisible(moves || made);
    if (made)
        m_picture->setViews({}, made);
    else if (moves)
        m_picture->setViews(view, afterMoves(*view, planned.plan.moves));
    m_moves->setMoves(moves ? planned.plan.moves : QList<SlotMove>{}, view);
    m_moves->setVisible(moves);
}

void PlanView::showWords(const OperationPlan &plan)
{
    clear(m_words);
    QStringList risks;
    for (const PlanStep &step : plan.steps) {
        if (!step.risk.isEmpty() && !risks.contains(step.risk))
            risks.append(step.risk);
    }
    if (!plan.dataLoss.isEmpty())
        m_words->layout()->addWidget(noticeCard(tr("✕ Data may be lost"), plan.dataLoss, "error", m_words));
    if (!risks.isEmpty())
        m_words->layout()->addWidget(noticeCard(tr("▲ Before you start"), risks, "warn", m_words));
    if (!plan.notes.isEmpty())
        m_words->layout()->addWidget(noticeCard(tr("Notes"), plan.notes, "note", m_words));
    if (!plan.verifies.isEmpty())
        m_words->layout()->addWidget(noticeCard(tr("Verified at the end"), plan.verifies, "note", m_words));
}

void PlanView::copyShell(bool chosenStepOnly) const
{
    const int step = m_steps->chosenStep();
    QGuiApplication::clipboard()->setText(
        shellText(m_plan, chosenStepOnly && step >= 0 ? QList<int>{step} : QList<int>{}));
}

void PlanView::copyText() const
{
    QGuiApplication::clipboard()->setText(planText(m_plan));
}

} // namespace slotscope
