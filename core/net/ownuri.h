// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/uri.h"

namespace slotscope {

/// ConnectionTarget::parse(), and also the options that only the user's own words may give: tunnel=, a program that is
/// started here, and rename=, by which a command is sent as another. A link or a file of somebody else never goes
/// through this; ConnectionTarget::parse() refuses both.
[[nodiscard]] Result<ConnectionTarget> parseOwnUri(const QString &uri);

/// Whose words a URI is: those of the user, from his own settings or dialog, or those of anybody.
enum class UriOf : quint8 { Anybody, User };
[[nodiscard]] inline Result<ConnectionTarget> parseUri(const QString &uri, UriOf whose)
{
    return whose == UriOf::User ? parseOwnUri(uri) : ConnectionTarget::parse(uri);
}

} // namespace slotscope
