// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/tls.h"

#include "core/base/secrets.h"
#include "core/base/tr.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHostAddress>
#include <QMutex>
#include <QSslCipher>
#include <QSslKey>
#include <QUrl>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

template <auto Free>
struct Freeing
{
    template <typename T>
    void operator()(T *thing) const
    {
        Free(thing);
    }
};
void freeStack(STACK_OF(X509) * stack)
{
    sk_X509_pop_free(stack, X509_free);
}
using X509Ptr = std::unique_ptr<X509, Freeing<X509_free>>;
using StoreContextPtr = std::unique_ptr<X509_STORE_CTX, Freeing<X509_STORE_CTX_free>>;
using StackPtr = std::unique_ptr<STACK_OF(X509), Freeing<freeStack>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY_free>>;
using BioPtr = std::unique_ptr<BIO, Freeing<BIO_free>>;
using CrlPtr = std::unique_ptr<X509_CRL, Freeing<X509_CRL_free>>;

X509Ptr fromDer(const QByteArray &der)
{
    const auto *at = reinterpret_cast<const unsigned char *>(der.constData());
    return X509Ptr(d2i_X509(nullptr, &at, long(der.size())));
}

QString nameOf(const QSslCertificate &certificate, bool issuer)
{
    QStringList parts;
    for (const auto &[letter, kind] :
         {std::pair{"CN"_L1, QSslCertificate::CommonName}, {"O"_L1, QSslCertificate::Organization}}) {
        const QStringList values = issuer ? certificate.issuerInfo(kind) : certificate.subjectInfo(kind);
        for (const QString &value : values)
            parts << letter + u'=' + value;
    }
    return parts.isEmpty() ? tr("empty name") : parts.join(u", "_s);
}

QString dateText(const QDateTime &date)
{
    return date.toUTC().toString(u"yyyy-MM-dd HH:mm 'UTC'"_s);
}

QString factsText(const CertificateFacts &facts)
{
    const QString names = facts.names.isEmpty() ? tr("no host") : facts.names.join(u", "_s);
    return tr("The certificate is %1, for %2, issued by %3, valid from %4 to %5, SHA-256 %6")
        .arg(facts.subject, names, facts.issuer, dateText(facts.from), dateText(facts.until),
             fingerprintText(facts.sha256));
}

/// Explains why OpenSSL does not trust a certificate, and what to do.
QString reasonOf(int code, int depth, const QString &host, const CertificateFacts &facts)
{
    switch (code) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return tr("it was not issued for “%1”: set the server name (sni) to a host name that it was issued for")
            .arg(host);
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return depth == 0 ? tr("it expired on %1").arg(dateText(facts.until))
                          : tr("the certificate of the issuing authority (CA) has expired");
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return depth == 0 ? tr("it is not valid before %1 (check the clock of this computer)").arg(dateText(facts.from))
                          : tr("the certificate of the issuing authority (CA) is not valid yet");
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return tr("it is self-signed, and it is not one of the trusted certificates");
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return tr("its issuer is not trusted: set the issuer's certificate file (cacert)");
    case X509_V_ERR_CERT_REVOKED: return tr("its issuer revoked it (it is in the certificate revocation list)");
    case X509_V_ERR_UNABLE_TO_GET_CRL:
        return tr("the certificate revocation list was issued by somebody else than the certificate");
    case X509_V_ERR_CRL_HAS_EXPIRED: return tr("the certificate revocation list is outdated");
    case X509_V_ERR_INVALID_PURPOSE: return tr("it is not meant for servers (its extended key usage lacks serverAuth)");
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL: return tr("its key is too short to be safe (RSA needs 2048 bits)");
    case X509_V_ERR_CA_MD_TOO_WEAK: return tr("its signature uses a hash that is no longer safe");
    default: return QString::fromUtf8(X509_verify_cert_error_string(code));
    }
}

