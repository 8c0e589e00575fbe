// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/nodewords.h"
#include "ui/topology/opshistory.h"
#include "tests/support/sampleview.h"
#include "tests/support/testmain.h"
#include "ui/shared/operationdraft.h"
#include "ui/shared/factslist.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"
#include "ui/topology/hostscard.h"
#include "ui/topology/nodedetail.h"
#include "ui/topology/noderecord.h"
#include "ui/topology/sentinelcard.h"
#include "ui/topology/shardcanvas.h"
#include "ui/topology/topologypage.h"

#include <QJsonDocument>
#include <QJsonArray>
#include <QJsonObject>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTest>

#include <cmath>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestTopologyPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void startsEmpty();
    void showsCardsAndRows();
    void selectionAndScrollSurviveUpdates();
    void keyboardWalksTheNodes();
    void focusLeavesTheCardsVisible();
    void detailTellsWhatIsKnown();
    void filterNarrows();
    void forgetsAVanishedNode();
    void followsAFailover();
    void survivesDeletionWithADetailOpen();
    void thousandNodesAreShown();
    void menusBeginOperations();
    void idleNodesShowNoBurst();
    void jsonOfAllNodes();
    void menuOfADeadNode();
    void menuOfAServer();
    void shortcutsBeginOperations();
    void aShardHasAMenuOfItsOwn();
    void sentinelsHaveACard();
    void cardsTakeTheRoom();
    void theyAreFoundInEverySize();
    void troubleIsSeenAndFiltered();
    void hostsTellWhatIsLost();
    void headBeginsOperations();
    void recordTellsFigures();

private:
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<PageContext> m_context;
    std::unique_ptr<TopologyPage> m_page;
};

void TestTopologyPage::init()
{
    m_theme = std::make_unique<Theme>(Theme::Mode::Light);
    m_context = std::make_unique<PageContext>(*m_theme);
    m_page = std::make_unique<TopologyPage>(*m_context);
    m_page->resize(1300, 800);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
}

void TestTopologyPage::cleanup()
{
    m_page.reset();
    m_theme.reset();
}

void TestTopologyPage::startsEmpty()
{
    QVERIFY(!m_page->isFilled());
    QVERIFY(!m_page->canvas()->isVisible());
    m_page->setView(samples::healthy());
    QVERIFY(m_page->isFilled());
    QVERIFY(m_page->canvas()->isVisible());
    m_page->setView({});
    QVERIFY(!m_page->isFilled());
}

void TestTopologyPage::showsCardsAndRows()
{
    m_page->setView(samples::degraded());
    QCOMPARE(m_page->canvas()->cards().cards.size(), size_t(6)); // five shards and the node outside the cluster
    QCOMPARE(m_page->canvas()->cards().cards.back().kind, Card::Kind::Outside);
    m_page->setForm(1);
    QCOMPARE(m_page->canvas()->cards().cards.size(), size_t(11));
    m_page->setForm(2);
    QVERIFY(m_page->table()->isVisible());
    QCOMPARE(m_page->table()->proxy()->rowCount(), 11);
    QVERIFY(m_page->table()->exported(TableFormat::Csv).contains("10.0.3.14:6379"));
}

void TestTopologyPage::selectionAndScrollSurviveUpdates()
{
    m_page->setView(samples::thousandNodes());
    m_page->canvas()->verticalScrollBar()->setValue(900);
    const QByteArray id = samples::thousandNodes()->nodes.at(20).id;
    m_page->showNode(id);
    const int scrolled = m_page->canvas()->verticalScrollBar()->value();
    for (int tick = 1; tick < 5; ++tick)
        m_page->setView(samples::thousandNodes(tick));
    QCOMPARE(m_page->canvas()->current(), id);
    QCOMPARE(m_page->canvas()->verticalScrollBar()->value(), scrolled);
    m_page->setForm(2); // the table selects the same node when it is shown
    QCOMPARE(m_page->table()->currentIndex().data(IdRole).toByteArray(), id);
}

