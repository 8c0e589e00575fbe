// SPDX-License-Identifier: GPL-3.0-or-later
// Servers that only pretend, belong to others, load, or fall silent: who is sent the password, and what is believed.
#include "core/base/errortext.h"
#include "core/keys/bulkjob.h"
#include "core/session/clustersession.h"
#include "support/fakeserver.h"
#include "tests/support/testmain.h"

#include <QCoro/QCoroTask>
#include <QTest>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;
using Code = Error::Code;

namespace {

const QByteArray secret = "s3cret-pass"_ba;
const QByteArray seedId(40, 'a'), otherId(40, 'b');

/// Returns the CLUSTER NODES table of two primaries that know each other, as seen by the node with the id `self`.
QByteArray table(quint16 seedPort, const QByteArray &otherAddress, const QByteArray &self)
{
    const auto line = [&](const QByteArray &id, const QByteArray &address, const QByteArray &range) {
        return id + ' ' + address + (id == self ? " myself,master" : " master") + " - 0 0 1 connected " + range + '\n';
    };
    return bulk(line(seedId, "127.0.0.1:" + QByteArray::number(seedPort) + "@1", "0-8191")
                + line(otherId, otherAddress + "@1", "8192-16383"));
}

ConnectionTarget targetAt(const FakeServer &server)
{
    ConnectionTarget target;
    target.seeds.append(server.endpoint());
    target.credentials.password = QString::fromLatin1(secret);
    return target;
}

bool wasToldTheSecret(const FakeServer &server)
{
    return server.bytes.contains(secret);
}

QByteArray answerOfNode(const QByteArrayList &command, const QByteArray &nodes)
{
    const QByteArray name = command.join(' ').toUpper();
    if (name == "CLUSTER NODES")
        return nodes;
    if (name.startsWith("AUTH"))
        return "+OK\r\n";
    return name == "INFO" ? bulk("role:master\r\n") : QByteArray("-ERR unknown command\r\n");
}

} // namespace

