// SPDX-License-Identifier: GPL-3.0-or-later
// Pub/Sub without a server: replies, keyspace events, what is kept, what words are said.
#include "core/protocol/reader.h"
#include "core/pubsub/activechannels.h"
#include "core/pubsub/keyevents.h"
#include "core/pubsub/messagebook.h"
#include "core/pubsub/pubsubreply.h"
#include "core/pubsub/pubsubwords.h"
#include "tests/support/testmain.h"

#include <QJsonObject>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestPubSub : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void replies_data();
    void replies();
    void oddReplies();
    void keyEvents_data();
    void keyEvents();
    void patternsOfKeyEvents();
    void lackingSettings_data();
    void lackingSettings();
    void boundedByNumber();
    void boundedByBytes();
    void aLongPayloadIsCut();
    void rates();
    void filters();
    void aFilterSearchesInPieces();
    void nothingIsMadeAnewWithoutChange();
    void channelsOfNodes();
    void rights();
    void json();
    void whatPublishCounts();

private:
    static Value read(const QByteArray &wire)
    {
        Reader reader;
        reader.feed(wire);
        const auto value = reader.next();
        return value && *value ? **value : Value();
    }
    static PubSubMessage message(const QByteArray &channel, const QByteArray &payload, int subscription = 1,
                                 qint64 at = 1'000'000)
    {
        PubSubMessage made;
        made.subscription = subscription;
        made.at = at;
        made.channel = channel;
        made.payload = payload;
        return made;
    }
    static PubSubMessages shown(MessageBook &book, const PubSubFilter &filter = {})
    {
        bool isSearching = false;
        return *book.shown(filter, &isSearching);
    }
};

void TestPubSub::replies_data()
{
    using Kind = PubSubReply::Kind;
    using Of = SubscriptionKind;
    QTest::addColumn<QByteArray>("wire");
    QTest::addColumn<int>("what");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("channel");
    QTest::addColumn<QByteArray>("payload");
    const auto row = [](const char *title, const QByteArray &wire, Kind what, Of kind, const QByteArray &name,
                        const QByteArray &channel = {}, const QByteArray &payload = {}) {
        QTest::newRow(title) << wire << int(what) << int(kind) << name << channel << payload;
    };
    row("message", ">3\r\n$7\r\nmessage\r\n$1\r\na\r\n$2\r\nhi\r\n", Kind::Message, Of::Channel, "a", "a", "hi");
    row("message, RESP2", "*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$2\r\nhi\r\n", Kind::Message, Of::Channel, "a", "a", "hi");
    row("pmessage",
        "*4\r\n$8\r\npmessage\r\n$2\r\na*\r\n$2\r\nab\r\n$3\r\n\xff"
        "\r\n\r\n",
        Kind::Message, Of::Pattern, "a*", "ab", "\xff\r\n");
    row("smessage", ">3\r\n$8\r\nsmessage\r\n$1\r\na\r\n$0\r\n\r\n", Kind::Message, Of::Shard, "a", "a", "");
    row("subscribe", ">3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n", Kind::Subscribed, Of::Channel, "a");
    row("psubscribe", "*3\r\n$10\r\npsubscribe\r\n$1\r\n*\r\n:2\r\n", Kind::Subscribed, Of::Pattern, "*");
    row("sunsubscribe", ">3\r\n$12\r\nsunsubscribe\r\n$1\r\na\r\n:0\r\n", Kind::Unsubscribed, Of::Shard, "a");
    row("pong", "+PONG\r\n", Kind::Pong, Of::Channel, "");
    row("pong, RESP2", "*2\r\n$4\r\npong\r\n$0\r\n\r\n", Kind::Pong, Of::Channel, "");
    row("error", "-NOPERM no\r\n", Kind::Refused, Of::Channel, "");
}

void TestPubSub::replies()
{
    QFETCH(const QByteArray, wire);
    const PubSubReply reply = readPubSubReply(read(wire));
    QTEST(int(reply.what), "what");
    QTEST(int(reply.kind), "kind");
    QTEST(reply.name, "name");
    QTEST(reply.channel, "channel");
    QTEST(reply.payload, "payload");
}

