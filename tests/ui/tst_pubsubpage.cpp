// SPDX-License-Identifier: GPL-3.0-or-later
// The Pub/Sub page on real servers, by keyboard: subscribing, messages, filter, pause, publishing, refusals. With
// SLOTSCOPE_GRAB=DIR it leaves pictures there.
#include "core/cluster/slot.h"
#include "tests/support/testmain.h"
#include "tests/ui/livepage.h"
#include "ui/browser/codeedit.h"
#include "ui/pubsub/messagesaving.h"
#include "ui/pubsub/pubsubpage.h"
#include "ui/pubsub/subscriptionlist.h"
#include "ui/shared/jsonruns.h"
#include "ui/shared/tableview.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestPubSubPage : public LivePage
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
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
    void publishing();
    void readOnlyAndProduction();
    void aUserWithoutRights();
    void saved();
    void narrowWindows();
    void aGapStandsInTheList();

private:
    PubSubPage *open(const ConnectionTarget &target)
    {
        auto *page = openPage<PubSubPage>(target, u"pubsub"_s);
        const bool isReady = QTest::qWaitFor(
            [this, page] { return m_view->view() && m_view->view()->nodes.size() == 3 && page->isFilled(); }, 20'000);
        return isReady ? page : nullptr;
    }
    PubSubPage *open() { return open(m_cluster->target({0, 1, 2})); }
    static QLineEdit *field(PubSubPage *page, const QString &name) { return page->findChild<QLineEdit *>(name); }
    static QPushButton *button(PubSubPage *page, const QString &name) { return page->findChild<QPushButton *>(name); }
    /// By keyboard, as a person would.
    static bool subscribe(PubSubPage *page, SubscriptionKind kind, const QString &name)
    {
        auto *box = page->findChild<QComboBox *>(u"kind"_s);
        box->setFocus();
        while (box->currentData().toInt() != int(kind)) {
            const int before = box->currentIndex();
            QTest::keyClick(box, before < box->findData(int(kind)) ? Qt::Key_Down : Qt::Key_Up);
            if (box->currentIndex() == before)
                return false;
        }
        const size_t count = page->snapshot().subscriptions.size();
        QTest::keyClick(box, Qt::Key_Tab);
        QTest::keyClicks(field(page, u"name"_s), name);
        QTest::keyClick(field(page, u"name"_s), Qt::Key_Return);
        return QTest::qWaitFor(
            [&] {
                const auto &all = page->snapshot().subscriptions;
                return all.size() == count + 1 && !all.back().places.empty()
                    && all.back().places.front().state != SubscriptionPlace::State::Opening;
            },
            20'000);
    }
    void publishFromElsewhere(const QByteArray &channel, const QByteArray &message)
    {
        QVERIFY(m_cluster->run(1, {"PUBLISH", channel, message}));
    }
    static QString rowText(TableView *table, int row)
    {
        QStringList words;
        for (int column = 0; column < table->model()->columnCount(); ++column)
            words.append(table->model()->index(row, column).data().toString());
        return words.join(u'|');
    }
    void fillForPictures(PubSubPage *page);

    std::unique_ptr<TestCluster> m_cluster;
};

void TestPubSubPage::initTestCase()
{
    LocalClusterOptions options;
    options.serverPath = serversFound().back().second;
    options.replicasPerPrimary = 0;
    m_cluster = std::make_unique<TestCluster>(options);
    QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
}

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
    QVERIFY(colours.of(1) == 11 && colours.of(2) == 10 && colours.of(3) == 9);
    colours.take({1, 3, 4}, shared);
    QVERIFY(colours.of(1) == 11 && colours.of(3) == 9 && colours.of(4) == 10 && colours.of(2) == -1);
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
    QVERIFY(!subscribe(page, SubscriptionKind::Pattern, u"order.*"_s)); // there is one already
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
    QTRY_COMPARE(page->snapshot().messages, 11U); // counted and kept all the same
    QCOMPARE(page->messages().rowCount(), 10);
    QTest::keyClick(page->messagesTable(), Qt::Key_Space);
    QTRY_COMPARE(page->messages().rowCount(), 11);
}

/// A row that is chosen stays chosen, and on the screen, while others come on top.
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
    publishFromElsewhere("one", "unheard");
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
    QTRY_VERIFY(isListed(u"active|everywhere|1"_s));
    QVERIFY(subscribe(page, SubscriptionKind::Shard, u"s{x}"_s));
    page->readAgain();
    const int shard = m_view->view()->nodes[size_t(m_view->view()->owner[slotOfKey("x")])].shard;
    QTRY_VERIFY(isListed(u"s{x}|Shard %1|1"_s.arg(m_view->view()->shards[size_t(shard)].number)));
}

void TestPubSubPage::publishing()
{
    PubSubPage *page = open();
    QVERIFY(page);
    QVERIFY(subscribe(page, SubscriptionKind::Channel, u"mine"_s));
    QVERIFY(subscribe(page, SubscriptionKind::Shard, u"mine"_s));
    QTest::keyClicks(field(page, u"publishChannel"_s), u"mine"_s);
    QTest::keyClicks(field(page, u"publishMessage"_s), u"{\"a\":1}"_s);
    QTest::keyClick(field(page, u"publishMessage"_s), Qt::Key_Return);
    QTRY_VERIFY2(page->publishedText().contains(u"not counted"_s), qPrintable(page->publishedText()));
    QTRY_COMPARE(page->messages().rowCount(), 1);
    page->findChild<QCheckBox *>(u"publishShard"_s)->setChecked(true);
    QTest::mouseClick(button(page, u"publish"_s), Qt::LeftButton);
    QTRY_VERIFY2(page->publishedText().startsWith(u"reached 1 at"_s), qPrintable(page->publishedText()));
    QTRY_COMPARE(page->messages().rowCount(), 2);
}

