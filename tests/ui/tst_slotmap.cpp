// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cluster/slot.h"
#include "tests/support/sampleview.h"
#include "tests/support/testmain.h"
#include "ui/shared/theme.h"
#include "ui/slots/shardlegend.h"
#include "ui/slots/slotkey.h"
#include "ui/slots/slotmap.h"
#include "ui/slots/slotstrip.h"
#include "ui/slots/slotspage.h"

#include <QApplication>
#include <QMouseEvent>
#include <QDropEvent>
#include <QMimeData>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestSlotMap : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void rectanglesBecomeRangesARow();
    void keysMoveAndSelect();
    void mouseDragsRuns();
    void altDragsRectangles();
    void theStripSelects();
    void manyShardsLookDifferent();
    void ctrlAddsAndTakesAway();
    void hoverTellsTheSlot();
    void everyCellIsFoundAgain();
    void zoomKeepsThePlace();
    void paintsStatesDistinctly();
    void dimsSlotsOfAFailedOwner();
    void theColouringShows();
    void movingSlotsPulseOnlyWhileSeen();
    void aSelectionIsTakenOrClicked();
    void aDropOnAShardIsAReshard();
    void theSelectionMovesByButtonAndKey();
    void aRunIsShownOnTheMap();

private:
    [[nodiscard]] QPoint middle(int slot) const { return m_map->rectOf(slot).center().toPoint(); }
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<SlotMap> m_map;
};

void TestSlotMap::init()
{
    m_theme = std::make_unique<Theme>(Theme::Mode::Dark);
    m_map = std::make_unique<SlotMap>(*m_theme);
    m_map->resize(760, 700);
    m_map->setView(samples::degraded());
    m_map->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_map.get()));
}

void TestSlotMap::cleanup()
{
    m_map.reset();
    m_theme.reset();
}

void TestSlotMap::rectanglesBecomeRangesARow()
{
    QCOMPARE(SlotSelection::rectangle(130, 260), (SlotSet{{130, 132}, {258, 260}}));
    QCOMPARE(SlotSelection::rectangle(260, 130), (SlotSet{{130, 132}, {258, 260}}));
    QCOMPARE(SlotSelection::rectangle(0, 16383), SlotSet::all());
    // the other two corners of the same rectangle
    QCOMPARE(SlotSelection::rectangle(258, 132), (SlotSet{{130, 132}, {258, 260}}));
}

void TestSlotMap::keysMoveAndSelect()
{
    SlotSelection selection;
    selection.move(1, 0, false);
    QCOMPARE(selection.cursor(), 0);
    selection.move(-1, -1, false);
    QCOMPARE(selection.cursor(), 0);
    selection.move(2, 1, true);
    QCOMPARE(selection.selected(), (SlotSet{{0, 130}}));
    selection.clear();
    QVERIFY(selection.selected().isEmpty());
    m_map->setFocus();
    QTest::keyClick(m_map.get(), Qt::Key_Right);
    QTest::keyClick(m_map.get(), Qt::Key_Down, Qt::ShiftModifier);
    QCOMPARE(m_map->selected(), (SlotSet{{0, 128}}));
    QTest::keyClick(m_map.get(), Qt::Key_Escape);
    QVERIFY(m_map->selected().isEmpty());
}

void TestSlotMap::mouseDragsRuns()
{
    QSignalSpy changed(m_map.get(), &SlotMap::selectionChanged);
    QTest::mousePress(m_map->viewport(), Qt::LeftButton, {}, middle(1000));
    QTest::mouseMove(m_map->viewport(), middle(1130));
    QTest::mouseRelease(m_map->viewport(), Qt::LeftButton, {}, middle(1130));
    QCOMPARE(m_map->selected(), (SlotSet{{1000, 1130}}));
    QVERIFY(!changed.isEmpty());
    QTest::mouseClick(m_map->viewport(), Qt::LeftButton, Qt::ShiftModifier, middle(1259));
    QCOMPARE(m_map->selected(), (SlotSet{{1000, 1259}}));
}

void TestSlotMap::altDragsRectangles()
{
    QTest::mousePress(m_map->viewport(), Qt::LeftButton, Qt::AltModifier, middle(1000));
    QTest::mouseMove(m_map->viewport(), middle(1130));
    QTest::mouseRelease(m_map->viewport(), Qt::LeftButton, Qt::AltModifier, middle(1130));
    QCOMPARE(m_map->selected(), SlotSelection::rectangle(1000, 1130));
}

