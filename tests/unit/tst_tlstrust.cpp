// SPDX-License-Identifier: GPL-3.0-or-later
// Whom TLS trusts, and what the settings of it read; without a server.
#include "core/net/tls.h"
#include "core/net/uri.h"
#include "support/certificates.h"
#include "support/testmain.h"

#include <QFile>
#include <QSslCertificate>
#include <QTemporaryDir>
#include <QTest>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestTlsTrust : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_authority = std::make_unique<TestAuthority>(m_folder.path(), "Test CA");
        m_other = std::make_unique<TestAuthority>(m_folder.path(), "Other CA");
    }
    void acceptsAndRefuses_data();
    void acceptsAndRefuses();
    void aPinnedCertificateIsTheOnlyOne();
    void aWithdrawnCertificateIsRefused();
    void saysWhatIsWrongWithFiles_data();
    void saysWhatIsWrongWithFiles();
    void readsChangedFilesAgain();
    void readsFingerprints();
    void isReadFromUris();

private:
    [[nodiscard]] static Result<> verified(const TlsSettings &settings, const IssuedCertificate &issued,
                                           const QString &host)
    {
        const auto material = TlsMaterial::load(settings);
        if (!material)
            return tl::make_unexpected(material.error());
        return (*material)->verify({QSslCertificate::fromPath(issued.certFile).constFirst().toDer()}, host);
    }
    QTemporaryDir m_folder;
    std::unique_ptr<TestAuthority> m_authority, m_other;
};

void TestTlsTrust::acceptsAndRefuses_data()
{
    QTest::addColumn<CertificateWish>("wish");
    QTest::addColumn<int>("issuer"); // 0: our test authority, 1: another authority, 2: self-signed
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("complaint"); // the expected error message (empty: accepted)
    const CertificateWish good;
    QTest::newRow("name") << good << 0 << u"localhost"_s << QString();
    QTest::newRow("address") << good << 0 << u"127.0.0.1"_s << QString();
    QTest::newRow("wildcard") << CertificateWish{.names = "DNS:*.redis.example"} << 0 << u"a.redis.example"_s
                              << QString();
    QTest::newRow("common name alone") << CertificateWish{.names = {}} << 0 << u"common name alone"_s.remove(u' ')
                                       << QString();
    QTest::newRow("name with its last dot") << good << 0 << u"localhost."_s << QString();
    QTest::newRow("no name") << good << 0 << QString() << u"“” is not a name"_s;
    QTest::newRow("name with NUL") << good << 0 << QString(u"localhost"_s + QChar() + u"x"_s) << u"“localhost"_s;
    QTest::newRow("wrong name") << good << 0 << u"redis.example"_s << u"it was not issued for “redis.example”"_s;
    QTest::newRow("wrong address") << good << 0 << u"127.0.0.2"_s << u"it was not issued for “127.0.0.2”"_s;
    QTest::newRow("wildcard over two levels")
        << CertificateWish{.names = "DNS:*.redis.example"} << 0 << u"a.b.redis.example"_s << u"it was not issued for"_s;
    QTest::newRow("expired") << CertificateWish{.fromDays = -30, .untilDays = -2} << 0 << u"localhost"_s
                             << u"it expired on"_s;
    QTest::newRow("not yet valid") << CertificateWish{.fromDays = 2} << 0 << u"localhost"_s
                                   << u"it is not valid before"_s;
    QTest::newRow("unknown authority") << good << 1 << u"localhost"_s << u"its issuer is not trusted"_s;
    QTest::newRow("self-signed") << good << 2 << u"localhost"_s << u"it is self-signed"_s;
    QTest::newRow("for clients only") << CertificateWish{.usage = "clientAuth"} << 0 << u"localhost"_s
                                      << u"it is not meant for servers"_s;
    QTest::newRow("short key") << CertificateWish{.rsaBits = 1024} << 0 << u"localhost"_s << u"its key is too short"_s;
}

