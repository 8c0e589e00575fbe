// SPDX-License-Identifier: GPL-3.0-or-later
// Servers that mean harm: endless streams, endless replies, tables of nodes that are not there.
#include "core/base/errortext.h"
#include "core/session/clustersession.h"
#include "support/fakeserver.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"

#include <QCoro/QCoroTask>
#include <QDir>
#include <QTest>
#include <QThread>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {

/// A server that answers the connection setup and then sends the same bytes for ever, as fast as the client reads them.
/// It lives in its own thread.
class Flood final : public QObject
{
public:
    Flood(QByteArray first, QByteArray again) : m_first(std::move(first)), m_again(std::move(again)) { }
    /// Starts listening and returns the port. Called in the server's thread.
    quint16 begin()
    {
        m_server = new QTcpServer(this);
        m_server->listen(QHostAddress::LocalHost);
        connect(m_server, &QTcpServer::newConnection, this, [this] {
            QTcpSocket *socket = m_server->nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] { answer(socket); });
            connect(socket, &QTcpSocket::bytesWritten, this, [this, socket] { goOn(socket); });
        });
        return m_server->serverPort();
    }

private:
    void answer(QTcpSocket *socket)
    {
        m_asked += socket->readAll();
        // four answers: to CLIENT SETNAME, CLIENT SETINFO (twice) and PING
        while (m_answered < 6 && m_asked.contains("PING")) {
            for (; m_answered < 4; ++m_answered)
                socket->write("+OK\r\n");
            m_answered = 6;
        }
        if (!m_greeted && m_asked.contains("HELLO")) {
            socket->write("%1\r\n+server\r\n+redis\r\n");
            m_greeted = true;
        }
        if (m_asked.contains("BEGIN") && !m_flooding) {
            m_flooding = true;
            socket->write(m_first);
            goOn(socket);
        }
    }
    void goOn(QTcpSocket *socket)
    {
        constexpr qint64 ahead = 4 * 1024 * 1024;
        while (m_flooding && socket->isOpen() && socket->bytesToWrite() < ahead)
            socket->write(m_again);
    }
    QByteArray m_first, m_again, m_asked;
    QTcpServer *m_server = nullptr;
    int m_answered = 0;
    bool m_greeted = false, m_flooding = false;
};

int openFiles()
{
    return int(QDir(u"/proc/self/fd"_s).entryList(QDir::NoDotAndDotDot | QDir::AllEntries | QDir::System).size());
}

} // namespace

class tst_HostileServers : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_thread = std::make_unique<QThread>();
        m_thread->start();
    }
    void cleanup()
    {
        m_thread->quit();
        m_thread->wait();
    }

    void anEndlessStreamLeavesOthersTheirTurn()
    {
        Connection connection(optionsFor({}, QByteArray(">2\r\n$4\r\nnews\r\n$1\r\nx\r\n").repeated(4000)));
        connection.open();
        QTRY_COMPARE(connection.state(), Connection::State::Ready);
        qint64 pushes = 0;
        int ticks = 0;
        connect(&connection, &Connection::pushReceived, this, [&pushes](const Value &) { ++pushes; });
        QTimer timer;
        connect(&timer, &QTimer::timeout, this, [&ticks] { ++ticks; });
        timer.start(1);
        auto request = connection.send(commandOf("BEGIN"), 500);
        QTRY_VERIFY(ticks > 100 && pushes > 200'000);
        const auto answer = QCoro::waitFor(std::move(request));
        QVERIFY2(!answer, "its deadline must pass all the same");
        QCOMPARE(answer.error().code, Error::Code::Timeout);
        connection.abort({.code = Error::Code::Cancelled});
    }

    void anEndlessReplyIsEnded()
    {
        const QByteArray string = "$1048576\r\n" + QByteArray(1024 * 1024, 'x') + "\r\n";
        ConnectionOptions options = optionsFor("*1000000\r\n", string);
        options.limits.replyBytes = 64 * 1024 * 1024;
        Connection connection(options);
        connection.open();
        QTRY_COMPARE(connection.state(), Connection::State::Ready);
        const auto answer = QCoro::waitFor(connection.send(commandOf("BEGIN"), 60'000));
        QVERIFY(!answer);
        QCOMPARE(connection.state(), Connection::State::Closed);
        QCOMPARE(connection.error().code, Error::Code::LimitExceeded);
        QVERIFY2(connection.error().detail.contains(u"67108864"_s), qPrintable(connection.error().detail));
    }

    void thousandsOfDeadNodesAreTriedAFewAtATime()
    {
        constexpr int dead = 4000;
        const QByteArray own(40, 'a');
        FakeServer *server = nullptr;
        FakeServer node([&](const QByteArrayList &command) -> QByteArray {
            const QByteArray name = command.value(0).toUpper() + ' ' + command.value(1).toUpper();
            if (name == "CLUSTER MYID")
                return bulk(own);
            if (name == "CLUSTER NODES") {
                QByteArray table = own + " 127.0.0.1:" + QByteArray::number(server->serverPort())
                    + "@1 myself,master - 0 0 1 connected 0-16383\n";
                for (int i = 0; i < dead; ++i)
                    table += QByteArray::number(i).rightJustified(40, 'b') + " 127.1." + QByteArray::number(i / 250)
                        + '.' + QByteArray::number(i % 250 + 1) + ":1@2 master - 0 0 2 connected\n";
                return bulk(table);
            }
            return command.value(0).toUpper() == "PING" ? "+PONG\r\n"_ba : "-ERR unknown command\r\n"_ba;
        });
        server = &node;
        ConnectionTarget target;
        target.seeds = {node.endpoint()};
        SessionOptions options;
        options.pollMs = 0;
        ClusterSession session(target, options);
        const int before = openFiles();
        int most = 0, ticks = 0;
        QTimer timer;
        connect(&timer, &QTimer::timeout, this, [&] {
            most = std::max(most, openFiles() - before);
            ++ticks;
        });
        timer.start(2);
        session.start();
        const auto view = QCoro::waitFor(session.connected(3000));
        QVERIFY2(view, view ? "" : qPrintable(describe(view.error())));
        QVERIFY(ticks > 0);
        QVERIFY2(most < 150, qPrintable(u"%1 descriptors"_s.arg(most)));
    }

private:
    ConnectionOptions optionsFor(const QByteArray &first, const QByteArray &again)
    {
        auto *flood = new Flood(first, again);
        flood->moveToThread(m_thread.get());
        connect(m_thread.get(), &QThread::finished, flood, &QObject::deleteLater);
        quint16 port = 0;
        QMetaObject::invokeMethod(
            flood, [flood, &port] { port = flood->begin(); }, Qt::BlockingQueuedConnection);
        ConnectionOptions options;
        options.endpoint = {.host = u"127.0.0.1"_s, .port = port, .socketPath = {}};
        return options;
    }
    std::unique_ptr<QThread> m_thread;
};

SLOTSCOPE_TEST(tst_HostileServers)
#include "tst_hostileservers.moc"