/// After the twelve hues follow lighter and then darker shades of them: no two of 36 shards have the same colour.
void TestSlotMap::manyShardsLookDifferent()
{
    QSet<QRgb> seen;
    for (int i = 0; i < shardShadeCount; ++i)
        seen.insert(shardColour(i).rgb());
    QCOMPARE(seen.size(), qsizetype(shardShadeCount));
    QCOMPARE(shardColour(shardShadeCount), shardColour(0));
    QCOMPARE(shardColour(-1), shardColour(shardShadeCount - 1));
}

/// A click selects the slot range under the pointer, a drag selects the slots between its ends.
void TestSlotMap::theStripSelects()
{
    const ClusterViewPtr view = samples::healthy();
    SlotStrip strip(*m_theme);
    strip.resize(1024, 18); // sixteen slots per pixel
    strip.setView(view);
    SlotSet chosen;
    connect(&strip, &SlotStrip::slotsChosen, &strip, [&chosen](const SlotSet &slotSet) { chosen = slotSet; });
    QTest::mouseClick(&strip, Qt::LeftButton, {}, QPoint(10, 9));
    QCOMPARE(chosen, (SlotSet{view->nodes[size_t(view->owner[160])].slots.ranges().constFirst()}));
    const auto send = [&strip](QEvent::Type type, int x, Qt::MouseButtons buttons) {
        QMouseEvent event(type, QPointF(x, 9), strip.mapToGlobal(QPointF(x, 9)),
                          type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton, buttons, Qt::NoModifier);
        QApplication::sendEvent(&strip, &event);
    };
    send(QEvent::MouseButtonPress, 100, Qt::LeftButton);
    send(QEvent::MouseMove, 50, Qt::LeftButton);
    QCOMPARE(chosen.toString(), u"800-1600"_s);
}

void TestSlotMap::ctrlAddsAndTakesAway()
{
    QTest::mouseClick(m_map->viewport(), Qt::LeftButton, {}, middle(5));
    QTest::mouseClick(m_map->viewport(), Qt::LeftButton, Qt::ControlModifier, middle(900));
    QCOMPARE(m_map->selected(), (SlotSet{{5, 5}, {900, 900}}));
    QTest::mouseClick(m_map->viewport(), Qt::LeftButton, Qt::ControlModifier, middle(5));
    QCOMPARE(m_map->selected(), (SlotSet{{900, 900}}));
}

void TestSlotMap::hoverTellsTheSlot()
{
    QTest::mouseMove(m_map->viewport(), middle(9999));
    QTRY_COMPARE(m_map->hovered(), 9999);
    QVERIFY(m_map->describe(9999).at(1).contains(u"10.0.2.14:6379"_s));
    QVERIFY(m_map->describe(6601).join(u'\n').contains(u"In migration"_s));
    QVERIFY(m_map->describe(14001).join(u'\n').contains(u"Uncovered"_s));
    QVERIFY(m_map->describe(9835).join(u'\n').contains(u"Disputed"_s));
}

void TestSlotMap::everyCellIsFoundAgain()
{
    for (const QSize &size : {QSize(420, 420), QSize(760, 700), QSize(1111, 933)}) {
        m_map->resize(size);
        for (int slot = 0; slot < slotCount; slot += 7)
            QCOMPARE(m_map->slotAt(m_map->rectOf(slot).center()), slot);
    }
    QCOMPARE(m_map->slotAt({-5, -5}), -1);
}

void TestSlotMap::zoomKeepsThePlace()
{
    QTest::keyClick(m_map.get(), Qt::Key_Plus);
    QVERIFY(m_map->zoom() > 1);
    m_map->zoomBy(6);
    QVERIFY(m_map->verticalScrollBar()->maximum() > 0);
    m_map->setFound(16000);
    QVERIFY(m_map->viewport()->rect().contains(middle(16000)));
    QTest::keyClick(m_map.get(), Qt::Key_0);
    QCOMPARE(m_map->zoom(), 1.0);
    QCOMPARE(m_map->verticalScrollBar()->maximum(), 0);
}

void TestSlotMap::paintsStatesDistinctly()
{
    const ClusterViewPtr view = samples::degraded();
    const QImage image = renderSlots({.view = view.get(), .tokens = &darkTokens(), .side = 12 * 128});
    const auto corner = [&image](int slot) { return image.pixelColor(slot % 128 * 12, slot / 128 * 12); };
    const auto inside = [&image](int slot) { return image.pixelColor(slot % 128 * 12 + 5, slot / 128 * 12 + 5); };
    QCOMPARE(inside(0), shardColour(0));
    QCOMPARE(inside(14001), darkTokens().surface);
    QCOMPARE(corner(14001), darkTokens().error);
    QCOMPARE(corner(9835), darkTokens().text);
    QCOMPARE(inside(9835), shardColour(3));
    QCOMPARE(corner(6601), darkTokens().text);
}

