// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/connection.h"
#include "core/protocol/print.h"
#include "tests/support/testmain.h"

#include <QCoro/QCoroTask>
#include <QProcess>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

/// Checks that the formatted replies equal the output of redis-cli for the same commands on the same server.
class tst_RedisCli : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void printsAlike_data();
    void printsAlike();

private:
    [[nodiscard]] QByteArray cli(const QStringList &options, const QByteArrayList &command) const;
    [[nodiscard]] std::optional<Value> ask(bool resp3, const Command &command) const;

    QTemporaryDir m_folder;
    QProcess m_server;
    quint16 m_port = 0;
};

void tst_RedisCli::initTestCase()
{
    QVERIFY2(!QStandardPaths::findExecutable(u"redis-cli"_s).isEmpty(), "redis-cli is not installed");
    for (int attempt = 0; attempt < 10; ++attempt) {
        {
            QTcpServer probe;
            QVERIFY(probe.listen(QHostAddress::LocalHost));
            m_port = probe.serverPort();
        }
        m_server.start(u"redis-server"_s,
                       {u"--port"_s, QString::number(m_port), u"--bind"_s, u"127.0.0.1"_s, u"--save"_s, QString(),
                        u"--dir"_s, m_folder.path(), u"--enable-debug-command"_s, u"yes"_s});
        QByteArray output;
        const bool up = QTest::qWaitFor(
            [&] {
                output += m_server.readAllStandardOutput();
                return output.contains("Ready to accept") || m_server.state() == QProcess::NotRunning;
            },
            20000);
        if (up && m_server.state() == QProcess::Running)
            break;
    }
    QCOMPARE(m_server.state(), QProcess::Running);
    for (const Command &command :
         {Command{"SET", "text", "a\tb\"c\\ \xff\x01"}, Command{"RPUSH", "list", "1", "two", ""},
          Command{"HSET", "hash", "field", "value"}, Command{"SADD", "set", "one"},
          Command{"ZADD", "sorted", "1.5", "one", "-inf", "two", "3", "three"},
          Command{"XADD", "stream", "1-1", "a", "b", "c", "d"}, Command{"XGROUP", "CREATE", "stream", "group", "0"}})
        QVERIFY(ask(true, command));
}

void tst_RedisCli::cleanupTestCase()
{
    m_server.terminate();
    QVERIFY(m_server.waitForFinished());
}

/// Returns the output of redis-cli without the final newline.
QByteArray tst_RedisCli::cli(const QStringList &options, const QByteArrayList &command) const
{
    QProcess process;
    QStringList words = QStringList{u"-h"_s, u"127.0.0.1"_s, u"-p"_s, QString::number(m_port)} + options;
    for (const QByteArray &word : command)
        words.append(QString::fromUtf8(word));
    process.start(u"redis-cli"_s, words);
    if (!process.waitForFinished(20000))
        return "redis-cli did not end"_ba;
    QByteArray output = process.readAllStandardOutput();
    while (output.endsWith('\n'))
        output.chop(1);
    return output;
}

std::optional<Value> tst_RedisCli::ask(bool resp3, const Command &command) const
{
    ConnectionOptions options;
    options.endpoint = {.host = u"127.0.0.1"_s, .port = m_port, .socketPath = {}};
    options.resp3 = resp3;
    Connection connection(options);
    QSignalSpy ready(&connection, &Connection::ready);
    connection.open();
    if (!QTest::qWaitFor([&] { return ready.count() > 0; }, 10000))
        return std::nullopt;
    const Connection::Reply reply = QCoro::waitFor(connection.send(command));
    return reply ? std::optional(*reply) : std::nullopt;
}

