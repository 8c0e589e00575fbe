// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>

namespace slotscope {

/// Cost parameters of scrypt, which derives a key from a passphrase: needs 128 * n * r bytes of memory.
struct SealCost
{
    int n = 1 << 17; ///< a power of two
    int r = 8;
    int p = 1;
};

/// Encrypts bytes with a passphrase: scrypt and AES-256-GCM, in a JSON file that describes it (docs/profile-files.md).
/// Takes some tenths of a second, so not on the GUI thread.
[[nodiscard]] Result<QByteArray> sealed(const QByteArray &plain, const QString &passphrase, SealCost cost = {});
[[nodiscard]] bool isSealed(const QByteArray &bytes);
/// Decrypts. InvalidArgument for a wrong passphrase, Parse for a damaged or modified file, LimitExceeded if it requires
/// more than 256 MB or excessive computation.
[[nodiscard]] Result<QByteArray> unsealed(const QByteArray &bytes, const QString &passphrase);

} // namespace slotscope
