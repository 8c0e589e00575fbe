// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/latency/latencyparsers.h"

#include "core/base/text.h"
#include "core/base/tr.h"

#include <QHash>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr size_t leastFields = 4, valkeyFields = 6;

tl::unexpected<Error> malformed(const Value &value, const QString &what)
{
    return failure(Error::Code::Parse, what + u": "_s + toDisplay(value.bytes().left(80)));
}

bool areIntegers(const Value::List &items, size_t from, size_t until)
{
    return std::all_of(items.begin() + qptrdiff(from), items.begin() + qptrdiff(until),
                       [](const Value &item) { return item.type() == Value::Type::Integer; });
}

} // namespace

Result<std::vector<LatencyEvent>> parseLatencyLatest(const Value &reply)
{
    if (!reply.isAggregate())
        return malformed(reply, tr("not a list of latency events"));
    std::vector<LatencyEvent> events;
    for (const Value &row : reply.items()) {
        const Value::List &items = row.items();
        if (items.size() < leastFields || !items[0].isString() || !areIntegers(items, 1, leastFields))
            return malformed(row, tr("not a latency event"));
        LatencyEvent event;
        event.name = items[0].bytes();
        event.serverSeconds = items[1].toInteger();
        event.latest = items[2].toInteger();
        event.longest = items[3].toInteger();
        if (items.size() >= valkeyFields && areIntegers(items, leastFields, valkeyFields)) {
            event.sum = items[4].toInteger();
            event.count = items[5].toInteger();
        }
        events.push_back(std::move(event));
    }
    return events;
}

Result<std::vector<LatencySpike>> parseLatencyHistory(const Value &reply)
{
    if (!reply.isAggregate())
        return malformed(reply, tr("not a latency history"));
    std::vector<LatencySpike> spikes;
    for (const Value &row : reply.items()) {
        if (row.items().size() < 2 || !areIntegers(row.items(), 0, 2))
            return malformed(row, tr("not an entry of a latency history"));
        spikes.push_back({row.items()[0].toInteger(), row.items()[1].toInteger()});
    }
    return spikes;
}

QString eventMeaning(const QByteArray &name)
{
    static const QHash<QByteArray, const char *> meanings{
        {"command", QT_TR_NOOP("a command took long: see the slow log")},
        {"fast-command",
         QT_TR_NOOP("a command of constant complexity was slow: the machine was busy, or memory was swapped")},
        {"fork", QT_TR_NOOP("forking the process for a snapshot or an append-only file rewrite")},
        {"rdb-unlink-temp-file", QT_TR_NOOP("removing a snapshot file")},
        {"aof-write", QT_TR_NOOP("writing the append-only file")},
        {"aof-fsync-always", QT_TR_NOOP("fsync of the append-only file (appendfsync always)")},
        {"aof-write-pending-fsync",
         QT_TR_NOOP("writing the append-only file while an fsync was running: the disk was busy")},
        {"aof-write-active-child", QT_TR_NOOP("writing the append-only file while a child process was writing too")},
        {"aof-write-alone", QT_TR_NOOP("writing the append-only file while nothing else was using the disk")},
        {"aof-fstat", QT_TR_NOOP("reading the size of the append-only file")},
        {"aof-rename", QT_TR_NOOP("renaming the append-only file after a rewrite")},
        {"aof-rewrite-diff-write", QT_TR_NOOP("writing the changes that arrived during an append-only file rewrite")},
        {"active-defrag-cycle", QT_TR_NOOP("defragmenting memory")},
        {"expire-cycle", QT_TR_NOOP("deleting expired keys")},
        {"eviction-cycle", QT_TR_NOOP("evicting keys because maxmemory was reached")},
        {"eviction-del", QT_TR_NOOP("evicting a single key")},
        {"eviction-lazyfree", QT_TR_NOOP("waiting for memory that is being freed in the background")},
        {"expire-del", QT_TR_NOOP("deleting a single expired key")},
        {"module-acquire-GIL", QT_TR_NOOP("waiting for a module that held the server's global lock")},
        {"while-blocked-cron", QT_TR_NOOP("periodic tasks while a script or loading blocked the server")},
        {"command-unblocking", QT_TR_NOOP("continuing a command that had been blocked")},
    };
    const char *meaning = meanings.value(name);
    return meaning ? tr(meaning) : QString();
}

} // namespace slotscope
