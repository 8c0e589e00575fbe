// SPDX-License-Identifier: GPL-3.0-or-later
// The Pub/Sub page on real servers, by keyboard: subscribing, messages, filter, pause. With SLOTSCOPE_GRAB=DIR it
// leaves pictures there.
#include "core/cluster/slot.h"
#include "tests/support/testmain.h"
#include "tests/ui/pubsublive.h"
#include "ui/shared/jsonruns.h"

#include <QHeaderView>
#include <QScrollBar>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestPubSubPage : public PubSubLive
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { startCluster(); }
    void cleanupTestCase() { m_cluster.reset(); }
    void init() { makeWindow(); }
    void cleanup() { dropWindow(); }

    void jsonInColours();
    void coloursThatNoShardHas();
    void nothingYet();
    void messagesArrive();
    void filterAndPause();
    void rowsStayWhereTheyAre();
    void whatIsDroppedIsCounted();
    void pausingAndEndingOne();
    void activeChannels();
    void narrowWindows();
    void aGapStandsInTheList();

private:
    void fillForPictures(PubSubPage *page);
};

void TestPubSubPage::jsonInColours()
{
    using What = JsonRun::What;
    QList<std::pair<QString, What>> parts;
    const QString text = u"{\"a\": \"b\\\"c\", \"n\":-1.5e3, \"t\":true}"_s;
    int from = 0;
    for (const JsonRun &run : jsonRuns(text)) {
        if (run.what != What::Sign)
            parts.append({text.mid(from, run.end - from), run.what});
        from = run.end;
    }
    QCOMPARE(from, int(text.size()));
    QCOMPARE(parts.size(), 6);
    QVERIFY(parts[0].second == What::Name && parts[1] == std::pair(u"\"b\\\"c\""_s, What::Text));
    QVERIFY(parts[3] == std::pair(u"-1.5e3"_s, What::Number) && parts[5].second == What::Word);
    QVERIFY(jsonRuns(u"\"open\\"_s).back().end == 6 && jsonRuns({}).isEmpty());
}

void TestPubSubPage::coloursThatNoShardHas()
{
    ClusterView view;
    for (int i = 0; i < 3; ++i) {
        ShardState shard;
        shard.number = i + 1;
        shard.colour = i;
        view.shards.push_back(shard);
    }
    const auto shared = std::make_shared<const ClusterView>(view);
    SubscriptionColours colours;
    colours.take({1, 2, 3}, shared);
    QVERIFY(colours.of(1) == 10 && colours.of(2) == 9 && colours.of(3) == 8);
    colours.take({1, 3, 4}, shared);
    QVERIFY(colours.of(1) == 10 && colours.of(3) == 8 && colours.of(4) == 9 && colours.of(2) == -1);
    QList<int> many;
    for (int id = 1; id <= 20; ++id)
        many.append(id);
    colours.take(many, shared);
    for (const int id : many)
        QVERIFY(colours.of(id) >= 3);
}

void TestPubSubPage::nothingYet()
{
    PubSubPage *page = open();
    QVERIFY(page);
    QVERIFY(page->messages().rowCount() == 0 && page->subtitle().isEmpty() && page->noticeText().isEmpty());
    QVERIFY(!button(page, u"save"_s)->isEnabled() && !button(page, u"publish"_s)->isEnabled());
    grab(u"pubsub-empty"_s);
}

