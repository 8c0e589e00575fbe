// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/net/awaited.h"
#include "core/net/uri.h"

#include <QObject>

namespace slotscope {

/// Stores secrets of saved connections in the system's keychain (Secret Service or KWallet, macOS Keychain, Windows
/// Credential Manager), never in a file of ours. A keychain that does not answer within `deadlineMs` is given up,
/// although it may still be asking the user. Lives on the main thread.
class SecretStore final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SecretStore)
public:
    static constexpr int deadlineMs = 20'000; // enough time to type the keychain's own password

    explicit SecretStore(QObject *parent = nullptr) : QObject(parent) { }

    /// The secrets of a connection.
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
        void complete(const Secrets &kept); ///< takes over those that are missing
        void addTo(ConnectionTarget &target) const; ///< adds those that the target does not have
    };
    /// Returns empty secrets if nothing is stored under the id. Error Process if there is no keychain or it refuses,
    /// Timeout if it does not answer.
    [[nodiscard]] Awaited<Result<Secrets>> read(const QString &id);
    /// Empty secrets: same as forget().
    [[nodiscard]] Awaited<Result<>> write(const QString &id, const Secrets &secrets);
    [[nodiscard]] Awaited<Result<>> forget(const QString &id);
};

} // namespace slotscope