void TestTlsTrust::acceptsAndRefuses()
{
    QFETCH(const CertificateWish, wish);
    QFETCH(const int, issuer);
    QFETCH(const QString, host);
    QFETCH(const QString, complaint);
    const QByteArray name = QByteArray(QTest::currentDataTag()).replace(' ', "");
    const IssuedCertificate issued =
        issuer == 2 ? m_authority->selfSigned(name, wish) : (issuer == 1 ? *m_other : *m_authority).issue(name, wish);
    const TlsSettings settings{.on = true, .caFile = m_authority->caFile()};
    const auto result = verified(settings, issued, host);
    if (complaint.isEmpty()) {
        QVERIFY2(result, result ? "" : qPrintable(result.error().detail));
        return;
    }
    QVERIFY(!result);
    QCOMPARE(int(result.error().code), int(Error::Code::Certificate));
    QVERIFY2(result.error().detail.startsWith(complaint), qPrintable(result.error().detail));
    const QString subject = u"The certificate is CN="_s + QString::fromUtf8(name);
    QVERIFY2(result.error().detail.contains(subject), qPrintable(result.error().detail));
    QVERIFY(verified({.on = true, .insecure = true}, issued, host));
    // A self-signed certificate is trusted if it is given as the CA itself.
    if (issuer == 2)
        QVERIFY(verified({.on = true, .caFile = issued.certFile}, issued, host));
}

void TestTlsTrust::aPinnedCertificateIsTheOnlyOne()
{
    const IssuedCertificate pinned = m_other->selfSigned("pinned", {.names = "DNS:elsewhere"});
    const IssuedCertificate good = m_authority->issue("good");
    TlsSettings settings{.on = true, .caFile = m_authority->caFile()};
    settings.pin = certificateFacts(QSslCertificate::fromPath(pinned.certFile).constFirst().toDer()).sha256;
    QVERIFY(verified(settings, pinned, u"localhost"_s));
    const auto other = verified(settings, good, u"localhost"_s);
    QVERIFY(!other);
    QVERIFY2(other.error().detail.startsWith(u"it is not the pinned certificate"_s), qPrintable(other.error().detail));
}

void TestTlsTrust::aWithdrawnCertificateIsRefused()
{
    const IssuedCertificate withdrawn = m_authority->issue("withdrawn"), good = m_authority->issue("kept");
    const TlsSettings settings{
        .on = true, .caFile = m_authority->caFile(), .crlFile = m_authority->revoke({withdrawn.certFile})};
    QVERIFY(verified(settings, good, u"localhost"_s));
    const auto refused = verified(settings, withdrawn, u"localhost"_s);
    QVERIFY(!refused);
    QVERIFY2(refused.error().detail.startsWith(u"its issuer revoked it"_s), qPrintable(refused.error().detail));
    // The revocation list of another authority says nothing about this certificate.
    const TlsSettings strange{.on = true, .caFile = m_authority->caFile(), .crlFile = m_other->revoke({})};
    const auto unknown = verified(strange, good, u"localhost"_s);
    QVERIFY(!unknown);
    QVERIFY2(unknown.error().detail.contains(u"revocation list"_s), qPrintable(unknown.error().detail));
}

void TestTlsTrust::saysWhatIsWrongWithFiles_data()
{
    QTest::addColumn<TlsSettings>("settings");
    QTest::addColumn<QString>("complaint");
    const IssuedCertificate plain = m_authority->issue("plain"), other = m_authority->issue("other");
    const IssuedCertificate secret = m_authority->issue("secret", {.passphrase = "open sesame"});
    const QString nowhere = m_folder.filePath(u"nowhere.pem"_s), ca = m_authority->caFile();
    QTest::newRow("missing authority") << TlsSettings{.on = true, .caFile = nowhere} << u"nowhere.pem"_s;
    QTest::newRow("authority without certificate")
        << TlsSettings{.on = true, .caFile = plain.keyFile} << u"contains no certificate"_s;
    QTest::newRow("certificate without key")
        << TlsSettings{.on = true, .caFile = ca, .certFile = plain.certFile} << u"both"_s;
    QTest::newRow("key of another") << TlsSettings{.on = true,
                                                   .caFile = ca,
                                                   .certFile = plain.certFile,
                                                   .keyFile = other.keyFile}
                                    << u"does not belong"_s;
    QTest::newRow("no passphrase") << TlsSettings{.on = true,
                                                  .caFile = ca,
                                                  .certFile = secret.certFile,
                                                  .keyFile = secret.keyFile}
                                   << u"no passphrase was given"_s;
    QTest::newRow("wrong passphrase") << TlsSettings{.on = true,
                                                     .caFile = ca,
                                                     .certFile = secret.certFile,
                                                     .keyFile = secret.keyFile,
                                                     .keyPassphrase = u"abracadabra"_s}
                                      << u"is wrong"_s;
    QTest::newRow("right passphrase") << TlsSettings{.on = true,
                                                     .caFile = ca,
                                                     .certFile = secret.certFile,
                                                     .keyFile = secret.keyFile,
                                                     .keyPassphrase = u"open sesame"_s}
                                      << QString();
    QTest::newRow("no withdrawn ones") << TlsSettings{.on = true, .caFile = ca, .crlFile = ca} << u"revocation list"_s;
    QTest::newRow("unknown ciphers") << TlsSettings{.on = true, .caFile = ca, .ciphers = u"ROT13"_s} << u"ROT13"_s;
}

