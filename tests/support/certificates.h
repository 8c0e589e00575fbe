// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <memory>

struct evp_pkey_st; // OpenSSL's
struct x509_st;

namespace slotscope::test {

/// What a test certificate is like.
struct CertificateWish
{
    QByteArray names = "DNS:localhost,IP:127.0.0.1"; ///< as OpenSSL writes alternative names; empty: none
    int fromDays = -1, untilDays = 30; ///< from now
    QByteArray usage = "serverAuth,clientAuth"; ///< extended key usage
    int rsaBits = 0; ///< 0: an elliptic key (P-256)
    QByteArray passphrase = {}; ///< non-empty: the key's file is encrypted
};

/// The PEM files of a certificate and its key.
struct IssuedCertificate
{
    QString certFile, keyFile;
};

/// A certificate authority of the test's own, with its files in a folder.
class TestAuthority
{
public:
    TestAuthority(QString folder, const QByteArray &name);
    ~TestAuthority();

    [[nodiscard]] QString caFile() const;
    [[nodiscard]] IssuedCertificate issue(const QByteArray &name, const CertificateWish &wish = {}) const;
    /// Signed by its own key, by no authority.
    [[nodiscard]] IssuedCertificate selfSigned(const QByteArray &name, const CertificateWish &wish = {}) const;
    /// A list that withdraws these certificates.
    [[nodiscard]] QString revoke(const QStringList &certFiles) const;

private:
    QString m_folder;
    QByteArray m_name;
    std::shared_ptr<evp_pkey_st> m_key;
    std::shared_ptr<x509_st> m_certificate;
};

} // namespace slotscope::test
