// SPDX-License-Identifier: GPL-3.0-or-later
// Saved connections on the command line, their passwords in a real keychain (gnome-keyring on a bus of the test's own),
// to a real cluster that speaks TLS alone.
#include "support/certificates.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"

#include <QDirIterator>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {
const auto plantedPassword = u"pass-Pfirsich-7731"_s;
}

class tst_Saved : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        for (const QString &program : {u"dbus-run-session"_s, u"gnome-keyring-daemon"_s})
            if (QStandardPaths::findExecutable(program).isEmpty())
                QSKIP("needs dbus-run-session and gnome-keyring-daemon");
        m_authority = std::make_unique<TestAuthority>(m_home.path(), "Test CA");
        const IssuedCertificate shown = m_authority->issue("node", {.names = "IP:127.0.0.1"});
        LocalClusterOptions options;
        options.primaries = 3;
        options.replicasPerPrimary = 0;
        options.credentials.password = plantedPassword;
        options.tls = {.on = true, .caFile = m_authority->caFile()};
        options.extraArguments = {u"--tls-cert-file"_s,    shown.certFile,
                                  u"--tls-key-file"_s,     shown.keyFile,
                                  u"--tls-ca-cert-file"_s, m_authority->caFile(),
                                  u"--tls-auth-clients"_s, u"no"_s,
                                  u"--tls-cluster"_s,      u"yes"_s,
                                  u"--requirepass"_s,      plantedPassword};
        options.argumentsAt = [](quint16 port) {
            return QStringList{u"--port"_s, u"0"_s, u"--tls-port"_s, QString::number(port)};
        };
        m_cluster = std::make_unique<TestCluster>(options);
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
    }

    /// The main use case: a connection saved once with its password opens by its name.
    void aSavedTlsConnectionOpensByItsName()
    {
        const QString script =
            u"set -e\n"
            "printf x | gnome-keyring-daemon --unlock --components=secrets >/dev/null\n"
            "SLOTSCOPE_PASSWORD=$PLANTED \"$CLI\" --uri rediss://%1 --cacert '%2' saved add shop --folder 'Web shop' "
            "--tag eu --env staging --keep-password\n"
            "\"$CLI\" saved list --json\n"
            "\"$CLI\" --profile shop call --to all DBSIZE\n"
            "\"$CLI\" saved remove shop\n"_s.arg(m_cluster->address(0), m_authority->caFile());
        const auto [code, said] = inSession(script);
        QVERIFY2(code == 0, said.constData());
        QVERIFY2(said.contains("saved as “shop”"), said.constData());
        QVERIFY2(said.contains("\"keepsSecrets\": true"), said.constData());
        QCOMPARE(said.count(m_cluster->address(0).toUtf8()) > 0, true);
        for (int i = 0; i < 3; ++i)
            QVERIFY2(said.contains(m_cluster->address(i).toUtf8()), said.constData());
        QVERIFY2(said.contains("“shop” is no longer saved"), said.constData());
        QVERIFY2(!said.contains(plantedPassword.toUtf8()), said.constData());
        QCOMPARE(filesWithPassword(), QStringList());
    }

    /// Without a keychain, the connection is saved without its password and the message says so. Connecting then asks
    /// for the password.
    void withoutAKeychainItAsks()
    {
        const QString script =
            u"SLOTSCOPE_PASSWORD=$PLANTED \"$CLI\" --uri rediss://%1 --cacert '%2' saved add bare --keep-password; "
            u"echo code $?\n"
            "\"$CLI\" saved list\n"
            "\"$CLI\" --profile bare call --to all PING; echo code $?\n"
            "SLOTSCOPE_PASSWORD=$PLANTED \"$CLI\" --profile bare call --to all PING; echo code $?\n"_s.arg(
                m_cluster->address(0), m_authority->caFile());
        const auto [code, said] = inSession(script, false);
        QVERIFY2(said.contains("keychain"), said.constData());
        QVERIFY2(said.contains("saved without its password"), said.constData());
        QVERIFY2(said.contains("asked for"), said.constData());
        QVERIFY2(said.contains("NOAUTH") || said.contains("requires a password"), said.constData());
        QVERIFY2(said.trimmed().endsWith("code 0"), said.constData());
        QCOMPARE(filesWithPassword(), QStringList());
    }

private:
    /// Runs a shell script in its own D-Bus session, home folder and settings.
    [[nodiscard]] std::pair<int, QByteArray> inSession(const QString &script, bool withBus = true)
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const auto &[name, value] : {std::pair{u"HOME"_s, m_home.path()},
                                          {u"XDG_CONFIG_HOME"_s, m_home.filePath(u"config"_s)},
                                          {u"XDG_DATA_HOME"_s, m_home.filePath(u"data"_s)},
                                          {u"XDG_RUNTIME_DIR"_s, m_home.filePath(u"run"_s)},
                                          {u"CLI"_s, qEnvironmentVariable("SLOTSCOPE_CLI")},
                                          {u"PLANTED"_s, plantedPassword}})
            environment.insert(name, value);
        environment.insert(u"DBUS_SESSION_BUS_ADDRESS"_s, u"unix:path="_s + m_home.filePath(u"no-bus"_s));
        QDir().mkpath(m_home.filePath(u"run"_s));
        QFile::setPermissions(m_home.filePath(u"run"_s), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        process.setProcessEnvironment(environment);
        process.setProcessChannelMode(QProcess::MergedChannels);
        if (withBus)
            process.start(u"dbus-run-session"_s, {u"--"_s, u"sh"_s, u"-c"_s, script});
        else
            process.start(u"sh"_s, {u"-c"_s, script});
        if (!process.waitForFinished(120000))
            return {-1, "not finished: " + process.readAll()};
        return {process.exitCode(), process.readAll()};
    }
    /// Returns the files in the home folder that contain the password. None may, not even the encrypted file of the
    /// keychain.
    [[nodiscard]] QStringList filesWithPassword() const
    {
        QStringList found;
        for (QDirIterator at(m_home.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories); at.hasNext();) {
            QFile file(at.next());
            if (file.open(QIODevice::ReadOnly) && file.readAll().contains(plantedPassword.toUtf8()))
                found << file.fileName();
        }
        return found;
    }

    QTemporaryDir m_home;
    std::unique_ptr<TestAuthority> m_authority;
    std::unique_ptr<TestCluster> m_cluster;
};

SLOTSCOPE_TEST(tst_Saved)
#include "tst_saved.moc"
