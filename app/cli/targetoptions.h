// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/uri.h"

#include <QCommandLineOption>

class QCommandLineParser;

namespace slotscope::cli {

/// Options for where and how to connect, named as in redis-cli if it has them.
[[nodiscard]] QList<QCommandLineOption> targetOptions();

struct NamedTarget
{
    Result<ConnectionTarget> target;
    QString savedId; ///< id of the saved connection whose secrets are in the keychain; else empty
};

/// Returns the target given by the options and the environment (SLOTSCOPE_URI, SLOTSCOPE_PASSWORD, REDISCLI_AUTH,
/// SLOTSCOPE_KEY_PASSPHRASE). Asks for the password if --askpass is given.
[[nodiscard]] NamedTarget targetOf(const QCommandLineParser &parser);

} // namespace slotscope::cli