void TestPubSubPage::messagesArrive()
{
    PubSubPage *page = open();
    QVERIFY(page);
    QVERIFY(subscribe(page, SubscriptionKind::Pattern, u"order.*"_s));
    QVERIFY(subscribe(page, SubscriptionKind::Shard, u"price:{tea}"_s));
    QVERIFY(!subscribe(page, SubscriptionKind::Pattern, u"order.*"_s)); // this subscription exists already
    QVERIFY2(page->noticeText().contains(u"already"_s), qPrintable(page->noticeText()));
    publishFromElsewhere("order.paid", "{\"order\":90034}");
    QTRY_COMPARE(page->messages().rowCount(), 1);
    for (int node = 0; node < 3; ++node)
        std::ignore = m_cluster->run(node, {"SPUBLISH", "price:{tea}", QByteArray("\0\xff", 2)});
    QTRY_COMPARE(page->messages().rowCount(), 2);
    QVERIFY2(rowText(page->messagesTable(), 0).contains(u"price:{tea}|\\x00\\xff|2 B"_s),
             qPrintable(rowText(page->messagesTable(), 0)));
    page->messagesTable()->selectRow(1);
    QTRY_VERIFY2(page->detailText().contains(u"\"order\": 90034"_s), qPrintable(page->detailText()));
    auto *format = page->findChild<QComboBox *>(u"format"_s);
    format->setCurrentIndex(format->findData(u"hex"_s));
    QTRY_VERIFY2(page->detailText().contains(u"7b 22"_s), qPrintable(page->detailText()));
    QVERIFY2(page->subtitle().contains(u"2 kept"_s), qPrintable(page->subtitle()));
}

void TestPubSubPage::filterAndPause()
{
    PubSubPage *page = open();
    QVERIFY(page);
    QVERIFY(subscribe(page, SubscriptionKind::Pattern, u"f.*"_s));
    QVERIFY(subscribe(page, SubscriptionKind::Channel, u"g"_s));
    for (int i = 0; i < 10; ++i)
        publishFromElsewhere(i % 2 ? "f.odd" : "g", "n" + QByteArray::number(i));
    QTRY_COMPARE(page->messages().rowCount(), 10);
    QTest::keyClick(page, Qt::Key_F, Qt::ControlModifier);
    auto *search = field(page, u"search"_s);
    QTRY_VERIFY(search->hasFocus());
    QTest::keyClicks(search, u"N3"_s);
    QTRY_COMPARE(page->messages().rowCount(), 1);
    QVERIFY(page->closeDetail());
    QTRY_COMPARE(page->messages().rowCount(), 10);
    page->subscriptionList()->setFocus();
    page->subscriptionList()->setCurrentRow(1);
    QTRY_COMPARE(page->messages().rowCount(), 5);
    QVERIFY(button(page, u"showAll"_s)->isVisible());
    QVERIFY(page->closeDetail() && !page->closeDetail());
    QTRY_COMPARE(page->messages().rowCount(), 10);
    page->messagesTable()->setFocus();
    QTest::keyClick(page->messagesTable(), Qt::Key_Space);
    QVERIFY(!page->isLive());
    publishFromElsewhere("g", "while it is held");
    QTRY_COMPARE(page->snapshot().messages, 11U); // messages are counted and kept while the list is paused
    QCOMPARE(page->messages().rowCount(), 10);
    QTest::keyClick(page->messagesTable(), Qt::Key_Space);
    QTRY_COMPARE(page->messages().rowCount(), 11);
}

/// A selected row stays selected and visible while messages are added at the top.
void TestPubSubPage::rowsStayWhereTheyAre()
{
    PubSubPage *page = open();
    QVERIFY(page);
    QVERIFY(subscribe(page, SubscriptionKind::Channel, u"many"_s));
    for (int i = 0; i < 100; ++i)
        publishFromElsewhere("many", QByteArray::number(i));
    QTRY_COMPARE(page->messages().rowCount(), 100);
    TableView *table = page->messagesTable();
    table->selectRow(50);
    const quint64 serial = page->messages().at(50)->serial;
    table->scrollTo(table->model()->index(50, 0), QAbstractItemView::PositionAtCenter);
    const int y = table->visualRect(table->model()->index(50, 0)).y();
    for (int i = 0; i < 30; ++i)
        publishFromElsewhere("many", "more");
    QTRY_COMPARE(page->messages().rowCount(), 130);
    QCOMPARE(page->messages().at(table->currentSourceRow())->serial, serial);
    QCOMPARE(table->currentSourceRow(), 80);
    QCOMPARE(table->visualRect(table->model()->index(80, 0)).y(), y);
}

