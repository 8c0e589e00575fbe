// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/uri.h"

namespace slotscope {

/// Like ConnectionTarget::parse(), but also accepts options that only the user may set: tunnel=, which starts a program
/// on this computer, and rename=, which sends another command name. Never use it for a link or a file from somebody
/// else; ConnectionTarget::parse() refuses both.
[[nodiscard]] Result<ConnectionTarget> parseOwnUri(const QString &uri);

/// Who wrote a URI: the user (own settings or dialog), or anybody.
enum class UriOf : quint8 { Anybody, User };
[[nodiscard]] inline Result<ConnectionTarget> parseUri(const QString &uri, UriOf whose)
{
    return whose == UriOf::User ? parseOwnUri(uri) : ConnectionTarget::parse(uri);
}

} // namespace slotscope