/// With the keyboard but no current node, only a frame at the edge marks the focus.
void TestTopologyPage::focusLeavesTheCardsVisible()
{
    m_page->setView(samples::degraded());
    ShardCanvas *canvas = m_page->canvas();
    canvas->clearFocus();
    QTRY_VERIFY(!canvas->hasFocus());
    const QImage without = canvas->viewport()->grab().toImage();
    canvas->setFocus();
    QTRY_VERIFY(canvas->hasFocus());
    const QImage with = canvas->viewport()->grab().toImage();
    QCOMPARE(with.size(), without.size());
    constexpr int edge = 12; // px that the frame may change
    const QRect inner = without.rect().adjusted(edge, edge, -edge, -edge);
    QCOMPARE(with.copy(inner), without.copy(inner));
}

void TestTopologyPage::keyboardWalksTheNodes()
{
    const ClusterViewPtr view = samples::degraded();
    m_page->setView(view);
    ShardCanvas *canvas = m_page->canvas();
    canvas->setFocus();
    QTest::keyClick(canvas, Qt::Key_Down);
    QCOMPARE(canvas->current(), view->nodes.at(0).id);
    QTest::keyClick(canvas, Qt::Key_Down);
    QCOMPARE(canvas->current(), view->nodes.at(1).id);
    QTest::keyClick(canvas, Qt::Key_Right);
    QCOMPARE(canvas->current(), view->nodes.at(3).id);
    QVERIFY(!m_page->detail()->isVisible());
    QTest::keyClick(canvas, Qt::Key_Return);
    QVERIFY(m_page->detail()->isVisible());
    QVERIFY(m_page->closeDetail());
    QVERIFY(!m_page->detail()->isVisible());
    QVERIFY(!m_page->closeDetail());
}

void TestTopologyPage::detailTellsWhatIsKnown()
{
    const ClusterViewPtr view = samples::degraded();
    m_page->setView(view);
    m_page->showNode(view->nodes.at(3).id);
    const FactsList *facts = m_page->detail()->facts();
    QCOMPARE(facts->fact(u"saidBy"_s), u"4 of 5 primaries report it failed, 1 primary suspects a failure"_s);
    QVERIFY(facts->fact(u"role"_s).contains(u"10.0.1.12:6379"_s));
    QVERIFY(facts->fact(u"reach"_s).contains(u"refused"_s));
    QCOMPARE(m_page->detail()->opinions()->proxy()->rowCount(), view->observers);
}

void TestTopologyPage::filterNarrows()
{
    m_page->setView(samples::degraded());
    auto *filter = m_page->findChild<QLineEdit *>();
    filter->setText(u"failed"_s);
    QCOMPARE(m_page->canvas()->cards().cards.size(), size_t(1));
    filter->setText(u"no such node"_s);
    QVERIFY(!m_page->canvas()->isVisible());
    filter->clear();
    QVERIFY(m_page->canvas()->isVisible());
}

void TestTopologyPage::forgetsAVanishedNode()
{
    m_page->setView(samples::degraded());
    m_page->showNode(samples::degraded()->nodes.at(10).id);
    m_page->setView(samples::healthy());
    QVERIFY(!m_page->detail()->isVisible());
    QVERIFY(m_page->canvas()->current().isEmpty());
}

void TestTopologyPage::followsAFailover()
{
    auto after = std::make_shared<ClusterView>(*samples::healthy(1));
    std::swap(after->nodes[0].primary, after->nodes[1].primary);
    std::swap(after->nodes[0].slots, after->nodes[1].slots);
    after->nodes[1].primaryId.clear();
    after->nodes[0].primaryId = after->nodes[1].id;
    after->shards[0].primary = 1;
    after->shards[0].replicas = {0};
    m_page->setView(samples::healthy(0));
    m_page->showNode(after->nodes[0].id);
    m_page->setView(after);
    QCOMPARE(m_page->canvas()->cards().cards.front().rows.front().node, 1);
    QVERIFY(m_page->detail()->facts()->fact(u"role"_s).startsWith(u"replica of"_s));
}

