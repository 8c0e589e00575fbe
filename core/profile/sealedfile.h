// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>

namespace slotscope {

/// What a passphrase is made a key with (scrypt): memory is 128 * n * r bytes.
struct SealCost
{
    int n = 1 << 17; ///< a power of two
    int r = 8;
    int p = 1;
};

/// Bytes under a passphrase: scrypt and AES-256-GCM in a JSON file that says so (docs/profile-files.md). A few tenths
/// of a second: not on the GUI thread. Any thread.
[[nodiscard]] Result<QByteArray> sealed(const QByteArray &plain, const QString &passphrase, SealCost cost = {});
[[nodiscard]] bool isSealed(const QByteArray &bytes);
/// InvalidArgument for a wrong passphrase, Parse for a file that is damaged or was changed, LimitExceeded where it asks
/// for more than 256 MB or for work that no honest file needs.
[[nodiscard]] Result<QByteArray> unsealed(const QByteArray &bytes, const QString &passphrase);

} // namespace slotscope
