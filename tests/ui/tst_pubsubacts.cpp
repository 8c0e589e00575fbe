// SPDX-License-Identifier: GPL-3.0-or-later
// The Pub/Sub page on real servers: publishing, refusals, saving, another session.
#include "tests/support/testmain.h"
#include "tests/ui/pubsublive.h"
#include "ui/pubsub/messagesaving.h"

#include <QFileDialog>
#include <QJsonDocument>
#include <QJsonObject>
#include <QToolButton>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestPubSubActs : public PubSubLive
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { startCluster(); }
    void cleanupTestCase() { m_cluster.reset(); }
    void init() { makeWindow(); }
    void cleanup() { dropWindow(); }

    void publishing();
    void readOnlyAndProduction();
    void aUserWithoutRights();
    void refusedForTheChannelThatWasSent();
    void saved();
    void savedAsItWasAsked();
    void previewsOfASession();
    void anotherSession();
    void keyEventsThatPassAPatternBy();
};

void TestPubSubActs::publishing()
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
    QTRY_VERIFY2(page->publishedText().startsWith(u"Delivered to 1 subscriber on"_s),
                 qPrintable(page->publishedText()));
    QTRY_COMPARE(page->messages().rowCount(), 2);
}

void TestPubSubActs::readOnlyAndProduction()
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
    // allowed on a read-only connection, because subscribing changes no data
    QVERIFY(subscribe(page, SubscriptionKind::Channel, u"a"_s));
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
    QTRY_VERIFY2(page->publishedText().startsWith(u"Delivered"_s), qPrintable(page->publishedText()));
}

void TestPubSubActs::aUserWithoutRights()
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

void TestPubSubActs::saved()
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

/// The error names the channel that the message was sent to, even if the field contains another one by then.
void TestPubSubActs::refusedForTheChannelThatWasSent()
{
    for (int node = 0; node < 3; ++node)
        QVERIFY(m_cluster->run(
            node, {"ACL", "SETUSER", "few", "reset", "on", ">x", "~*", "resetchannels", "&open.*", "+@all"}));
    ConnectionTarget target = m_cluster->target({0});
    target.credentials.user = u"few"_s;
    target.credentials.password = u"x"_s;
    PubSubPage *page = open(target);
    QVERIFY(page);
    QTest::keyClicks(field(page, u"publishChannel"_s), u"closed"_s);
    page->publish();
    QVERIFY(!page->publishedText().isEmpty()); // the result arrives later through the event loop
    field(page, u"publishChannel"_s)->setText(u"edited"_s);
    QTRY_COMPARE(page->publishedText(), u"refused"_s);
    QVERIFY2(page->noticeText().contains(u"ACL SETUSER few &closed"_s), qPrintable(page->noticeText()));
}

