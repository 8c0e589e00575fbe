// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/recentconnections.h"
#include "tests/support/testmain.h"
#include "ui/connect/connectdialog.h"
#include "ui/connect/connectform.h"
#include "ui/connect/sshquestion.h"
#include "ui/connect/recentlist.h"
#include "ui/connect/testresults.h"
#include "ui/shared/theme.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QSpinBox>
#include <QLineEdit>
#include <QPromise>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QClipboard>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestConnectDialog final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void uriFillsTheFields();
    void fieldsWriteTheUri();
    void pastedPasswordLeavesTheUri();
    void takesACommandLine();
    void aCommandLineIsNoServers();
    void invalidUriLeavesNoStaleFields();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
    void addressMapGoesBothWays();
    void sshGoesBothWays();
    void aCommandGoesBothWays();
    void renamedCommandsGoBothWays();
    void aCommandStaysWithItsServers();
    void whatSshWillDoIsSaid();
    void sshAsks_data();
    void sshAsks();
    void aPasswordGoesWithItsServers();
    void eyeShowsThePassword();
    void testShowsEachServer();
    void editingDropsAnOlderTest();
    void throughSentinels();
    void recentConnects();
    void recentWithPasswordAsks();
    void deleteRemovesARecent();
    void connectSaysTheTarget();

private:
    [[nodiscard]] QLineEdit *field(const char *name) const
    {
        return m_dialog->findChild<QLineEdit *>(QLatin1StringView(name));
    }
    [[nodiscard]] QPushButton *button(const char *name) const
    {
        return m_dialog->findChild<QPushButton *>(QLatin1StringView(name));
    }
    [[nodiscard]] ConnectForm *form() const { return m_dialog->findChild<ConnectForm *>(); }
    [[nodiscard]] QString problem(const char *name) const
    {
        return m_dialog->findChild<QLabel *>(QLatin1StringView(name) + u"Problem"_s)->text();
    }
    void type(const char *name, const QString &text) const;
    void through(Way::Kind kind) const ///< selects this kind of route as a user would
    {
        auto *ways = m_dialog->findChild<QComboBox *>(u"way"_s);
        ways->setCurrentIndex(ways->findData(int(kind)));
        Q_EMIT ways->activated(ways->currentIndex());
    }

    QTemporaryDir m_folder;
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<RecentConnections> m_recents;
    std::unique_ptr<ConnectDialog> m_dialog;
    QList<std::shared_ptr<QPromise<ConnectionReport>>> m_tests;
};

void TestConnectDialog::init()
{
    m_theme = std::make_unique<Theme>(Theme::Mode::Dark);
    m_settings = std::make_unique<QSettings>(m_folder.filePath(QString::fromLatin1(QTest::currentTestFunction())),
                                             QSettings::IniFormat);
    m_recents = std::make_unique<RecentConnections>(*m_settings);
    m_recents->add(ConnectionTarget::parse(u"redis://plain:7000?name=plain"_s).value(), 1);
    m_recents->add(ConnectionTarget::parse(u"redis://ann:pw@secret:7000?name=secret"_s).value(), 2);
    m_tests.clear();
    m_dialog = std::make_unique<ConnectDialog>(*m_theme, *m_recents, [this](const ConnectionTarget &) {
        m_tests.append(std::make_shared<QPromise<ConnectionReport>>());
        m_tests.last()->start();
        return m_tests.last()->future();
    });
    m_dialog->show();
    QVERIFY(QTest::qWaitForWindowActive(m_dialog.get()));
}

void TestConnectDialog::cleanup()
{
    m_dialog.reset();
    m_recents.reset();
    m_settings.reset();
    m_theme.reset();
}

void TestConnectDialog::type(const char *name, const QString &text) const
{
    QLineEdit *edit = field(name);
    edit->setFocus();
    edit->selectAll();
    QTest::keyClick(edit, Qt::Key_Delete);
    QTest::keyClicks(edit, text);
}

