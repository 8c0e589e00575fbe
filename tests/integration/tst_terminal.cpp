// SPDX-License-Identifier: GPL-3.0-or-later
// What slotscope-cli shows and asks on a terminal, into pipes and files, and where it has none of them.
#include "core/profile/clustermarks.h"
#include "support/operating.h"
#include "support/terminal.h"
#include "support/testmain.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSettings>

#include <csignal>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {

const QByteArray hostileText = "\x1b[31mred\x1b]0;title\a \xc2\x9b"
                               "2J \xe2\x80\xaetxt"_ba;
const QByteArray harmlessText = "\\x1b[31mred\\x1b]0;title\\a \\xc2\\x9b2J \\xe2\\x80\\xaetxt"_ba;
const QString longSecret = QString(2000, u'p') + u"ä end"_s;

} // namespace

class tst_Terminal : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        LocalClusterOptions options;
        options.primaries = 1;
        options.replicasPerPrimary = 0;
        options.clusterMode = false;
        m_server = std::make_unique<TestCluster>(options);
        QVERIFY2(m_server->start(), qPrintable(m_server->failure()));
        options.extraArguments = {u"--rename-command"_s, u"HELLO"_s, QString(),
                                  u"--rename-command"_s, u"AUTH"_s,  QString()};
        m_deaf = std::make_unique<TestCluster>(options);
        QVERIFY2(m_deaf->start(), qPrintable(m_deaf->failure()));
        options.clusterMode = true;
        options.primaries = 3;
        options.extraArguments = {u"--requirepass"_s,    longSecret,   u"--masterauth"_s, longSecret,
                                  u"--rename-command"_s, u"MIGRATE"_s, QString()};
        options.credentials.password = longSecret;
        m_closed = std::make_unique<TestCluster>(options);
        QVERIFY2(m_closed->start(), qPrintable(m_closed->failure()));
    }
    void cleanupTestCase()
    {
        m_server.reset();
        m_closed.reset();
        m_deaf.reset();
    }

    void serverTextsAreMadeSafe_data()
    {
        QTest::addColumn<QByteArray>("script");
        QTest::newRow("error") << "return redis.error_reply('ERR ' .. ARGV[1])"_ba;
        QTest::newRow("status") << "return redis.status_reply(ARGV[1])"_ba;
        QTest::newRow("bulk string") << "return ARGV[1]"_ba;
        QTest::newRow("nested error") << "return {redis.error_reply('ERR ' .. ARGV[1]), 1}"_ba;
    }
    void serverTextsAreMadeSafe()
    {
        QFETCH(const QByteArray, script);
        const QStringList words{u"--uri"_s,
                                (*m_server)->uri(),
                                u"call"_s,
                                u"EVAL"_s,
                                QString::fromUtf8(script),
                                u"0"_s,
                                QString::fromUtf8(hostileText)};
        Terminal terminal;
        terminal.process().start(cli(), words);
        QVERIFY(terminal.waitForEnd());
        const QByteArray screen = terminal.screen();
        QVERIFY2(!screen.contains('\x1b') && !screen.contains('\a'), screen.toHex().constData());
        QVERIFY2(!screen.contains("\xc2\x9b") && !screen.contains("\xe2\x80\xae"), screen.toHex().constData());
        QVERIFY2(screen.contains("red"), screen.constData());
        if (script == "return redis.status_reply(ARGV[1])")
            QVERIFY2(screen.contains(harmlessText), screen.constData());
        if (script == "return ARGV[1]")
            QCOMPARE(run(words).out, hostileText + '\n'); // output to a pipe contains the unchanged bytes
    }

    void jsonObeysNobody()
    {
        const QStringList words{u"--uri"_s, (*m_server)->uri(), u"--json"_s,
                                u"call"_s,  u"ECHO"_s,          QString::fromUtf8(hostileText)};
        const QByteArray out = run(words).out;
        QVERIFY2(!out.contains('\x1b') && !out.contains("\xc2\x9b") && !out.contains("\xe2\x80\xae"), out.constData());
        QCOMPARE(QJsonDocument::fromJson(out)[u"replies"][0][u"reply"].toString().toUtf8(), hostileText);
    }

    void theTerminalShowsAgainAfterASignal_data()
    {
        QTest::addColumn<int>("number");
        QTest::newRow("Ctrl+C") << SIGINT;
        QTest::newRow("SIGTERM") << SIGTERM;
        QTest::newRow("SIGHUP") << SIGHUP;
    }
    void theTerminalShowsAgainAfterASignal()
    {
        QFETCH(const int, number);
        Terminal terminal;
        terminal.process().start(cli(), {u"--uri"_s, (*m_closed)->uri(), u"--askpass"_s, u"check"_s});
        QTRY_VERIFY(terminal.screen().contains("Password:") && !terminal.echoes());
        if (number == SIGINT)
            terminal.type("\x03");
        else
            ::kill(pid_t(terminal.process().processId()), number);
        QVERIFY(terminal.waitForEnd());
        QVERIFY(terminal.echoes());
        QCOMPARE(terminal.process().exitStatus(), QProcess::CrashExit); // ended by the signal
        QCOMPARE(terminal.process().exitCode(), number);
    }

    void aLongPasswordIsWhole()
    {
        Terminal terminal;
        terminal.process().start(cli(), {u"--uri"_s, (*m_closed)->uri(), u"--askpass"_s, u"call"_s, u"PING"_s});
        QTRY_VERIFY(terminal.screen().contains("Password:") && !terminal.echoes());
        terminal.type(longSecret.toUtf8() + '\n');
        QVERIFY(terminal.waitForEnd());
        QVERIFY2(terminal.screen().contains("PONG"), terminal.screen().constData());
        QVERIFY(!terminal.screen().contains("pppp"));
    }

    void outputThatIsLostIsNoSuccess_data()
    {
        QTest::addColumn<QByteArray>("shell");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("said");
        const QByteArray program = cli().toUtf8() + " --uri " + (*m_server)->uri().toUtf8();
        QTest::newRow("full") << program + " topology > /dev/full" << 1 << "No space left on device"_ba;
        QTest::newRow("closed") << program + " topology >&-" << 1 << "Bad file descriptor"_ba;
        QTest::newRow("help, full") << program + " --help > /dev/full" << 1 << "No space left on device"_ba;
        QTest::newRow("the reader has gone")
            << "exec 3> >(exec true); wait $!; " + program + " topology >&3" << 128 + SIGPIPE << ""_ba;
        QTest::newRow("the reader has gone, no socket")
            << "exec 3> >(exec true); wait $!; " + program + " --help >&3" << 128 + SIGPIPE << ""_ba;
    }
    void outputThatIsLostIsNoSuccess()
    {
        QFETCH(const QByteArray, shell);
        QFETCH(const QByteArray, said);
        const Outcome outcome = bash(shell);
        QTEST(outcome.code, "code");
        QVERIFY2(outcome.errors.contains(said) && (outcome.errors.isEmpty() == said.isEmpty()),
                 outcome.errors.constData());
    }

    void nothingIsPrintedIntoAConnection()
    {
        QVERIFY(m_server->run(0, {"SET", "kept", "1"}));
        const QByteArray program = cli().toUtf8() + " --uri " + (*m_server)->uri().toUtf8();
        QCOMPARE(bash(program + " call ECHO FLUSHALL <&- >&- 2>&-").code, 1);
        QCOMPARE(bash(program + " call ECHO FLUSHALL >&-").code, 1);
        QCOMPARE(bash(program + " topology <&- 2>&-").code, 0);
        const auto kept = m_server->run(0, {"GET", "kept"});
        // still there: if the output had gone into the server's connection, its line "FLUSHALL" would have run as an
        // inline command
        QVERIFY(kept && kept->bytes() == "1");
    }

    void secretsOfAServerAreMasked()
    {
        const QProcessEnvironment known = withPassword();
        for (const QString &name : {u"requirepass"_s, u"*pass*"_s, u"*"_s, u"MASTERAUTH"_s}) {
            for (const QStringList &json : {QStringList(), QStringList{u"--json"_s}}) {
                const Outcome outcome =
                    run(QStringList{u"--uri"_s, (*m_closed)->uri()} + json + QStringList{u"config"_s, name}, known);
                QCOMPARE(outcome.code, 0);
                QVERIFY2(!(outcome.out + outcome.errors).contains("pppp"), outcome.out.constData());
                QVERIFY2(outcome.errors.contains("--show-secrets"), outcome.errors.constData());
            }
        }
        const Outcome shown =
            run({u"--uri"_s, (*m_closed)->uri(), u"config"_s, u"requirepass"_s, u"--show-secrets"_s}, known);
        QVERIFY2(shown.out.contains(longSecret.toUtf8()), shown.out.constData());
        // Secrets do not appear in plans either.
        const Outcome set = run(
            {u"--uri"_s, (*m_closed)->uri(), u"config"_s, u"RequirePass"_s, u"n3w-s3cret"_s, u"--dry-run"_s}, known);
        QCOMPARE(set.code, 2);
        QVERIFY2(!(set.out + set.errors).contains("n3w-s3cret"), set.errors.constData());
    }

    void serversDoNotTellWhatTheyWereSent()
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"SLOTSCOPE_PASSWORD"_s, u"hunter22"_s);
        for (const QStringList &json : {QStringList(), QStringList{u"--json"_s}}) {
            const Outcome outcome =
                run(QStringList{u"--uri"_s, (*m_deaf)->uri()} + json + QStringList{u"check"_s}, environment);
            QCOMPARE(outcome.code, 1);
            QVERIFY2((outcome.out + outcome.errors).contains("unknown command 'AUTH'"), outcome.errors.constData());
            QVERIFY2(!(outcome.out + outcome.errors).contains("hunter22"), outcome.errors.constData());
        }
    }

    void aMoveThatTheServerDoesNotKnowOpensNothing()
    {
        const QTemporaryDir folder;
        QProcessEnvironment environment = withPassword();
        environment.insert(u"SLOTSCOPE_JOURNAL"_s, folder.path());
        const Outcome outcome =
            run({u"--uri"_s, (*m_closed)->uri(), u"reshard"_s, u"--from"_s, m_closed->address(0), u"--to"_s,
                 m_closed->address(1), u"--slots"_s, u"20"_s, u"--classic"_s, u"--yes"_s},
                environment);
        QCOMPARE(outcome.code, 1);
        QVERIFY2((outcome.out + outcome.errors).contains("no MIGRATE on"), outcome.out.constData());
        QVERIFY2(!(outcome.out + outcome.errors).contains("pppp"), outcome.errors.constData());
        for (const QFileInfo &file : QDir(folder.path()).entryInfoList(QDir::Files)) {
            QFile journal(file.filePath());
            QVERIFY(journal.open(QIODevice::ReadOnly));
            QVERIFY2(!journal.readAll().contains("pppp"), qPrintable(file.filePath()));
        }
        const QByteArray nodes =
            run({u"--uri"_s, (*m_closed)->uri(), u"call"_s, u"--to"_s, u"all"_s, u"CLUSTER"_s, u"NODES"_s}, environment)
                .out;
        QVERIFY2(nodes.contains("connected 0-") && !nodes.contains("->-") && !nodes.contains("-<-"), nodes.constData());
    }

    void aClusterKeepsItsMarks()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(u"slotscope/slotscope.conf"_s);
        {
            QSettings settings(file, QSettings::IniFormat);
            const QByteArray id =
                run({u"--uri"_s, (*m_closed)->uri(), u"call"_s, u"CLUSTER"_s, u"MYID"_s}, withPassword()).out.trimmed();
            QCOMPARE(id.size(), 40);
            ClusterMarks(settings).learn(*ConnectionTarget::parse(u"redis://elsewhere:1?name=shop&env=production"_s),
                                         {id}, 1);
        }
        QProcessEnvironment environment = withPassword();
        environment.insert(u"XDG_CONFIG_HOME"_s, folder.path());
        const QStringList words{u"--uri"_s,  u"redis://"_s + m_closed->address(1),
                                u"config"_s, u"maxmemory-samples"_s,
                                u"6"_s,      u"--dry-run"_s};
        const Outcome known = run(words, environment);
        QCOMPARE(known.code, 0);
        QVERIFY2(known.out.contains("PRODUCTION: shop"), known.out.constData());
        environment.insert(u"XDG_CONFIG_HOME"_s, folder.filePath(u"none"_s));
        QVERIFY(!run(words, environment).out.contains("PRODUCTION"));
    }

    void mapsThatCountForNothingAreNamed()
    {
        const QString address = m_server->address(0);
        const Outcome unused =
            run({u"--uri"_s, (*m_server)->uri(), u"--map"_s, u"10.9.8.7:1="_s + address, u"check"_s});
        QVERIFY2(unused.errors.contains("10.9.8.7:1") && unused.errors.contains("not used"), unused.errors.constData());
        const Outcome half = run({u"--uri"_s, (*m_server)->uri(), u"--map"_s, u"node-1="_s + address, u"check"_s});
        QCOMPARE(half.code, 1);
        QVERIFY2(half.errors.contains("ANNOUNCED:PORT"), half.errors.constData());
        QCOMPARE(run({u"--uri"_s, u"redis://"_s + address + u"@"_s + QString::number(7), u"call"_s, u"PING"_s}).out,
                 "PONG\n"_ba);
    }

    void wrongNumbersAreRefused_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::newRow("beyond what an int takes") << QStringList{u"--timeout"_s, u"2147483648"_s, u"check"_s};
        QTest::newRow("sums beyond that") << QStringList{u"--timeout"_s, u"2147483647"_s, u"check"_s};
        QTest::newRow("none") << QStringList{u"--timeout"_s, u"0"_s, u"check"_s};
        QTest::newRow("with a unit") << QStringList{u"--timeout"_s, u"5s"_s, u"check"_s};
        QTest::newRow("not a number, said so") << QStringList{u"rebalance"_s, u"--threshold"_s, u"nan"_s};
        QTest::newRow("a word too many") << QStringList{u"rebalance"_s, u"quickly"_s};
        QTest::newRow("an option that would not count")
            << QStringList{u"config"_s, u"maxmemory"_s, u"1mb"_s, u"--show-secrets"_s, u"--dry-run"_s};
    }
    void wrongNumbersAreRefused()
    {
        QFETCH(const QStringList, words);
        const Outcome outcome = run(QStringList{u"--uri"_s, (*m_server)->uri()} + words);
        QCOMPARE(outcome.code, 2);
        QVERIFY(!outcome.errors.isEmpty());
    }

