// SPDX-License-Identifier: GPL-3.0-or-later
// The file of saved connections, and the command lines of others that are read as connections.
#include "core/profile/commandlines.h"
#include "core/profile/savedconnections.h"
#include "support/testmain.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestSavedConnections : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void isTheSameAfterARestart();
    void holdsNoSecret();
    void twoProgramsLoseNothing();
    void aDamagedFileIsSetAside_data();
    void aDamagedFileIsSetAside();
    void aLaterVersionIsLeftAlone();
    void foldersHoldConnections();
    void readsCommandLines_data();
    void readsCommandLines();

private:
    [[nodiscard]] QString path() const { return m_folder->filePath(u"deep/connections.json"_s); }
    [[nodiscard]] static SavedConnection example(const QString &name)
    {
        SavedConnection connection;
        connection.target = *ConnectionTarget::parse(
            u"rediss://ops:geheim@10.0.0.1:6379,10.0.0.2:6380/0?cacert=/etc/ca.pem&env=production"_s);
        connection.target.name = name;
        connection.target.tls.keyPassphrase = u"sesam"_s;
        connection.folder = u"Web shop"_s;
        connection.tags = {u"eu"_s, u"pci"_s};
        connection.notes = u"Carts, “sessions”.\nTwo lines."_s;
        connection.colour = u"#ec6b73"_s;
        connection.isFavourite = connection.hadPassword = true;
        return connection;
    }
    void writeFile(const QByteArray &bytes)
    {
        QVERIFY(QDir().mkpath(QFileInfo(path()).absolutePath()));
        QFile file(path());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestSavedConnections::isTheSameAfterARestart()
{
    SavedConnections saved(path());
    QVERIFY(saved.list().isEmpty() && !saved.problem());
    const auto id = saved.put(example(u"shop"_s));
    QVERIFY(id);
    QVERIFY(saved.noteUse(*id, 1'700'000'000'000, u"Cluster, 3 + 3"_s, u"Valkey 9.1.2"_s));
    SavedConnections again(path());
    QCOMPARE(again.list(), saved.list());
    QCOMPARE(again.named(u"shop"_s)->used, 1);
    QCOMPARE(again.named(u"shop"_s)->kind, u"Cluster, 3 + 3"_s);
    QVERIFY(again.remove(*id));
    QVERIFY(SavedConnections(path()).list().isEmpty());
}

void TestSavedConnections::holdsNoSecret()
{
    SavedConnections saved(path());
    QVERIFY(saved.put(example(u"shop"_s)));
    QFile file(path());
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    QVERIFY(bytes.contains("10.0.0.2:6380"));
    QVERIFY2(!bytes.contains("geheim") && !bytes.contains("sesam"), bytes.constData());
    QVERIFY(saved.list().constFirst().target.credentials.password.isEmpty());
    QCOMPARE(int(file.permissions() & (QFile::ReadOther | QFile::ReadGroup)), 0);
}

void TestSavedConnections::twoProgramsLoseNothing()
{
    SavedConnections one(path()), other(path());
    QSignalSpy seen(&other, &SavedConnections::changed);
    QVERIFY(one.put(example(u"first"_s)));
    QVERIFY(other.put(example(u"second"_s))); // immediately, when `other` may not have seen the first change yet
    QCOMPARE(SavedConnections(path()).list().size(), 2);
    QTRY_COMPARE(one.list().size(), 2); // the change is noticed automatically
    QTRY_COMPARE(other.list().size(), 2);
}

void TestSavedConnections::aDamagedFileIsSetAside_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("kept");
    QByteArray half = QJsonDocument(toJson(example(u"x"_s))).toJson();
    QTest::newRow("no JSON") << QByteArray("not JSON") << 0;
    QTest::newRow("cut") << half.left(40) << 0;
    QTest::newRow("one is none of ours") << QByteArray(
        R"({"version":1,"connections":[{"id":"a","uri":"redis://h"},{"uri":1}]})")
                                         << 1;
}

void TestSavedConnections::aDamagedFileIsSetAside()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const int, kept);
    writeFile(bytes);
    SavedConnections saved(path());
    QCOMPARE(saved.list().size(), kept);
    QVERIFY(!saved.setAside().isEmpty());
    QFile aside(saved.setAside());
    QVERIFY(aside.open(QIODevice::ReadOnly));
    QCOMPARE(aside.readAll(), bytes);
    QVERIFY(saved.put(example(u"new"_s)));
    QCOMPARE(SavedConnections(path()).list().size(), kept + 1);
}