/// Sets the address or name that the certificate must be for, in the form that certificates use. Returns false if it is
/// not valid.
bool setWantedName(X509_VERIFY_PARAM *wanted, const QString &host)
{
    const QByteArray address = host.toLatin1();
    if (!QHostAddress(host).isNull())
        return X509_VERIFY_PARAM_set1_ip_asc(wanted, address.constData()) == 1;
    QString bare = host;
    if (bare.endsWith(u'.'))
        bare.chop(1);
    const QByteArray name = QUrl::toAce(bare);
    if (name.isEmpty() || name.contains('\0'))
        return false;
    return X509_VERIFY_PARAM_set1_host(wanted, name.constData(), size_t(name.size())) == 1;
}

Error refusedCertificate(const QString &why, const CertificateFacts &facts)
{
    return {.code = Error::Code::Certificate,
            .detail = why + u". "_s + factsText(facts),
            .serverPrefix = {},
            .node = {},
            .command = {}};
}

Result<QByteArray> contentOf(const QString &path)
{
    QFile file(path);
    constexpr qint64 most = 16 << 20;
    if (!file.open(QIODevice::ReadOnly))
        return failure(Error::Code::Io, tr("%1: %2").arg(path, file.errorString()));
    const QByteArray content = file.read(most + 1);
    if (content.size() > most)
        return failure(Error::Code::InvalidArgument, tr("%1 is too large to be a PEM file").arg(path));
    return content;
}

Result<QList<QSslCertificate>> certificatesIn(const QString &path)
{
    QStringList files{path};
    if (QFileInfo(path).isDir()) {
        files.clear();
        for (const QString &name : QDir(path).entryList(QDir::Files, QDir::Name))
            files << QDir(path).filePath(name);
    }
    QList<QSslCertificate> found;
    for (const QString &file : std::as_const(files)) {
        const auto content = contentOf(file);
        if (!content)
            return tl::make_unexpected(content.error());
        found += QSslCertificate::fromData(*content, QSsl::Pem);
    }
    if (found.isEmpty())
        return failure(Error::Code::InvalidArgument, tr("%1 contains no certificate in PEM format").arg(path));
    return found;
}

Result<KeyPtr> keyIn(const QString &path, const QString &passphrase)
{
    const auto content = contentOf(path);
    if (!content)
        return tl::make_unexpected(content.error());
    const BioPtr reader(BIO_new_mem_buf(content->constData(), int(content->size())));
    QByteArray secret = passphrase.toUtf8(); // never null, because OpenSSL would then ask on the terminal
    KeyPtr key(PEM_read_bio_PrivateKey(reader.get(), nullptr, nullptr, secret.data()));
    ERR_clear_error();
    if (key)
        return key;
    const bool isEncrypted = content->contains("ENCRYPTED");
    return failure(Error::Code::InvalidArgument,
                   !isEncrypted ? tr("%1 contains no private key in PEM format").arg(path)
                       : passphrase.isEmpty()
                       ? tr("the private key in %1 is encrypted and no passphrase was given").arg(path)
                       : tr("the passphrase of the private key in %1 is wrong").arg(path));
}

