// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QMap>

namespace slotscope {

struct DatabaseKeys
{
    qint64 keys = 0;
    qint64 expiring = 0; ///< of these, those with a time to live
};

/// Databases that hold keys, by number, from INFO's section "keyspace" ("db0:keys=3,expires=1,avg_ttl=0", Redis >= 2.6;
/// later fields are passed over). Lines of another form are passed over.
[[nodiscard]] QMap<int, DatabaseKeys> keyspaceOf(const QByteArray &info);

} // namespace slotscope