void TestTlsTrust::saysWhatIsWrongWithFiles()
{
    QFETCH(const TlsSettings, settings);
    QFETCH(const QString, complaint);
    const auto material = TlsMaterial::load(settings);
    QVERIFY2(material.has_value() == complaint.isEmpty(), material ? "" : qPrintable(material.error().detail));
    if (!material)
        QVERIFY2(material.error().detail.contains(complaint), qPrintable(material.error().detail));
}

void TestTlsTrust::readsChangedFilesAgain()
{
    const TestAuthority changing(m_folder.path(), "Changing CA");
    const TlsSettings settings{.on = true, .caFile = changing.caFile()};
    QVERIFY(verified(settings, changing.issue("before"), u"localhost"_s));
    QCOMPARE(*TlsMaterial::load(settings), *TlsMaterial::load(settings)); // the loaded certificates are cached
    // writes a new certificate with another key to the same file
    const TestAuthority again(m_folder.path(), "Changing CA");
    QFile file(changing.caFile());
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.setFileTime(QDateTime::currentDateTime().addSecs(5), QFileDevice::FileModificationTime));
    QVERIFY(verified(settings, again.issue("after"), u"localhost"_s));
}

void TestTlsTrust::readsFingerprints()
{
    const QByteArray bytes = QByteArray::fromHex(QByteArray("ab").repeated(32));
    QCOMPARE(readFingerprint(QString::fromLatin1(bytes.toHex())), bytes);
    QCOMPARE(readFingerprint(u"sha256:"_s + fingerprintText(bytes)), bytes);
    QVERIFY(!readFingerprint(u"ab:cd"_s));
    QVERIFY(!readFingerprint(QString(64, u'x')));
}

void TestTlsTrust::isReadFromUris()
{
    const QString whole =
        u"rediss://u@h:1,g:2/3?cacert=%2Fca.pem&cert=%2Fc.pem&ciphers=HIGH&crl=%2Fl.pem&insecure=1&key=%2Fk.pem&"
        "pin="_s
        + u"ab"_s.repeated(32) + u"&sni=redis.example&tlsmin=1.3"_s;
    const auto target = ConnectionTarget::parse(whole);
    QVERIFY2(target, target ? "" : qPrintable(target.error().detail));
    QVERIFY(target->tls.on && target->tls.insecure && target->tls.needs13);
    QCOMPARE(target->tls.serverName, u"redis.example"_s);
    QCOMPARE(target->toUri(), whole);
    QVERIFY(ConnectionTarget::parse(u"valkeys://h"_s)->tls.on);
    QVERIFY(!ConnectionTarget::parse(u"redis://h"_s)->tls.on);
    for (const QString &wrong : {u"redis://h?cacert=/ca.pem"_s, u"rediss://h?pin=12"_s, u"rediss://h?tlsmin=1.0"_s,
                                 u"rediss://h?insecure=yes"_s})
        QVERIFY2(!ConnectionTarget::parse(wrong), qPrintable(wrong));
}

SLOTSCOPE_TEST(TestTlsTrust)
#include "tst_tlstrust.moc"