void TestTopologyPage::survivesDeletionWithADetailOpen()
{
    m_page->setView(samples::degraded());
    m_page->showNode(samples::degraded()->nodes.at(3).id);
    m_page.reset();
    QCoreApplication::processEvents();
}

void TestTopologyPage::thousandNodesAreShown()
{
    // The duration is measured by scripts/bench.sh.
    for (const ClusterViewPtr &view : {samples::thousandNodes(1), samples::thousandNodes(2)}) {
        m_page->setForm(0);
        m_page->setView(view);
        QVERIFY(!m_page->canvas()->viewport()->grab().isNull());
        m_page->setForm(2);
        QTRY_COMPARE(m_page->table()->model()->rowCount(), int(view->nodes.size()));
    }
}

void TestTopologyPage::menusBeginOperations()
{
    const ClusterViewPtr view = samples::healthy();
    m_page->setView(view);
    QSignalSpy wanted(m_page.get(), &Page::operationRequested);
    const NodeState &primary = view->nodes[size_t(view->shards[0].primary)];
    const NodeState &replica = view->nodes[size_t(view->shards[0].replicas.first())];
    QMenu menu;
    m_page->fillMenu(&menu, replica.id);
    const auto act = [](const QMenu &in, const QString &operation) {
        return in.findChild<QAction *>(operation, Qt::FindDirectChildrenOnly);
    };
    for (const auto *name : {"failover", "replicate", "remove-node", "forget", "reset", "backup"})
        QVERIFY2(act(menu, QString::fromLatin1(name)), name);
    QVERIFY(act(menu, u"failover"_s)->text().contains(u"\tCtrl+"_s)); // the menu shows the shortcut
    act(menu, u"failover"_s)->trigger();
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(wanted.last().first().value<OperationDraft>().nodeId, replica.id);
    QMenu ofPrimary;
    m_page->fillMenu(&ofPrimary, primary.id);
    QVERIFY(!act(ofPrimary, u"replicate"_s)->isEnabled()); // disabled, because the node owns slots
    QVERIFY(!act(ofPrimary, u"replicate"_s)->toolTip().isEmpty());
    QMenu ofCluster;
    m_page->fillMenu(&ofCluster, {});
    QVERIFY(act(ofCluster, u"create"_s) && act(ofCluster, u"add-node"_s));
    m_context->setReadOnly(true);
    QMenu readOnly;
    m_page->fillMenu(&readOnly, replica.id);
    QVERIFY(!act(readOnly, u"failover"_s)->isEnabled());
}

void TestTopologyPage::idleNodesShowNoBurst()
{
    QVERIFY(1 / OpsHistory::spanOf(5, 6) <= 0.05); // one more command per second uses at most a twentieth of the height
    QVERIFY(100 / OpsHistory::spanOf(1000, 1100) < 0.2);
    QCOMPARE(OpsHistory::spanOf(0, 5000), 5000.0); // a real burst uses the full height
}

/// The JSON export contains all facts of the nodes, whatever columns the table shows.
void TestTopologyPage::jsonOfAllNodes()
{
    const ClusterViewPtr view = samples::healthy();
    const QJsonArray nodes = QJsonDocument::fromJson(nodesJson(*view)).array();
    QCOMPARE(nodes.size(), qsizetype(view->nodes.size()));
    const NodeState &replica = view->nodes[size_t(view->shards[0].replicas.first())];
    const QJsonObject primary = nodes[view->shards[0].primary].toObject();
    QCOMPARE(primary.value(u"id"_s).toString().toLatin1(), replica.primaryId);
    QVERIFY(!primary.value(u"slots"_s).toArray().isEmpty());
    const QJsonObject other = nodes[view->shards[0].replicas.first()].toObject();
    QCOMPARE(other.value(u"primaryId"_s).toString().toLatin1(), replica.primaryId);
}

