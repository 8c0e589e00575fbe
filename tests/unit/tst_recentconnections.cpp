// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/recentconnections.h"
#include "tests/support/testmain.h"

#include <QFile>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestRecentConnections final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsWhatLeadsThere();
    void neverKeepsAPassword();
    void replacesTheSamePlace();
    void keepsTheNewest();
    void removes();
    void marksStayWithThePlace();
    void tellsWhyNothingIsKept();
    void passesOverRubbish();
    void keepsOpenTabs();

private:
    [[nodiscard]] QString path(const QString &name) const { return m_folder.filePath(name); }
    static ConnectionTarget target(const QString &uri) { return ConnectionTarget::parse(uri).value(); }

    QTemporaryDir m_folder;
};

void TestRecentConnections::keepsWhatLeadsThere()
{
    ConnectionTarget full = target(
        u"redis://ann@[::1]:7000,db.example:7001/2?name=caf%C3%A9%20%26%20co&readonly=1&env=production&map=10.0.0.1:1%3Dlocalhost:2"_s);
    ConnectionTarget socket = target(u"unix:///run/redis.sock"_s);
    socket.credentials.user = u"bob"_s;
    QSettings settings(path(u"full"_s), QSettings::IniFormat);
    {
        RecentConnections recents(settings);
        recents.add(full, 1000);
        recents.add(socket, 2000);
    }
    const RecentConnections again(settings);
    QCOMPARE(again.list().size(), 2);
    QCOMPARE(again.list().at(0).target, socket);
    QCOMPARE(again.list().at(1).target, full);
    QCOMPARE(again.list().at(1).usedAt, 1000);
    QVERIFY(!again.list().at(1).hadPassword);
}

void TestRecentConnections::marksStayWithThePlace()
{
    QSettings settings(path(u"marks"_s), QSettings::IniFormat);
    RecentConnections recents(settings);
    recents.add(target(u"redis://a:1,b:2?name=shop&env=production"_s), 1);
    recents.add(target(u"a:1,b:2"_s), 2); // entered again without name and environment
    QCOMPARE(recents.list().size(), 1);
    QCOMPARE(recents.list().front().target.name, u"shop"_s);
    QCOMPARE(recents.list().front().target.environment, EnvironmentKind::Production);
    QCOMPARE(recents.marked(target(u"b:2"_s)).environment, EnvironmentKind::Production);
    QCOMPARE(recents.marked(target(u"redis://b:2?env=staging"_s)).environment, EnvironmentKind::Staging);
    QCOMPARE(recents.marked(target(u"c:3"_s)), target(u"c:3"_s));
    // The name of one connection is never combined with the environment of another.
    recents.add(target(u"redis://d:4?name=dev&env=development"_s), 3);
    recents.add(target(u"redis://d:4?env=production"_s), 4);
    QVERIFY(recents.list().front().target.name.isEmpty());
    recents.add(target(u"redis://ann@d:4?name=dev&env=development"_s), 5);
    QCOMPARE(recents.marked(target(u"redis://d:4?env=production"_s)).name, QString());
    QCOMPARE(recents.marked(target(u"redis://d:4"_s)).name, u"dev"_s);
    QCOMPARE(recents.marked(target(u"redis://d:4"_s)).environment, EnvironmentKind::Development);
}

