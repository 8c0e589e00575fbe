// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/uri.h"

#include <QCryptographicHash>

namespace slotscope {

/// Key in the settings for data of one connection: its name, or else its target.
[[nodiscard]] inline QString placeKey(const ConnectionTarget &target)
{
    const QString place = target.name.isEmpty() ? target.toUri() : target.name;
    return QString::fromLatin1(QCryptographicHash::hash(place.toUtf8(), QCryptographicHash::Sha1).toHex().left(16));
}

} // namespace slotscope