/// The menu of a dead node only offers operations that work without its answer. If several nodes are dead, it also
/// offers to remove all at once.
void TestTopologyPage::menuOfADeadNode()
{
    auto view = std::make_shared<ClusterView>(*samples::healthy());
    QList<QByteArray> dead;
    for (const size_t shard : {0, 1}) {
        NodeState &node = view->nodes[size_t(view->shards[shard].replicas.first())];
        node.condition = NodeCondition::Failed;
        node.reach.state = Reach::State::Waiting;
        dead.append(node.id);
    }
    m_page->setView(view);
    QSignalSpy wanted(m_page.get(), &Page::operationRequested);
    QMenu menu;
    m_page->fillMenu(&menu, dead.first());
    QStringList names;
    for (const QAction *action : menu.actions())
        if (!action->objectName().isEmpty())
            names.append(action->objectName());
    QCOMPARE(names.join(u' '), u"retryNow remove-node forget remove-node"_s);
    menu.actions().last()->trigger();
    const auto draft = wanted.value(0).value(0).value<OperationDraft>();
    QCOMPARE(draft.operation, Operation::RemoveNode);
    QCOMPARE(QList<QByteArray>{draft.nodeId} + draft.more, dead);
}

void TestTopologyPage::menuOfAServer()
{
    auto view = std::make_shared<ClusterView>(*samples::standalone());
    m_page->setView(view);
    QMenu menu;
    m_page->fillMenu(&menu, view->nodes.front().id);
    const auto *backup = menu.findChild<QAction *>(u"backup"_s, Qt::FindDirectChildrenOnly);
    QVERIFY(backup && backup->isEnabled());
    view->nodes.front().primary = false;
    view->nodes.front().roleKnown = true;
    m_page->setView(std::make_shared<ClusterView>(*view));
    QMenu ofReplica;
    m_page->fillMenu(&ofReplica, view->nodes.front().id);
    QVERIFY(ofReplica.findChild<QAction *>(u"failover"_s, Qt::FindDirectChildrenOnly));
}

