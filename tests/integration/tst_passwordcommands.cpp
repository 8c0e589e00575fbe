// SPDX-License-Identifier: GPL-3.0-or-later
// Passwords that a command prints, of ACL users whose password changes while a session lives.
#include "core/base/errortext.h"
#include "core/net/passwordsource.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"

#include <QCoro/QCoroTask>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class tst_PasswordCommands : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        LocalClusterOptions options;
        options.replicasPerPrimary = 0;
        m_cluster = std::make_unique<TestCluster>(options);
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
    }

    void init()
    {
        m_home = std::make_unique<QTemporaryDir>();
        setPassword("pw-one");
        print("pw-one");
        for (int node = 0; node < 3; ++node) {
            QVERIFY(m_cluster->run(node, {"ACL"_ba, "LOG"_ba, "RESET"_ba}));
            QVERIFY(m_cluster->run(node, {"CONFIG"_ba, "RESETSTAT"_ba}));
        }
    }

    void livingLinksLogInAgain()
    {
        const auto session = connectTo(target(2));
        QVERIFY(session);
        const auto own = QCoro::waitFor(session->lease(session->view()->nodes[0].id, {}));
        const auto another = QCoro::waitFor(session->lease(session->view()->nodes[0].id, {}));
        QVERIFY(own && another);
        QVERIFY(QCoro::waitFor((*own)->send({"MULTI"_ba})));
        QVERIFY(QCoro::waitFor((*own)->send({"PING"_ba})));
        QVERIFY(QCoro::waitFor((*another)->send({"AUTH"_ba, "default"_ba, "any"_ba})));
        const QSet<QByteArray> before = clientsOf(0);
        QVERIFY(!before.isEmpty());
        print("pw-two");
        setPassword("pw-two");
        for (int node = 0; node < 3; ++node)
            QTRY_VERIFY(logins(node) >= (node == 0 ? 2 : 1));
        QCOMPARE(clientsOf(0), before); // the connections are still the same
        QCOMPARE(session->state(), SessionState::Ready);
        const auto executed = QCoro::waitFor((*own)->send({"EXEC"_ba}));
        QVERIFY(executed);
        QCOMPARE(executed->items().size(), 1u); // no AUTH was sent within the transaction
        QTRY_VERIFY(logins(0) >= 3); // AUTH was sent after the transaction
        const auto who = QCoro::waitFor((*another)->send({"ACL"_ba, "WHOAMI"_ba}));
        QCOMPARE(who->bytes(), "default"_ba); // a connection that logged in as another user keeps that user
        for (int node = 0; node < 3; ++node)
            QCOMPARE(refusals(node), 0);
        // a new connection uses the new password
        QVERIFY(QCoro::waitFor(session->lease(session->view()->nodes[1].id, {})));
    }

    void aFailedRenewalIsTold()
    {
        const auto session = connectTo(target(2));
        QVERIFY(session);
        const QSet<QByteArray> before = clientsOf(0);
        write(u"script"_s, "echo one line >&2; echo the token has expired >&2; exit 3");
        QTRY_VERIFY(session->passwordProblem());
        const QString said = describe(*session->passwordProblem());
        QVERIFY2(said.contains(u"exit code 3: the token has expired"_s), qPrintable(said));
        QCOMPARE(session->state(), SessionState::Ready);
        QCOMPARE(clientsOf(0), before);
        print("pw-one");
        QTRY_VERIFY(!session->passwordProblem()); // the password command is run again automatically
        QCOMPARE(refusals(0), 0);
    }

    /// The password command prints another wrong password each time. After two refused passwords the session stops
    /// asking the servers.
    void whatIsAlwaysRefusedIsNotRenewed()
    {
        const auto session = connectTo(target(2));
        QVERIFY(session);
        const QByteArray file = m_home->path().toUtf8() + "/runs";
        write(u"script"_s, "echo run >> " + file + "; wc -l < " + file);
        QTRY_VERIFY(session->passwordProblem()
                    && describe(*session->passwordProblem()).contains(u"Two passwords in a row"_s));
        QCOMPARE(session->state(), SessionState::Ready);
        const int before = runs();
        QVERIFY(!QTest::qWaitFor([&] { return runs() > before; }, 3000));
        print("pw-one");
        session->refresh(true); // as when the user clicks “Try now”
        QTRY_VERIFY(!session->passwordProblem());
    }

    void aWrongAnswerNeverLoops()
    {
        print("wrong");
        ClusterSession session(target(0));
        session.start();
        QTRY_COMPARE(session.state(), SessionState::Failed);
        QCOMPARE(session.error().code, Error::Code::WrongPassword);
        QTRY_COMPARE(runs(), 2); // the command is run a second time before the error is reported
        const int refused = refusals(0);
        QVERIFY(refused >= 1 && refused <= 2);
        for (int i = 0; i < 3; ++i)
            session.refresh();
        QVERIFY(!QCoro::waitFor(session.connected(1500)));
        QCOMPARE(runs(), 2);
        QCOMPARE(refusals(0), refused);
        print("pw-one");
        session.refresh(true); // as when the user clicks “Try now”
        QVERIFY(waitForView(session, [](const ClusterView &view) { return view.observers == 3; }));
        QCOMPARE(runs(), 3);
    }

    /// The password's lifetime is unknown. When a new connection is refused, the command is run again for the current
    /// password.
    void anOldPasswordIsRenewedWhereItIsRefused()
    {
        const auto session = connectTo(target(0));
        QVERIFY(session);
        QCOMPARE(runs(), 1);
        const QSet<QByteArray> before = clientsOf(0);
        print("pw-two");
        setPassword("pw-two");
        for (int node = 0; node < 3; ++node)
            QVERIFY(m_cluster->run(node, {"CLIENT"_ba, "KILL"_ba, "USER"_ba, "app"_ba}));
        QTRY_VERIFY(!clientsOf(0).isEmpty() && !clientsOf(0).intersects(before));
        QTRY_COMPARE(session->state(), SessionState::Ready);
        QCOMPARE(runs(), 2);
        QVERIFY(refusals(0) + refusals(1) + refusals(2) >= 1);
    }

    /// MIGRATE contains a user and password of its own, which must be the current ones.
    void keysMoveWithTheCommandsPassword()
    {
        for (int i = 0; i < 50; ++i) {
            // the keys are in slot 15495, which the third primary owns
            const Command command{"SET"_ba, "{a}" + QByteArray::number(i), "x"_ba};
            QVERIFY(m_cluster->run(2, command));
        }
        const QString from = m_cluster->address(2), to = m_cluster->address(0);
        const QString line = u"sh '%1/script'"_s.arg(m_home->path());
        const QString words = cli({u"--user"_s, u"app"_s, u"--password-command"_s, line, u"reshard"_s, u"--range"_s,
                                   u"15495-15495"_s, u"--from"_s, from, u"--to"_s, to, u"--yes"_s});
        const auto there = m_cluster->run(0, {"CLUSTER"_ba, "COUNTKEYSINSLOT"_ba, "15495"_ba});
        QVERIFY2(there && there->toInteger() == 50, qPrintable(words));
        QCOMPARE(refusals(0) + refusals(2), 0);
    }

    void whatGoesWrongIsSaid_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QString>("said");
        QTest::newRow("right") << u"cat '%1/password'"_s << u"app"_s;
        QTest::newRow("first line, CRLF") << u"printf 'pw-one\\r\\npw-two\\n'"_s << u"app"_s;
        QTest::newRow("no line break") << u"printf pw-one"_s << u"app"_s;
        QTest::newRow("no such program") << u"no-such-program-here x"_s << u"was not found"_s;
        QTest::newRow("exit code") << u"sh -c 'echo locked >&2; exit 4'"_s << u"exit code 4: locked"_s;
        QTest::newRow("silent") << u"false"_s << u"exit code 1 and printed no message"_s;
        QTest::newRow("empty") << u"true"_s << u"first line of its output is empty"_s;
        QTest::newRow("too much") << u"cat /dev/zero"_s << u"more than 64 KiB"_s;
        QTest::newRow("signal") << u"sh -c 'kill -9 $$'"_s << u"a signal ended it"_s;
        QTest::newRow("no UTF-8") << u"printf 'a\\303(b'"_s << u"not valid UTF-8"_s;
        QTest::newRow("no shell") << u"echo pw-one; rm x"_s << u"wrong"_s;
        QTest::newRow("no program") << u"  "_s << u"no program is given"_s;
    }
    void whatGoesWrongIsSaid()
    {
        QFETCH(QString, command);
        QFETCH(QString, said);
        const QString line = command.contains(u"%1"_s) ? command.arg(m_home->path()) : command;
        const QString words =
            cli({u"--user"_s, u"app"_s, u"--password-command"_s, line, u"call"_s, u"ACL"_s, u"WHOAMI"_s});
        QVERIFY2(words.contains(said), qPrintable(words));
        QVERIFY2(!words.contains(u"pw-one"_s), qPrintable(words));
    }

    /// A URI must not name a password command, because the author of a link could then run a program on this computer.
    void noUriNamesAProgram()
    {
        const QString mark = m_home->filePath(u"ran"_s);
        for (const QString &option : {u"password-command"_s, u"passwordcommand"_s, u"PASSWORD_COMMAND"_s}) {
            const auto read =
                ConnectionTarget::parse(u"redis://%1?%2=touch%20%3"_s.arg(m_cluster->address(0), option, mark));
            QVERIFY(!read);
            QVERIFY2(read.error().detail.contains(u"a URI may not name a program"_s), qPrintable(read.error().detail));
        }
        QVERIFY(!QFile::exists(mark));
    }

