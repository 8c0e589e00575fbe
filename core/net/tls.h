// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QSslConfiguration>
#include <QString>

#include <memory>
#include <optional>

struct x509_store_st; // OpenSSL's

namespace slotscope {

/// How a connection is encrypted, and whom it trusts: the same for every node of a cluster.
struct TlsSettings
{
    bool on = false;
    QString caFile; ///< PEM file, or a folder of such, of the authorities to trust; empty: the system's
    QString certFile, keyFile; ///< PEM, of the client; empty: none is shown to the server
    QString keyPassphrase; ///< of an encrypted key; never saved in plain text
    QString serverName; ///< for SNI, and the name that the certificate must have; empty: the host that is connected to
    QString crlFile; ///< PEM: withdrawn certificates, for the server's own (not its authority's); empty: not looked at
    QByteArray pin; ///< SHA-256 of the one certificate that is accepted, whoever issued it; empty: none is pinned
    QString ciphers; ///< OpenSSL's names with colons between, for TLS 1.2; empty: its own choice
    bool needs13 = false; ///< TLS 1.3 at least; else TLS 1.2
    bool insecure = false; ///< whatever certificate is shown is accepted, where none is pinned

    friend bool operator==(const TlsSettings &, const TlsSettings &) = default;
};

/// "AB:CD:…" or "abcd…", with or without a leading "sha256:", as 32 bytes; nothing where it is no such fingerprint.
[[nodiscard]] std::optional<QByteArray> readFingerprint(const QString &text);
/// "AB:CD:…"
[[nodiscard]] QString fingerprintText(const QByteArray &sha256);

/// What a person needs to know of a certificate that was refused.
struct CertificateFacts
{
    QString subject, issuer; ///< "CN=…, O=…"
    QStringList names; ///< host names and addresses that it is for
    QDateTime from, until;
    QByteArray sha256;
};
[[nodiscard]] CertificateFacts certificateFacts(const QByteArray &der);

/// The files of TlsSettings, read and checked.
class TlsMaterial
{
public:
    /// Reads the files; a missing or unreadable one, a wrong passphrase, a key that does not belong to the certificate
    /// and unknown ciphers are errors (InvalidArgument or Io), each with the file's name. What was read is kept as long
    /// as the files stay the same. Any thread.
    [[nodiscard]] static Result<std::shared_ptr<const TlsMaterial>> load(const TlsSettings &settings);

    [[nodiscard]] const QSslConfiguration &configuration() const { return m_configuration; }
    /// Whether the chain (DER, the server's own first) may be trusted to be `host`: issued by an authority that is
    /// trusted, for that name, for servers, valid now, not withdrawn, with keys that are long enough (OpenSSL's level
    /// 2). Error::Code:: Certificate with the reason and the certificate's facts otherwise.
    [[nodiscard]] Result<> verify(const QList<QByteArray> &chain, const QString &host) const;

private:
    TlsSettings m_settings;
    QSslConfiguration m_configuration;
    std::shared_ptr<x509_store_st> m_trusted; ///< the authorities, and what they withdrew
};

} // namespace slotscope