void TestConnectDialog::uriFillsTheFields()
{
    type("uri", u"valkey://ann:s%40c@[fd00::3]:7000,b.example:7001/2?name=shop&readonly=1&env=staging"_s);
    auto *environment = m_dialog->findChild<QComboBox *>(u"environment"_s);
    QCOMPARE(environment->currentText(), u"Staging"_s);
    QCOMPARE(field("hosts")->text(), u"[fd00::3]:7000, b.example:7001"_s);
    QCOMPARE(field("user")->text(), u"ann"_s);
    QCOMPARE(field("password")->text(), u"s@c"_s);
    QCOMPARE(field("database")->text(), u"2"_s);
    QCOMPARE(field("name")->text(), u"shop"_s);
    QVERIFY(m_dialog->findChild<QCheckBox *>(u"readOnly"_s)->isChecked());
    QVERIFY(button("connect")->isEnabled());
    QVERIFY(field("uri")->text().contains(u"s%40c"_s)); // visible only while the URI field has the focus
    field("hosts")->setFocus();
    QTRY_VERIFY(!field("uri")->text().contains(u"s%40c"_s));
    QCOMPARE(m_dialog->target().credentials.password, u"s@c"_s);
}

void TestConnectDialog::fieldsWriteTheUri()
{
    type("hosts", u"10.0.0.1:7000; ::1:7001 db"_s);
    type("user", u"ann"_s);
    type("password", u"secret"_s);
    type("database", u"3"_s);
    QCOMPARE(field("uri")->text(), u"redis://ann@10.0.0.1:7000,[::1]:7001,db:6379/3"_s);
    const ConnectionTarget &target = m_dialog->target();
    QCOMPARE(target.seeds.size(), 3);
    QCOMPARE(target.credentials, (Credentials{u"ann"_s, u"secret"_s}));
    m_dialog->findChild<QComboBox *>(u"environment"_s)->setCurrentIndex(3);
    QCOMPARE(m_dialog->target().environment, EnvironmentKind::Production);
    QVERIFY(field("uri")->text().endsWith(u"/3?env=production"_s));
    type("uri", u"redis://ann@10.0.0.1:9"_s); // a URI without a password keeps the typed password
    QCOMPARE(m_dialog->target().credentials.password, u"secret"_s);
    type("uri", u"redis://ann@other:1"_s); // the password is not used for another host
    QCOMPARE(m_dialog->target().credentials.password, QString());
}

void TestConnectDialog::pastedPasswordLeavesTheUri()
{
    field("uri")->setFocus();
    field("uri")->clear();
    field("uri")->insert(u"redis://:hidden@a:1"_s);
    QTRY_COMPARE(field("password")->text(), u"hidden"_s);
    QCOMPARE(field("uri")->text(), u"redis://a:1"_s);
    QCOMPARE(field("password")->echoMode(), QLineEdit::Password);
}

void TestConnectDialog::takesACommandLine()
{
    for (const char *name : {"uri", "hosts"}) {
        field(name)->setFocus();
        field(name)->clear();
        field(name)->insert(u"redis-cli -h 10.0.0.7 -p 26401 -a 'hid den' -n 2"_s);
        QCOMPARE(field("uri")->text(), u"redis://10.0.0.7:26401/2"_s);
        QCOMPARE(field("hosts")->text(), u"10.0.0.7:26401"_s);
        QCOMPARE(field("password")->text(), u"hid den"_s);
        QCOMPARE(field("database")->text(), u"2"_s);
        field("password")->clear();
    }
}