void TestPubSubPage::readOnlyAndProduction()
{
    ConnectionTarget target = m_cluster->target({0});
    target.readOnly = true;
    PubSubPage *page = open(target);
    QVERIFY(page);
    QTest::keyClicks(field(page, u"publishChannel"_s), u"a"_s);
    QVERIFY(!button(page, u"publish"_s)->isEnabled());
    QVERIFY(button(page, u"publish"_s)->toolTip().contains(u"read-only"_s));
    QTest::keyClick(field(page, u"publishChannel"_s), Qt::Key_Return);
    QVERIFY(page->publishedText().isEmpty());
    QVERIFY(subscribe(page, SubscriptionKind::Channel, u"a"_s)); // changes nothing
    target.readOnly = false;
    target.environment = EnvironmentKind::Production;
    page = open(target);
    QVERIFY(page);
    QTest::keyClicks(field(page, u"publishChannel"_s), u"a"_s);
    QTest::mouseClick(button(page, u"publish"_s), Qt::LeftButton);
    auto *question = shown<QMessageBox>(page);
    QVERIFY(question);
    answer(question, u"Cancel"_s);
    QTRY_COMPARE(page->publishedText(), u"not sent"_s);
    QTest::mouseClick(button(page, u"publish"_s), Qt::LeftButton);
    question = shown<QMessageBox>(page);
    QVERIFY(question);
    answer(question, u"Change it"_s);
    QTRY_VERIFY2(page->publishedText().startsWith(u"reached"_s), qPrintable(page->publishedText()));
}

void TestPubSubPage::aUserWithoutRights()
{
    for (int node = 0; node < 3; ++node)
        QVERIFY(m_cluster->run(
            node,
            {"ACL", "SETUSER", "some", "reset", "on", ">x", "~*", "resetchannels", "&open.*", "+@all", "-pubsub"}));
    ConnectionTarget target = m_cluster->target({0});
    target.credentials.user = u"some"_s;
    target.credentials.password = u"x"_s;
    PubSubPage *page = open(target);
    QVERIFY(page);
    QVERIFY(subscribe(page, SubscriptionKind::Channel, u"closed"_s));
    QVERIFY(subscribe(page, SubscriptionKind::Pattern, u"open.*"_s));
    QTRY_VERIFY2(page->noticeText().contains(u"ACL SETUSER some &closed"_s), qPrintable(page->noticeText()));
    QTRY_VERIFY2(page->noticeText().contains(u"ACL SETUSER some +pubsub"_s), qPrintable(page->noticeText()));
    publishFromElsewhere("open.a", "heard");
    QTRY_COMPARE(page->messages().rowCount(), 1);
    grab(u"pubsub-refused"_s);
}

void TestPubSubPage::saved()
{
    PubSubPage *page = open();
    QVERIFY(page);
    QVERIFY(subscribe(page, SubscriptionKind::Channel, u"kept"_s));
    for (const QByteArray &message : {"first"_ba, QByteArray("\0\xff", 2), "last"_ba})
        publishFromElsewhere("kept", message);
    QTRY_COMPARE(page->messages().rowCount(), 3);
    const QString path = m_folder.filePath(u"messages.jsonl"_s);
    const QHash<int, SubscriptionOrder> orders{{1, {SubscriptionKind::Channel, "kept"}}};
    QCOMPARE(writeMessages(path, page->messages().messages(), orders), QString());
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArrayList lines = file.readAll().trimmed().split('\n');
    QCOMPARE(lines.size(), 3);
    QCOMPARE(QJsonDocument::fromJson(lines[0]).object().value(u"payload").toString(), u"first"_s);
    QCOMPARE(QJsonDocument::fromJson(lines[1]).object().value(u"payload").toObject().value(u"base64").toString(),
             u"AP8="_s);
    QCOMPARE(QJsonDocument::fromJson(lines[2]).object().value(u"subscription").toString(), u"channel"_s);
    QVERIFY(!writeMessages(m_folder.filePath(u"no/such/folder"_s), page->messages().messages(), orders).isEmpty());
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
    m_window->resize(1000, 700);
    QTRY_VERIFY(page->messagesTable()->isColumnHidden(int(PubSubMessagesModel::Column::From)));
    QVERIFY(page->width() <= 1000);
    grab(u"pubsub-1000"_s);
    m_window->resize(1440, 900);
    QTRY_VERIFY(!page->messagesTable()->isColumnHidden(int(PubSubMessagesModel::Column::From)));
}

/// The last one: it takes a node away.
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
    QVERIFY2(rowText(page->messagesTable(), 0).contains(u"No messages between"_s),
             qPrintable(rowText(page->messagesTable(), 0)));
    QVERIFY(m_cluster->run(other, {"PUBLISH", "g.a", "after"}));
    QTRY_COMPARE(page->messages().rowCount(), 3);
    QTest::keyClicks(field(page, u"search"_s), u"after"_s);
    QTRY_COMPARE(page->messages().rowCount(), 2); // a gap is no matter of the text
    page->messagesTable()->selectRow(1);
    QTRY_VERIFY2(page->detailText().contains(u"No messages between"_s), qPrintable(page->detailText()));
    grab(u"pubsub-gap"_s);
}

SLOTSCOPE_TEST(TestPubSubPage)
#include "tst_pubsubpage.moc"