/// Converts the key to Qt's form through PEM, because ownership of a handle passed to QSslKey depends on the kind of
/// key.
Result<QSslKey> asQtKey(EVP_PKEY &key, const QString &path)
{
    const BioPtr writer(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(writer.get(), &key, nullptr, nullptr, 0, nullptr, nullptr);
    char *text = nullptr;
    const long size = BIO_get_mem_data(writer.get(), &text);
    const QByteArray pem(text, size);
    for (const QSsl::KeyAlgorithm algorithm : {QSsl::Rsa, QSsl::Ec, QSsl::Dsa})
        if (QSslKey ours(pem, algorithm, QSsl::Pem, QSsl::PrivateKey); !ours.isNull())
            return ours;
    return failure(Error::Code::InvalidArgument, tr("the type of the private key in %1 is not supported").arg(path));
}

Result<> addClientCertificate(const TlsSettings &settings, QSslConfiguration &configuration)
{
    if (settings.certFile.isEmpty() != settings.keyFile.isEmpty())
        return failure(Error::Code::InvalidArgument,
                       tr("a client certificate needs both the certificate (cert) and the private key (key)"));
    if (settings.certFile.isEmpty())
        return {};
    const auto certificates = certificatesIn(settings.certFile);
    if (!certificates)
        return tl::make_unexpected(certificates.error());
    auto key = keyIn(settings.keyFile, settings.keyPassphrase);
    if (!key)
        return tl::make_unexpected(key.error());
    const X509Ptr certificate = fromDer(certificates->constFirst().toDer());
    if (!certificate || X509_check_private_key(certificate.get(), key->get()) != 1)
        return failure(Error::Code::InvalidArgument,
                       tr("the private key in %1 does not belong to the certificate in %2")
                           .arg(settings.keyFile, settings.certFile));
    configuration.setLocalCertificateChain(*certificates);
    const auto ours = asQtKey(**key, settings.keyFile);
    if (!ours)
        return tl::make_unexpected(ours.error());
    configuration.setPrivateKey(*ours);
    return {};
}

/// Loads the trusted authorities and their revocation lists.
Result<std::shared_ptr<X509_STORE>> trustedStore(const TlsSettings &settings)
{
    std::shared_ptr<X509_STORE> store(X509_STORE_new(), X509_STORE_free);
    auto authorities = Result<QList<QSslCertificate>>(QSslConfiguration::systemCaCertificates());
    if (!settings.caFile.isEmpty())
        authorities = certificatesIn(settings.caFile);
    if (!authorities)
        return tl::make_unexpected(authorities.error());
    for (const QSslCertificate &authority : *authorities)
        X509_STORE_add_cert(store.get(), static_cast<X509 *>(authority.handle()));
    if (settings.crlFile.isEmpty())
        return store;
    const auto text = contentOf(settings.crlFile);
    if (!text)
        return tl::make_unexpected(text.error());
    const BioPtr reader(BIO_new_mem_buf(text->constData(), int(text->size())));
    int lists = 0;
    while (const CrlPtr list{PEM_read_bio_X509_CRL(reader.get(), nullptr, nullptr, nullptr)})
        lists += X509_STORE_add_crl(store.get(), list.get());
    ERR_clear_error();
    if (lists == 0)
        return failure(Error::Code::InvalidArgument,
                       tr("%1 contains no certificate revocation list in PEM format").arg(settings.crlFile));
    return store;
}

/// Modification times of the files; cached content is valid as long as they stay the same.
QList<QDateTime> timesOf(const TlsSettings &settings)
{
    QList<QDateTime> times;
    for (const QString &path : {settings.caFile, settings.certFile, settings.keyFile, settings.crlFile})
        times << (path.isEmpty() ? QDateTime() : QFileInfo(path).lastModified());
    return times;
}

struct Kept
{
    TlsSettings settings;
    QList<QDateTime> times;
    std::shared_ptr<const TlsMaterial> material;
};
QMutex keptMutex;
constexpr qsizetype mostKept = 16;

QList<Kept> &keptMaterial()
{
    static QList<Kept> kept;
    return kept;
}

} // namespace

QString fingerprintText(const QByteArray &sha256)
{
    return QString::fromLatin1(sha256.toHex(':').toUpper());
}

CertificateFacts certificateFacts(const QByteArray &der)
{
    const QSslCertificate certificate(der, QSsl::Der);
    QStringList names = certificate.subjectAlternativeNames().values();
    names.sort();
    if (names.isEmpty())
        names = certificate.subjectInfo(QSslCertificate::CommonName);
    return {.subject = nameOf(certificate, false),
            .issuer = nameOf(certificate, true),
            .names = names,
            .from = certificate.effectiveDate(),
            .until = certificate.expiryDate(),
            .sha256 = QCryptographicHash::hash(der, QCryptographicHash::Sha256)};
}

