// SPDX-License-Identifier: GPL-3.0-or-later
// Connections of a file that is only read.
#include "core/profile/profilefile.h"
#include "tests/support/testmain.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestProfileFiles : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsReferencesToSecrets();
    void refusesWhatIsNone_data();
    void refusesWhatIsNone();
    void standsBesideTheUsersOwn();
    void followsTheFile();
    void agreesOnceForAFileAndACommand();
    void agreesToAVariableForItsServers();
    void givesAnotherIdToAnotherAddress();

private:
    static void write(const QString &path, const QByteArray &entries)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"({"version": 1, "connections": [)" + entries + "]}");
    }
    QTemporaryDir m_home;
};

void TestProfileFiles::readsReferencesToSecrets()
{
    const QString path = m_home.filePath(u"team.json"_s);
    write(path,
          R"({"name": "shop", "uri": "rediss://app@10.0.0.1:6379?env=production", "passwordFrom": "env:SHOP_PASSWORD"},
                   {"name": "iam", "uri": "redis://10.0.0.2", "passwordFrom": "command:aws token", "passwordValidMinutes": 15},
                   {"name": "kept", "uri": "redis://10.0.0.3", "passwordFrom": "keychain", "folder": "eu"},
                   {"uri": "redis://10.0.0.4", "passwordFrom": "ask"}, {"name": "open", "uri": "redis://10.0.0.5"})");
    const auto read = readProfileFile(path);
    QVERIFY(read);
    QCOMPARE(read->problems, QStringList());
    QCOMPARE(read->list.size(), 5);
    QCOMPARE(read->list[0].passwordVariable, u"SHOP_PASSWORD"_s);
    QCOMPARE(read->list[0].target.environment, EnvironmentKind::Production);
    QCOMPARE(read->list[0].folder, u"team.json"_s);
    QCOMPARE(read->list[0].file, path);
    QCOMPARE(read->list[1].target.credentials.command, (PasswordCommand{.line = u"aws token"_s, .validSeconds = 900}));
    QVERIFY(read->list[2].keepsSecrets);
    QCOMPARE(read->list[2].folder, u"team.json / eu"_s);
    QVERIFY(read->list[3].hadPassword && !read->list[3].keepsSecrets);
    QVERIFY(!read->list[4].hadPassword);
    // the id must stay, because the keychain stores the password under it
    QCOMPARE(readProfileFile(path)->list[0].id, read->list[0].id);
}

void TestProfileFiles::refusesWhatIsNone_data()
{
    QTest::addColumn<QByteArray>("entry");
    QTest::addColumn<QString>("said");
    QTest::newRow("password in the URI") << R"({"name": "shop", "uri": "redis://a:pw@h"})"_ba
                                         << u"contains a password"_s;
    QTest::newRow("password") << R"({"name": "shop", "uri": "redis://h", "password": "pw"})"_ba
                              << u"contains a password"_s;
    QTest::newRow("of Sentinels") << R"({"name": "s", "uri": "redis+sentinel://h/m?sentinelpassword=pw"})"_ba
                                  << u"contains a password"_s;
    QTest::newRow("command in the URI") << R"({"name": "shop", "uri": "redis://h?password-command=x"})"_ba
                                        << u"a URI may not name a program"_s;
    QTest::newRow("reference") << R"({"name": "shop", "uri": "redis://h", "passwordFrom": "file:/x"})"_ba
                               << u"passwordFrom"_s;
    QTest::newRow("quote") << R"({"name": "shop", "uri": "redis://h", "passwordFrom": "command:sh -c 'x"})"_ba
                           << u"a quote is not closed"_s;
    QTest::newRow("no URI") << R"({"name": "shop"})"_ba << u"“shop”"_s;
    QTest::newRow("twice") << R"({"name": "a", "uri": "redis://h"}, {"name": "a", "uri": "redis://i"})"_ba
                           << u"twice"_s;
}

void TestProfileFiles::refusesWhatIsNone()
{
    QFETCH(QByteArray, entry);
    QFETCH(QString, said);
    const QString path = m_home.filePath(u"bad.json"_s);
    write(path, entry);
    const auto read = readProfileFile(path);
    QVERIFY(read);
    QCOMPARE(read->problems.size(), 1);
    QVERIFY2(read->problems[0].contains(said), qPrintable(read->problems[0]));
    QVERIFY2(!read->problems[0].contains(u"pw"_s), qPrintable(read->problems[0]));
}