/// While a redis-cli command line is being typed, it is not taken for a list of servers, because one of these would be
/// the password.
void TestConnectDialog::aCommandLineIsNoServers()
{
    type("hosts", u"redis-cli -h 10.0.0.7 -a hidden"_s);
    QVERIFY(!form()->isValid());
    QVERIFY(form()->target().seeds.isEmpty());
    QVERIFY(field("uri")->text().isEmpty());
    QVERIFY(problem("hosts").contains(u"command line"_s));
    QTest::keyClick(field("hosts"), Qt::Key_Tab);
    QVERIFY(form()->isValid());
    QCOMPARE(field("hosts")->text(), u"10.0.0.7:6379"_s);
    QCOMPARE(field("password")->text(), u"hidden"_s);
    QCOMPARE(field("uri")->text(), u"redis://10.0.0.7:6379"_s);
    type("uri", u"redis-cli -h 10.0.0.8 --bigkeys"_s);
    QVERIFY(!form()->isValid());
    QVERIFY(problem("uri").contains(u"--bigkeys"_s));
}

void TestConnectDialog::invalidUriLeavesNoStaleFields()
{
    type("uri", u"redis://ann:pw@a:1/2"_s);
    QCOMPARE(field("password")->text(), u"pw"_s);
    type("uri", u"not a uri::t"_s);
    for (const char *name : {"hosts", "user", "password", "database"})
        QVERIFY2(field(name)->text().isEmpty(), name);
    type("uri", u"redis://b:1"_s);
    QCOMPARE(field("hosts")->text(), u"b:1"_s);
    QVERIFY(field("password")->text().isEmpty()); // the password belonged to another URI
}

void TestConnectDialog::saysWhatIsWrong_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("reason");
    QTest::newRow("port") << "hosts"_ba << u"a:70000"_s << u"“70000” is not a port"_s;
    QTest::newRow("no port") << "hosts"_ba << u"a:"_s << u"the port is missing"_s;
    QTest::newRow("socket and host") << "hosts"_ba << u"/run/redis.sock a:1"_s << u"cannot be combined"_s;
    QTest::newRow("bracket") << "hosts"_ba << u"[::1"_s << u"write [IPv6]:port"_s;
    QTest::newRow("TLS") << "uri"_ba << u"redis://a:1?sni=x"_s << u"rediss://"_s;
    QTest::newRow("scheme") << "uri"_ba << u"http://a:1"_s << u"not a scheme"_s;
    QTest::newRow("option") << "uri"_ba << u"redis://a?x=1"_s << u"unknown option"_s;
    QTest::newRow("SSH") << "ssh"_ba << u"-oProxyCommand=x"_s << u"not an SSH server"_s;
    QTest::newRow("database") << "database"_ba << u"two"_s << u"not a database number"_s;
}

void TestConnectDialog::saysWhatIsWrong()
{
    QFETCH(const QByteArray, name);
    QFETCH(const QString, text);
    QFETCH(const QString, reason);
    if (name == "ssh")
        through(Way::Kind::Ssh);
    type("hosts", u"a:1"_s);
    QCOMPARE(button("connect")->isEnabled(), name != "ssh"); // the SSH host is still missing
    type(name.constData(), text);
    auto *label = m_dialog->findChild<QLabel *>(QString::fromLatin1(name) + u"Problem"_s);
    QVERIFY(label->isVisible());
    QVERIFY2(label->text().contains(reason), qPrintable(label->text()));
    QVERIFY(!button("connect")->isEnabled());
    QVERIFY(!button("test")->isEnabled());
    type(name.constData(),
         name == "uri"         ? u"redis://a:1"_s
             : name == "hosts" ? u"a:1"_s
             : name == "ssh"   ? u"h"_s
                               : u"0"_s);
    QVERIFY(!label->isVisible());
    QVERIFY(button("connect")->isEnabled());
}