void TestTopologyPage::shortcutsBeginOperations()
{
    const ClusterViewPtr view = samples::healthy();
    m_page->setView(view);
    QSignalSpy wanted(m_page.get(), &Page::operationRequested);
    const QByteArray id = view->nodes[size_t(view->shards[0].replicas.first())].id;
    m_page->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    m_page->canvas()->setFocus();
    QTest::keyClick(m_page->canvas(), Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(wanted.count(), 0); // no node is selected
    m_page->showNode(id);
    QTest::keyClick(m_page->canvas(), Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(wanted.last().first().value<OperationDraft>().nodeId, id);
    QTest::keyClick(m_page->canvas(), Qt::Key_Delete, Qt::ControlModifier);
    QCOMPARE(wanted.last().first().value<OperationDraft>().operation, Operation::RemoveNode);
    QSignalSpy menus(m_page->canvas(), &ShardCanvas::menuRequested);
    QContextMenuEvent key(QContextMenuEvent::Keyboard, QPoint(5, 5), QPoint(5, 5));
    QApplication::sendEvent(m_page->canvas()->viewport(), &key);
    QCOMPARE(menus.count(), 1);
    QCOMPARE(menus.first().first().toByteArray(), id);
    QTRY_VERIFY(QApplication::activePopupWidget());
    QApplication::activePopupWidget()->close();
}

void TestTopologyPage::aShardHasAMenuOfItsOwn()
{
    const ClusterViewPtr view = samples::healthy();
    m_page->setView(view);
    m_page->show();
    QSignalSpy wanted(m_page.get(), &Page::operationRequested);
    const ShardCanvas *canvas = m_page->canvas();
    const Card &card = canvas->cards().cards.at(0);
    const NodeState &primary = view->nodes.at(size_t(card.rows.at(0).node));
    const QPoint head = card.rect.topLeft() + QPoint(40, 14);
    QContextMenuEvent click(QContextMenuEvent::Mouse, head, canvas->viewport()->mapToGlobal(head));
    QApplication::sendEvent(canvas->viewport(), &click);
    QTRY_VERIFY(QApplication::activePopupWidget());
    auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
    QVERIFY(menu);
    for (const QString &name : {u"failover"_s, u"add-node"_s, u"reshard"_s, u"rebalance"_s})
        QVERIFY2(menu->findChild<QAction *>(name), qPrintable(name));
    QVERIFY(menu->actions().front()->text().contains(u"shard 1"_s));
    menu->findChild<QAction *>(u"failover"_s)->trigger();
    menu->close();
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(wanted.last().first().value<OperationDraft>().nodeId, primary.id);
}

/// The card lists a Sentinel that agrees, one that names another primary and one that cannot be reached. If failover is
/// impossible, the button's tooltip says why.
void TestTopologyPage::sentinelsHaveACard()
{
    SentinelCard *card = m_page->sentinels();
    QVERIFY(!card->isVisible());
    auto view = std::make_shared<ClusterView>(*samples::standalone());
    auto state = std::make_shared<SentinelState>();
    state->primaryName = u"shop"_s;
    for (int i = 0; i < 3; ++i) {
        SentinelWord word;
        word.address = u"10.0.0.%1:26379"_s.arg(i);
        word.reach.state = i == 2 ? Reach::State::Waiting : Reach::State::Ready;
        word.reach.error.code = Error::Code::ConnectionRefused;
        word.hasAnswered = i < 2;
        word.isQuorumKnown = true;
        word.primary.address = i == 1 ? u"10.0.0.9:6379"_s : u"10.0.0.8:6379"_s;
        word.primary.epoch = i == 1 ? 3 : 4;
        word.primary.quorum = 2;
        word.replicas = {u"10.0.0.9:6379"_s};
        state->sentinels.append(word);
    }
    view->sentinels = state;
    m_page->setView(view);
    QVERIFY(card->isVisible());
    const QStringList lines = card->toText().split(u'\n');
    QCOMPARE(lines.size(), 3);
    QVERIFY2(lines[0].startsWith(u"ok 10.0.0.0:26379 reports 10.0.0.8:6379"_s), qPrintable(lines[0]));
    QVERIFY2(lines[1].startsWith(u"other primary"_s), qPrintable(lines[1]));
    QVERIFY2(lines[2].contains(u"Connection refused"_s), qPrintable(lines[2]));
    QVERIFY(card->failOverButton()->isEnabled());
    QTest::mouseClick(card->failOverButton(), Qt::LeftButton);
    auto *question = card->findChild<QMessageBox *>(u"sentinelQuestion"_s);
    QVERIFY(question);
    QVERIFY(question->informativeText().contains(u"SENTINEL FAILOVER shop, sent to 10.0.0.0:26379"_s));
    QTest::keyClick(question, Qt::Key_Escape);
    m_context->setReadOnly(true);
    QVERIFY(!card->failOverButton()->isEnabled());
    QVERIFY(card->failOverButton()->toolTip().contains(u"read-only"_s));
    m_context->setReadOnly(false);
    view = std::make_shared<ClusterView>(*view);
    auto alone = std::make_shared<SentinelState>(*state);
    alone->sentinels[0].replicas.clear();
    view->sentinels = alone;
    m_page->setView(view);
    QVERIFY(!card->failOverButton()->isEnabled());
    m_page->setView(samples::standalone());
    QVERIFY(!card->isVisible());
}

/// Cards use the largest size at which all are visible: large cards for few shards, small lines for many.
void TestTopologyPage::cardsTakeTheRoom()
{
    auto *canvas = m_page->findChild<ShardCanvas *>();
    m_page->resize(1340, 800);
    m_page->setView(samples::ofShards(3));
    QCOMPARE(canvas->cards().size, CardSize::Roomy);
    const QRect roomy = canvas->cards().cards.front().rect;
    QVERIFY2(roomy.width() >= 400 && roomy.height() >= 480,
             qPrintable(u"%1 × %2"_s.arg(roomy.width()).arg(roomy.height())));
    QVERIFY(canvas->cards().cards.front().plot.height() > 60);
    QCOMPARE(canvas->verticalScrollBar()->maximum(), 0);
    QVERIFY(!m_page->grab().isNull());
    m_page->resize(1340, 480); // not high enough for large cards
    QTRY_COMPARE(canvas->cards().size, CardSize::Medium);
    m_page->resize(884, 800); // not wide enough for large cards
    QTRY_COMPARE(canvas->cards().size, CardSize::Medium);
    m_page->resize(1340, 800);
    m_page->setView(samples::ofShards(12));
    QCOMPARE(canvas->cards().size, CardSize::Medium);
    m_page->setView(samples::ofShards(50));
    QCOMPARE(canvas->cards().size, CardSize::Compact);
    m_page->resize(1340, 840);
    QTRY_COMPARE(canvas->verticalScrollBar()->maximum(), 0);
    QVERIFY(!m_page->grab().isNull());
    m_page->setForm(1); // cards of hosts have no small size
    QCOMPARE(canvas->cards().size, CardSize::Medium);
}

/// In every card size, mouse, keyboard and filter find each node where it is drawn.
void TestTopologyPage::theyAreFoundInEverySize()
{
    auto *canvas = m_page->findChild<ShardCanvas *>();
    m_page->resize(1340, 800);
    for (const int shards : {3, 12, 50}) {
        const ClusterViewPtr view = samples::ofShards(shards);
        m_page->setView(view);
        const CardLayout &layout = canvas->cards();
        for (size_t node = 0; node < view->nodes.size(); ++node) {
            const CardLayout::Position position = layout.find(int(node));
            QVERIFY(position.isValid());
            const CardRow *row = layout.row(position);
            QVERIFY(!row->rect.isEmpty() && row->area.contains(row->rect));
            QVERIFY(layout.cards[size_t(position.card)].rect.contains(row->rect));
            const CardLayout::Position found = layout.at(row->rect.center());
            QCOMPARE(found.card, position.card);
            QCOMPARE(found.row, position.row);
        }
    }
    const ClusterViewPtr three = samples::ofShards(3);
    m_page->setView(three);
    const QRect plot = canvas->cards().cards[1].plot;
    QSignalSpy activated(canvas, &ShardCanvas::activated);
    QTest::mouseClick(canvas->viewport(), Qt::LeftButton, {}, plot.center());
    QCOMPARE(activated.count(), 1); // a click on the plot counts as a click on its primary
    QCOMPARE(activated[0][0].toByteArray(), three->nodes[size_t(three->shards[1].primary)].id);
}

void TestTopologyPage::troubleIsSeenAndFiltered()
{
    auto *canvas = m_page->findChild<ShardCanvas *>();
    m_page->resize(1340, 800);
    auto view = std::make_shared<ClusterView>(*samples::ofShards(50));
    m_page->setView(view);
    QVERIFY(!m_page->troubleFilter()->isVisible());
    NodeState &replica = view->nodes[size_t(view->shards[16].replicas.front())];
    replica.condition = NodeCondition::Failed;
    view->nodes[size_t(view->shards[31].primary)].condition = NodeCondition::MaybeFailed;
    m_page->setView(std::make_shared<ClusterView>(*view));
    QVERIFY(m_page->troubleFilter()->isVisible());
    QCOMPARE(canvas->cards().troubled(), 2);
    QCOMPARE(int(canvas->cards().cards[16].trouble), int(CardTrouble::Error));
    QCOMPARE(int(canvas->cards().cards[31].trouble), int(CardTrouble::Warning));
    m_page->troubleFilter()->setCurrent(1);
    QCOMPARE(canvas->cards().cards.size(), size_t(2));
    QVERIFY(canvas->cards().cards[0].title.contains(u"17"_s));
    m_page->setView(samples::ofShards(50)); // no shard has problems any more, so all cards are shown
    QCOMPARE(canvas->cards().cards.size(), size_t(50));
}

void TestTopologyPage::hostsTellWhatIsLost()
{
    m_page->resize(1340, 800);
    m_page->setView(samples::ofShards(3));
    HostsCard *hosts = m_page->hosts();
    QVERIFY(hosts->isVisible());
    QCOMPARE(hosts->lines().size(), 3);
    QVERIFY2(hosts->lines()[0].contains(u"can take over shard"_s), qPrintable(hosts->lines()[0]));
    QVERIFY2(hosts->verdict().startsWith(u"✓"_s), qPrintable(hosts->verdict()));
    QTest::mouseClick(hosts, Qt::LeftButton, {}, QPoint(200, HostsCard::headHeight + 10));
    QVERIFY(!hosts->isVisible()); // hidden, because the page now shows one card per host
    m_page->setForm(0);
    QVERIFY(hosts->isVisible());
    auto open = std::make_shared<ClusterView>(*samples::ofShards(3));
    open->unserved = {{10, 19}}; // these slots have no owner on any host, so the verdict must not be good
    m_page->setView(open);
    QVERIFY2(hosts->verdict().startsWith(u"▲"_s) && hosts->verdict().contains(u"10"_s), qPrintable(hosts->verdict()));
    m_page->setView(samples::ofShards(3, 0));
    QVERIFY2(hosts->verdict().startsWith(u"▲"_s), qPrintable(hosts->verdict()));
    QVERIFY2(hosts->lines()[0].contains(u"no node serves shard"_s), qPrintable(hosts->lines()[0]));
}

void TestTopologyPage::headBeginsOperations()
{
    QSignalSpy begun(m_page.get(), &Page::operationRequested);
    auto *add = m_page->findChild<QPushButton *>(u"headAddNode"_s);
    QVERIFY(!add->isVisible()); // the view is not known yet
    m_page->setView(samples::ofShards(3));
    QVERIFY(add->isVisible() && add->isEnabled());
    add->click();
    m_page->findChild<QPushButton *>(u"headFailover"_s)->click();
    QCOMPARE(begun.count(), 2);
    QCOMPARE(begun[0][0].value<OperationDraft>().operation, std::optional(Operation::AddNode));
    QCOMPARE(begun[1][0].value<OperationDraft>().operation, std::optional(Operation::Failover));
    m_context->setReadOnly(true);
    QVERIFY(!add->isEnabled());
}

void TestTopologyPage::recordTellsFigures()
{
    const auto book = std::make_shared<MetricsBook>();
    book->setNodes({{"n1"_ba, {.name = u"10.0.0.1:1"_s, .shard = 1, .colour = 0, .isPrimary = true}}});
    const qint64 now = 1'700'000'000'000;
    for (int i = 0; i <= 20; ++i) {
        MetricReading reading;
        reading.at = now - 20'000 + i * 1000;
        reading.steadyAt = i * 1000;
        reading.runId = "r";
        reading.values[size_t(Metric::Commands)] = i * 120;
        reading.values[size_t(Metric::Hits)] = i * 30;
        reading.values[size_t(Metric::Misses)] = i * 10;
        reading.values[size_t(Metric::Memory)] = 4096;
        (void)book->add("n1", reading);
    }
    NodeRecord record;
    record.read(now); // without a metrics record no value is known
    QVERIFY(std::isnan(record.last("n1", Metric::Commands)) && record.commands("n1").empty());
    record.setBook(book);
    record.read(now);
    QCOMPARE(record.last("n1", Metric::Commands), 120.0);
    QCOMPARE(record.last("n1", Metric::Memory), 4096.0);
    QVERIFY2(std::abs(record.hitRatio("n1") - 0.75) < 0.001, qPrintable(QString::number(record.hitRatio("n1"))));
    QCOMPARE(record.commandScale(), 200.0);
    QVERIFY(std::isnan(record.commands("n1").front()));
    QVERIFY(std::isnan(record.last("n2", Metric::Commands)) && std::isnan(record.hitRatio("n2")));
}

SLOTSCOPE_TEST(TestTopologyPage)
#include "tst_topologypage.moc"