void TestProfileFiles::standsBesideTheUsersOwn()
{
    const QString path = m_home.filePath(u"beside.json"_s);
    write(path, R"({"name": "theirs", "uri": "redis://10.0.0.1"})");
    SavedConnections saved(m_home.filePath(u"own.json"_s));
    saved.readFiles({path, m_home.filePath(u"missing.json"_s)});
    QCOMPARE(saved.fileProblems().size(), 1);
    SavedConnection own;
    own.target = *ConnectionTarget::parse(u"redis://10.0.0.9?name=mine"_s);
    QVERIFY(saved.put(own));
    QCOMPARE(saved.list().size(), 2);
    const SavedConnection *theirs = saved.named(u"theirs"_s);
    QVERIFY(theirs);
    SavedConnection changed = *theirs;
    changed.notes = u"x"_s;
    const auto put = saved.put(changed);
    QVERIFY(!put);
    QVERIFY2(put.error().detail.contains(path), qPrintable(put.error().detail));
    QVERIFY(!saved.remove(changed.id));
    QVERIFY(saved.noteUse(changed.id, 1));
    QFile file(m_home.filePath(u"own.json"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(!file.readAll().contains("theirs"));
}

void TestProfileFiles::followsTheFile()
{
    const QString path = m_home.filePath(u"live.json"_s);
    write(path, R"({"name": "one", "uri": "redis://10.0.0.1"})");
    SavedConnections saved(m_home.filePath(u"own2.json"_s));
    saved.readFiles({path});
    QVERIFY(saved.named(u"one"_s));
    write(path + u".new"_s, R"({"name": "two", "uri": "redis://10.0.0.1"})"); // git replaces files in this way
    QVERIFY(std::rename(qPrintable(path + u".new"_s), qPrintable(path)) == 0);
    QTRY_VERIFY(saved.named(u"two"_s));
    QVERIFY(!saved.named(u"one"_s));
    write(path, "{"); // the file is half-written, so the last valid content stays
    QTRY_COMPARE(saved.fileProblems().size(), 1);
    QVERIFY(saved.named(u"two"_s));
}

void TestProfileFiles::agreesOnceForAFileAndACommand()
{
    const QString path = m_home.filePath(u"agreed.json"_s);
    SavedConnection theirs;
    theirs.file = u"/srv/team.json"_s;
    theirs.target = *ConnectionTarget::parse(u"redis://10.0.0.1"_s);
    theirs.target.credentials.command = {.line = u"pass show x"_s, .validSeconds = 0};
    QVERIFY(!CommandConsents(path).has(theirs));
    QVERIFY(CommandConsents(path).give(theirs));
    QVERIFY(CommandConsents(path).has(theirs));
    SavedConnection other = theirs;
    other.target.credentials.command.line = u"rm -r x"_s;
    QVERIFY(!CommandConsents(path).has(other));
    other = theirs;
    other.file = u"/tmp/team.json"_s;
    QVERIFY(!CommandConsents(path).has(other));
    const QStringList elsewhere{u"redis://10.0.0.2"_s,
                                u"redis://ann@10.0.0.1"_s,
                                u"redis://10.0.0.1?ssh=h"_s,
                                u"rediss://10.0.0.1?insecure=1"_s,
                                u"redis://10.0.0.1?map=10.0.0.1:6379=10.0.0.2:6379"_s,
                                u"redis+sentinel://10.0.0.1/main"_s};
    for (const QString &uri : elsewhere) {
        other = theirs;
        other.target = *ConnectionTarget::parse(uri);
        other.target.credentials.command = theirs.target.credentials.command;
        QVERIFY2(!CommandConsents(path).has(other), qPrintable(uri));
    }
    other = theirs;
    other.target.name = u"shown"_s;
    other.target.readOnly = true;
    QVERIFY(CommandConsents(path).has(other));
    // a file that other users can write to is not trusted
    QVERIFY(QFile::setPermissions(path, QFile::permissions(path) | QFile::WriteOther));
    QVERIFY(!CommandConsents(path).has(theirs));
}

void TestProfileFiles::agreesToAVariableForItsServers()
{
    const QString path = m_home.filePath(u"variables.json"_s);
    SavedConnection theirs;
    theirs.file = u"/srv/team.json"_s;
    theirs.target = *ConnectionTarget::parse(u"redis://10.0.0.1"_s);
    theirs.passwordVariable = u"AWS_SECRET_ACCESS_KEY"_s;
    QVERIFY(!CommandConsents(path).has(theirs));
    QVERIFY(CommandConsents(path).give(theirs));
    QVERIFY(CommandConsents(path).has(theirs));
    SavedConnection other = theirs;
    other.target.seeds[0].host = u"10.0.0.2"_s;
    QVERIFY(!CommandConsents(path).has(other));
    other = theirs;
    other.passwordVariable = u"PGPASSWORD"_s;
    QVERIFY(!CommandConsents(path).has(other));
    other.file.clear(); // the user's own connections need no consent
    QVERIFY(CommandConsents(path).has(other));
}

void TestProfileFiles::givesAnotherIdToAnotherAddress()
{
    const QString path = m_home.filePath(u"kept.json"_s);
    const auto idOf = [&path](const QByteArray &entry) {
        write(path, entry);
        const auto read = readProfileFile(path);
        return read && read->list.size() == 1 ? read->list[0].id : QString();
    };
    const QString id = idOf(R"({"name": "a", "uri": "redis://10.0.0.1", "passwordFrom": "keychain"})");
    QVERIFY(!id.isEmpty());
    const QString noted = idOf(R"({"name": "a", "uri": "redis://10.0.0.1", "passwordFrom": "keychain", "notes": "x"})");
    QCOMPARE(noted, id);
    const QString elsewhere = idOf(R"({"name": "a", "uri": "redis://10.0.0.2", "passwordFrom": "keychain"})");
    QVERIFY(!elsewhere.isEmpty() && elsewhere != id);
}

SLOTSCOPE_TEST(TestProfileFiles)
#include "tst_profilefiles.moc"
