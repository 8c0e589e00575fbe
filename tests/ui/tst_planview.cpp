// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sampleview.h"
#include "tests/support/testmain.h"
#include "ui/operations/planpicture.h"
#include "ui/operations/planview.h"
#include "ui/operations/planwords.h"
#include "ui/operations/steptree.h"
#include "ui/shared/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;
using Verdict = PlanCheck::Verdict;

class TestPlanView : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void worstChecksComeFirst();
    void stepsUnfoldLazily();
    void longStepsAreCut();
    void copiesAsShellAndText();
    void afterIsWhatTheMovesMake();
    void saysWhyThereIsNoPlan();
    void anotherPlanReplacesTheFirst();

private:
    [[nodiscard]] PlannedOperation sample() const;
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<PlanView> m_view;
};

void TestPlanView::init()
{
    m_theme = std::make_unique<Theme>(Theme::Mode::Light);
    m_view = std::make_unique<PlanView>(*m_theme);
    m_view->resize(800, 600);
    m_view->show();
}

void TestPlanView::cleanup()
{
    m_view.reset();
    m_theme.reset();
}

PlannedOperation TestPlanView::sample() const
{
    PlannedOperation planned;
    planned.request = ReshardRequest{};
    planned.plan.basis.view = samples::healthy();
    const ClusterView &view = *planned.plan.basis.view;
    const NodeState &source = view.nodes[size_t(view.shards[0].primary)];
    const NodeState &target = view.nodes[size_t(view.shards[1].primary)];
    OperationPlan &plan = planned.plan;
    plan.operation = Operation::Reshard;
    plan.title = u"Move 300 slots"_s;
    plan.checks = {{Verdict::Pass, u"fine"_s, {}}, {Verdict::Warn, u"hm"_s, u"why"_s}, {Verdict::Refuse, u"no"_s, {}}};
    plan.moves = {{.source = {source.id, source.name}, .target = {target.id, target.name}, .slots = {{0, 299}}}};
    PlanStep first;
    first.title = u"Introduce"_s;
    first.risk = u"it may not answer"_s;
    first.commands = {{.node = {source.id, source.name}, .command = commandOf("CLUSTER", "MEET", "a b")}};
    PlanStep second;
    second.kind = PlanStep::Kind::MoveSlots;
    second.title = u"Move"_s;
    second.moves = plan.moves;
    plan.steps = {first, second};
    return planned;
}

void TestPlanView::worstChecksComeFirst()
{
    m_view->setPlanned(sample());
    const QStringList lines = m_view->checkLines();
    QCOMPARE(lines.size(), 3);
    QVERIFY(lines[0].startsWith(u"✕ refused: no"_s));
    QVERIFY(lines[1].startsWith(u"▲ warning: hm"_s));
    QVERIFY(lines[2].startsWith(u"✓ passed: fine"_s));
}

void TestPlanView::stepsUnfoldLazily()
{
    m_view->setPlanned(sample());
    StepTree *tree = m_view->steps();
    QCOMPARE(tree->topLevelItemCount(), 2);
    QTreeWidgetItem *first = tree->topLevelItem(0);
    QCOMPARE(first->childCount(), 0);
    const int height = tree->height();
    first->setExpanded(true);
    QCOMPARE(first->childCount(), 2);
    QVERIFY(first->child(0)->text(0).contains(u"may not answer"_s));
    QCOMPARE(first->child(1)->text(0), u"CLUSTER MEET a b"_s);
    QVERIFY(tree->height() > height);
}

void TestPlanView::longStepsAreCut()
{
    m_view->setPlanned(sample());
    QTreeWidgetItem *moves = m_view->steps()->topLevelItem(1);
    moves->setExpanded(true);
    QCOMPARE(moves->childCount(), StepTree::mostCommands + 1);
    QVERIFY(moves->child(StepTree::mostCommands)->text(0).contains(u"slot by slot"_s));
}

void TestPlanView::copiesAsShellAndText()
{
    m_view->setPlanned(sample());
    m_view->copyShell(false);
    const QString all = QGuiApplication::clipboard()->text();
    QVERIFY(all.contains(u"# 1. Introduce\nredis-cli "_s));
    QVERIFY(all.contains(u"'a b'"_s));
    QVERIFY(all.contains(u"SETSLOT 299 NODE"_s)); // all commands are copied, not only the visible ones
    m_view->steps()->setCurrentItem(m_view->steps()->topLevelItem(0));
    m_view->steps()->setFocus();
    QTest::keyClick(m_view->steps(), Qt::Key_C, Qt::ControlModifier);
    const QString chosen = QGuiApplication::clipboard()->text();
    QVERIFY(chosen.contains(u"MEET"_s) && !chosen.contains(u"SETSLOT"_s));
    PlanStep odd;
    odd.title = u"Forget $(touch x)\nrm -r it's"_s;
    OperationPlan strange;
    strange.steps = {odd};
    const QString quoted = shellText(strange, {});
    QCOMPARE(quoted.count(u'\n'), 1);
    QVERIFY2(quoted.startsWith(u"# 1. $'"_s) && !quoted.contains(u"$("_s), qPrintable(quoted));
    m_view->copyText();
    const QString text = QGuiApplication::clipboard()->text();
    QVERIFY(text.startsWith(u"Move 300 slots\n"_s) && text.contains(u"▲ warning: hm. why"_s));
}

void TestPlanView::afterIsWhatTheMovesMake()
{
    const PlannedOperation planned = sample();
    const ClusterViewPtr after = afterMoves(*planned.plan.basis.view, planned.plan.moves);
    const int target = planned.plan.basis.view->shards[1].primary;
    QCOMPARE(after->owner[299], qint16(target));
    QCOMPARE(after->owner[300], planned.plan.basis.view->owner[300]);
    QCOMPARE(after->nodes[size_t(target)].slots.count(),
             planned.plan.basis.view->nodes[size_t(target)].slots.count() + 300);
    QCOMPARE(after->shards[0].slots.count(), planned.plan.basis.view->shards[0].slots.count() - 300);
    QCOMPARE(planned.plan.basis.view->owner[0],
             qint16(planned.plan.basis.view->shards[0].primary)); // the plan's view is not changed
    m_view->setPlanned(planned);
    m_view->picture()->setMaps(true);
    QVERIFY(m_view->picture()->sizeHint().height() > 256);
}

void TestPlanView::saysWhyThereIsNoPlan()
{
    m_view->setPlanned(sample());
    Error error;
    error.code = Error::Code::InvalidArgument;
    error.detail = u"no slots were chosen"_s;
    m_view->setFailure(error);
    QVERIFY(m_view->checkLines().isEmpty());
    QVERIFY(!m_view->steps()->isVisible());
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); // deletes the discarded widgets
    m_view->setPlanned(sample());
    QVERIFY(m_view->steps()->isVisible());
    QCOMPARE(m_view->checkLines().size(), 3);
}

void TestPlanView::anotherPlanReplacesTheFirst()
{
    m_view->setPlanned(sample());
    PlannedOperation other = sample();
    other.plan.steps.removeLast();
    other.plan.checks = {{Verdict::Pass, u"fine"_s, {}}};
    m_view->setPlanned(other);
    QCOMPARE(m_view->steps()->topLevelItemCount(), 1);
    QCOMPARE(m_view->checkLines().size(), 1);
    other.plan.steps.clear();
    m_view->setPlanned(other);
    QVERIFY(!m_view->steps()->isVisible());
}

SLOTSCOPE_TEST(TestPlanView)
#include "tst_planview.moc"
