// SPDX-License-Identifier: GPL-3.0-or-later
// Where a subscription goes and when it is asked for again, the node for channels, settings of key events, and what is
// said of all this: without a server.
#include "core/pubsub/keyeventsettings.h"
#include "core/pubsub/pubsubwords.h"
#include "core/pubsub/subscriptionseat.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestSubscriptionSeat : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void pausesDouble();
    void anotherNodeIsAskedAtOnce();
    void whatHeldForLongIsForgiven();
    void agesAreSteady();
    void theHomeStays();
    void aHomeThatOthersCallFailed();
    void settingsOfKeyEvents();
    void whatBecameOfAMessage();
    void whatIsNotHeard();

private:
    static NodeState node(const QByteArray &id, NodeCondition condition = NodeCondition::Ok, bool primary = true)
    {
        NodeState made;
        made.id = id;
        made.name = QString::fromLatin1(id);
        made.primary = primary;
        made.condition = condition;
        made.reach.state = Reach::State::Ready;
        return made;
    }
    static ClusterView viewOf(const std::vector<NodeState> &nodes)
    {
        ClusterView view;
        view.nodes = nodes;
        for (int i = 0; i < int(nodes.size()); ++i)
            view.indexById[nodes[size_t(i)].id] = i;
        return view;
    }
    static QByteArray home(const ClusterView &view, const QByteArray &former, const QByteArray &avoided = {})
    {
        return chooseHome(
            view, former, [&](const QByteArray &id) { return id == avoided; },
            [](const QByteArray &) { return false; });
    }
    static NodeReply told(const QByteArray &id, Result<Value> value)
    {
        NodeReply reply;
        reply.nodeId = id;
        reply.nodeName = QString::fromLatin1(id);
        reply.reply = std::move(value);
        return reply;
    }
};

