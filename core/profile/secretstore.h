// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/net/awaited.h"
#include "core/net/uri.h"

#include <QObject>

namespace slotscope {

/// Secrets of saved connections in the system's keychain (Secret Service or KWallet, macOS Keychain, Windows Credential
/// Manager). Never in a file of ours. A keychain that does not answer is given up after `deadlineMs`; it may still ask
/// its user then. Lives on the thread of the program's start.
class SecretStore final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SecretStore)
public:
    static constexpr int deadlineMs = 20'000; // time to type the keychain's own password

    explicit SecretStore(QObject *parent = nullptr) : QObject(parent) { }

    /// What a connection needs beside its settings.
    struct Secrets
    {
        QString password, keyPassphrase, sentinelPassword;
        [[nodiscard]] static Secrets of(const ConnectionTarget &target);
        [[nodiscard]] bool isEmpty() const
        {
            return password.isEmpty() && keyPassphrase.isEmpty() && sentinelPassword.isEmpty();
        }
        [[nodiscard]] bool isAnyMissing() const
        {
            return password.isEmpty() || keyPassphrase.isEmpty() || sentinelPassword.isEmpty();
        }
        void complete(const Secrets &kept); ///< takes those that are missing
        void addTo(ConnectionTarget &target) const; ///< those that it does not have itself
    };
    /// Empty ones where nothing is kept under the id. Process where there is no keychain or it refuses, Timeout.
    [[nodiscard]] Awaited<Result<Secrets>> read(const QString &id);
    /// Empty ones: like forget().
    [[nodiscard]] Awaited<Result<>> write(const QString &id, const Secrets &secrets);
    [[nodiscard]] Awaited<Result<>> forget(const QString &id);
};

} // namespace slotscope
