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

struct x509_store_st; // from OpenSSL

namespace slotscope {

/// TLS settings: how connections are encrypted and which certificates are trusted. They are the same for every node of
/// a cluster.
struct TlsSettings
{
    bool on = false;
    QString caFile; ///< PEM file, or folder of PEM files, with the authorities to trust; empty: the system's
    QString certFile, keyFile; ///< PEM files of the client certificate; empty: no certificate is sent
    QString keyPassphrase; ///< for an encrypted private key; never saved in plain text
    QString serverName; ///< sent as SNI, and required in the certificate; empty: the host connected to
    QString crlFile; ///< PEM: revocation list, checked for the server's own certificate only; empty: no check
    QByteArray pin; ///< SHA-256 of the only certificate to accept, whoever issued it; empty: no pinning
    QString ciphers; ///< OpenSSL names separated by colons, for TLS 1.2; empty: OpenSSL's default
    bool needs13 = false; ///< requires TLS 1.3 instead of at least TLS 1.2
    bool insecure = false; ///< accepts any certificate, unless one is pinned

    friend bool operator==(const TlsSettings &, const TlsSettings &) = default;
};

/// Parses a fingerprint "AB:CD:…" or "abcd…", with or without a leading "sha256:", to 32 bytes; nullopt if it is
/// invalid.
[[nodiscard]] std::optional<QByteArray> readFingerprint(const QString &text);
/// Formats a fingerprint as "AB:CD:…".
[[nodiscard]] QString fingerprintText(const QByteArray &sha256);

/// Details shown to the user about a refused certificate.
struct CertificateFacts
{
    QString subject, issuer; ///< "CN=…, O=…"
    QStringList names; ///< host names and addresses that the certificate is valid for
    QDateTime from, until;
    QByteArray sha256;
};
[[nodiscard]] CertificateFacts certificateFacts(const QByteArray &der);

/// The files named in TlsSettings, loaded and checked.
class TlsMaterial
{
public:
    /// Loads the files. A missing or unreadable file, a wrong passphrase, a key that does not match the certificate, or
    /// unknown ciphers give an error (InvalidArgument or Io) with the file's name. The result is cached until a file
    /// changes. Any thread.
    [[nodiscard]] static Result<std::shared_ptr<const TlsMaterial>> load(const TlsSettings &settings);

    [[nodiscard]] const QSslConfiguration &configuration() const { return m_configuration; }
    /// Checks whether a certificate chain (DER, the server's own first) identifies `host`: issued by a trusted
    /// authority, for that name, for server use, valid now, not revoked, with keys of sufficient length (OpenSSL's
    /// level 2). Otherwise Error::Code::Certificate with the reason and the certificate's details.
    [[nodiscard]] Result<> verify(const QList<QByteArray> &chain, const QString &host) const;

private:
    TlsSettings m_settings;
    QSslConfiguration m_configuration;
    std::shared_ptr<x509_store_st> m_trusted; ///< the trusted authorities and their revocation lists
};

} // namespace slotscope