void TestSlotMap::dimsSlotsOfAFailedOwner()
{
    auto view = std::make_shared<ClusterView>(*samples::degraded());
    SlotKey key(*m_theme);
    key.setView(view);
    QCOMPARE(key.entries(), (QStringList{u"uncovered: 64"_s, u"in migration: 2"_s, u"disputed: 10"_s}));
    const int owner = view->owner[0];
    view->nodes.at(size_t(owner)).condition = NodeCondition::Failed;
    QCOMPARE(failedSlots(*view), view->nodes.at(size_t(owner)).slots);
    const QImage image = renderSlots({.view = view.get(), .tokens = &darkTokens(), .side = 12 * 128});
    const auto colourAt = [&image](int x, int y) { return image.pixelColor(x, y); };
    bool hatched = false;
    for (int x = 0; x < 10; ++x) {
        QVERIFY(colourAt(x, 5) != shardColour(0));
        hatched = hatched || colourAt(x, 5) == darkTokens().surface;
    }
    QVERIFY(hatched);
    m_map->setView(view);
    QVERIFY(m_map->describe(0).join(u'\n').contains(u"failed"_s));
    key.setView(view);
    QVERIFY(key.entries().at(1).startsWith(u"owner failed"_s));
}

void TestSlotMap::theColouringShows()
{
    // The duration of a repaint is measured by scripts/bench.sh.
    m_map->resize(1600, 1600);
    m_map->setKeyCounts(samples::keyCounts(*samples::degraded()));
    m_map->setColouring(SlotColouring::Owner);
    const QImage byOwner = m_map->viewport()->grab().toImage();
    m_map->setColouring(SlotColouring::Keys);
    const QImage byKeys = m_map->viewport()->grab().toImage();
    QCOMPARE(byKeys.size(), byOwner.size());
    QVERIFY(byKeys != byOwner);
}

void TestSlotMap::movingSlotsPulseOnlyWhileSeen()
{
    m_map->setView(samples::healthy());
    const QImage before = m_map->grab().toImage();
    SlotMotion motion{.moving = {{4000, 4009}}, .moved = {{3000, 3009}}, .target = {}};
    for (quint16 slot = 0; slot < 10; ++slot) {
        motion.target.insert(quint16(4000 + slot), 1);
        motion.target.insert(quint16(3000 + slot), 1);
    }
    m_map->setMotion(motion);
    QVERIFY(m_map->isPulsing());
    const QImage during = m_map->grab().toImage();
    QCOMPARE(during.pixelColor(middle(3000)), shardColour(1)); // moved, shown in the new owner's colour
    QVERIFY(during.copy(m_map->rectOf(4000).toRect()) != before.copy(m_map->rectOf(4000).toRect()));
    QCOMPARE(during.pixelColor(middle(5000)), before.pixelColor(middle(5000)));
    QTRY_VERIFY(m_map->grab().toImage() != during);
    m_map->hide();
    QVERIFY(!m_map->isPulsing());
    m_map->show();
    QVERIFY(m_map->isPulsing());
    m_theme->setStill(true); // the setting “Reduce motion”
    QVERIFY(!m_map->isPulsing());
    const QImage still = m_map->grab().toImage();
    QVERIFY(still.copy(m_map->rectOf(4000).toRect()) != before.copy(m_map->rectOf(4000).toRect()));
    m_theme->setStill(false);
    QVERIFY(m_map->isPulsing());
    m_map->setMotion({});
    QVERIFY(!m_map->isPulsing());
}

void TestSlotMap::aSelectionIsTakenOrClicked()
{
    QSignalSpy taken(m_map.get(), &SlotMap::dragRequested);
    const SlotSet chosen = SlotSelection::rectangle(1290, 1560);
    m_map->select(chosen);
    QWidget *viewport = m_map->viewport();
    QTest::mousePress(viewport, Qt::LeftButton, {}, middle(1292));
    QTest::mouseMove(viewport, middle(1295) + QPoint(40, 30));
    QCOMPARE(taken.count(), 1);
    QCOMPARE(m_map->selected(), chosen); // the selection is dragged, no new one begins
    QTest::mouseRelease(viewport, Qt::LeftButton, {}, middle(2000));
    QCOMPARE(m_map->selected(), chosen);
    QTest::mouseClick(viewport, Qt::LeftButton, {}, middle(1292)); // a click selects one slot
    QCOMPARE(m_map->selected(), (SlotSet{{1292, 1292}}));
    QCOMPARE(taken.count(), 1);
}