private:
    struct Outcome
    {
        int code = -1;
        QByteArray out, errors;
    };
    static QString cli() { return qEnvironmentVariable("SLOTSCOPE_CLI"); }
    static QProcessEnvironment withPassword()
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"SLOTSCOPE_PASSWORD"_s, longSecret);
        return environment;
    }
    static Outcome run(const QStringList &words,
                       const QProcessEnvironment &environment = QProcessEnvironment::systemEnvironment(),
                       const QString &program = cli())
    {
        QProcess process;
        process.setProcessEnvironment(environment);
        process.setStandardInputFile(QProcess::nullDevice());
        process.start(program, words);
        if (!process.waitForFinished(60000))
            return {.code = -1, .out = {}, .errors = "did not end"};
        return {.code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : 128 + process.exitCode(),
                .out = process.readAllStandardOutput(),
                .errors = process.readAllStandardError()};
    }
    static Outcome bash(const QByteArray &line)
    {
        return run({u"-c"_s, QString::fromUtf8(line) + u"; exit $?"_s}, QProcessEnvironment::systemEnvironment(),
                   u"bash"_s);
    }

    std::unique_ptr<TestCluster> m_server;
    std::unique_ptr<TestCluster> m_closed; ///< server with a password and without MIGRATE
    std::unique_ptr<TestCluster> m_deaf; ///< server without AUTH, whose error message repeats the received arguments
};

SLOTSCOPE_TEST(tst_Terminal)
#include "tst_terminal.moc"
