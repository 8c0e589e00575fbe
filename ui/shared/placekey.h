// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/uri.h"

#include <QCryptographicHash>

namespace slotscope {

/// Under what the settings keep what belongs to one connection: by its name, else by where it leads.
[[nodiscard]] inline QString placeKey(const ConnectionTarget &target)
{
    const QString place = target.name.isEmpty() ? target.toUri() : target.name;
    return QString::fromLatin1(QCryptographicHash::hash(place.toUtf8(), QCryptographicHash::Sha1).toHex().left(16));
}

} // namespace slotscope