class tst_OddServers : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// The other node announces an address at 127.0.0.2 where nobody listens, so the session tries its port on the
    /// seed's host, where the server described by each row answers.
    void aGuessedAddressIsProbedFirst_data()
    {
        QTest::addColumn<QByteArray>("blindly"); // what the server answers to any input (empty: nothing)
        QTest::addColumn<QByteArray>("pong");
        QTest::addColumn<bool>("trusted");
        QTest::newRow("a web server") << "HTTP/1.1 400 Bad Request\r\n\r\n"_ba
                                      << ""_ba << false;
        QTest::newRow("a mail server") << "+OK POP3 ready\r\n"_ba
                                       << ""_ba << false;
        QTest::newRow("memcached") << "ERROR\r\n"_ba
                                   << ""_ba << false;
        QTest::newRow("silence") << ""_ba
                                 << ""_ba << false;
        QTest::newRow("an error of another kind") << ""_ba
                                                  << "-ERR no such thing\r\n"_ba << false;
        QTest::newRow("a Redis server with a password") << ""_ba
                                                        << "-NOAUTH Authentication required.\r\n"_ba << true;
        QTest::newRow("a Redis server that greets") << ""_ba
                                                    << "+PONG\r\n"_ba << true;
    }
    void aGuessedAddressIsProbedFirst()
    {
        QFETCH(const QByteArray, blindly);
        QFETCH(const QByteArray, pong);
        QFETCH(const bool, trusted);
        FakeServer *seedServer = nullptr;
        QByteArray otherAddress;
        FakeServer other([&](const QByteArrayList &command) {
            return answerOfNode(command, table(seedServer->serverPort(), otherAddress, otherId));
        });
        other.blindly = blindly;
        other.pong = pong;
        otherAddress = "127.0.0.2:" + QByteArray::number(other.serverPort());
        FakeServer seed([&](const QByteArrayList &command) {
            return answerOfNode(command, table(seedServer->serverPort(), otherAddress, seedId));
        });
        seedServer = &seed;
        ClusterSession session(targetAt(seed),
                               {.pollMs = 50, .pollTimeoutMs = 300, .searchAfterMs = 100, .budget = {}});
        session.start();
        QTRY_VERIFY(wasToldTheSecret(seed)); // because the user entered this address
        QTRY_VERIFY(!other.bytes.isEmpty());
        if (trusted) {
            QTRY_VERIFY(wasToldTheSecret(other));
            return;
        }
        // once a second connection attempt has begun, the first one is over
        QTRY_VERIFY((session.refresh(), other.connections >= 2));
        QVERIFY2(!wasToldTheSecret(other), other.bytes.constData());
    }

    void aRedirectToAStrangeHostIsNotFollowed()
    {
        FakeServer stranger([](const QByteArrayList &) { return "+OK\r\n"_ba; });
        stranger.close();
        QVERIFY(stranger.listen(QHostAddress(u"127.0.0.9"_s)));
        FakeServer *self = nullptr;
        FakeServer seed([&](const QByteArrayList &command) {
            if (command.front() == "GET")
                return "-MOVED 9000 127.0.0.9:" + QByteArray::number(stranger.serverPort()) + "\r\n";
            return answerOfNode(command, table(self->serverPort(), "127.0.0.1:1"_ba, seedId));
        });
        self = &seed;
        ClusterSession session(targetAt(seed), {.pollMs = 50, .pollTimeoutMs = 300, .budget = {}});
        session.start();
        QTRY_VERIFY(session.view() && !session.view()->covered.isEmpty());
        QByteArray key;
        for (int i = 0; key.isEmpty(); ++i)
            if (slotOfKey(QByteArray::number(i)) < 8192)
                key = QByteArray::number(i);
        const auto reply = QCoro::waitFor(session.execute(commandOf("GET", key)));
        QVERIFY(!reply);
        QCOMPARE(int(reply.error().code), int(Code::NoRoute));
        QVERIFY2(describe(reply.error()).contains(u"127.0.0.9"_s), qPrintable(describe(reply.error())));
        QVERIFY(stranger.bytes.isEmpty());
    }

    void aRedirectToAKnownHostIsProbedFirst()
    {
        FakeServer target([](const QByteArrayList &) { return "-ERR unknown\r\n"_ba; });
        target.blindly = "HTTP/1.1 400 Bad Request\r\n\r\n";
        FakeServer *self = nullptr;
        FakeServer seed([&](const QByteArrayList &command) {
            if (command.front() == "GET")
                return "-MOVED 9000 127.0.0.1:" + QByteArray::number(target.serverPort()) + "\r\n";
            return answerOfNode(command, table(self->serverPort(), "127.0.0.1:1"_ba, seedId));
        });
        self = &seed;
        ClusterSession session(targetAt(seed), {.pollMs = 50, .pollTimeoutMs = 300, .budget = {}});
        session.start();
        QTRY_VERIFY(session.view() && !session.view()->covered.isEmpty());
        auto pending = session.execute(commandOf("GET", "12182"));
        QTRY_VERIFY(!target.bytes.isEmpty());
        QTRY_VERIFY(target.connections >= 1);
        QVERIFY(target.bytes.startsWith("*1\r\n$4\r\nPING"));
        QVERIFY(!wasToldTheSecret(target));
    }

    /// If a server at a guessed address belongs to another cluster, nothing from its view is used.
    void anotherClusterAtAGuessedAddressStaysOut()
    {
        const QByteArray foreignId(40, 'f');
        FakeServer foreign([&](const QByteArrayList &command) {
            return answerOfNode(command, bulk(foreignId + " 127.0.0.1:9@1 myself,master - 0 0 9 connected 0-16383\n"));
        });
        FakeServer *self = nullptr;
        const QByteArray otherAddress = "127.0.0.2:" + QByteArray::number(foreign.serverPort());
        FakeServer seed([&](const QByteArrayList &command) {
            return answerOfNode(command, table(self->serverPort(), otherAddress, seedId));
        });
        self = &seed;
        ClusterSession session(targetAt(seed),
                               {.pollMs = 20, .pollTimeoutMs = 1000, .searchAfterMs = 100, .budget = {}});
        session.start();
        const auto asked = [&] { return foreign.received.count({"CLUSTER"_ba, "NODES"_ba}); };
        QTRY_VERIFY(asked() >= 1);
        const int before = foreign.connections;
        QTRY_VERIFY(session.view()
                    // the connection was dropped and the session continues
                    && (foreign.connections > before || session.view()->revision > 5));
        QVERIFY(!session.view()->node(foreignId));
        QCOMPARE(session.view()->nodes.size(), size_t(2));
        QCOMPARE(session.view()->owner[0], qint16(session.view()->indexOf(seedId)));
    }

    /// The table that a node sent before its restart is not used while the node loads its data.
    void theTableOfALoadingNodeDoesNotCount()
    {
        bool loading = false;
        FakeServer *first = nullptr, *second = nullptr;
        const auto script = [&](const QByteArray &id) {
            return [&, id](const QByteArrayList &command) {
                if (loading && id == otherId)
                    return "-LOADING Redis is loading the dataset in memory\r\n"_ba;
                return answerOfNode(
                    command, table(first->serverPort(), "127.0.0.1:" + QByteArray::number(second->serverPort()), id));
            };
        };
        FakeServer seed(script(seedId)), other(script(otherId));
        first = &seed;
        second = &other;
        ClusterSession session(targetAt(seed), {.pollMs = 20, .pollTimeoutMs = 1000, .budget = {}});
        session.start();
        QTRY_VERIFY(session.view() && session.view()->observers == 2);
        loading = true;
        QTRY_COMPARE(session.view()->observers, 1);
        QVERIFY(!session.view()->observationOf(otherId)->table);
        loading = false;
        QTRY_COMPARE(session.view()->observers, 2);
    }

    void aSessionClosedInMidCommand_data()
    {
        QTest::addColumn<QByteArray>("answer"); // the server's reply to the command
        QTest::newRow("no answer") << ""_ba;
        QTest::newRow("tried again") << "-TRYAGAIN later\r\n"_ba;
        QTest::newRow("sent to nobody") << "-MOVED 1 127.0.0.1:1\r\n"_ba;
        QTest::newRow("sent around") << "-MOVED 1 :1\r\n"_ba;
    }
    void aSessionClosedInMidCommand()
    {
        QFETCH(const QByteArray, answer);
        FakeServer *self = nullptr;
        int commands = 0;
        FakeServer seed([&](const QByteArrayList &command) {
            commands += command.front() == "GET" ? 1 : 0;
            return command.front() == "GET"
                ? answer
                : answerOfNode(command, table(self->serverPort(), "127.0.0.2:1"_ba, seedId));
        });
        self = &seed;
        auto session = std::make_unique<ClusterSession>(
            targetAt(seed), SessionOptions{.pollMs = 20, .pollTimeoutMs = 1000, .budget = {}});
        session->start();
        QTRY_VERIFY(session->view() && !session->view()->covered.isEmpty());
        const auto execute = [](ClusterSession *asked,
                                std::shared_ptr<std::optional<Result<Value>>> result) -> QCoro::Task<> {
            *result = co_await asked->execute(commandOf("GET", "b"));
        };
        const auto call = [](ClusterSession *asked,
                             std::shared_ptr<std::optional<Result<QList<NodeReply>>>> result) -> QCoro::Task<> {
            const NodeSelection node{.kind = NodeSelection::Kind::Node, .nodeId = seedId};
            *result = co_await asked->call(commandOf("GET", "b"), node);
        };
        const auto executed = std::make_shared<std::optional<Result<Value>>>();
        const auto called = std::make_shared<std::optional<Result<QList<NodeReply>>>>();
        const auto checked = std::make_shared<bool>(false);
        const auto check = [](ClusterSession *asked, std::shared_ptr<bool> done) -> QCoro::Task<> {
            (void)co_await asked->fullCheck();
            *done = true;
        };
        execute(session.get(), executed);
        call(session.get(), called);
        QTRY_VERIFY(commands >= 2);
        check(session.get(), checked);
        session.reset();
        QTRY_VERIFY(*executed && *called && *checked); // every pending command is completed
        QVERIFY(!**executed);
    }

    /// Before Redis 7.0 PEXPIRE has no NX option, so the session reads a key's TTL first and keeps an existing expiry.
    void anOldServerExpiresOnlyWhatLivesForEver()
    {
        QByteArrayList expired;
        FakeServer server([&expired](const QByteArrayList &command) -> QByteArray {
            const QByteArray name = command.front().toUpper();
            if (name == "INFO")
                return bulk("redis_version:6.2.0\r\nredis_mode:standalone\r\nrole:master\r\nrun_id:abc\r\n");
            if (name == "CLUSTER")
                return "-ERR This instance has cluster support disabled\r\n";
            if (name == "COMMAND")
                return "*2\r\n*6\r\n$7\r\npexpire\r\n:3\r\n*1\r\n+write\r\n:1\r\n:1\r\n:1\r\n"
                       "*6\r\n$4\r\npttl\r\n:2\r\n*1\r\n+readonly\r\n:1\r\n:1\r\n:1\r\n";
            if (name == "PTTL")
                return command.at(1) == "ends" ? ":5000\r\n" : command.at(1) == "gone" ? ":-2\r\n" : ":-1\r\n";
            if (name != "PEXPIRE")
                return "+OK\r\n";
            if (command.size() != 3)
                return "-ERR wrong number of arguments for 'pexpire' command\r\n";
            expired.append(command.at(1));
            return ":1\r\n";
        });
        ClusterSession session(targetAt(server), {.pollMs = 50, .pollTimeoutMs = 300, .budget = {}});
        session.start();
        QTRY_VERIFY(session.view() && !session.view()->nodes.empty());
        BulkJob job(&session);
        BulkRequest request;
        request.act = BulkRequest::Act::Expire;
        request.ttlMs = 1000;
        request.onlyWithoutTtl = true;
        request.keys = {"a"_ba, "ends"_ba, "gone"_ba, "b"_ba};
        const auto done = QCoro::waitFor(job.run(request, nullptr, UserConsent::NameTyped));
        QVERIFY2(done, done ? "" : qPrintable(describe(done.error())));
        QCOMPARE(done->changed, 2);
        QCOMPARE(done->untouched, 2);
        QCOMPARE(done->failed, 0);
        std::sort(expired.begin(), expired.end());
        QCOMPARE(expired, (QByteArrayList{"a"_ba, "b"_ba}));
    }
};

SLOTSCOPE_TEST(tst_OddServers)
#include "tst_oddservers.moc"