void TestPubSubPage::whatIsDroppedIsCounted()
{
    PubSubPage *page = open();
    QVERIFY(page);
    auto *keep = page->findChild<QComboBox *>(u"keep"_s);
    keep->setCurrentIndex(keep->findData(1000));
    QVERIFY(subscribe(page, SubscriptionKind::Channel, u"flood"_s));
    const auto sent =
        m_cluster->run(1, {"EVAL", "for i=1,3000 do redis.call('PUBLISH', 'flood', i) end return 1", "0"});
    QVERIFY(sent);
    QTRY_COMPARE(page->messages().rowCount(), 1000);
    QCOMPARE(page->droppedText(), u"2,000 older ones dropped"_s);
    QCOMPARE(page->messages().at(0)->payload, "3000"_ba);
    QTest::mouseClick(button(page, u"clear"_s), Qt::LeftButton);
    QTRY_COMPARE(page->messages().rowCount(), 0);
    QVERIFY(page->droppedText().isEmpty());
}

void TestPubSubPage::pausingAndEndingOne()
{
    PubSubPage *page = open();
    QVERIFY(page);
    QVERIFY(subscribe(page, SubscriptionKind::Channel, u"one"_s));
    int home = 0;
    while (m_cluster->address(home) != page->snapshot().subscriptions.at(0).places.at(0).node)
        ++home;
    SubscriptionList *list = page->subscriptionList();
    list->setFocus();
    list->setCurrentRow(0);
    QTest::keyClick(list, Qt::Key_Return);
    QTRY_VERIFY(page->snapshot().subscriptions.at(0).isPaused);
    const auto isLeft = [&] {
        qint64 subscribers = 0;
        for (int node = 0; node < 3; ++node)
            subscribers += m_cluster->run(node, {"PUBSUB", "NUMSUB", "one"})->items()[1].toInteger();
        return subscribers == 0;
    };
    QTRY_VERIFY(isLeft());
    // Publishes on the node that had the subscription: from another node the message might arrive only after the
    // subscription is active again.
    QVERIFY(m_cluster->run(home, {"PUBLISH", "one", "unheard"}));
    const QRect row = list->visualItemRect(list->item(0));
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, QPoint(row.right() - 20, row.center().y()));
    QTRY_VERIFY(!page->snapshot().subscriptions.at(0).isPaused);
    QTRY_VERIFY(!page->snapshot().subscriptions.at(0).places.empty()
                && page->snapshot().subscriptions.at(0).places[0].state == SubscriptionPlace::State::On);
    publishFromElsewhere("one", "heard");
    QTRY_COMPARE(page->messages().rowCount(), 1);
    QCOMPARE(page->messages().at(0)->payload, "heard"_ba);
    QTest::keyClick(list, Qt::Key_Delete);
    QTRY_VERIFY(page->snapshot().subscriptions.empty());
    QCOMPARE(list->count(), 0);
}

void TestPubSubPage::activeChannels()
{
    PubSubPage *page = open();
    QVERIFY(page);
    QVERIFY(subscribe(page, SubscriptionKind::Channel, u"active"_s));
    const auto isListed = [&](const QString &words) {
        for (int row = 0; row < page->channelsTable()->model()->rowCount(); ++row)
            if (rowText(page->channelsTable(), row) == words)
                return true;
        return false;
    };
    page->readAgain();
    QTRY_VERIFY(isListed(u"active|all nodes|1"_s));
    QVERIFY(subscribe(page, SubscriptionKind::Shard, u"s{x}"_s));
    page->readAgain();
    const int shard = m_view->view()->nodes[size_t(m_view->view()->owner[slotOfKey("x")])].shard;
    QTRY_VERIFY(isListed(u"s{x}|Shard %1|1"_s.arg(m_view->view()->shards[size_t(shard)].number)));
}

