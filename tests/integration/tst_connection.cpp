// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/errortext.h"
#include "core/net/nodelink.h"
#include "support/fakeserver.h"
#include "tests/support/testmain.h"

#include <QCoro/QCoroTask>
#include <QSignalSpy>
#include <QTest>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;
using Code = Error::Code;

namespace {

/// Opens the connection and returns why that failed, or nothing if the connection became ready.
std::optional<Error> openingError(Connection &connection)
{
    QSignalSpy ready(&connection, &Connection::ready), closed(&connection, &Connection::closed);
    connection.open();
    (void)QTest::qWaitFor([&] { return ready.count() + closed.count() > 0; }, 10000);
    return ready.isEmpty() ? std::optional(connection.error()) : std::nullopt;
}

ConnectionOptions optionsFor(const Endpoint &endpoint)
{
    ConnectionOptions options;
    options.endpoint = endpoint;
    return options;
}

QByteArray silence(const QByteArrayList &)
{
    return {};
}

} // namespace

class tst_Connection : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void saysWhyItCannotBeOpened_data()
    {
        QTest::addColumn<QByteArray>("greeting");
        QTest::addColumn<int>("code");
        QTest::newRow("an ssh server") << "SSH-2.0-OpenSSH_9.2\r\n"_ba << int(Code::NotRedis);
        QTest::newRow("a web server") << "HTTP/1.1 400 Bad Request\r\n\r\n"_ba << int(Code::NotRedis);
        QTest::newRow("a TLS alert") << QByteArray("\x15\x03\x01\x00\x02\x02\x46", 7) << int(Code::NotRedis);
        QTest::newRow("too many clients") << "-ERR max number of clients reached\r\n"_ba << int(Code::TooManyClients);
        QTest::newRow("protected mode") << "-DENIED Redis is running in protected mode\r\n"_ba
                                        << int(Code::NoPermission);
        QTest::newRow("no password given") << "-NOAUTH Authentication required.\r\n"_ba << int(Code::AuthRequired);
    }
    void saysWhyItCannotBeOpened()
    {
        QFETCH(const QByteArray, greeting);
        FakeServer server(silence);
        server.greeting = greeting;
        Connection connection(optionsFor(server.endpoint()));
        const auto error = openingError(connection);
        QVERIFY(error);
        QTEST(int(error->code), "code");
        QVERIFY2(describe(*error).contains(server.endpoint().toString()), qPrintable(describe(*error)));
    }

    void refusedAndUnknownHosts()
    {
        Endpoint nobody;
        {
            FakeServer server(silence);
            nobody = server.endpoint();
        }
        Connection refused(optionsFor(nobody));
        QCOMPARE(int(openingError(refused)->code), int(Code::ConnectionRefused));
        Connection unknown(optionsFor({.host = u"no-such-host.invalid"_s, .port = 1, .socketPath = {}}));
        QCOMPARE(int(openingError(unknown)->code), int(Code::HostNotFound));
        Connection noSocket(optionsFor({.host = {}, .port = 0, .socketPath = u"/nonexistent/redis.sock"_s}));
        QVERIFY(openingError(noSocket));
    }

    void aServerThatSaysNothingTimesOut()
    {
        QTcpServer silent;
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        ConnectionOptions options = optionsFor({.host = u"127.0.0.1"_s, .port = silent.serverPort(), .socketPath = {}});
        options.handshakeTimeoutMs = 150;
        Connection connection(options);
        QCOMPARE(int(openingError(connection)->code), int(Code::Timeout));
    }

    /// Only received bytes end the time of silence, an attempt to read without any bytes does not.
    void onlyBytesEndASilence()
    {
        FakeServer server(silence);
        Connection connection(optionsFor(server.endpoint()));
        QVERIFY(!openingError(connection));
        QTRY_VERIFY(connection.silentMs() > 200);
        connection.setReading(false);
        connection.setReading(true); // reads what has arrived meanwhile, which is nothing
        bool hasRun = false;
        QTimer::singleShot(0, &connection, [&] { hasRun = true; });
        QTRY_VERIFY(hasRun);
        QVERIFY2(connection.silentMs() > 200, qPrintable(QString::number(connection.silentMs())));
    }

    void pipelinesInOrder()
    {
        FakeServer server([](const QByteArrayList &command) {
            return "$" + QByteArray::number(command.back().size()) + "\r\n" + command.back() + "\r\n";
        });
        Connection connection(optionsFor(server.endpoint()));
        QVERIFY(!openingError(connection));
        std::vector<Command> commands;
        for (int i = 0; i < 5000; ++i)
            commands.push_back(commandOf("ECHO", QByteArray::number(i)));
        const auto replies =
            QCoro::waitFor([](Connection *c, std::vector<Command> all) -> QCoro::Task<Connection::Replies> {
                co_return co_await c->sendAll(all);
            }(&connection, commands));
        QVERIFY(replies);
        QCOMPARE(replies->size(), commands.size());
        for (size_t i = 0; i < commands.size(); ++i)
            QCOMPARE((*replies)[i].bytes(), commands[i].back());
    }

    void aWrittenCommandMayHaveBeenExecuted()
    {
        FakeServer server([](const QByteArrayList &) { return "$100\r\nonly the beg"_ba; });
        server.closeAfterCommand = true;
        Connection connection(optionsFor(server.endpoint()));
        QVERIFY(!openingError(connection));
        const auto reply = QCoro::waitFor(connection.send(commandOf("INCR", "k")));
        QVERIFY(!reply);
        QCOMPARE(int(reply.error().code), int(Code::MaybeExecuted));
        QCOMPARE(reply.error().command, u"INCR"_s);
        QCOMPARE(reply.error().node, server.endpoint().toString());
        const auto later = QCoro::waitFor(connection.send(commandOf("INCR", "k")));
        QCOMPARE(int(later.error().code), int(Code::ConnectionLost)); // this command was never sent
        const auto sent = std::count_if(server.received.begin(), server.received.end(),
                                        [](const QByteArrayList &c) { return c.front() == "INCR"; });
        QCOMPARE(sent, 1);
    }

    void garbageEndsTheConnectionNotTheProgram()
    {
        FakeServer server([](const QByteArrayList &) { return "*3\r\n:1\r\nwhat is this\r\n"_ba; });
        Connection connection(optionsFor(server.endpoint()));
        QVERIFY(!openingError(connection));
        const auto reply = QCoro::waitFor(connection.send(commandOf("GET", "k")));
        QVERIFY(!reply);
        QCOMPARE(int(connection.error().code), int(Code::Protocol));
    }

    void aHugeReplyIsRefused()
    {
        FakeServer server([](const QByteArrayList &) { return "$600000000\r\n"_ba; });
        Connection connection(optionsFor(server.endpoint()));
        QVERIFY(!openingError(connection));
        QVERIFY(!QCoro::waitFor(connection.send(commandOf("GET", "k"))));
        QCOMPARE(int(connection.error().code), int(Code::LimitExceeded));
    }

    void aLateReplyDoesNotShiftTheOthers()
    {
        // The server answers the first command only when the second arrives: after the first command's timeout, within
        // the second's.
        FakeServer server([](const QByteArrayList &command) {
            return command.front() == "SLOW" ? QByteArray() : "+slow\r\n+fast\r\n"_ba;
        });
        Connection connection(optionsFor(server.endpoint()));
        QVERIFY(!openingError(connection));
        const auto both = [](Connection *c) -> QCoro::Task<std::pair<Connection::Reply, Connection::Reply>> {
            auto slow = c->send(commandOf("SLOW"), 100);
            auto fast = c->send(commandOf("FAST"), 5000);
            auto first = co_await slow;
            auto second = co_await fast;
            co_return std::pair(std::move(first), std::move(second));
        };
        const auto [slow, fast] = QCoro::waitFor(both(&connection));
        QVERIFY(slow); // answered as soon as FAST arrived at the server
        QCOMPARE(slow->bytes(), "slow"_ba);
        QVERIFY(fast);
        QCOMPARE(fast->bytes(), "fast"_ba);
    }

    void reconnectsWithBackOff()
    {
        auto server = std::make_unique<FakeServer>(silence);
        const Endpoint endpoint = server->endpoint();
        NodeLink link(optionsFor(endpoint));
        link.start();
        QTRY_VERIFY(link.isReady());
        server->dropAll();
        server->close();
        QTRY_COMPARE(link.state(), NodeLink::State::Waiting);
        QVERIFY(link.retryAt() > 0);
        QTRY_VERIFY(link.failures() >= 2);
        QVERIFY(server->listen(QHostAddress::LocalHost, endpoint.port));
        QTRY_VERIFY_WITH_TIMEOUT(link.isReady(), 20000);
        QCOMPARE(link.failures(), 0);
    }

    void backOffDoublesUpToItsCap()
    {
        Backoff backoff(100, 1000);
        QRandomGenerator random(1);
        int last = 0;
        for (int i = 0; i < 20; ++i) {
            last = backoff.next(random);
            const int base = std::min(1000, 100 << std::min(i, 10));
            QVERIFY(last >= base * 80 / 100 && last <= base * 120 / 100);
        }
        backoff.reset();
        QVERIFY(backoff.next(random) <= 120);
    }
};

SLOTSCOPE_TEST(tst_Connection)
#include "tst_connection.moc"