private:
    [[nodiscard]] ConnectionTarget target(int validSeconds) const
    {
        ConnectionTarget target = m_cluster->target({0, 1, 2});
        target.credentials.user = u"app"_s;
        target.credentials.command = {.line = u"sh '%1/script'"_s.arg(m_home->path()), .validSeconds = validSeconds};
        return target;
    }
    void write(const QString &name, const QByteArray &text) const
    {
        QFile file(m_home->filePath(name + u".new"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.close();
        QVERIFY(std::rename(qPrintable(file.fileName()), qPrintable(m_home->filePath(name))) == 0);
    }
    /// Sets the password that the command prints from now on.
    void print(const QByteArray &password) const
    {
        write(u"password"_s, password + '\n');
        const QByteArray folder = m_home->path().toUtf8();
        write(u"script"_s, "echo run >> " + folder + "/runs; cat " + folder + "/password");
    }
    void setPassword(const QByteArray &password) const
    {
        for (int node = 0; node < 3; ++node)
            QVERIFY(m_cluster->run(node,
                                   {"ACL"_ba, "SETUSER"_ba, "app"_ba, "on"_ba, "resetpass"_ba, '>' + password, "~*"_ba,
                                    "&*"_ba, "+@all"_ba}));
    }
    [[nodiscard]] int runs() const
    {
        QFile file(m_home->filePath(u"runs"_s));
        return file.open(QIODevice::ReadOnly) ? int(file.readAll().count('\n')) : 0;
    }
    /// Returns the client ids of the session's connections that are logged in as the user “app”.
    [[nodiscard]] QSet<QByteArray> clientsOf(int node) const
    {
        QSet<QByteArray> ids;
        const auto reply = m_cluster->run(node, {"CLIENT"_ba, "LIST"_ba});
        for (const QByteArray &line : reply ? reply->bytes().split('\n') : QByteArrayList())
            if (line.contains(" user=app ") && line.contains(" multi=-1 ") && line.contains(" name=slotscope "))
                ids.insert(line.left(line.indexOf(' ')));
        return ids;
    }
    [[nodiscard]] int logins(int node) const
    {
        const auto reply = m_cluster->run(node, {"INFO"_ba, "commandstats"_ba});
        const QByteArray text = reply ? reply->bytes() : QByteArray();
        const qsizetype at = text.indexOf("cmdstat_auth:calls=");
        return at < 0 ? 0 : text.mid(at + 19).split(',').front().toInt();
    }
    /// Returns how many logins of the user the server has refused according to ACL LOG.
    [[nodiscard]] int refusals(int node) const
    {
        int sum = 0;
        const auto reply = m_cluster->run(node, {"ACL"_ba, "LOG"_ba});
        if (!reply)
            return -1;
        for (const Value &entry : reply->items())
            if (const Value *count = entry.find("count"))
                sum += int(count->toInteger());
        return sum;
    }
    [[nodiscard]] QString cli(const QStringList &words) const
    {
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"SLOTSCOPE_JOURNAL"_s, m_home->filePath(u"journal"_s));
        process.setProcessEnvironment(environment);
        process.start(qEnvironmentVariable("SLOTSCOPE_CLI"),
                      QStringList{u"--uri"_s, u"redis://"_s + m_cluster->address(0)} + words);
        process.waitForFinished();
        return QString::fromUtf8(process.readAll());
    }

    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<TestCluster> m_cluster;
};

SLOTSCOPE_TEST(tst_PasswordCommands)
#include "tst_passwordcommands.moc"