void TestPubSubPage::fillForPictures(PubSubPage *page)
{
    for (int node = 0; node < 3; ++node)
        QVERIFY(m_cluster->run(node, {"CONFIG", "SET", "notify-keyspace-events", node == 2 ? "" : "KEA"}));
    QVERIFY(subscribe(page, SubscriptionKind::Shard, u"price:{tea}"_s));
    QVERIFY(subscribe(page, SubscriptionKind::Pattern, u"order.*"_s));
    QVERIFY(subscribe(page, SubscriptionKind::Channel, u"stock-low"_s));
    QVERIFY(subscribe(page, SubscriptionKind::KeyEvents, u"set"_s));
    QVERIFY(subscribe(page, SubscriptionKind::Pattern, u"debug.*"_s));
    page->subscriptionList()->setCurrentRow(4);
    QTest::keyClick(page->subscriptionList(), Qt::Key_Return);
    page->closeDetail();
    const QByteArray gzip =
        QByteArray::fromBase64("H4sIAAAAAAACA6tWKs4uVbJSCvAP0TUwMDBX0lHKSU0rUbIyNNJRKs5IzUkDSjrrGpoo1QIAcfE/QCsAAAA=");
    for (int i = 0; i < 24; ++i) {
        const QByteArray number = QByteArray::number(i);
        for (int node = 0; node < 3; ++node) {
            std::ignore = m_cluster->run(
                node,
                {"SPUBLISH", "price:{tea}",
                 "{\"sku\":\"TEA-01" + number + "\",\"price\":18900.00,\"seq\":900719925474120" + number + "}"});
            std::ignore = m_cluster->run(node, {"SET", "session:web:u" + number, "x"});
        }
        if (i % 3 == 0)
            publishFromElsewhere("order.paid", "{\"order\":900" + number + ",\"total\":21000.00,\"method\":\"card\"}");
        if (i % 8 == 3)
            publishFromElsewhere("stock-low", gzip);
    }
    QTRY_VERIFY(page->messages().rowCount() > 40);
    page->readAgain();
    QTRY_VERIFY(page->channelsTable()->model()->rowCount() >= 2);
    page->messagesTable()->selectRow(5);
    QTRY_VERIFY(!page->detailText().isEmpty());
}

void TestPubSubPage::narrowWindows()
{
    PubSubPage *page = open();
    QVERIFY(page);
    fillForPictures(page);
    QVERIFY2(page->noticeText().contains(u"notify-keyspace-events is empty on "_s + m_cluster->address(2)),
             qPrintable(page->noticeText()));
    grab(u"pubsub"_s);
    m_window->resize(1920, 1080);
    grab(u"pubsub-1920"_s);
    m_window->resize(1000, 700);
    QTRY_VERIFY(page->messagesTable()->isColumnHidden(int(PubSubMessagesModel::Column::From)));
    QVERIFY(page->width() <= 1000);
    grab(u"pubsub-1000"_s);
    m_window->resize(1440, 900);
    QTRY_VERIFY(!page->messagesTable()->isColumnHidden(int(PubSubMessagesModel::Column::From)));
}

/// This test must be the last one, because it kills a node.
void TestPubSubPage::aGapStandsInTheList()
{
    PubSubPage *page = open();
    QVERIFY(page);
    QVERIFY(subscribe(page, SubscriptionKind::Pattern, u"g.*"_s));
    const QString home = page->snapshot().subscriptions[0].places[0].node;
    int killed = 0;
    while (m_cluster->address(killed) != home)
        ++killed;
    const int other = (killed + 1) % 3;
    QVERIFY(m_cluster->run(other, {"PUBLISH", "g.a", "before"}));
    QTRY_COMPARE(page->messages().rowCount(), 1);
    (*m_cluster)->killNode(killed);
    QTRY_COMPARE(page->messages().rowCount(), 2);
    QVERIFY2(rowText(page->messagesTable(), 0).contains(u"Messages may be missing between"_s),
             qPrintable(rowText(page->messagesTable(), 0)));
    QVERIFY(m_cluster->run(other, {"PUBLISH", "g.a", "after"}));
    QTRY_COMPARE(page->messages().rowCount(), 3);
    QTest::keyClicks(field(page, u"search"_s), u"after"_s);
    QTRY_COMPARE(page->messages().rowCount(), 2); // a gap is shown whatever text is searched for
    page->messagesTable()->selectRow(1);
    QTRY_VERIFY2(page->detailText().contains(u"Messages may be missing between"_s), qPrintable(page->detailText()));
    grab(u"pubsub-gap"_s);
}

SLOTSCOPE_TEST(TestPubSubPage)
#include "tst_pubsubpage.moc"
