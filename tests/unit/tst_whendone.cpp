// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/whendone.h"
#include "tests/support/testmain.h"

#include <QPromise>
#include <QTest>

#include <atomic>
#include <thread>

using namespace slotscope;

class TestWhenDone : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// Another thread finishes each future at about the moment at which whenDone() is called. With QFuture::then() of
    /// Qt 6.4 this test ends with a segmentation fault.
    void onceEachWhileAnotherThreadFinishes()
    {
        constexpr int rounds = 20'000;
        std::atomic<QPromise<int> *> next = nullptr;
        std::atomic<bool> stop = false;
        std::thread giver([&] {
            while (!stop) {
                QPromise<int> *promise = next.exchange(nullptr);
                if (!promise)
                    continue;
                promise->addResult(1);
                promise->finish();
                delete promise;
            }
        });
        int told = 0;
        for (int i = 0; i < rounds; ++i) {
            auto *promise = new QPromise<int>;
            promise->start();
            const QFuture<int> future = promise->future();
            next = promise;
            whenDone(future, this, [&told](int one) { told += one; });
            while (next)
                std::this_thread::yield();
            if (i % 100 == 0)
                QCoreApplication::processEvents();
        }
        QTRY_COMPARE(told, rounds);
        stop = true;
        giver.join();
        QTRY_VERIFY(children().isEmpty()); // no helper object is left
    }

    void notWithoutItsContextOrAResult()
    {
        bool isTold = false;
        auto context = std::make_unique<QObject>();
        QPromise<void> first;
        first.start();
        whenDone(first.future(), context.get(), [&isTold] { isTold = true; });
        context.reset();
        first.finish();
        auto cancelled = std::make_unique<QPromise<int>>();
        cancelled->start();
        whenDone(cancelled->future(), this, [&isTold](int) { isTold = true; });
        cancelled.reset();
        QPromise<void> last;
        last.start();
        bool isOver = false;
        whenDone(last.future(), this, [&isOver] { isOver = true; });
        last.finish();
        QVERIFY(!isOver); // called from the event loop, even if the future is already finished
        QTRY_VERIFY(isOver);
        QVERIFY(!isTold);
    }
};

SLOTSCOPE_TEST(TestWhenDone)
#include "tst_whendone.moc"
