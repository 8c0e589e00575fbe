// SPDX-License-Identifier: GPL-3.0-or-later
// Connections to a file and back, with their secrets under a passphrase.
#include "core/base/ownfiles.h"
#include "core/profile/exporting.h"
#include "core/profile/profilefile.h"
#include "core/profile/sealedfile.h"
#include "tests/support/testmain.h"

#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/stat.h>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestSealedFile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void goesThereAndBack();
    void tellsWrongFromDamaged_data();
    void tellsWrongFromDamaged();
    void aHostileFileTakesNothing_data();
    void aHostileFileTakesNothing();
    void whatIsExportedIsReadAgain();
    void isNobodyElsesToRead();

private:
    static constexpr SealCost cheap{.n = 1 << 14, .r = 8, .p = 1};
};

void TestSealedFile::goesThereAndBack()
{
    for (const QByteArray &plain : {QByteArray(), "x"_ba, QByteArray(100'000, 'k')}) {
        const auto file = sealed(plain, u"pässword ☂"_s, cheap);
        QVERIFY(file);
        QVERIFY(isSealed(*file));
        QCOMPARE(*unsealed(*file, u"pässword ☂"_s), plain);
        QVERIFY(*sealed(plain, u"pässword ☂"_s, cheap) != *file); // each encryption uses its own salt and nonce
    }
}

void TestSealedFile::tellsWrongFromDamaged_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QJsonValue>("value");
    QTest::addColumn<int>("code");
    using Code = Error::Code;
    QTest::newRow("passphrase") << QString() << QJsonValue() << int(Code::InvalidArgument);
    QTest::newRow("data") << u"data"_s << QJsonValue(QString::fromLatin1(QByteArray(64, 'A').toBase64()))
                          << int(Code::Parse);
    QTest::newRow("no data") << u"data"_s << QJsonValue() << int(Code::Parse);
    QTest::newRow("no base64") << u"data"_s << QJsonValue(u"!!!"_s) << int(Code::Parse);
    QTest::newRow("nonce") << u"nonce"_s << QJsonValue(QString::fromLatin1(QByteArray(12, 'A').toBase64()))
                           << int(Code::Parse);
    QTest::newRow("short salt") << u"salt"_s << QJsonValue(u"AAAA"_s) << int(Code::Parse);
    QTest::newRow("version") << u"version"_s << QJsonValue(2) << int(Code::Parse);
}

void TestSealedFile::tellsWrongFromDamaged()
{
    QFETCH(QString, key);
    QFETCH(QJsonValue, value);
    QFETCH(int, code);
    QByteArray file = *sealed("secret"_ba, u"right"_s, cheap);
    if (!key.isEmpty()) {
        QJsonObject object = QJsonDocument::fromJson(file).object();
        object.insert(key, value);
        file = QJsonDocument(object).toJson();
    }
    const auto plain = unsealed(file, key.isEmpty() ? u"wrong"_s : u"right"_s);
    QVERIFY(!plain);
    QCOMPARE(int(plain.error().code), code);
}

void TestSealedFile::aHostileFileTakesNothing_data()
{
    QTest::addColumn<int>("n");
    QTest::addColumn<int>("r");
    QTest::addColumn<int>("p");
    QTest::newRow("memory") << (1 << 20) << 32 << 1;
    QTest::newRow("n") << (1 << 30) << 8 << 1;
    QTest::newRow("no power of two") << 100000 << 8 << 1;
    QTest::newRow("weak") << 2 << 1 << 1;
    QTest::newRow("work") << (1 << 17) << 8 << 1000000;
    QTest::newRow("negative") << -1 << -1 << -1;
}

void TestSealedFile::aHostileFileTakesNothing()
{
    QFETCH(int, n);
    QFETCH(int, r);
    QFETCH(int, p);
    QJsonObject object = QJsonDocument::fromJson(*sealed("secret"_ba, u"right"_s, cheap)).object();
    object.insert(u"n"_s, n);
    object.insert(u"r"_s, r);
    object.insert(u"p"_s, p);
    QElapsedTimer taken;
    taken.start();
    const auto plain = unsealed(QJsonDocument(object).toJson(), u"right"_s);
    QVERIFY(!plain);
    QCOMPARE(plain.error().code, Error::Code::LimitExceeded);
    QVERIFY(taken.elapsed() < 200);
}

void TestSealedFile::whatIsExportedIsReadAgain()
{
    SavedConnection one;
    one.id = u"x"_s;
    one.target = *ConnectionTarget::parse(
        u"rediss+sentinel://app:geheim@10.0.0.1:26379/mymaster?name=shop&env=production&sentinelpassword=wache"_s);
    one.target.credentials.command = {.line = u"pass show x"_s, .validSeconds = 90};
    one.folder = u"eu"_s;
    one.tags = {u"a"_s};
    one.keepsSecrets = true;
    one.used = 7;
    const QByteArray open = exportedConnections({one}, false), closed = exportedConnections({one}, true);
    QVERIFY(!open.contains("geheim") && !open.contains("wache"));
    const auto read = readConnections(closed);
    QVERIFY(read);
    QCOMPARE(read->source, u"Slotscope"_s);
    QCOMPARE(read->list.size(), 1);
    const ImportedConnection &back = read->list[0];
    QCOMPARE(back.connection.target.credentials.password, u"geheim"_s);
    QCOMPARE(back.connection.target.sentinel.credentials.password, u"wache"_s);
    QCOMPARE(back.connection.folder, u"eu"_s);
    // a command is not adopted without the user's consent
    QVERIFY(back.connection.target.credentials.command.isEmpty());
    QCOMPARE(back.command, one.target.credentials.command);
    QVERIFY(back.notes.join(u' ').contains(u"pass show x"_s));
    QCOMPARE(back.connection.used, 0);
    QVERIFY(!back.connection.keepsSecrets);
    SavedConnection other = one;
    other.target.way = *Way::byCommand(u"kubectl port-forward pod/{host} {local}:{port}"_s);
    other.target.renamed.insert("CONFIG", "abc");
    other.target.credentials.command = {};
    other.passwordVariable = u"SHOP"_s;
    const auto bare = readConnections(exportedConnections({other}, false));
    QVERIFY(bare);
    // the connection is kept without the user's own commands, which are listed in its notes
    QCOMPARE(bare->list.size(), 1);
    QVERIFY(bare->list[0].connection.target.way.isDirect() && bare->list[0].connection.target.renamed.isEmpty());
    QVERIFY(bare->list[0].connection.passwordVariable.isEmpty() && bare->list[0].connection.hadPassword);
    for (const QString &told : {u"kubectl"_s, u"CONFIG"_s, u"SHOP"_s})
        QVERIFY2(bare->list[0].notes.join(u' ').contains(told), qPrintable(told));
    QTemporaryDir home;
    QFile file(home.filePath(u"team.json"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(open);
    file.close();
    const auto team = readProfileFile(file.fileName()); // the same file can also be used with --profiles
    QVERIFY(team);
    QCOMPARE(team->problems, QStringList());
    QCOMPARE(team->list.size(), 1);
    QCOMPARE(team->list[0].target.credentials.command, one.target.credentials.command);
}

void TestSealedFile::isNobodyElsesToRead()
{
    constexpr QFile::Permissions ofOthers = QFile::ReadGroup | QFile::ReadOther;
    QTemporaryDir home;
    const QString path = home.filePath(u"sealed.json"_s);
    QVERIFY(replaceFile(path, "{}", 0644));
    QVERIFY(QFile::setPermissions(path, QFile::permissions(path) | ofOthers));
    QVERIFY(replaceFile(path, "{}")); // the permissions set by the user are kept
    QVERIFY(QFile::permissions(path) & ofOthers);
    QVERIFY(replaceSecretFile(path, "{}"));
    QVERIFY(!(QFile::permissions(path) & ofOthers));
    const QString pipe = home.filePath(u"pipe"_s); // pipes and devices are written to, and never replaced by a file
    QVERIFY(::mkfifo(QFile::encodeName(pipe).constData(), 0600) == 0);
    QVERIFY(!replaceFile(pipe, "{}")); // nobody reads it
    QVERIFY(!QFileInfo(pipe).isFile());
    QFile reader(pipe);
    QVERIFY(reader.open(::open(QFile::encodeName(pipe).constData(), O_RDONLY | O_NONBLOCK), QIODevice::ReadOnly,
                        QFileDevice::AutoCloseHandle));
    QVERIFY(replaceFile(pipe, "{}"));
    QCOMPARE(reader.read(2), "{}"_ba);
    QVERIFY(!QFileInfo(pipe).isFile());
}

SLOTSCOPE_TEST(TestSealedFile)
#include "tst_sealedfile.moc"