void TestConnectDialog::sshGoesBothWays()
{
    type("hosts", u"10.0.0.1:7000"_s);
    through(Way::Kind::Ssh);
    type("ssh", u"jump, ada@10.0.0.9:22"_s);
    QCOMPARE(field("uri")->text(), u"redis://10.0.0.1:7000?ssh=jump%2Cada%4010.0.0.9%3A22"_s);
    QCOMPARE(m_dialog->target().way.hops, (QStringList{u"jump"_s, u"ada@10.0.0.9:22"_s}));
    type("uri", u"redis://a:1?ssh=h"_s);
    QCOMPARE(field("ssh")->text(), u"h"_s);
    type("uri", u"redis://a:1?proxy=socks5%3A%2F%2Fp%3A1"_s);
    QCOMPARE(field("proxy")->text(), u"socks5://p:1"_s);
    type("hosts", u"b:1"_s);
    QCOMPARE(field("ssh")->text(), QString());
    QCOMPARE(field("uri")->text(), u"redis://b:1?proxy=socks5%3A%2F%2Fp%3A1"_s);
    through(Way::Kind::Ssh);
    type("ssh", u"h"_s);
    type("hosts", u"/run/redis.sock"_s);
    QVERIFY(!button("connect")->isEnabled());
}

void TestConnectDialog::aCommandGoesBothWays()
{
    const QString command = u"kubectl port-forward pod/{host} {local}:{port}"_s;
    type("hosts", u"10.0.0.1:7000"_s);
    through(Way::Kind::Program);
    type("command", u"kubectl port-forward pod/redis-0 7000"_s);
    QVERIFY(!button("connect")->isEnabled());
    QVERIFY(m_dialog->findChild<QLabel *>(u"wayProblem"_s)->text().contains(u"{local} is missing"));
    type("command", command);
    QVERIFY(button("connect")->isEnabled());
    QCOMPARE(m_dialog->target().way.command, command);
    const QString uri = field("uri")->text();
    QVERIFY2(uri.contains(u"tunnel=kubectl"), qPrintable(uri));
    if (const QString folder = qEnvironmentVariable("SLOTSCOPE_GRAB"); !folder.isEmpty())
        m_dialog->grab().save(folder + u"/command-field.png"_s);
    type("uri", u"redis://b:1"_s);
    QVERIFY(m_dialog->target().way.isDirect());
    type("uri", uri); // a URI from elsewhere may not start a program
    QVERIFY(!button("connect")->isEnabled());
    QVERIFY(m_dialog->target().way.isDirect());
    type("uri", u"redis://10.0.0.1:7000"_s);
    // the kind of route is selected, but its field is empty
    for (const auto kind : {Way::Kind::Ssh, Way::Kind::Socks5, Way::Kind::Program}) {
        through(kind);
        for (const char *name : {"ssh", "proxy", "command"})
            if (field(name) && field(name)->isVisible())
                type(name, QString());
        QVERIFY(!button("connect")->isEnabled());
    }
}

void TestConnectDialog::renamedCommandsGoBothWays()
{
    type("hosts", u"a:1"_s);
    auto *advanced = m_dialog->findChild<QToolButton *>(u"advanced"_s);
    advanced->setChecked(true);
    type("renamed", u"config=abc, FLUSHALL=x-y"_s);
    QCOMPARE(m_dialog->target().renamed.value("CONFIG"), "abc"_ba);
    QCOMPARE(field("uri")->text(), u"redis://a:1?rename=CONFIG%3Aabc&rename=FLUSHALL%3Ax-y"_s);
    type("renamed", u"config"_s);
    QVERIFY(!button("connect")->isEnabled());
    type("uri", u"redis://a:1?rename=CONFIG%3Aq"_s); // a URI from elsewhere may not rename commands either
    QVERIFY(!button("connect")->isEnabled());
    type("uri", u"redis://a:1"_s);
    type("renamed", u"GET=GETDEL"_s); // refused, because GETDEL is another command
    QVERIFY(!button("connect")->isEnabled());
}

