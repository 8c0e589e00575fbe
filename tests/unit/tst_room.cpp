// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/room.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace slotscope;

namespace {

QCoro::Task<> stay(std::shared_ptr<Room> room, qint64 amount, QByteArray *log, char name)
{
    co_await Room::enter(room, amount);
    log->append(name);
}

/// Enters the room and leaves it at once.
QCoro::Task<> passThrough(std::shared_ptr<Room> room, QByteArray *log, char name)
{
    co_await Room::enter(room);
    log->append(name);
    room->leave();
}

} // namespace

class TestRoom : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void firstComeFirstServed()
    {
        const auto room = std::make_shared<Room>(10);
        QByteArray log;
        const auto a = stay(room, 6, &log, 'a'), b = stay(room, 5, &log, 'b'), c = stay(room, 2, &log, 'c');
        QCOMPARE(log, "a"); // c would fit, but b is waiting before it
        room->leave(6);
        QCOMPARE(log, "abc");
        room->leave(5);
        room->leave(2);
    }
    void whatIsBiggerThanTheWholeGoesAlone()
    {
        const auto room = std::make_shared<Room>(10);
        QByteArray log;
        const auto a = stay(room, 1, &log, 'a'), b = stay(room, 99, &log, 'b'), c = stay(room, 1, &log, 'c');
        QCOMPARE(log, "a");
        room->leave(1);
        QCOMPARE(log, "ab");
        room->leave(99);
        QCOMPARE(log, "abc");
        room->leave(1);
    }
    void manyPassOneByOne()
    {
        const auto room = std::make_shared<Room>(1);
        QByteArray log;
        const auto first = stay(room, 1, &log, '-');
        std::vector<QCoro::Task<>> others;
        for (char name = 'a'; name <= 'z'; ++name)
            others.push_back(passThrough(room, &log, name));
        room->leave();
        QCOMPARE(log, "-abcdefghijklmnopqrstuvwxyz");
    }
};

SLOTSCOPE_TEST(TestRoom)
#include "tst_room.moc"