Result<std::shared_ptr<const TlsMaterial>> TlsMaterial::load(const TlsSettings &settings)
{
    const QList<QDateTime> times = timesOf(settings);
    const QMutexLocker lock(&keptMutex);
    QList<Kept> &kept = keptMaterial();
    for (const Kept &one : std::as_const(kept))
        if (one.settings == settings && one.times == times)
            return one.material;
    rememberSecret(settings.keyPassphrase.toUtf8());
    auto material = std::make_shared<TlsMaterial>();
    material->m_settings = settings;
    QSslConfiguration &configuration = material->m_configuration;
    configuration = QSslConfiguration::defaultConfiguration();
    configuration.setPeerVerifyMode(QSslSocket::QueryPeer); // verify() checks the certificate before we send any data
    configuration.setProtocol(settings.needs13 ? QSsl::TlsV1_3OrLater : QSsl::TlsV1_2OrLater);
    QList<QSslCipher> ciphers;
    for (const QString &name : settings.ciphers.split(u':', Qt::SkipEmptyParts)) {
        const QSslCipher cipher(name);
        if (cipher.isNull())
            return failure(
                Error::Code::InvalidArgument,
                tr("“%1” is not a known cipher; use the names that openssl ciphers lists, separated by colons")
                    .arg(name));
        ciphers << cipher;
    }
    if (!ciphers.isEmpty())
        configuration.setCiphers(ciphers);
    if (const auto added = addClientCertificate(settings, configuration); !added)
        return tl::make_unexpected(added.error());
    const auto trusted = trustedStore(settings);
    if (!trusted)
        return tl::make_unexpected(trusted.error());
    material->m_trusted = *trusted;
    if (kept.size() >= mostKept)
        kept.removeFirst();
    kept.append({.settings = settings, .times = times, .material = material});
    return material;
}

Result<> TlsMaterial::verify(const QList<QByteArray> &chain, const QString &host) const
{
    if (m_settings.insecure && m_settings.pin.isEmpty())
        return {};
    if (chain.isEmpty())
        return failure(Error::Code::Certificate, tr("the server sent no certificate"));
    const CertificateFacts facts = certificateFacts(chain.front());
    if (!m_settings.pin.isEmpty()) {
        if (facts.sha256 == m_settings.pin)
            return {};
        return failure(refusedCertificate(
            tr("it is not the pinned certificate (SHA-256 %1)").arg(fingerprintText(m_settings.pin)), facts));
    }
    const X509Ptr own = fromDer(chain.front());
    const StackPtr others(sk_X509_new_null());
    for (const QByteArray &der : chain.sliced(1))
        if (X509Ptr certificate = fromDer(der))
            sk_X509_push(others.get(), certificate.release());
    const StoreContextPtr context(X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), m_trusted.get(), own.get(), others.get());
    X509_VERIFY_PARAM *wanted = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_purpose(wanted, X509_PURPOSE_SSL_SERVER);
    X509_VERIFY_PARAM_set_auth_level(wanted, 2);
    X509_VERIFY_PARAM_set_flags(wanted,
                                X509_V_FLAG_PARTIAL_CHAIN | (m_settings.crlFile.isEmpty() ? 0 : X509_V_FLAG_CRL_CHECK));
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (!setWantedName(wanted, host))
        return failure(
            refusedCertificate(tr("“%1” is not a name that a certificate could be issued for").arg(host), facts));
    const bool trusted = own && X509_verify_cert(context.get()) == 1;
    const int code = own ? X509_STORE_CTX_get_error(context.get()) : X509_V_ERR_UNSPECIFIED;
    const int depth = X509_STORE_CTX_get_error_depth(context.get());
    ERR_clear_error();
    if (trusted)
        return {};
    return failure(refusedCertificate(reasonOf(code, depth, host, facts), facts));
}

} // namespace slotscope