void TestConnectDialog::aCommandStaysWithItsServers()
{
    type("hosts", u"10.0.0.1:7000"_s);
    auto *uses = m_dialog->findChild<QCheckBox *>(u"usesCommand"_s);
    QVERIFY(uses && !field("passwordCommand")->isVisible());
    uses->click();
    QVERIFY(!button("connect")->isEnabled()); // the command is still missing
    type("passwordCommand", u"pass show 'redis"_s);
    QVERIFY(!button("connect")->isEnabled());
    QVERIFY(m_dialog->findChild<QLabel *>(u"commandProblem"_s)->text().contains(u"quote"_s));
    type("passwordCommand", u"pass show 'redis shop'"_s);
    m_dialog->findChild<QSpinBox *>(u"passwordMinutes"_s)->setValue(15);
    QCOMPARE(m_dialog->target().credentials.command,
             (PasswordCommand{.line = u"pass show 'redis shop'"_s, .validSeconds = 900}));
    QVERIFY(!field("password")->isEnabled());
    QVERIFY(!field("uri")->text().contains(u"pass"_s));
    QVERIFY(button("connect")->isEnabled());
    const QLineEdit *line = field("passwordCommand");
    QTRY_VERIFY(line->height() >= line->minimumSizeHint().height());
    const QWidget *minutes = m_dialog->findChild<QSpinBox *>(u"passwordMinutes"_s);
    QTRY_VERIFY(minutes->y() >= line->y() + line->height());
    if (const QString shots = qEnvironmentVariable("SLOTSCOPE_GRAB"); !shots.isEmpty())
        m_dialog->grab().save(shots + u"/password-command.png"_s);
    type("hosts", u"10.0.0.2:7000"_s); // the command's password is not meant for another host
    QVERIFY(m_dialog->target().credentials.command.isEmpty());
    QVERIFY(!uses->isChecked());
    type("uri", u"redis://10.0.0.2?password-command=touch%20x"_s);
    QVERIFY(!button("connect")->isEnabled());
}

/// Shows the host, user, port and jump host that ssh itself would use, without connecting.
void TestConnectDialog::whatSshWillDoIsSaid()
{
    QFile config(m_folder.filePath(u"ssh_config"_s));
    QVERIFY(config.open(QIODevice::WriteOnly));
    config.write("Host work\nHostName 10.0.0.9\nUser ada\nPort 2222\nProxyJump jump.example\n");
    config.close();
    qputenv("SLOTSCOPE_SSH_CONFIG", config.fileName().toLocal8Bit());
    type("hosts", u"10.0.0.1:7000"_s);
    through(Way::Kind::Ssh);
    type("ssh", u"work"_s);
    auto *facts = m_dialog->findChild<QLabel *>(u"sshFacts"_s);
    QTRY_VERIFY(facts->isVisible());
    qunsetenv("SLOTSCOPE_SSH_CONFIG");
    QVERIFY2(facts->text().contains(u"ada@10.0.0.9:2222 through jump.example"_s), qPrintable(facts->text()));
    if (const QString folder = qEnvironmentVariable("SLOTSCOPE_GRAB"); !folder.isEmpty())
        m_dialog->grab().save(folder + u"/ssh-field.png"_s);
}

void TestConnectDialog::sshAsks_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("accepted");
    QTest::addColumn<std::optional<QString>>("given");
    const QString key =
        u"The authenticity of host '[10.0.0.9]:22 ([10.0.0.9]:22)' can't be established.\nED25519 key "
        "fingerprint is SHA256:Gv2.\nThis key is not known by any other names.\nAre you sure you want to "
        "continue connecting (yes/no/[fingerprint])? "_s;
    QTest::newRow("host key") << key << true << std::optional(u"yes"_s);
    QTest::newRow("host key refused") << key << false << std::optional<QString>();
    QTest::newRow("password") << u"ada@10.0.0.9's password: "_s << true << std::optional(u"<b>s</b>"_s);
    QTest::newRow("passphrase") << u"Enter passphrase for key '/home/ada/.ssh/id_ed25519': "_s << false
                                << std::optional<QString>();
}

