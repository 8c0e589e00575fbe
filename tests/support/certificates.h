// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <memory>

struct evp_pkey_st; // types of OpenSSL
struct x509_st;

namespace slotscope::test {

/// The properties of a test certificate.
struct CertificateWish
{
    QByteArray names = "DNS:localhost,IP:127.0.0.1"; ///< subject alternative names in OpenSSL's notation, none if empty
    int fromDays = -1, untilDays = 30; ///< validity in days relative to now
    QByteArray usage = "serverAuth,clientAuth"; ///< extended key usage in OpenSSL's notation
    int rsaBits = 0; ///< length of the RSA key in bits, or 0 for an elliptic-curve key (P-256)
    QByteArray passphrase = {}; ///< passphrase that encrypts the key file, which is not encrypted if this is empty
};

/// Paths of the PEM files of a certificate and of its private key.
struct IssuedCertificate
{
    QString certFile, keyFile;
};

/// A certificate authority for tests that writes all its files into one folder.
class TestAuthority
{
public:
    TestAuthority(QString folder, const QByteArray &name);
    ~TestAuthority();

    [[nodiscard]] QString caFile() const;
    [[nodiscard]] IssuedCertificate issue(const QByteArray &name, const CertificateWish &wish = {}) const;
    /// Makes a certificate that is signed with its own key instead of the authority's.
    [[nodiscard]] IssuedCertificate selfSigned(const QByteArray &name, const CertificateWish &wish = {}) const;
    /// Makes a certificate revocation list (CRL) of these certificates and returns its path.
    [[nodiscard]] QString revoke(const QStringList &certFiles) const;

private:
    QString m_folder;
    QByteArray m_name;
    std::shared_ptr<evp_pkey_st> m_key;
    std::shared_ptr<x509_st> m_certificate;
};

} // namespace slotscope::test