void TestSavedConnections::aLaterVersionIsLeftAlone()
{
    const QByteArray later = R"({"version":2,"connections":{}})";
    writeFile(later);
    SavedConnections saved(path());
    QVERIFY(saved.problem());
    QVERIFY(!saved.put(example(u"new"_s)));
    QFile file(path());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), later);
}

void TestSavedConnections::foldersHoldConnections()
{
    SavedConnections saved(path());
    QVERIFY(saved.put(example(u"a"_s)) && saved.put(example(u"b"_s)) && saved.addFolder(u"Empty"_s));
    QCOMPARE(saved.folders(), (QStringList{u"Web shop"_s, u"Empty"_s}));
    QVERIFY(saved.renameFolder(u"Web shop"_s, u"Shop"_s));
    QCOMPARE(saved.list().at(1).folder, u"Shop"_s);
    QVERIFY(saved.removeFolder(u"Shop"_s));
    QCOMPARE(saved.folders(), QStringList{u"Empty"_s});
    QVERIFY(saved.list().at(0).folder.isEmpty());
    QVERIFY(saved.named(u"a"_s) && !saved.named(u"c"_s));
    QVERIFY(saved.put(example(u"a"_s)));
    QVERIFY(!saved.named(u"a"_s)); // ambiguous, as two connections have this name
    SavedConnection gone = saved.list().constFirst();
    QVERIFY(saved.remove(gone.id));
    QVERIFY(!saved.put(gone)); // an edit does not restore a deleted connection
}

void TestSavedConnections::readsCommandLines_data()
{
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("uri"); // the connection's URI (empty: refused)
    QTest::newRow("URI") << u"redis://h:1"_s << u"redis://h:1"_s;
    QTest::newRow("address") << u" h:1 "_s << u"redis://h:1"_s;
    QTest::newRow("bare") << u"redis-cli"_s << u"redis://127.0.0.1:6379"_s;
    QTest::newRow("host and port") << u"$ valkey-cli -c -h db.example -p 7000 --no-auth-warning"_s
                                   << u"redis://db.example:7000"_s;
    QTest::newRow("secrets") << u"/usr/bin/redis-cli --user ops -a \"two words\" -n 3"_s
                             << u"redis://ops:two%20words@127.0.0.1:6379/3"_s;
    QTest::newRow("TLS") << u"redis-cli -h h --tls --cacert '/a b.pem' --sni s"_s
                         << u"rediss://h:6379?cacert=%2Fa%20b.pem&sni=s"_s;
    QTest::newRow("its own URI") << u"redis-cli -u rediss://h:1/2 --cacert /c"_s << u"rediss://h:1/2?cacert=%2Fc"_s;
    QTest::newRow("its own URI, more said") << u"redis-cli -u redis://h:1 -n 5 --user ops"_s << u"redis://ops:@h:1/5"_s;
    QTest::newRow("TLS options without TLS") << u"redis-cli -h h --cacert /c"_s << u"redis://h:6379"_s;
    QTest::newRow("database of a socket") << u"redis-cli -s /r.sock -n 3"_s << u"unix:///r.sock?db=3"_s;
    QTest::newRow("socket") << u"redis-cli -s /run/r.sock"_s << u"unix:///run/r.sock"_s;
    QTest::newRow("IPv6") << u"redis-cli -h fd00::3 -p 1"_s << u"redis://[fd00::3]:1"_s;
    QTest::newRow("a command") << u"redis-cli -h h GET x"_s << QString();
    QTest::newRow("lacks a value") << u"redis-cli -h"_s << QString();
    QTest::newRow("no port") << u"redis-cli -p 99999"_s << QString();
    QTest::newRow("no database") << u"redis-cli -n x"_s << QString();
}

void TestSavedConnections::readsCommandLines()
{
    QFETCH(const QString, words);
    QFETCH(const QString, uri);
    const auto target = targetFromWords(words);
    QCOMPARE(target ? target->toUri(true) : QString(), uri);
}

SLOTSCOPE_TEST(TestSavedConnections)
#include "tst_savedconnections.moc"
