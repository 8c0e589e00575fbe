// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cluster/keyspace.h"

#include "core/base/text.h"

#include <algorithm>
#include <numeric>

namespace slotscope {

QMap<int, DatabaseKeys> keyspaceOf(const QByteArray &info)
{
    QMap<int, DatabaseKeys> databases;
    for (const QByteArray &raw : info.split('\n')) {
        const QByteArray line = raw.trimmed();
        const qsizetype colon = line.indexOf(':');
        const auto number = line.startsWith("db") && colon > 2 ? toInteger(line.mid(2, colon - 2)) : std::nullopt;
        if (!number || *number < 0 || *number > INT_MAX)
            continue;
        if (databases.size() >= mostListedDatabases && !databases.contains(int(*number)))
            continue;
        DatabaseKeys &database = databases[int(*number)];
        for (const QByteArray &part : line.mid(colon + 1).split(',')) {
            const auto value = toInteger(part.mid(part.indexOf('=') + 1));
            if (value && part.startsWith("keys="))
                database.keys = *value;
            else if (value && part.startsWith("expires="))
                database.expiring = *value;
        }
    }
    return databases;
}

QList<int> databasesToList(int count, int chosen, const QList<int> &filled)
{
    int all = std::clamp(count, 1, mostListedDatabases);
    for (const int number : filled + QList<int>{chosen})
        if (number < mostListedDatabases)
            all = std::max(all, number + 1);
    QList<int> higher;
    for (const int number : filled)
        if (number >= all && higher.size() < mostListedDatabases)
            higher.append(number);
    if (chosen >= all && !higher.contains(chosen))
        higher.append(chosen);
    std::sort(higher.begin(), higher.end());
    QList<int> listed(all);
    std::iota(listed.begin(), listed.end(), 0);
    return listed + higher;
}

} // namespace slotscope
