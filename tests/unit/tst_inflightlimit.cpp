// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/inflightlimit.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace slotscope;

namespace {

QCoro::Task<> stay(std::shared_ptr<InFlightLimit> limit, qint64 amount, QByteArray *log, char name)
{
    co_await InFlightLimit::enter(limit, amount);
    log->append(name);
}

/// Enters the limit and leaves it at once.
QCoro::Task<> passThrough(std::shared_ptr<InFlightLimit> limit, QByteArray *log, char name)
{
    co_await InFlightLimit::enter(limit);
    log->append(name);
    limit->leave();
}

} // namespace

class TestInFlightLimit : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void firstComeFirstServed()
    {
        const auto limit = std::make_shared<InFlightLimit>(10);
        QByteArray log;
        const auto a = stay(limit, 6, &log, 'a'), b = stay(limit, 5, &log, 'b'), c = stay(limit, 2, &log, 'c');
        QCOMPARE(log, "a"); // c would fit, but b is waiting before it
        limit->leave(6);
        QCOMPARE(log, "abc");
        limit->leave(5);
        limit->leave(2);
    }
    void whatIsBiggerThanTheWholeGoesAlone()
    {
        const auto limit = std::make_shared<InFlightLimit>(10);
        QByteArray log;
        const auto a = stay(limit, 1, &log, 'a'), b = stay(limit, 99, &log, 'b'), c = stay(limit, 1, &log, 'c');
        QCOMPARE(log, "a");
        limit->leave(1);
        QCOMPARE(log, "ab");
        limit->leave(99);
        QCOMPARE(log, "abc");
        limit->leave(1);
    }
    void manyPassOneByOne()
    {
        const auto limit = std::make_shared<InFlightLimit>(1);
        QByteArray log;
        const auto first = stay(limit, 1, &log, '-');
        std::vector<QCoro::Task<>> others;
        for (char name = 'a'; name <= 'z'; ++name)
            others.push_back(passThrough(limit, &log, name));
        limit->leave();
        QCOMPARE(log, "-abcdefghijklmnopqrstuvwxyz");
    }
};

SLOTSCOPE_TEST(TestInFlightLimit)
#include "tst_inflightlimit.moc"
