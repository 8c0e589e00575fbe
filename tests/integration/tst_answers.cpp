// SPDX-License-Identifier: GPL-3.0-or-later
// Golden answers: several hundred commands of every kind to each server, in RESP2 and RESP3; what we show is, byte for
// byte, what that server's own redis-cli prints.
#include "core/console/answerlines.h"
#include "core/net/connection.h"
#include "core/protocol/print.h"
#include "answercommands.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"

#include <QFileInfo>
#include <QProcess>
#include <QSignalSpy>
#include <QStandardPaths>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {

const QByteArray endMark = "\"--end-of-answer--\"\n";

/// Returns the commands of a text with one command per line. Empty lines are skipped.
QList<Command> commandsOf(const char *text)
{
    QList<Command> commands;
    for (const QByteArray &line : QByteArray(text).split('\n'))
        if (!line.trimmed().isEmpty())
            commands.append(*parseCommandLine(line));
    return commands;
}

QString cliBeside(const QString &server)
{
    QString path = QStandardPaths::findExecutable(server);
    if (path.isEmpty())
        path = server;
    const QFileInfo info(QFileInfo(path).canonicalFilePath());
    for (const QString &name : {u"valkey-cli"_s, u"redis-cli"_s}) {
        const QString cli = info.absolutePath() + u'/' + name;
        if (QFileInfo(cli).isExecutable() && (name == u"redis-cli" || path.contains(u"valkey"_s)))
            return cli;
    }
    return u"redis-cli"_s;
}

} // namespace

class TestAnswers : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void likeRedisCli_data();
    void likeRedisCli();

private:
    static QByteArrayList ours(const Endpoint &endpoint, bool resp3, const QList<Command> &commands)
    {
        ConnectionOptions options;
        options.endpoint = endpoint;
        options.resp3 = resp3;
        options.clientName.clear();
        Connection connection(options);
        QSignalSpy ready(&connection, &Connection::ready);
        connection.open();
        if (!QTest::qWaitFor([&] { return ready.count() > 0; }, 10000))
            return {};
        QByteArrayList answers;
        for (const Command &command : commands) {
            const Connection::Reply reply = QCoro::waitFor(connection.send(command));
            if (!reply)
                return answers;
            answers.append(isShownRaw(command) ? printRaw(*reply) : printForTerminal(*reply));
        }
        return answers;
    }
    static QByteArrayList theirs(const QString &cli, quint16 port, bool resp3, const QList<Command> &commands)
    {
        QProcess process;
        QStringList words{u"-h"_s, u"127.0.0.1"_s, u"-p"_s, QString::number(port), u"--no-raw"_s};
        if (resp3)
            words.append(u"-3"_s);
        process.start(cli, words);
        QByteArray input;
        for (const Command &command : commands) {
            for (qsizetype i = 0; i < command.size(); ++i)
                input += (i > 0 ? " " : "") + (i == 0 ? quoted(command[i]) : quoted(command[i]));
            input += '\n';
            input += "ECHO --end-of-answer--\n";
        }
        process.write(input);
        process.closeWriteChannel();
        if (!process.waitForFinished(60000))
            return {};
        const QByteArray output = process.readAllStandardOutput();
        QByteArrayList answers;
        for (qsizetype at = 0; at < output.size();) {
            const qsizetype end = output.indexOf(endMark, at);
            if (end < 0)
                break;
            answers.append(output.mid(at, end - at));
            at = end + endMark.size();
        }
        return answers;
    }
    /// Removes trailing line ends: redis-cli ends each answer with one or two, so answers are compared without them.
    static QByteArray trimmed(QByteArray text)
    {
        while (text.endsWith('\n') || text.endsWith('\r'))
            text.chop(1);
        return text;
    }
};

void TestAnswers::likeRedisCli_data()
{
    QTest::addColumn<QString>("server");
    QTest::addColumn<bool>("resp3");
    for (const auto &[name, path] : serversFound())
        for (const bool resp3 : {false, true})
            QTest::addRow("%s, RESP%d", name.constData(), resp3 ? 3 : 2) << path << resp3;
}

void TestAnswers::likeRedisCli()
{
    QFETCH(QString, server);
    QFETCH(bool, resp3);
    LocalClusterOptions options;
    options.serverPath = server;
    options.clusterMode = false;
    options.primaries = 1;
    options.replicasPerPrimary = 0;
    options.extraArguments = {u"--enable-debug-command"_s, u"yes"_s};
    TestCluster cluster(options);
    QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
    const Endpoint endpoint = cluster->nodes()[0].endpoint;
    const QList<Command> prepare = commandsOf(preparing);
    QList<Command> ask = commandsOf(asking);
    QVERIFY(ask.size() >= 300);
    // Between MULTI and EXEC the server also queues the command that marks the end of an answer, so redis-cli's answers
    // there cannot be separated. These commands are left out.
    QList<Command> asked;
    bool inMulti = false;
    for (const Command &command : std::as_const(ask)) {
        const QByteArray name = command.front();
        inMulti = name == "MULTI" || (inMulti && name != "EXEC" && name != "DISCARD");
        if (!inMulti && name != "EXEC" && name != "DISCARD")
            asked.append(command);
    }
    QVERIFY(asked.size() >= 300);
    QCOMPARE(ours(endpoint, resp3, prepare).size(), prepare.size());
    const QByteArrayList mine = ours(endpoint, resp3, asked);
    QCOMPARE(mine.size(), asked.size());
    QCOMPARE(ours(endpoint, resp3, prepare).size(), prepare.size());
    const QByteArrayList cli = theirs(cliBeside(server), endpoint.port, resp3, asked);
    QCOMPARE(cli.size(), asked.size());
    QStringList differing;
    for (qsizetype i = 0; i < asked.size(); ++i)
        if (trimmed(mine[i]) != trimmed(cli[i]))
            differing.append(commandLine(asked[i]) + u"\n  ours:   "_s + QString::fromLatin1(mine[i].left(400))
                             + u"\n  theirs: "_s + QString::fromLatin1(cli[i].left(400)));
    QVERIFY2(differing.isEmpty(),
             qPrintable(QString::number(differing.size()) + u" of "_s + QString::number(asked.size()) + u'\n'
                        + differing.join(u'\n')));
}

SLOTSCOPE_TEST(TestAnswers)
#include "tst_answers.moc"