void tst_RedisCli::printsAlike_data()
{
    QTest::addColumn<QByteArrayList>("command");
    QTest::addColumn<bool>("resp3");
    const QList<QByteArrayList> commands{
        {"PING"},
        {"ECHO", ""},
        {"GET", "text"},
        {"GET", "absent"},
        {"STRLEN", "text"},
        {"NOSUCH", "a"},
        {"LPUSH", "text", "x"},
        {"LRANGE", "list", "0", "-1"},
        {"LRANGE", "absent", "0", "-1"},
        {"MGET", "text", "absent"},
        {"HGETALL", "hash"},
        {"HGETALL", "absent"},
        {"SMEMBERS", "set"},
        {"SMEMBERS", "absent"},
        {"ZRANGE", "sorted", "0", "-1", "WITHSCORES"},
        {"ZSCORE", "sorted", "one"},
        {"ZSCORE", "sorted", "two"},
        {"XRANGE", "stream", "-", "+"},
        {"XINFO", "STREAM", "stream", "FULL"},
        {"XPENDING", "stream", "group"},
        {"SCAN", "0", "TYPE", "set", "COUNT", "1000"},
        {"COMMAND", "INFO", "get"},
        {"COMMAND", "INFO", "absent", "object"},
        {"COMMAND", "DOCS", "get"},
        {"CONFIG", "GET", "maxmemory"},
        {"CONFIG", "GET", "no-such"},
        {"EVAL", "return {1,{2,{3,'x'}},{},false,{ok='OK'},{err='BAD thing'}}", "0"},
        {"EVAL", "redis.setresp(3); return {double=3.25}", "0"},
        {"EVAL", "local t = {} for i = 1, 12 do t[i] = {i, {i}} end return t", "0"},
        {"DEBUG", "PROTOCOL", "STRING"},
        {"DEBUG", "PROTOCOL", "INTEGER"},
        {"DEBUG", "PROTOCOL", "DOUBLE"},
        {"DEBUG", "PROTOCOL", "NULL"},
        {"DEBUG", "PROTOCOL", "ARRAY"},
        {"DEBUG", "PROTOCOL", "SET"},
        {"DEBUG", "PROTOCOL", "MAP"},
        {"DEBUG", "PROTOCOL", "BIGNUM"},
        {"DEBUG", "PROTOCOL", "TRUE"},
        {"DEBUG", "PROTOCOL", "FALSE"},
        {"DEBUG", "PROTOCOL", "VERBATIM"},
        {"ACL", "GETUSER", "default"},
        {"MEMORY", "STATS"},
        {"CLIENT", "NO-EVICT", "off"},
    };
    for (const QByteArrayList &command : commands) {
        for (const bool resp3 : {false, true}) {
            // redis-cli 7.0 does not support big numbers and exits with an error
            if (resp3 && command.last() == "BIGNUM")
                continue;
            QTest::addRow("%s, RESP%d", command.join(' ').left(60).constData(), resp3 ? 3 : 2) << command << resp3;
        }
    }
}

void tst_RedisCli::printsAlike()
{
    QFETCH(const QByteArrayList, command);
    QFETCH(const bool, resp3);
    const QStringList protocol = resp3 ? QStringList{u"-3"_s} : QStringList{u"-2"_s};
    const QByteArray terminal = cli(protocol + QStringList{u"--no-raw"_s}, command);
    const QByteArray raw = cli(protocol + QStringList{u"--raw"_s}, command);
    const std::optional<Value> value = ask(resp3, command);
    QVERIFY(value);
    if (command.front() == "MEMORY") { // values change between two calls, so only the number of lines is compared
        QCOMPARE(printForTerminal(*value).count('\n'), terminal.count('\n'));
        QCOMPARE(printRaw(*value).count('\n'), raw.count('\n'));
        return;
    }
    const auto trimmed = [](QByteArray text) {
        while (text.endsWith('\n'))
            text.chop(1);
        return text;
    };
    QCOMPARE(trimmed(printForTerminal(*value)), terminal);
    QCOMPARE(trimmed(printRaw(*value)), raw);
}

SLOTSCOPE_TEST(tst_RedisCli)
#include "tst_rediscli.moc"