void TestSubscriptionSeat::pausesDouble()
{
    QCOMPARE(pauseAfterFailures(1), 500);
    QCOMPARE(pauseAfterFailures(3), 2000);
    QCOMPARE(pauseAfterFailures(7), 30'000);
    QCOMPARE(pauseAfterFailures(1'000'000), 30'000);
    SubscriptionSeat seat;
    seat.place.nodeId = "a";
    qint64 now = 1'000'000, tries = 0;
    for (; now < 1'000'000 + 10 * 60'000; ++tries) { // ten minutes
        seat.fail(now);
        now = seat.retryAt;
    }
    QVERIFY2(tries < 27, qPrintable(QString::number(tries)));
    seat.forgive();
    QVERIFY(seat.retryAt == 0 && seat.failures == 0);
}

void TestSubscriptionSeat::anotherNodeIsAskedAtOnce()
{
    SubscriptionSeat seat;
    seat.place.nodeId = "a";
    seat.fail(1000);
    seat.moveTo("b", 1000, 1000, 0);
    QCOMPARE(seat.retryAt, 0); // b has not refused yet, so it is asked at once
    seat.fail(1010);
    seat.moveTo("a", 1010, 1010, 0); // the two nodes redirect to each other
    QCOMPARE(seat.retryAt, 1010 + 1000);
    seat.fail(seat.retryAt);
    seat.moveTo("b", 2010, 2010, 0);
    QCOMPARE(seat.retryAt, 2010 + 2000);
}

void TestSubscriptionSeat::whatHeldForLongIsForgiven()
{
    SubscriptionSeat seat;
    seat.place.nodeId = "a";
    for (int i = 0; i < 5; ++i)
        seat.fail(1000);
    seat.succeed(2000);
    seat.fail(2100); // the subscription was lost right after it succeeded
    QCOMPARE(seat.failures, 6);
    seat.succeed(3000);
    seat.fail(3000 + SubscriptionSeat::provedMs);
    QCOMPARE(seat.failures, 1);
}

/// Times of day use the wall clock and ages the steady clock, whatever the difference between the two.
void TestSubscriptionSeat::agesAreSteady()
{
    constexpr qint64 steady = 5'000'000, wall = 900'000'000;
    SubscriptionSeat seat;
    seat.place.nodeId = "a";
    seat.lose(steady, steady, wall);
    QCOMPARE(seat.lostAt, 0); // there was no subscription that could be lost
    seat.succeed(steady);
    seat.agreedAt = steady + 2000;
    seat.moveTo("b", steady + 5000, steady + 5000, wall + 5000);
    QCOMPARE(seat.lostAt, steady + 2000);
    QCOMPARE(seat.place.lostSince, wall + 2000);
    QVERIFY(seat.place.state == SubscriptionPlace::State::Lost && seat.place.nodeId == "b");
    seat.lose(steady + 9000, steady + 9000, wall);
    QCOMPARE(seat.lostAt, steady + 2000); // still the time of the last answer
    seat.succeed(steady + 9000);
    seat.agreedAt = steady + 12'000;
    seat.moveTo("a", steady + 10'000, steady + 13'000, wall);
    QCOMPARE(seat.lostAt, steady + 10'000); // it had already been silent since then
    seat.succeed(steady + 14'000);
    QVERIFY(seat.lostAt == 0 && seat.place.lostSince == 0 && seat.place.state == SubscriptionPlace::State::On);
}

void TestSubscriptionSeat::theHomeStays()
{
    const ClusterView view =
        viewOf({node("r", NodeCondition::Ok, false), node("a"), node("b"), node("h", NodeCondition::Handshake)});
    QCOMPARE(home(view, {}), "a"_ba); // a primary
    QCOMPARE(home(view, "b"), "b"_ba);
    QCOMPARE(home(view, "gone"), "a"_ba);
    QCOMPARE(home(view, {}, "a"), "b"_ba);
    QVERIFY(home(viewOf({}), "a").isEmpty());
}

void TestSubscriptionSeat::aHomeThatOthersCallFailed()
{
    using Condition = NodeCondition;
    QCOMPARE(home(viewOf({node("a", Condition::Failed), node("b")}), "a"), "b"_ba);
    QCOMPARE(home(viewOf({node("a", Condition::MaybeFailed), node("b")}), "a"), "a"_ba); // not certain enough to move
    // no better node is known
    QCOMPARE(home(viewOf({node("a", Condition::Failed), node("b", Condition::Failed)}), "a"), "a"_ba);
    ClusterView view = viewOf({node("a", Condition::Failed), node("b")});
    view.nodes[1].reach.state = Reach::State::Waiting; // b does not answer this program
    QCOMPARE(home(view, "a"), "a"_ba);
}

void TestSubscriptionSeat::settingsOfKeyEvents()
{
    KeyEventSettings settings(nullptr);
    QVERIFY(settings.warnings({"__keyevent@0__:*"}).empty() && !settings.mayBeSent());
    const auto pair = [](const QByteArray &name, const QByteArray &value) {
        return Value::aggregate(Value::Type::Array, {Value::bulk(name), Value::bulk(value)});
    };
    settings.take(QList<NodeReply>{told("a", pair("notify-keyspace-events", "AKE"))});
    QVERIFY(settings.warnings({"__keyevent@0__:*"}).empty() && settings.mayBeSent());
    settings.take(QList<NodeReply>{told("a", pair("notify-keyspace-events", ""))});
    QVERIFY(settings.warnings({"__keyevent@0__:*"}).size() == 1 && !settings.mayBeSent());
    QVERIFY(settings.warnings({}).empty());
    settings.take(QList<NodeReply>{// some managed services leave this setting out: then it is unknown, not empty
                                   told("a", Value::aggregate(Value::Type::Array, {}))});
    std::vector<KeyEventsWarning> warnings = settings.warnings({"__keyevent@0__:*"});
    QVERIFY(warnings.size() == 1 && warnings[0].problem && settings.mayBeSent());
    QVERIFY2(warningTexts(warnings)[0].contains(u"is not known"_s), qPrintable(warningTexts(warnings)[0]));
    settings.take(failure(Error::Code::NoRoute, u"no node answers"_s));
    warnings = settings.warnings({"__keyevent@0__:*"});
    QVERIFY(warnings.size() == 1 && warnings[0].problem);
    QVERIFY2(warningTexts(warnings)[0].contains(u"no node answers"_s), qPrintable(warningTexts(warnings)[0]));
}

void TestSubscriptionSeat::whatBecameOfAMessage()
{
    using Code = Error::Code;
    const auto of = [](Code code, const QByteArray &prefix = {}) {
        return publishOutcome({.code = code, .serverPrefix = prefix});
    };
    for (const Code code : {Code::NeedsConsent, Code::ReadOnly, Code::NoRoute, Code::ConnectionLost})
        QCOMPARE(of(code), PublishOutcome::NotSent);
    for (const Code code : {Code::Timeout, Code::MaybeExecuted, Code::Cancelled})
        QCOMPARE(of(code), PublishOutcome::Unknown);
    QCOMPARE(of(Code::NoPermission, "NOPERM"), PublishOutcome::Refused);
    QCOMPARE(of(Code::ServerError, "ERR"), PublishOutcome::Refused);
    QCOMPARE(publishOutcomeText(PublishOutcome::Unknown), u"it may have been sent"_s);
}

void TestSubscriptionSeat::whatIsNotHeard()
{
    SubscriptionState state{.id = 1, .order = {SubscriptionKind::Channel, "news"}};
    QCOMPARE(unheardTexts(state).size(), 1); // no node for this subscription is known
    SubscriptionPlace place{.nodeId = "a", .node = u"a:1"_s, .state = SubscriptionPlace::State::On};
    state.places = {place};
    QVERIFY(unheardTexts(state).isEmpty());
    place.state = SubscriptionPlace::State::Lost;
    place.lostSince = 1'000'000;
    state.places.push_back(place);
    QCOMPARE(unheardTexts(state).size(), 1);
    QVERIFY2(unheardTexts(state)[0].contains(u"nothing received from a:1 since"_s), qPrintable(unheardTexts(state)[0]));
    state.isPaused = true;
    QVERIFY(unheardTexts(state).isEmpty());
    PubSubMessage gap;
    gap.gapFrom = 1;
    gap.at = 2;
    QVERIFY(gapText(gap).startsWith(u"Messages may be missing between"_s));
}

SLOTSCOPE_TEST(TestSubscriptionSeat)
#include "tst_subscriptionseat.moc"