/// Saving writes the messages that were there when the user chose it, not those that arrive while the dialog is open.
void TestPubSubActs::savedAsItWasAsked()
{
    PubSubPage *page = open();
    QVERIFY(page);
    QVERIFY(subscribe(page, SubscriptionKind::Channel, u"kept"_s));
    for (int i = 0; i < 5; ++i)
        publishFromElsewhere("kept", QByteArray::number(i));
    QTRY_COMPARE(page->messages().rowCount(), 5);
    QApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    const QString path = m_folder.filePath(u"asked.jsonl"_s);
    bool wasEmptied = false;
    QTimer::singleShot(0, page, [&] {
        QPointer<QFileDialog> dialog;
        const auto isOpen = [&] { return (dialog = page->findChild<QFileDialog *>()) && dialog->isVisible(); };
        if (!QTest::qWaitFor(isOpen, 20'000))
            return;
        button(page, u"clear"_s)->click();
        wasEmptied = QTest::qWaitFor([&] { return page->messages().rowCount() == 0; }, 20'000);
        dialog->findChild<QLineEdit *>(u"fileNameEdit"_s)->setText(path);
        QTimer::singleShot(0, dialog, [dialog] { QMetaObject::invokeMethod(dialog, "accept"); });
    });
    button(page, u"save"_s)->click();
    QVERIFY(wasEmptied);
    const auto lines = [&] {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll().count('\n') : 0;
    };
    QTRY_COMPARE(lines(), 5);
}

void TestPubSubActs::previewsOfASession()
{
    const auto message = [](quint64 serial, const QByteArray &payload) {
        PubSubMessage made;
        made.serial = serial;
        made.channel = "a";
        made.payload = payload;
        return std::make_shared<const PubSubMessage>(made);
    };
    MessagePreviews previews;
    const auto textOf = [&](const PubSubMessagePtr &of) {
        const MessagePreview *made = previews.of(of);
        return made ? made->text : QString();
    };
    const auto before = message(1, "before"), after = message(1, "after"); // message numbers of each session start at 1
    QTRY_COMPARE(textOf(before), u"before"_s);
    previews.clear();
    QTRY_COMPARE(textOf(after), u"after"_s);
    std::ignore = previews.of(message(2, "before"));
    QCoreApplication::processEvents();
    previews.clear(); // while the previews are being made
    QTRY_COMPARE(textOf(message(2, "after")), u"after"_s);
}

/// After a reconnect the page contains no messages, detail or preview of the previous session, and the side bar no
/// longer shows the page as active.
void TestPubSubActs::anotherSession()
{
    PubSubPage *page = open();
    QVERIFY(page);
    QVERIFY(!m_view->context().busyPages().contains(u"pubsub"_s));
    QVERIFY(subscribe(page, SubscriptionKind::Channel, u"one"_s));
    QVERIFY(m_view->context().busyPages().contains(u"pubsub"_s));
    const auto *inRail = m_window->findChild<QToolButton *>(u"pubsub"_s);
    QVERIFY(inRail && inRail->accessibleName().contains(u"a task is running"_s));
    publishFromElsewhere("one", "of the first");
    QTRY_COMPARE(page->messages().rowCount(), 1);
    page->messagesTable()->selectRow(0);
    QTRY_COMPARE(page->detailText(), u"of the first"_s);
    page->setLive(false);
    m_view->attach(std::make_unique<SessionDoor>(m_thread, m_cluster->target({1})));
    QCOMPARE(page->messages().rowCount(), 0);
    QVERIFY(page->detailText().isEmpty());
    QVERIFY(!m_view->context().busyPages().contains(u"pubsub"_s));
    QCOMPARE(inRail->accessibleName(), inRail->text());
    page->setLive(true);
    QTRY_VERIFY(page->isFilled());
    QVERIFY(subscribe(page, SubscriptionKind::Channel, u"two"_s));
    publishFromElsewhere("two", "of the second");
    QTRY_COMPARE(page->messages().rowCount(), 1);
    page->messagesTable()->selectRow(0);
    QTRY_COMPARE(page->detailText(), u"of the second"_s);
}

/// A warning about key events that a pattern receives only in part appears exactly while there are such key events.
void TestPubSubActs::keyEventsThatPassAPatternBy()
{
    const auto setEverywhere = [this](const QByteArray &setting) {
        for (int node = 0; node < 3; ++node)
            QVERIFY(m_cluster->run(node, {"CONFIG", "SET", "notify-keyspace-events", setting}));
    };
    setEverywhere("");
    PubSubPage *page = open();
    QVERIFY(page);
    QVERIFY(subscribe(page, SubscriptionKind::Pattern, u"order.*"_s));
    QVERIFY(subscribe(page, SubscriptionKind::Pattern, u"*"_s));
    setEverywhere("KEA");
    page->readAgain();
    QTRY_VERIFY2(page->noticeText().contains(u"* also matches key event"_s), qPrintable(page->noticeText()));
    QVERIFY(!page->noticeText().contains(u"order"_s));
    setEverywhere("");
    page->readAgain();
    QTRY_VERIFY2(page->noticeText().isEmpty(), qPrintable(page->noticeText()));
}

SLOTSCOPE_TEST(TestPubSubActs)
#include "tst_pubsubacts.moc"
