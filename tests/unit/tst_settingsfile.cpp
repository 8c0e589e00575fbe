// SPDX-License-Identifier: GPL-3.0-or-later
// The table of settings and their file: what is permitted, migration, backup, damage, two programs at once.
#include "tests/support/testmain.h"

#include "core/audit/auditsettings.h"
#include "core/profile/clustermarks.h"
#include "core/profile/recentconnections.h"
#include "core/profile/settingsfile.h"
#include "core/profile/settingstable.h"

#include <QDir>
#include <QFile>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestSettingsFile final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void theTableIsWhole();
    void wrongValuesAreTheStandard();
    void olderFilesAreMigrated();
    void damagedFilesAreSetAside_data();
    void damagedFilesAreSetAside();
    void aBackupStepsIn();
    void laterVersionsAreLeftAlone();
    void twoProgramsLoseNothing();
    void listsOfTwoProgramsJoin();

private:
    [[nodiscard]] QString path() const { return m_folder->filePath(u"slotscope.conf"_s); }
    void write(const QByteArray &bytes, const QString &where = {}) const
    {
        QFile file(where.isEmpty() ? path() : where);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }
    [[nodiscard]] static QByteArray read(const QString &where)
    {
        QFile file(where);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestSettingsFile::theTableIsWhole()
{
    QSettings settings(path(), QSettings::IniFormat);
    QSet<QString> keys;
    for (const Setting &setting : settingsTable()) {
        const QString key = QString::fromLatin1(setting.key);
        QVERIFY2(setting.area && setting.title && setting.what && !keys.contains(key), setting.key);
        keys.insert(key);
        QVERIFY2(setSetting(settings, key, setting.standard), setting.key); // the default value is a permitted one
        QVERIFY(settingValue(settings, key) == setting.standard);
        QCOMPARE(settingOf(key), &setting);
    }
    QVERIFY(!settingOf(u"no/such"_s));
    QVERIFY(!setSetting(settings, u"no/such"_s, 1));
}

void TestSettingsFile::wrongValuesAreTheStandard()
{
    write("[audit]\nfiles=-7\nrecords=perhaps\nfileMegabytes=5\nstrict=true\n[window]\nlanguage=xx\ntheme=9\n");
    const QSettings settings(path(), QSettings::IniFormat);
    QCOMPARE(settingValue(settings, u"audit/files"_s).toInt(), 10);
    QCOMPARE(settingValue(settings, u"audit/records"_s).toBool(), true);
    QCOMPARE(settingValue(settings, u"audit/fileMegabytes"_s).toInt(), 5);
    QCOMPARE(settingValue(settings, u"window/theme"_s).toString(), u"0"_s);
    QCOMPARE(settingValue(settings, u"window/language"_s).toString(), QString());
    const AuditLog::Options options = auditOptionsOf(settings);
    QVERIFY(options.records && options.strict);
    QCOMPARE(options.limits.fileBytes, 5 * 1024 * 1024);
}

void TestSettingsFile::olderFilesAreMigrated()
{
    const QByteArray former = "[window]\ntheme=1\nlanguage=tlh\ngeometry=kept\n[browser]\nform=tree\n";
    write(former);
    const SettingsStart start = prepareSettings(path());
    QCOMPARE(start.migratedFrom, 0);
    QVERIFY(start.setAside.isEmpty());
    QCOMPARE(read(path() + u".v0.bak"_s), former);
    const QSettings settings(path(), QSettings::IniFormat);
    QCOMPARE(settings.value(u"settings/version"_s).toInt(), settingsVersion);
    QCOMPARE(settings.value(u"window/theme"_s).toInt(), 1);
    QVERIFY(!settings.contains(u"window/language"_s)); // removed, because this language does not exist
    QCOMPARE(settings.value(u"window/geometry"_s).toString(), u"kept"_s);
    QCOMPARE(settings.value(u"browser/form"_s).toString(), u"tree"_s);
    QCOMPARE(read(path() + u".bak"_s), read(path()));
    QCOMPARE(prepareSettings(path()).migratedFrom, -1); // migrated only once
}

void TestSettingsFile::damagedFilesAreSetAside_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("zeros, as a crash leaves it") << QByteArray(4096, '\0');
    QTest::newRow("no INI file") << "{\"json\": 1}\n"_ba;
    QTest::newRow("zeros at its end") << "[window]\ntheme=1\n"_ba + QByteArray(100, '\0');
}

void TestSettingsFile::damagedFilesAreSetAside()
{
    QFETCH(const QByteArray, bytes);
    write(bytes);
    const SettingsStart start = prepareSettings(path());
    QVERIFY(!start.setAside.isEmpty() && !start.fromBackup);
    QCOMPARE(read(start.setAside), bytes); // no content is lost
    QVERIFY(!QFile::exists(path()));
    QSettings settings(path(), QSettings::IniFormat);
    settings.setValue(u"window/theme"_s, 2);
    settings.sync();
    QCOMPARE(settings.status(), QSettings::NoError);
    QVERIFY(prepareSettings(path()).setAside.isEmpty());
}

void TestSettingsFile::aBackupStepsIn()
{
    write("[settings]\nversion=1\n[window]\ntheme=2\n");
    std::ignore = prepareSettings(path()); // creates the backup
    write(QByteArray(100, '\0'));
    const SettingsStart start = prepareSettings(path());
    QVERIFY(!start.setAside.isEmpty() && start.fromBackup);
    const QSettings settings(path(), QSettings::IniFormat);
    QCOMPARE(settings.value(u"window/theme"_s).toInt(), 2);
    write(QByteArray(100, '\0'));
    write("{no: backup}", path() + u".bak"_s); // the backup is damaged too
    QVERIFY(!prepareSettings(path()).fromBackup);
}

void TestSettingsFile::laterVersionsAreLeftAlone()
{
    const QByteArray later = "[settings]\nversion=99\n[window]\ntheme=17\n";
    write(later);
    QCOMPARE(prepareSettings(path()).migratedFrom, -1);
    QCOMPARE(read(path()), later);
}

void TestSettingsFile::twoProgramsLoseNothing()
{
    QSettings ours(path(), QSettings::IniFormat);
    ours.setValue(u"window/theme"_s, 1);
    ours.sync();
    ours.setValue(u"audit/files"_s, 5); // not written to the file yet
    write(read(path()) + "\n[audit]\nstrict=true\n"); // as another program would write it
    ours.sync();
    const QByteArray now = read(path());
    QVERIFY2(now.contains("files=5") && now.contains("strict=true") && now.contains("theme=1"), now.constData());
}

void TestSettingsFile::listsOfTwoProgramsJoin()
{
    QSettings ours(path(), QSettings::IniFormat);
    RecentConnections recents(ours);
    recents.add(*ConnectionTarget::parse(u"redis://first:1"_s), 1);
    // a copy, because QSettings objects of the same file share their data within a process
    const QString copy = m_folder->filePath(u"other.conf"_s);
    QVERIFY(QFile::copy(path(), copy));
    {
        QSettings other(copy, QSettings::IniFormat);
        RecentConnections theirs(other);
        theirs.add(*ConnectionTarget::parse(u"redis://theirs:2"_s), 2);
    }
    write(read(copy));
    recents.add(*ConnectionTarget::parse(u"redis://ours:3"_s), 3);
    QCOMPARE(recents.list().size(), 3);
    QCOMPARE(recents.list().at(1).target.seeds.front().host, u"theirs"_s);
}

SLOTSCOPE_TEST(TestSettingsFile)

#include "tst_settingsfile.moc"