void TestPubSub::oddReplies()
{
    for (const char *wire :
         {"*0\r\n", ":5\r\n", "$-1\r\n", "*1\r\n$7\r\nmessage\r\n", "*2\r\n$7\r\nmessage\r\n:1\r\n",
          "*3\r\n$8\r\npmessage\r\n$1\r\na\r\n$1\r\nb\r\n", ">2\r\n$10\r\ninvalidate\r\n*0\r\n", "*1\r\n*1\r\n:1\r\n"})
        QVERIFY2(readPubSubReply(read(wire)).what == PubSubReply::Kind::Other, wire);
}

void TestPubSub::keyEvents_data()
{
    QTest::addColumn<QByteArray>("channel");
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<int>("database"); // database number (-1: no key event)
    QTest::addColumn<QByteArray>("event");
    QTest::addColumn<QByteArray>("key");
    QTest::newRow("of a key") << "__keyspace@0__:a:b:c"_ba
                              << "set"_ba << 0 << "set"_ba
                              << "a:b:c"_ba;
    QTest::newRow("of an event") << "__keyevent@12__:expired"_ba
                                 << "a__:b"_ba << 12 << "expired"_ba
                                 << "a__:b"_ba;
    QTest::newRow("a key with the mark") << "__keyspace@0__:__:x"_ba
                                         << "del"_ba << 0 << "del"_ba
                                         << "__:x"_ba;
    QTest::newRow("an empty key") << "__keyspace@0__:"_ba
                                  << "del"_ba << 0 << "del"_ba
                                  << ""_ba;
    QTest::newRow("no number") << "__keyspace@x__:a"_ba
                               << "set"_ba << -1 << ""_ba
                               << ""_ba;
    QTest::newRow("no end") << "__keyspace@0__a"_ba
                            << "set"_ba << -1 << ""_ba
                            << ""_ba;
    QTest::newRow("a channel") << "order.paid"_ba
                               << "set"_ba << -1 << ""_ba
                               << ""_ba;
}

void TestPubSub::keyEvents()
{
    QFETCH(const QByteArray, channel);
    QFETCH(const QByteArray, payload);
    QFETCH(const int, database);
    const auto event = keyEventOf(channel, payload);
    QCOMPARE(event.has_value(), database >= 0);
    if (!event)
        return;
    QCOMPARE(event->database, database);
    QTEST(event->event, "event");
    QTEST(event->key, "key");
}

void TestPubSub::patternsOfKeyEvents()
{
    QCOMPARE(keyEventsPattern("expired", 0), "__keyevent@0__:expired"_ba);
    QCOMPARE(keyEventsPattern("", 3), "__keyevent@3__:*"_ba);
    QCOMPARE(keyEventsPattern("__keyspace@0__:user:*", 3), "__keyspace@0__:user:*"_ba);
    // a user who types a pattern of key events means it literally
    QCOMPARE(keyEventsPattern("__key*__:*", 3), "__key*__:*"_ba);
    for (const char *channel : {"__keyspace@0__:a*b", "__keyevent@3__:expired", "__keyspace@0__:"})
        QVERIFY2(isKeyEventChannel(channel), channel);
    for (const char *channel : {"__key", "__keys", "__keyspace@x__:a", "__keyspace@0", "__keyring:1"})
        QVERIFY2(!isKeyEventChannel(channel), channel);
    QVERIFY(isKeyEventPattern("__keyspace@*__:user:*") && isKeyEventPattern("__keyevent@0__:*"));
    QVERIFY(!isKeyEventPattern("__key*__:*") && !isKeyEventPattern("__keyring*"));
    for (const char *pattern : {"*", "_*", "__k?yspace@0__:*", "__key*", "*.log", "__key[es]*", "__key[^x]*", "*:a\\*b",
                                "__key*@[0-9]__:*", "??key*"})
        QVERIFY2(alsoFitsKeyEvents(pattern), pattern);
    for (const char *pattern : {"order.*", "__key", "", "_?rder*", "__keyring*", "__key[xy]*", "\\**", "__keyspace?x*",
                                "__keyspace@0__:*", "??????"})
        QVERIFY2(!alsoFitsKeyEvents(pattern), pattern);
    const QByteArray odd("a*b?[c]\\d\0", 10);
    QCOMPARE(nameOfPattern(patternOfName(odd)), std::optional(odd));
    QCOMPARE(patternOfName("a*[b]"), "a\\*\\[b\\]"_ba);
    QVERIFY(!nameOfPattern("a*") && !nameOfPattern("a[b]") && nameOfPattern("a\\*") == "a*"_ba);
    const SubscriptionOrder starred{.kind = SubscriptionKind::KeyEvents, .name = "__keyspace@0__:a\\*"};
    QCOMPARE(subscriptionText(starred), u"key a*, database 0"_s);
    const SubscriptionOrder expired{.kind = SubscriptionKind::KeyEvents, .name = "__keyevent@0__:expired"};
    QCOMPARE(subscriptionText(expired), u"expired, database 0"_s);
    const SubscriptionOrder key{.kind = SubscriptionKind::KeyEvents, .name = "__keyspace@2__:a:b"};
    QCOMPARE(subscriptionText(key), u"key a:b, database 2"_s);
}