void TestConnectDialog::sshAsks()
{
    QFETCH(const QString, text);
    QFETCH(const bool, accepted);
    QFETCH(const std::optional<QString>, given);
    int answers = 0;
    std::optional<QString> answer;
    const SshQuestion question{.kind = SshQuestion::kindOf(text), .text = text, .through = u"ada@10.0.0.9"_s};
    const QPointer<SshQuestionDialog> dialog(new SshQuestionDialog(
        *m_theme, question,
        [&](const std::optional<QString> &said) {
            ++answers;
            answer = said;
        },
        m_dialog.get()));
    dialog->open();
    QVERIFY(QTest::qWaitForWindowExposed(dialog));
    auto *edit = dialog->findChild<QLineEdit *>(u"sshAnswer"_s);
    QCOMPARE(edit != nullptr, question.kind != SshQuestion::Kind::HostKey);
    auto *words = dialog->findChild<QLabel *>(u"sshQuestionText"_s);
    QCOMPARE(words->textFormat(), Qt::PlainText);
    if (edit) {
        QCOMPARE(edit->echoMode(), QLineEdit::Password);
        edit->setText(u"<b>s</b>"_s);
    } else {
        QVERIFY(words->text().contains(u"SHA256:Gv2"_s));
    }
    if (const QString folder = qEnvironmentVariable("SLOTSCOPE_GRAB"); !folder.isEmpty())
        dialog->grab().save(folder + u"/ssh-%1.png"_s.arg(QString::fromLatin1(QTest::currentDataTag())));
    if (!edit) { // pressing Return accepts no host key
        auto *focused = qobject_cast<QPushButton *>(dialog->focusWidget());
        QVERIFY(focused && focused->isDefault() && focused->text().contains(u"Cancel"_s));
    }
    if (accepted)
        dialog->accept();
    else
        dialog->close(); // closing the dialog counts as refusal
    QTRY_VERIFY(!dialog);
    QCOMPARE(answers, 1);
    QCOMPARE(answer, given);
}

void TestConnectDialog::addressMapGoesBothWays()
{
    type("uri", u"redis://a:1?map=172.17.0.2:6379%3Dlocalhost:7001"_s);
    auto edits = m_dialog->findChildren<QLineEdit *>();
    edits.removeIf([](const QLineEdit *edit) { return edit->accessibleName() != u"Reachable address"; });
    QVERIFY(!edits.isEmpty());
    QCOMPARE(edits.last()->text(), u"localhost:7001"_s);
    edits.last()->setFocus();
    edits.last()->setText({});
    QTest::keyClicks(edits.last(), u"bad:port"_s);
    auto *problem = m_dialog->findChild<QLabel *>(u"mapProblem"_s);
    QVERIFY2(problem->text().contains(u"Reachable address"_s), qPrintable(problem->text()));
    QVERIFY(!button("connect")->isEnabled());
    edits.last()->setText({});
    QTest::keyClicks(edits.last(), u"localhost:7002"_s);
    QVERIFY(field("uri")->text().contains(u"7002"_s));
    QCOMPARE(m_dialog->target().addressMap.value(u"172.17.0.2:6379"_s).port, quint16(7002));
}

void TestConnectDialog::aPasswordGoesWithItsServers()
{
    type("uri", {});
    QApplication::clipboard()->setText(u"redis://ann:hidden@10.0.0.1:7000"_s);
    field("uri")->paste();
    QCOMPARE(m_dialog->target().credentials.password, u"hidden"_s);
    type("hosts", u"10.0.0.2:7000"_s); // another server
    QCOMPARE(m_dialog->target().seeds.front().host, u"10.0.0.2"_s);
    QCOMPARE(m_dialog->target().credentials.password, QString());
    QVERIFY(field("password")->text().isEmpty());
    type("hosts", u"10.0.0.1:7001"_s); // the server for which the password was given
    QCOMPARE(m_dialog->target().credentials.password, u"hidden"_s);
    type("password", u"other"_s);
    type("hosts", u"10.0.0.3:7000"_s);
    QCOMPARE(m_dialog->target().credentials.password, QString());
    type("password", u"for this one"_s);
    QCOMPARE(m_dialog->target().credentials.password, u"for this one"_s);
}

