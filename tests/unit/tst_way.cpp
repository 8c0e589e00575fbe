// SPDX-License-Identifier: GPL-3.0-or-later
// Proxies and SSH without a socket: texts, the words said to a proxy, and what ssh says.
#include "core/net/ownuri.h"
#include "core/net/proxygreeting.h"
#include "core/net/sshlog.h"
#include "core/net/sshtunnel.h"
#include "tests/support/testmain.h"

#include <QTemporaryDir>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class tst_Way : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void texts_data()
    {
        QTest::addColumn<QString>("uri");
        QTest::addColumn<QString>("again"); // the URI written back (empty: refused)
        QTest::newRow("ssh") << u"redis://a:1?ssh=ada@h:22"_s << u"redis://a:1?ssh=ada%40h%3A22"_s;
        QTest::newRow("a name of the configuration") << u"a:1?ssh=work"_s << u"redis://a:1?ssh=work"_s;
        QTest::newRow("jump") << u"a:1?ssh=j,ada@[fd00::1]:22"_s
                              << u"redis://a:1?ssh=j%2Cada%40%5Bfd00%3A%3A1%5D%3A22"_s;
        QTest::newRow("user of a domain") << u"a:1?ssh=ada@corp@h"_s << u"redis://a:1?ssh=ada%40corp%40h"_s;
        QTest::newRow("socks") << u"a:1?proxy=socks5://p"_s << u"redis://a:1?proxy=socks5%3A%2F%2Fp%3A1080"_s;
        QTest::newRow("socks, IPv6") << u"a:1?proxy=socks5://[::1]:9"_s
                                     << u"redis://a:1?proxy=socks5%3A%2F%2F%5B%3A%3A1%5D%3A9"_s;
        QTest::newRow("http") << u"a:1?proxy=http://p:3128/"_s << u"redis://a:1?proxy=http%3A%2F%2Fp%3A3128"_s;
        for (const auto &bad : {"a:1?ssh=-oProxyCommand=x",
                                "a:1?ssh=h,-x",
                                "a:1?ssh=-l@h",
                                "a:1?ssh=h;id",
                                "a:1?ssh=$(id)",
                                "a:1?ssh=@h",
                                "a:1?ssh=h:0",
                                "a:1?ssh=h:65536",
                                "a:1?ssh=h%20x",
                                "a:1?ssh=h,",
                                "a:1?ssh=`id`@h",
                                "a:1?ssh=a'b@h",
                                "a:1?proxy=p:1",
                                "a:1?proxy=socks4://p:1",
                                "a:1?proxy=http://p",
                                "a:1?proxy=socks5://u:p@h:1",
                                "a:1?ssh=h&proxy=socks5://p:1",
                                "unix:///x?ssh=h",
                                "a:1?tunnel=x%20{local}",
                                "a:1?rename=CONFIG:a"})
            QTest::newRow(bad) << QString::fromLatin1(bad) << QString();
    }
    void texts()
    {
        QFETCH(const QString, uri);
        QFETCH(const QString, again);
        const auto target = ConnectionTarget::parse(uri);
        QCOMPARE(target ? target->toUri() : QString(), again);
        if (target)
            QCOMPARE(*ConnectionTarget::parse(again), *target);
    }

    void commands_data()
    {
        QTest::addColumn<QString>("command");
        // the arguments for server 10.0.0.1:7000 and local port 5000 (empty: refused)
        QTest::addColumn<QStringList>("words");
        QTest::newRow("kubectl") << u"kubectl port-forward pod/x {local}:{port}"_s
                                 << QStringList{u"kubectl"_s, u"port-forward"_s, u"pod/x"_s, u"5000:7000"_s};
        QTest::newRow("quoted") << u" /opt/my proxy "_s << QStringList();
        QTest::newRow("a path with blanks")
            << u"\"/opt/my proxy\" --listen=127.0.0.1:{local} {host}:{port}"_s
            << QStringList{u"/opt/my proxy"_s, u"--listen=127.0.0.1:5000"_s, u"10.0.0.1:7000"_s};
        QTest::newRow("nothing of a shell")
            << u"x {local} $(id);id|id"_s << QStringList{u"x"_s, u"5000"_s, u"$(id);id|id"_s};
        QTest::newRow("no local port") << u"kubectl port-forward pod/x 6379"_s << QStringList();
        QTest::newRow("another place") << u"x {local} {user}"_s << QStringList();
        QTest::newRow("no program") << u"{host} {local}"_s << QStringList();
        QTest::newRow("two lines") << u"x {local}\ny"_s << QStringList();
    }
    void commands()
    {
        QFETCH(const QString, command);
        QFETCH(const QStringList, words);
        const auto way = Way::byCommand(command);
        QCOMPARE(way ? way->commandFor(u"10.0.0.1"_s, 7000, 5000) : QStringList(), words);
        if (!way)
            return;
        ConnectionTarget target = *ConnectionTarget::parse(u"a:1"_s);
        target.way = *way;
        QCOMPARE(*parseOwnUri(target.toUri()), target);
        const auto foreign = ConnectionTarget::parse(target.toUri());
        QVERIFY(!foreign && foreign.error().detail.contains(u"a link or a file may not"));
        QVERIFY2(!way->title().contains(u"5000") && !way->title().contains(u"{"), qPrintable(way->title()));
    }
    /// An announced host name must not become an option, further arguments or a part of a script.
    void aHostIsOneWord()
    {
        const auto way = Way::byCommand(u"x {local} {host}"_s);
        for (const QString &host :
             {u"a b"_s, u"{port}"_s, u"-oProxyCommand=x"_s, u"a;b"_s, u"$(x)"_s, u"a=b"_s, QString()})
            QCOMPARE(way->commandFor(host, 1, 2), QStringList());
        for (const QString &host : {u"redis-0.svc.local"_s, u"10.0.0.1"_s, u"fe80::1%eth0"_s, u"_srv.bücher.example"_s})
            QCOMPARE(way->commandFor(host, 1, 2), (QStringList{u"x"_s, u"2"_s, host}));
    }
    /// A command without {host} always leads to the same place, so the addresses that nodes announce must not be
    /// reached through it.
    void withoutHostOnlyNamedServers()
    {
        ConnectionTarget target = *ConnectionTarget::parse(u"a:1"_s);
        const Endpoint other{.host = u"b"_s, .port = 1, .socketPath = {}};
        target.way = *Way::byCommand(u"x {local} {port}"_s);
        QVERIFY(target.permits(target.seeds.front()) && !target.permits(other));
        target.addressMap.insert(u"c:1"_s, other);
        QVERIFY(target.permits(other));
        target.addressMap.clear();
        target.way = *Way::byCommand(u"x {local} {host}"_s);
        QVERIFY(target.permits(other));
    }
    /// A rename to another existing command is refused, because commands are checked by their original name.
    void aRenameIsNoOtherCommand()
    {
        ConnectionTarget target;
        for (const QString &pair : {u"GET=GETDEL"_s, u"STRLEN=incr"_s, u"GET=FLUSHALL"_s, u"PING=replicaof"_s})
            QVERIFY2(!target.addRename(pair), qPrintable(pair));
        QVERIFY(target.addRename(u"CONFIG=abc"_s) && target.addRename(u"GET=get"_s));
    }
    void renamedCommands()
    {
        const auto target = parseOwnUri(u"a:1?rename=config:abc&rename=FLUSHALL:x.1&ssh=h"_s);
        QVERIFY2(target, target ? "" : qPrintable(target.error().detail));
        QCOMPARE(target->renamed, (RenamedCommands{{"CONFIG", "abc"}, {"FLUSHALL", "x.1"}}));
        QCOMPARE(*parseOwnUri(target->toUri()), *target);
        QVERIFY(!ConnectionTarget::parse(u"a:1?rename=GET:FLUSHALL"_s));
        for (const char *bad :
             {"config", "config:", ":abc", "config:a b", "a b:c", "config:a&rename=config:b", "get:flushall"})
            QVERIFY2(!parseOwnUri(u"a:1?rename="_s + QString::fromLatin1(bad)), bad);
    }

    void theArgumentsOfSsh()
    {
        const QStringList words = SshTunnel::arguments({u"j:1"_s, u"k"_s, u"ada@corp@[fd00::1]:22"_s}, 7, false);
        const QString line = words.join(u' ');
        for (const QString &part :
             {u"-D 127.0.0.1:7 "_s, u"ControlMaster=no"_s, u"ControlPath=none"_s, u"-J j:1,k "_s, u"BatchMode=yes"_s})
            QVERIFY2(line.contains(part), qPrintable(line));
        QVERIFY(line.endsWith(u"-l ada@corp -p 22 -- fd00::1"_s));
        QVERIFY(line.contains(u"ExitOnForwardFailure=no"_s) && line.contains(u"ClearAllForwardings=no"_s));
    }

    /// The proxy handshake works byte by byte and all at once. Bytes after it are left for the server's reader.
    void greeting_data()
    {
        QTest::addColumn<Way::Kind>("kind");
        QTest::addColumn<QString>("host");
        QTest::addColumn<QByteArray>("answers");
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<int>("code"); // expected error code (-1: the connection is open)
        const QByteArray hello = QByteArray::fromHex("050100"), none = QByteArray::fromHex("0500");
        const QByteArray v4 = QByteArray::fromHex("0501000101020304") + QByteArray::fromHex("18eb");
        const QByteArray yes = QByteArray::fromHex("05000001000000000000");
        const auto row = [&](const char *name, const QString &host, const QByteArray &answer, const QByteArray &said,
                             int code) {
            QTest::newRow(name) << Way::Kind::Socks5 << host << answer << hello + said << code;
        };
        row("IPv4", u"1.2.3.4"_s, none + yes, v4, -1);
        row("IPv6", u"fd00::1"_s, none + yes,
            QByteArray::fromHex("05010004fd000000000000000000000000000001") + QByteArray::fromHex("18eb"), -1);
        row("name", u"node-1"_s, none + QByteArray::fromHex("0500000303") + "abc" + QByteArray::fromHex("0001"),
            QByteArray::fromHex("0501000306") + "node-1" + QByteArray::fromHex("18eb"), -1);
        row("IPv6 bound", u"1.2.3.4"_s, none + QByteArray::fromHex("05000004") + QByteArray(18, '\0'), v4, -1);
        const std::pair<char, Error::Code> refusals[] = {{1, Error::Code::Proxy},
                                                         {2, Error::Code::Proxy},
                                                         {3, Error::Code::Unreachable},
                                                         {4, Error::Code::Unreachable},
                                                         {5, Error::Code::ConnectionRefused}};
        for (const auto &[reply, code] : refusals)
            row(qPrintable(u"refused %1"_s.arg(int(reply))), u"1.2.3.4"_s,
                none + '\x05' + QByteArray(1, reply) + QByteArray::fromHex("0001000000000000"), v4, int(code));
        row("wants a password", u"1.2.3.4"_s, QByteArray::fromHex("05ff"), {}, int(Error::Code::Proxy));
        row("no SOCKS", u"1.2.3.4"_s, "-ERR", {}, int(Error::Code::Proxy));
        const auto http = [](const char *name, const QByteArray &answer, int code) {
            QTest::newRow(name) << Way::Kind::Http << u"fd00::1"_s << answer
                                << "CONNECT [fd00::1]:6379 HTTP/1.1\r\nHost: [fd00::1]:6379\r\n\r\n"_ba << code;
        };
        http("CONNECT", "HTTP/1.1 200 OK\r\nA: b\r\n\r\n", -1);
        http("CONNECT 403", "HTTP/1.1 403 Forbidden\r\n\r\n", int(Error::Code::Proxy));
        http("CONNECT 407", "HTTP/1.0 407 X\r\n\r\n", int(Error::Code::Proxy));
        http("CONNECT 502", "HTTP/1.0 502 Bad Gateway\r\n\r\n", int(Error::Code::Unreachable));
        http("no HTTP", "-ERR x", int(Error::Code::Proxy));
    }
    void greeting()
    {
        QFETCH(const Way::Kind, kind);
        QFETCH(const QString, host);
        QFETCH(const QByteArray, answers);
        QFETCH(const QByteArray, said);
        QFETCH(const int, code);
        for (const bool bytewise : {true, false}) {
            ProxyGreeting greeting(kind, Endpoint{.host = host, .port = 6379, .socketPath = {}});
            QByteArray rest = answers + "+OK\r\n", sent = greeting.takeOutgoing();
            Result<bool> open = false;
            while (open && !*open && !rest.isEmpty()) {
                const QByteArray piece = rest.left(bytewise ? 1 : greeting.wanted());
                rest.remove(0, piece.size());
                open = greeting.take(piece);
                sent += greeting.takeOutgoing();
            }
            QCOMPARE(sent, said);
            QCOMPARE(open ? -1 : int(open.error().code), code);
            if (code == -1)
                QCOMPARE(rest, "+OK\r\n"_ba);
        }
    }

    void whySshDidNotConnect()
    {
        SshLog log(4711);
        log.take("debug1: Local forwarding listening on 127.0.0.1 port 4712.");
        QVERIFY(!log.isListening());
        log.take("debug1: Local forwarding listening on 127.0.0.1 port 4711.\n");
        QVERIFY(!log.isListening());
        log.take("debug1: channel 0: new port-listener [port listener] (inactive timeout: 0)");
        QVERIFY(log.isListening() && !log.isPortTaken());
        // Two connections fail at once, and the reasons arrive in the other order.
        log.take("channel 2: open failed: connect failed: Connection refused");
        log.take("channel 1: open failed: administratively prohibited: open failed");
        log.take(
            "debug1: channel 1: free: direct-tcpip: listening port 4711 for 10.0.0.1 port 1, connect from 127.0.0.1 "
            "port 5001 to 127.0.0.1 port 4711, nchannels 3");
        log.take(
            "debug1: channel 2: free: direct-tcpip: listening port 4711 for ::1 port 1, connect from 127.0.0.1 port "
            "5002 to 127.0.0.1 port 4711, nchannels 2");
        QCOMPARE(log.takeRefused(), (QList<quint16>{5001, 5002}));
        QCOMPARE(log.refusalAt(5001)->code, Error::Code::Proxy);
        QCOMPARE(log.refusalAt(5002)->code, Error::Code::ConnectionRefused);
        // A later connection with the same port was accepted.
        log.take(
            "debug1: channel 1: free: direct-tcpip: listening port 4711 for 10.0.0.1 port 1, connect from 127.0.0.1 "
            "port 5001 to 127.0.0.1 port 4711, nchannels 3");
        QVERIFY(!log.refusalAt(5001));
    }

    void aChangedKeyInWords()
    {
        QTemporaryDir folder;
        QFile known(folder.filePath(u"known"_s));
        QVERIFY(known.open(QIODevice::WriteOnly));
        known.write("# a note\n[h]:22 ssh-ed25519 AAAA\n");
        known.close();
        SshLog log(1);
        for (const QByteArray &line : {"@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @"_ba,
                                       "SHA256:new."_ba, "Offending ED25519 key in " + known.fileName().toUtf8() + ":2",
                                       "Host key for [h]:22 has changed and you have requested strict checking."_ba,
                                       "Host key verification failed."_ba})
            log.take(line);
        const Error error = log.whyEnded(255);
        QCOMPARE(error.code, Error::Code::TunnelRefused);
        const QString old = QString::fromLatin1(knownHostFingerprint("[h]:22 ssh-ed25519 AAAA"));
        QVERIFY(old.startsWith(u"SHA256:"_s));
        for (const QString &part : {u"SHA256:new now"_s, old, u"line 2"_s, u"-R '[h]:22'"_s, known.fileName()})
            QVERIFY2(error.detail.contains(part), qPrintable(error.detail));
    }
};

SLOTSCOPE_TEST(tst_Way)
#include "tst_way.moc"
