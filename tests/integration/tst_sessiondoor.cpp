// SPDX-License-Identifier: GPL-3.0-or-later
// The border between the threads: what crosses it, and what happens when one side goes early. Runs under TSan too.
#include "core/session/keycounting.h"
#include "core/session/remote.h"
#include "core/base/border.h"
#include "core/session/connectiontest.h"
#include "core/local/demo.h"
#include "core/session/corethread.h"
#include "core/session/sessiondoor.h"
#include "tests/support/testmain.h"

#include <QSignalSpy>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;
using Code = Error::Code;

namespace {

template <typename T>
bool isDone(const QFuture<T> &future)
{
    const bool done = future.isFinished();
    crossBorder();
    return done;
}

} // namespace

namespace {

QFuture<Result<SlotKeyCountsPtr>> counted(Remote<KeyCounter> &counter)
{
    return counter.call<SlotKeyCountsPtr>([](KeyCounter &keys) { return keys.count(); });
}

} // namespace

class tst_SessionDoor : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        LocalClusterOptions options;
        options.replicasPerPrimary = 0;
        m_demo = std::make_unique<Demo>(m_thread, options);
        QFuture<Result<ConnectionTarget>> future = m_demo->start(1);
        QTRY_VERIFY_WITH_TIMEOUT(isDone(future), 60000);
        const auto target = future.result();
        QVERIFY(target);
        m_target = *target;
    }
    void cleanupTestCase() { m_demo.reset(); }

    void viewsAndAnswersCross()
    {
        SessionDoor door(m_thread, m_target);
        QSignalSpy views(&door, &SessionDoor::viewChanged);
        QTRY_VERIFY_WITH_TIMEOUT(door.view() && door.view()->observers == 3, 20000);
        QCOMPARE(door.state(), SessionState::Ready);
        QFuture<Result<QList<NodeReply>>> call =
            door.call(commandOf("DBSIZE"), {.kind = NodeSelection::Kind::All, .nodeId = {}});
        Remote<KeyCounter> counter(door);
        QFuture<Result<SlotKeyCountsPtr>> counts = counted(counter);
        QFuture<Result<ClusterViewPtr>> check = door.fullCheck();
        QTRY_VERIFY_WITH_TIMEOUT(isDone(call) && isDone(counts) && isDone(check), 20000);
        QVERIFY(call.result() && call.result()->size() == 3);
        QVERIFY(counts.result());
        QVERIFY(check.result());
        qint64 sum = 0;
        const auto keys = (*counts.result())->keys;
        for (const qint64 count : keys)
            sum += std::max<qint64>(count, 0);
        qint64 size = 0;
        const auto replies = *call.result();
        for (const NodeReply &reply : replies)
            size += reply.reply->toInteger();
        QCOMPARE(sum, size);
        const auto seen = views.count();
        QTRY_VERIFY(views.count() > seen + 2); // the session continues to update its view
    }

    void aFutureIsAlwaysFinished()
    {
        QList<QFuture<Result<SlotKeyCountsPtr>>> futures;
        {
            SessionDoor door(m_thread, m_target);
            Remote<KeyCounter> counter(door);
            for (int i = 0; i < 20; ++i)
                futures << counted(counter);
        }
        for (const auto &future : futures) {
            QTRY_VERIFY(isDone(future));
            QVERIFY(future.resultCount() == 1);
        }
    }

    void closingInEveryMoment()
    {
        for (int round = 0; round < 25; ++round) {
            auto door = std::make_unique<SessionDoor>(m_thread, m_target);
            auto future = door->call(commandOf("GET", "user:1"), {});
            if (round % 5 == 1)
                QTRY_VERIFY(door->view());
            if (round % 5 == 2)
                QTRY_VERIFY(door->view() && door->view()->observers == 3);
            if (round % 5 == 3)
                door->refresh();
            door.reset();
            QTRY_VERIFY(isDone(future));
        }
    }

    void aWrongPlaceSaysSo()
    {
        ConnectionTarget target;
        target.seeds.append({.host = u"127.0.0.1"_s, .port = 1, .socketPath = {}});
        SessionDoor door(m_thread, target);
        QTRY_COMPARE(int(door.error().code), int(Code::ConnectionRefused));
        QCOMPARE(door.state(), SessionState::Connecting); // the session continues to retry
        QFuture<Result<QList<NodeReply>>> call =
            door.call(commandOf("PING"), {.kind = NodeSelection::Kind::All, .nodeId = {}});
        QTRY_VERIFY(isDone(call));
        QVERIFY(!call.result());
    }

    void theThreadEndsRightAfterTheDoor()
    {
        QFuture<Result<SlotKeyCountsPtr>> future;
        {
            CoreThread thread;
            SessionDoor door(thread, m_target);
            QTRY_VERIFY(door.view());
            Remote<KeyCounter> counter(door);
            future = counted(counter);
        }
        QTRY_VERIFY(isDone(future));
        QVERIFY(future.resultCount() == 1);
    }

    void theThreadEndsWhileADemoStarts()
    {
        QFuture<Result<ConnectionTarget>> future;
        {
            CoreThread thread;
            Demo demo(thread);
            future = demo.start(1);
            const auto test = testConnection(thread, m_target, 5000);
            QTRY_VERIFY_WITH_TIMEOUT(isDone(test), 20000); // until then the demo has begun to start its servers
        }
        QVERIFY(isDone(future)); // the future is finished although the demo was destroyed
        QVERIFY(!future.result());
    }

    void aDemoStoppedWhileItStarts()
    {
        for (int round = 0; round < 3; ++round) {
            Demo demo(m_thread);
            (void)demo.start(1);
        }
        QFuture<ConnectionReport> test = testConnection(m_thread, m_target, 5000);
        QTRY_VERIFY_WITH_TIMEOUT(isDone(test), 20000);
        QVERIFY(test.result().usable);
    }

private:
    CoreThread m_thread;
    std::unique_ptr<Demo> m_demo;
    ConnectionTarget m_target;
};

SLOTSCOPE_TEST(tst_SessionDoor)
#include "tst_sessiondoor.moc"