void TestConnectDialog::eyeShowsThePassword()
{
    auto *eye = m_dialog->findChild<QAction *>(u"eye"_s);
    eye->trigger();
    QCOMPARE(field("password")->echoMode(), QLineEdit::Normal);
    eye->trigger();
    QCOMPARE(field("password")->echoMode(), QLineEdit::Password);
}

void TestConnectDialog::testShowsEachServer()
{
    type("hosts", u"a:1 b:2"_s);
    button("test")->click();
    QVERIFY(m_dialog->results()->isVisible());
    QVERIFY(m_dialog->results()->toText().contains(u"testing"_s));
    const Endpoint a{.host = u"a"_s, .port = 1, .socketPath = {}}, b{.host = u"b"_s, .port = 2, .socketPath = {}};
    ConnectionReport report;
    report.seeds.append({.endpoint = a, .outcome = u"Redis 7.0.15, cluster of 6 nodes"_s});
    report.seeds.append({.endpoint = b,
                         .outcome = failure(Error{.code = Error::Code::WrongPassword,
                                                  .detail = u"WRONGPASS invalid"_s,
                                                  .serverPrefix = {},
                                                  .node = u"b:2"_s,
                                                  .command = {}})});
    report.usable = true;
    report.warning = u"The cluster is down"_s;
    m_tests.last()->addResult(report);
    m_tests.last()->finish();
    QTRY_VERIFY(m_dialog->results()->toText().contains(u"✓ ok a:1 Redis 7.0.15"_s));
    const QString text = m_dialog->results()->toText();
    QVERIFY2(text.contains(u"✕ WRONGPASS b:2 The user name or password is wrong (WRONGPASS invalid) Check both"_s),
             qPrintable(text));
    QVERIFY(text.contains(u"The cluster is down"_s));
}

void TestConnectDialog::editingDropsAnOlderTest()
{
    type("hosts", u"a:1"_s);
    button("test")->click();
    type("hosts", u"b:1"_s);
    QVERIFY(!m_dialog->results()->isVisible());
    button("test")->click();
    m_tests.first()->addResult(ConnectionReport{.seeds = {}, .usable = false, .watched = {}, .warning = u"old"_s});
    m_tests.first()->finish();
    m_tests.last()->addResult(ConnectionReport{.seeds = {}, .usable = true, .watched = {}, .warning = u"new"_s});
    m_tests.last()->finish();
    QTRY_COMPARE(m_dialog->results()->toText(), u"new"_s);
}