void TestPubSub::lackingSettings_data()
{
    QTest::addColumn<QByteArray>("setting");
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<QByteArray>("lacking");
    QTest::newRow("empty") << ""_ba
                           << "__keyevent@0__:*"_ba
                           << "EA"_ba;
    QTest::newRow("all") << "AKE"_ba
                         << "__key*@0__:*"_ba
                         << ""_ba;
    QTest::newRow("other way") << "AK"_ba
                               << "__keyevent@0__:*"_ba
                               << "E"_ba;
    QTest::newRow("either will do") << "AE"_ba
                                    << "__key*__:*"_ba
                                    << ""_ba;
    QTest::newRow("neither") << "A"_ba
                             << "__key*__:*"_ba
                             << "KE"_ba;
    QTest::newRow("class on") << "Ex"_ba
                              << "__keyevent@0__:expired"_ba
                              << ""_ba;
    QTest::newRow("class off") << "Eg"_ba
                               << "__keyevent@0__:expired"_ba
                               << "x"_ba;
    QTest::newRow("A has no m") << "AKE"_ba
                                << "__keyevent@0__:keymiss"_ba
                                << "m"_ba;
    QTest::newRow("no class") << "KE"_ba
                              << "__keyspace@0__:a"_ba
                              << "A"_ba;
}

void TestPubSub::lackingSettings()
{
    QFETCH(const QByteArray, setting);
    QFETCH(const QByteArray, pattern);
    QTEST(lackingForEvents(setting, pattern), "lacking");
}

