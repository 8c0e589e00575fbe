// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/uri.h"

#include <QCommandLineOption>

class QCommandLineParser;

namespace slotscope::cli {

/// The options that say where to connect and how, in the words of redis-cli where it has them.
[[nodiscard]] QList<QCommandLineOption> targetOptions();

struct NamedTarget
{
    Result<ConnectionTarget> target;
    QString savedId; ///< of the saved connection whose secrets are in the keychain; else empty
};

/// What they and the environment (SLOTSCOPE_URI, SLOTSCOPE_PASSWORD, REDISCLI_AUTH, SLOTSCOPE_KEY_PASSPHRASE) name.
/// Asks for the password where --askpass stands.
[[nodiscard]] NamedTarget targetOf(const QCommandLineParser &parser);

} // namespace slotscope::cli
