// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/certificates.h"

#include <QFile>
#include <QSslCertificate>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace slotscope::test {

using namespace Qt::Literals::StringLiterals;

namespace {

using KeyPtr = std::shared_ptr<EVP_PKEY>;
using X509Ptr = std::shared_ptr<X509>;

KeyPtr makeKey(int rsaBits)
{
    return {rsaBits > 0 ? EVP_RSA_gen(unsigned(rsaBits)) : EVP_EC_gen("P-256"), EVP_PKEY_free};
}

void extend(X509 *certificate, X509 *issuer, int kind, const QByteArray &value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.constData());
    Q_ASSERT(extension);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

/// Returns a certificate that is not signed yet. If `issuer` is null, the issuer is the certificate's own subject.
X509Ptr makeCertificate(const QByteArray &name, EVP_PKEY *key, const CertificateWish &wish, X509 *issuer)
{
    static long serial = 1;
    X509Ptr certificate(X509_new(), X509_free);
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
    constexpr long day = 24 * 3600;
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), wish.fromDays * day);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), wish.untilDays * day);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME *subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char *>(name.constData()),
                               -1, -1, 0);
    X509_set_issuer_name(certificate.get(), issuer ? X509_get_subject_name(issuer) : subject);
    return certificate;
}

template <typename Write>
QString write(const QString &path, const Write &content)
{
    BIO *file = BIO_new_file(QFile::encodeName(path).constData(), "w");
    Q_ASSERT(file);
    content(file);
    BIO_free(file);
    return path;
}

IssuedCertificate writeBoth(const QString &folder, const QByteArray &name, const X509Ptr &certificate,
                            const KeyPtr &key, const CertificateWish &wish)
{
    const QString base = folder + u'/' + QString::fromUtf8(name);
    const auto passphrase = wish.passphrase;
    return {.certFile = write(base + u".crt"_s, [&](BIO *file) { PEM_write_bio_X509(file, certificate.get()); }),
            .keyFile = write(base + u".key"_s, [&](BIO *file) {
                const auto *secret = reinterpret_cast<const unsigned char *>(passphrase.constData());
                PEM_write_bio_PrivateKey(file, key.get(), passphrase.isEmpty() ? nullptr : EVP_aes_256_cbc(),
                                         passphrase.isEmpty() ? nullptr : secret, int(passphrase.size()), nullptr,
                                         nullptr);
            })};
}

void describeServer(X509 *certificate, X509 *issuer, const CertificateWish &wish)
{
    extend(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE");
    if (!wish.names.isEmpty())
        extend(certificate, issuer, NID_subject_alt_name, wish.names);
    if (!wish.usage.isEmpty())
        extend(certificate, issuer, NID_ext_key_usage, wish.usage);
}

} // namespace

TestAuthority::TestAuthority(QString folder, const QByteArray &name)
    : m_folder(std::move(folder))
    , m_name(name)
    , m_key(makeKey(0))
    , m_certificate(makeCertificate(name, m_key.get(), {.fromDays = -1000, .untilDays = 3000}, nullptr))
{
    extend(m_certificate.get(), m_certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    extend(m_certificate.get(), m_certificate.get(), NID_subject_key_identifier, "hash");
    X509_sign(m_certificate.get(), m_key.get(), EVP_sha256());
    write(caFile(), [this](BIO *file) { PEM_write_bio_X509(file, m_certificate.get()); });
}

TestAuthority::~TestAuthority() = default;

QString TestAuthority::caFile() const
{
    return m_folder + u'/' + QString::fromUtf8(m_name) + u".ca.crt"_s;
}

IssuedCertificate TestAuthority::issue(const QByteArray &name, const CertificateWish &wish) const
{
    const KeyPtr key = makeKey(wish.rsaBits);
    const X509Ptr certificate = makeCertificate(name, key.get(), wish, m_certificate.get());
    describeServer(certificate.get(), m_certificate.get(), wish);
    X509_sign(certificate.get(), m_key.get(), EVP_sha256());
    return writeBoth(m_folder, name, certificate, key, wish);
}

IssuedCertificate TestAuthority::selfSigned(const QByteArray &name, const CertificateWish &wish) const
{
    const KeyPtr key = makeKey(wish.rsaBits);
    const X509Ptr certificate = makeCertificate(name, key.get(), wish, nullptr);
    describeServer(certificate.get(), certificate.get(), wish);
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    return writeBoth(m_folder, name, certificate, key, wish);
}

QString TestAuthority::revoke(const QStringList &certFiles) const
{
    const std::shared_ptr<X509_CRL> list(X509_CRL_new(), X509_CRL_free);
    X509_CRL_set_version(list.get(), 1);
    X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(m_certificate.get()));
    const std::shared_ptr<ASN1_TIME> from(X509_gmtime_adj(nullptr, -3600), ASN1_TIME_free);
    const std::shared_ptr<ASN1_TIME> until(X509_gmtime_adj(nullptr, 24 * 3600), ASN1_TIME_free);
    X509_CRL_set1_lastUpdate(list.get(), from.get());
    X509_CRL_set1_nextUpdate(list.get(), until.get());
    for (const QString &path : certFiles) {
        const QSslCertificate certificate = QSslCertificate::fromPath(path).constFirst();
        X509_REVOKED *entry = X509_REVOKED_new();
        X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(static_cast<X509 *>(certificate.handle())));
        X509_REVOKED_set_revocationDate(entry, from.get());
        X509_CRL_add0_revoked(list.get(), entry);
    }
    X509_CRL_sort(list.get());
    X509_CRL_sign(list.get(), m_key.get(), EVP_sha256());
    return write(m_folder + u'/' + QString::fromUtf8(m_name) + u".crl"_s,
                 [&](BIO *file) { PEM_write_bio_X509_CRL(file, list.get()); });
}

} // namespace slotscope::test