void TestSlotMap::aDropOnAShardIsAReshard()
{
    PageContext context(*m_theme);
    SlotsPage page(context);
    page.resize(1300, 800);
    page.setView(samples::healthy());
    page.show();
    QVERIFY(QTest::qWaitForWindowExposed(&page));
    QSignalSpy wanted(&page, &Page::operationRequested);
    QMimeData data;
    data.setData(ShardLegend::slotsMimeType(), "5-9 20");
    ShardLegend *legend = page.legend();
    const QPoint point = legend->visualRect(legend->model()->index(1, 0)).center();
    QDragEnterEvent enter(point, Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(legend->viewport(), &enter);
    QVERIFY(enter.isAccepted());
    QDragMoveEvent move(point, Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(legend->viewport(), &move);
    QCOMPARE(legend->dropRow(), 1);
    QDropEvent drop(point, Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(legend->viewport(), &drop);
    QCOMPARE(legend->dropRow(), -1);
    QCOMPARE(wanted.count(), 1);
    const auto draft = wanted.first().first().value<OperationDraft>();
    const ClusterViewPtr view = samples::healthy();
    QCOMPARE(draft.operation, Operation::Reshard);
    QCOMPARE(draft.targetId, view->nodes[size_t(view->shards[1].primary)].id);
    QCOMPARE(draft.slots, (SlotSet{{5, 9}, {20, 20}}));
    context.setReadOnly(true);
    QApplication::sendEvent(legend->viewport(), &drop);
    QCOMPARE(wanted.count(), 1);
}

void TestSlotMap::theSelectionMovesByButtonAndKey()
{
    PageContext context(*m_theme);
    SlotsPage page(context);
    page.resize(1300, 800);
    page.setView(samples::healthy());
    page.show();
    QVERIFY(QTest::qWaitForWindowActive(&page));
    QSignalSpy wanted(&page, &Page::operationRequested);
    page.map()->select({{100, 1099}});
    QCOMPARE(page.moveButton()->text(), u"Move 1,000 slots…"_s);
    QTest::mouseClick(page.moveButton(), Qt::LeftButton);
    QCOMPARE(wanted.count(), 1);
    page.map()->setFocus();
    QTest::keyClick(page.map(), Qt::Key_M, Qt::ControlModifier);
    QCOMPARE(wanted.count(), 2);
    QCOMPARE(wanted.last().first().value<OperationDraft>().slots, (SlotSet{{100, 1099}}));
    context.setReadOnly(true);
    QVERIFY(!page.moveButton()->isEnabled());
    QTest::keyClick(page.map(), Qt::Key_M, Qt::ControlModifier);
    QCOMPARE(wanted.count(), 2);
}

void TestSlotMap::aRunIsShownOnTheMap()
{
    PageContext context(*m_theme);
    SlotsPage page(context);
    const ClusterViewPtr view = samples::healthy();
    page.setView(view);
    const NodeState &source = view->nodes[size_t(view->shards[0].primary)];
    const NodeState &target = view->nodes[size_t(view->shards[2].primary)];
    OperationPlan plan;
    plan.moves = {{.source = {source.id, source.name}, .target = {target.id, target.name}, .slots = {{0, 99}}}};
    PlanStep step;
    step.moves = plan.moves;
    plan.steps = {step};
    auto run = std::make_shared<RunSnapshot>();
    run->id = u"1"_s;
    run->plan = std::make_shared<const OperationPlan>(plan);
    run->progress.moving = {{10, 11}};
    run->progress.moved = {{0, 9}};
    page.showRun(run);
    QCOMPARE(page.map()->motion().moving, (SlotSet{{10, 11}}));
    QCOMPARE(page.map()->motion().target.value(10, -1), view->shards[2].colour);
    QCOMPARE(page.map()->motion().target.size(), 12);
    auto over = std::make_shared<RunSnapshot>(*run);
    over->state = RunState::Done;
    page.showRun(over);
    QVERIFY(page.map()->motion().moving.isEmpty() && page.map()->motion().moved.isEmpty());
}

SLOTSCOPE_TEST(TestSlotMap)
#include "tst_slotmap.moc"