/// The form fields and the URI follow each other. If a Sentinel was entered as a server, the dialog offers to use it as
/// a Sentinel.
void TestConnectDialog::throughSentinels()
{
    type("uri", u"redis+sentinel://:of-servers@s1,s2:1/shop?sentinelpassword=of-sentinels"_s);
    QCOMPARE(field("hosts")->text(), u"s1:26379, s2:1"_s);
    QCOMPARE(field("sentinelName")->text(), u"shop"_s);
    QCOMPARE(field("sentinelPassword")->text(), u"of-sentinels"_s);
    QCOMPARE(field("password")->text(), u"of-servers"_s);
    field("sentinelName")->clear();
    QTest::keyClicks(field("sentinelName"), u"other"_s);
    // the URI is shown without either password
    QCOMPARE(field("uri")->text(), u"redis+sentinel://s1:26379,s2:1/other"_s);
    type("hosts", u"elsewhere"_s);
    QCOMPARE(field("sentinelPassword")->text(), QString()); // no password is sent to other Sentinels
    QCOMPARE(m_dialog->findChild<ConnectForm *>()->target().sentinel.credentials.password, QString());
    QCOMPARE(m_dialog->findChild<ConnectForm *>()->target().credentials.password, QString());
    type("hosts", u"s1"_s);
    QCOMPARE(field("sentinelPassword")->text(), u"of-sentinels"_s); // and the password returns with its Sentinel
    type("uri", u"redis+sentinel://b/shop"_s);
    QCOMPARE(m_dialog->findChild<ConnectForm *>()->target().sentinel.credentials.password, QString());
    type("uri", u"redis+sentinel://s1/shop"_s);
    QCOMPARE(field("sentinelPassword")->text(), u"of-sentinels"_s);
    QTest::keyClick(field("sentinelName"), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(field("sentinelName"), Qt::Key_Delete);
    auto *problem = m_dialog->findChild<QLabel *>(u"sentinelProblem"_s);
    QVERIFY(problem->text().contains(u"name of the primary"_s));
    type("uri", u"redis://s1:26379"_s);
    QVERIFY(!m_dialog->findChild<QCheckBox *>(u"sentinel"_s)->isChecked());
    QCOMPARE(field("password")->text(), QString()); // a password typed in one URI is not used for another
    button("test")->click();
    ConnectionReport report;
    report.watched = {u"shop"_s};
    report.seeds.append({.endpoint = *Endpoint::parse(u"s1:26379"_s),
                         .outcome = failure(Error::Code::IsSentinel, u"the Sentinel watches shop"_s)});
    m_tests.last()->addResult(report);
    m_tests.last()->finish();
    QTRY_VERIFY(m_dialog->findChild<QPushButton *>(u"throughSentinel"_s));
    const auto before = m_tests.size();
    m_dialog->findChild<QPushButton *>(u"throughSentinel"_s)->click();
    QTRY_COMPARE(m_tests.size(), before + 1); // the connection is tested at once
    QCOMPARE(field("uri")->text(), u"redis+sentinel://s1:26379/shop"_s);
}

void TestConnectDialog::recentConnects()
{
    QSignalSpy chosen(m_dialog.get(), &ConnectDialog::connectRequested);
    auto *list = m_dialog->findChild<RecentList *>();
    QCOMPARE(list->count(), 2);
    list->setFocus();
    list->setCurrentRow(1);
    QCOMPARE(field("hosts")->text(), u"plain:7000"_s);
    QTest::keyClick(list, Qt::Key_Return);
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen.first().first().value<ConnectionTarget>().name, u"plain"_s);
    QVERIFY(!m_dialog->isVisible());
}

void TestConnectDialog::recentWithPasswordAsks()
{
    QSignalSpy chosen(m_dialog.get(), &ConnectDialog::connectRequested);
    auto *list = m_dialog->findChild<RecentList *>();
    list->setFocus();
    list->setCurrentRow(0);
    QTest::keyClick(list, Qt::Key_Return);
    QCOMPARE(chosen.size(), 0);
    QVERIFY(field("password")->hasFocus());
    QTest::keyClicks(field("password"), u"pw"_s);
    QTest::keyClick(field("password"), Qt::Key_Return);
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen.first().first().value<ConnectionTarget>().credentials, (Credentials{u"ann"_s, u"pw"_s}));
}

void TestConnectDialog::deleteRemovesARecent()
{
    auto *list = m_dialog->findChild<RecentList *>();
    list->setCurrentRow(0);
    QTest::keyClick(list, Qt::Key_Delete);
    QCOMPARE(list->count(), 1);
    QCOMPARE(m_recents->list().first().target.name, u"plain"_s);
}

void TestConnectDialog::connectSaysTheTarget()
{
    QSignalSpy chosen(m_dialog.get(), &ConnectDialog::connectRequested);
    QVERIFY(!button("connect")->isEnabled()); // no server is entered yet
    type("hosts", u"a:1"_s);
    QTest::keyClick(field("hosts"), Qt::Key_Return);
    QCOMPARE(chosen.size(), 1);
    m_dialog->show();
    QTest::keyClick(m_dialog.get(), Qt::Key_Escape);
    QCOMPARE(chosen.size(), 1);
    QVERIFY(!m_dialog->isVisible());
}

SLOTSCOPE_TEST(TestConnectDialog)
#include "tst_connectdialog.moc"