void TestRecentConnections::tellsWhyNothingIsKept()
{
    QFile file(path(u"file"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QSettings settings(path(u"file/below/settings"_s), QSettings::IniFormat);
    RecentConnections recents(settings);
    QSignalSpy told(&recents, &RecentConnections::notKept);
    recents.add(target(u"a:1"_s), 1);
    QCOMPARE(told.size(), 1);
    const QString why = told.front().front().value<Error>().detail;
    QVERIFY2(why.contains(u"Not a directory"_s) && why.contains(path(u"file"_s)), qPrintable(why));
}

void TestRecentConnections::neverKeepsAPassword()
{
    {
        QSettings settings(path(u"secret"_s), QSettings::IniFormat);
        RecentConnections recents(settings);
        recents.add(target(u"redis://ann:tops3cret@a:1,b:2"_s), 1);
        recents.add(target(u"redis://:tops3cret@c:3"_s), 2);
        for (const RecentConnection &entry : recents.list()) {
            QVERIFY(entry.target.credentials.password.isEmpty());
            QVERIFY(entry.hadPassword);
        }
    }
    QFile file(path(u"secret"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray text = file.readAll();
    QVERIFY(text.contains("a:1,b:2"));
    QVERIFY(!text.contains("tops3cret"));
    QSettings settings(path(u"secret"_s), QSettings::IniFormat);
    QVERIFY(RecentConnections(settings).list().constFirst().hadPassword);
}

void TestRecentConnections::replacesTheSamePlace()
{
    QSettings settings(path(u"same"_s), QSettings::IniFormat);
    RecentConnections recents(settings);
    QSignalSpy changed(&recents, &RecentConnections::changed);
    recents.add(target(u"redis://a:1"_s), 1);
    recents.add(target(u"redis://b:1"_s), 2);
    recents.add(target(u"redis://a:1?name=shop"_s), 3);
    QCOMPARE(recents.list().size(), 2);
    QCOMPARE(recents.list().at(0).target.name, u"shop"_s);
    recents.add(target(u"redis://other@a:1"_s), 4);
    QCOMPARE(recents.list().size(), 3);
    QCOMPARE(changed.size(), 4);
}

void TestRecentConnections::keepsTheNewest()
{
    QSettings settings(path(u"many"_s), QSettings::IniFormat);
    RecentConnections recents(settings);
    for (int port = 1; port <= 25; ++port)
        recents.add(target(u"redis://a:%1"_s.arg(port)), port);
    QCOMPARE(recents.list().size(), RecentConnections::maximum);
    QCOMPARE(recents.list().constFirst().target.seeds.constFirst().port, quint16(25));
    QCOMPARE(RecentConnections(settings).list().size(), RecentConnections::maximum);
}

void TestRecentConnections::removes()
{
    QSettings settings(path(u"removes"_s), QSettings::IniFormat);
    RecentConnections recents(settings);
    recents.add(target(u"redis://a:1"_s), 1);
    recents.add(target(u"redis://b:1"_s), 2);
    recents.remove(target(u"redis://b:1"_s));
    recents.remove(target(u"redis://never:1"_s));
    QCOMPARE(recents.list().size(), 1);
    QCOMPARE(RecentConnections(settings).list(), recents.list());
}

void TestRecentConnections::passesOverRubbish()
{
    QSettings settings(path(u"rubbish"_s), QSettings::IniFormat);
    settings.beginWriteArray(u"recent"_s, 2);
    settings.setArrayIndex(0);
    settings.setValue(u"uri"_s, u"gopher://x"_s);
    settings.setArrayIndex(1);
    settings.setValue(u"uri"_s, u"redis://:leaked@a:1"_s);
    settings.endArray();
    const RecentConnections recents(settings);
    QCOMPARE(recents.list().size(), 1);
    QVERIFY(recents.list().constFirst().target.credentials.password.isEmpty());
}

void TestRecentConnections::keepsOpenTabs()
{
    const QList<ConnectionTarget> targets{target(u"redis://a:1?env=staging"_s), target(u"redis://ann:tops3cret@b:2"_s)};
    {
        QSettings settings(path(u"open"_s), QSettings::IniFormat);
        OpenConnections::save(settings, targets, 1);
    }
    QSettings settings(path(u"open"_s), QSettings::IniFormat);
    const OpenConnections open = OpenConnections::load(settings);
    QCOMPARE(open.list.size(), 2);
    QCOMPARE(open.list.at(0).target, targets.at(0));
    QCOMPARE(open.list.at(1).target.toUri(), u"redis://ann@b:2"_s);
    QVERIFY(open.list.at(1).hadPassword && !open.list.at(0).hadPassword);
    QCOMPARE(open.current, 1);
    OpenConnections::save(settings, {}, 0);
    QVERIFY(OpenConnections::load(settings).list.isEmpty());
    QFile file(path(u"open"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(!file.readAll().contains("tops3cret"));
}

SLOTSCOPE_TEST(TestRecentConnections)
#include "tst_recentconnections.moc"