void TestPubSub::boundedByNumber()
{
    MessageBook book({.messages = 100});
    for (int i = 0; i < 100'000; ++i)
        book.take(message("a", QByteArray::number(i)));
    PubSubSnapshot snapshot;
    snapshot.subscriptions.push_back({.id = 1});
    book.tell(snapshot, 1'000'500);
    QCOMPARE(snapshot.messages, 100'000U);
    QCOMPARE(snapshot.dropped, 99'900U);
    QCOMPARE(snapshot.kept, 100U);
    QCOMPARE(snapshot.subscriptions[0].messages, 100'000U);
    const PubSubMessages all = shown(book);
    QCOMPARE(all.size(), 100U);
    QCOMPARE(all.front()->payload, "99999"_ba);
    QCOMPARE(all.back()->payload, "99900"_ba);
    book.setBounds({.messages = 10});
    QCOMPARE(shown(book).size(), 10U);
    book.clear();
    book.tell(snapshot, 1'000'500);
    QVERIFY(snapshot.messages == 0 && snapshot.dropped == 0 && snapshot.keptBytes == 0 && shown(book).empty());
}

void TestPubSub::boundedByBytes()
{
    MessageBook book({.messages = 1000, .bytes = 100'000});
    for (int i = 0; i < 50; ++i)
        book.take(message("a", QByteArray(10'000, 'x')));
    PubSubSnapshot snapshot;
    book.tell(snapshot, 0);
    QVERIFY(snapshot.keptBytes <= 100'000);
    QCOMPARE(snapshot.kept, 9U);
    QCOMPARE(snapshot.kept + snapshot.dropped, snapshot.messages);
}

void TestPubSub::aLongPayloadIsCut()
{
    MessageBook book({.bytesOfOne = 1000});
    book.take(message("a", QByteArray(5000, 'x')));
    book.take(message("a", QByteArray(1000, 'x')));
    const PubSubMessages all = shown(book);
    QVERIFY(!all[0]->isCut() && all[1]->isCut());
    QCOMPARE(all[1]->bytes, 5000);
    QCOMPARE(all[1]->payload.size(), 1000);
}

void TestPubSub::rates()
{
    MessageBook book;
    for (int second = 0; second < 10; ++second)
        for (int i = 0; i < 20; ++i)
            book.take(message("a", "x", second < 9 ? 1 : 2, 1'000'000 + second * 1000));
    PubSubSnapshot snapshot;
    snapshot.subscriptions.push_back({.id = 1});
    snapshot.subscriptions.push_back({.id = 2});
    book.tell(snapshot, 1'009'500); // the tenth second is not over
    QCOMPARE(snapshot.subscriptions[0].perSecond, 20.0);
    QCOMPARE(snapshot.subscriptions[1].perSecond, 20.0); // in its first second: the messages so far
    QCOMPARE(snapshot.seconds.size(), 60U);
    QCOMPARE(snapshot.seconds.back().bySubscription, (std::vector<quint32>{0, 20}));
    QCOMPARE(snapshot.seconds[58].bySubscription, (std::vector<quint32>{20, 0}));
    QCOMPARE(snapshot.seconds[49].bySubscription, (std::vector<quint32>{0, 0}));
    book.tell(snapshot, 1'100'000);
    QCOMPARE(snapshot.perSecond, 0.0);
}

void TestPubSub::filters()
{
    MessageBook book;
    book.take(message("Order.paid", "{}"));
    book.take(message("x", QByteArray("a\0ORDER", 7)));
    book.take(message("y", "other", 2));
    PubSubMessage gap = message({}, "why", 2);
    gap.gapFrom = 5;
    book.takeGap(gap);
    QCOMPARE(shown(book, {.text = "order"}).size(), 3U); // including the gap
    QCOMPARE(shown(book, {.text = "order", .subscription = 1}).size(), 2U);
    QCOMPARE(shown(book, {.text = QByteArray("\0o", 2)}).size(), 2U);
    QCOMPARE(shown(book, {.subscription = 2}).size(), 2U);
    book.take(message("order", ""));
    const PubSubMessages found = shown(book, {.text = "order", .subscription = 1});
    QCOMPARE(found.size(), 3U);
    QCOMPARE(found.front()->channel, "order"_ba);
}

void TestPubSub::aFilterSearchesInPieces()
{
    MessageBook book({.messages = 1000, .bytes = 64 * 1024 * 1024});
    for (int i = 0; i < 40; ++i)
        book.take(message(i % 2 ? "odd" : "even", QByteArray(1024 * 1024, 'x')));
    bool isSearching = false;
    QVERIFY(book.shown({.text = "odd"}, &isSearching)->size() < 20 && isSearching);
    book.take(message("odd", "new"));
    int looks = 1;
    for (; isSearching; ++looks)
        std::ignore = book.shown({.text = "odd"}, &isSearching);
    QVERIFY(looks > 3 && looks < 10);
    const PubSubMessages found = shown(book, {.text = "odd"});
    QCOMPARE(found.size(), 21U);
    for (size_t i = 1; i < found.size(); ++i)
        QVERIFY(found[i - 1]->serial > found[i]->serial);
    book.setBounds({.messages = 3});
    QCOMPARE(shown(book, {.text = "odd"}).size(), 2U);
}

void TestPubSub::nothingIsMadeAnewWithoutChange()
{
    MessageBook book;
    book.take(message("a", "x"));
    bool isSearching = false;
    const auto first = book.shown({}, &isSearching);
    QCOMPARE(book.shown({}, &isSearching).get(), first.get());
    book.take(message("a", "y"));
    QVERIFY(book.shown({}, &isSearching).get() != first.get());
    QCOMPARE(first->size(), 1U); // a result that is still in use does not change
}

void TestPubSub::channelsOfNodes()
{
    NodeChannels one{.nodeId = "1", .node = u"one"_s, .channels = {{"a", 2}, {"b", 1}}, .shardChannels = {{"a", 9}}};
    one.patterns = 3;
    one.hasAnswered = true;
    NodeChannels two{.nodeId = "2", .node = u"two"_s, .channels = {{"b", 4}}, .more = 7};
    two.hasAnswered = true;
    NodeChannels three{.nodeId = "3", .node = u"three"_s};
    three.problems.push_back({.code = Error::Code::NoPermission});
    QCOMPARE(patternsText(mergedChannels({three})), u"patterns unknown"_s);
    QCOMPARE(patternsText(mergedChannels({one, three})), u"3 patterns on 1 of 2 nodes"_s);
    QCOMPARE(patternsText(mergedChannels({one})), u"3 patterns"_s);
    const ActiveChannels all = mergedChannels({one, two, three});
    QCOMPARE(all.channels.size(), 3U);
    QVERIFY(all.channels[0].isShard && all.channels[0].subscribers == 9 && all.channels[0].slot == 15495);
    QCOMPARE(all.channels[1].name, "b"_ba);
    QCOMPARE(all.channels[1].subscribers, 5);
    QCOMPARE(all.channels[1].nodes, (QByteArrayList{"1", "2"}));
    QVERIFY(all.more == 7 && all.patterns == 3 && all.asked == 3 && all.answered == 2);
    QCOMPARE(all.problems.size(), 1U);
}

void TestPubSub::rights()
{
    const Error channel{.code = Error::Code::NoPermission,
                        .detail = u"this user has no permissions to access one of the channels used as arguments"_s,
                        .command = u"PSUBSCRIBE"_s};
    QCOMPARE(missingChannelRight(channel, "order.*"), "&order.*"_ba);
    const Error command{.code = Error::Code::NoPermission,
                        .detail = u"this user has no permissions to run the 'ssubscribe' command"_s,
                        .command = u"SSUBSCRIBE"_s};
    QCOMPARE(missingChannelRight(command, "a"), "+ssubscribe"_ba);
    QCOMPARE(aclLine({}, "&a b"), u"ACL SETUSER default \"&a b\""_s);
    QCOMPARE(withRight(u"refused (NOPERM)"_s, u"me"_s, "&a"), u"refused (NOPERM). It needs: ACL SETUSER me &a"_s);
    QVERIFY(missingChannelRight({.code = Error::Code::Timeout}, "a").isEmpty());
    const Error channels{.code = Error::Code::NoPermission, .command = u"PUBSUB CHANNELS"_s};
    const Error numpat{.code = Error::Code::NoPermission, .command = u"PUBSUB NUMPAT"_s};
    const QStringList said = channelProblemTexts(
        {{u"one"_s, channels}, {u"one"_s, numpat}, {u"two"_s, channels}, {u"three"_s, {}}}, u"me"_s);
    QCOMPARE(said.size(), 2);
    QVERIFY2(said[0].contains(u"one, two"_s) && said[0].endsWith(u"ACL SETUSER me +pubsub|channels +pubsub|numpat"_s),
             qPrintable(said[0]));
}

void TestPubSub::json()
{
    PubSubMessage odd = message(QByteArray("a\0\xff", 3), "{}");
    odd.bytes = 9;
    const QJsonObject row = jsonOf(odd, {.kind = SubscriptionKind::Pattern, .name = "a*"});
    QCOMPARE(row.value(u"channel").toObject().value(u"base64").toString(), u"YQD/"_s);
    QCOMPARE(row.value(u"payload").toString(), u"{}"_s);
    QCOMPARE(row.value(u"cut").toBool(), true);
    QCOMPARE(row.value(u"subscription").toString(), u"pattern"_s);
    QCOMPARE(row.value(u"time").toString(), u"1970-01-01T00:16:40.000Z"_s);
}

void TestPubSub::whatPublishCounts()
{
    NodeReply reply;
    reply.nodeName = u"10.0.0.1:7001"_s;
    reply.reply = Value::integer(3);
    QCOMPARE(publishText(reply, false, 1), u"Delivered to 3 subscribers."_s);
    reply.reply = Value::integer(1);
    QCOMPARE(publishText(reply, false, 1), u"Delivered to 1 subscriber."_s);
    QVERIFY(publishText(reply, false, 6).contains(u"not counted"_s));
    QVERIFY(publishText(reply, true, 6).contains(u"replicas are not counted"_s));
}

SLOTSCOPE_TEST(TestPubSub)
#include "tst_pubsub.moc"
