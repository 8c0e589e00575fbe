// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QMap>

namespace slotscope {

struct DatabaseKeys
{
    qint64 keys = 0;
    qint64 expiring = 0; ///< number of these keys with a time to live
};

/// Parses INFO's section "keyspace" ("db0:keys=3,expires=1,avg_ttl=0", Redis >= 2.6) to the databases with keys, by
/// number, at most mostListedDatabases. Further fields and lines of another form are ignored.
[[nodiscard]] QMap<int, DatabaseKeys> keyspaceOf(const QByteArray &info);

inline constexpr int mostListedDatabases = 1024;
/// The databases that a choice lists, in order: from 0 on as many as the server has, at most mostListedDatabases, and
/// single ones with higher numbers: those that contain keys, as many again, and the chosen one.
[[nodiscard]] QList<int> databasesToList(int count, int chosen, const QList<int> &filled);

} // namespace slotscope
