// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/changing.h"

#include "core/protocol/commandnames.h"
#include "core/session/commandgate.h"

#include <array>

namespace slotscope {

namespace {

/// Commands flagged readonly, and neither write, admin nor dangerous, in COMMAND of Redis 7.0 and 8.0, Valkey 8.1 and
/// 9.1, wherever a server has them. In addition, commands that change nothing although COMMAND does not say so.
constexpr char readingNames[] =
    "bitcount bitfield_ro bitpos clusterscan dbsize dump eval_ro evalsha_ro exists expiretime fcall_ro geodist geohash "
    "geopos georadius_ro georadiusbymember_ro geosearch get getbit getrange hexists hexpiretime hget hgetall hkeys "
    "hlen hmget hpexpiretime hpttl hrandfield hscan hstrlen httl hvals lcs lindex llen lolwut lpos lrange memory|usage "
    "mget object|encoding object|freq object|idletime object|refcount pexpiretime pttl randomkey scan scard sdiff "
    "sinter sintercard sismember smembers smismember srandmember sscan strlen substr sunion ttl type vcard vdim vemb "
    "vgetattr vinfo vismember vlinks vrandmember vsim xinfo|consumers xinfo|groups xinfo|stream xlen xpending xrange "
    "xread xrevrange zcard zcount zdiff zinter zintercard zlexcount zmscore zrandmember zrange zrangebylex "
    "zrangebyscore zrank zrevrange zrevrangebylex zrevrangebyscore zrevrank zscan zscore zunion "
    "acl|dryrun acl|genpass acl|log client|capa client|no-evict command|count command|docs command|getkeys "
    "command|getkeysandflags command|info command|list cluster|getslotmigrations script|show wait waitaof sort_ro "
    "sentinel|masters sentinel|master sentinel|replicas sentinel|slaves sentinel|sentinels sentinel|myid "
    "sentinel|get-master-addr-by-name sentinel|get-primary-addr-by-name sentinel|ckquorum sentinel|info-cache "
    "sentinel|primaries sentinel|primary sentinel|is-master-down-by-addr sentinel|pending-scripts";

const QSet<QByteArray> &readingCommands()
{
    static const QSet<QByteArray> all = [] {
        QSet<QByteArray> names = harmlessCommands();
        names.unite(connectionCommands());
        for (const QByteArray &name : QByteArray(readingNames).split(' '))
            names.insert(name);
        for (const char *does : {"exec", "monitor"})
            names.remove(does);
        return names;
    }();
    return all;
}

/// Converts to lower case in `to`; returns 0 if it is longer than any name.
qsizetype fold(QByteArrayView word, char *to, qsizetype room)
{
    if (word.size() > room)
        return 0;
    for (qsizetype i = 0; i < word.size(); ++i)
        to[i] = word[i] >= 'A' && word[i] <= 'Z' ? char(word[i] | 0x20) : word[i];
    return word.size();
}

} // namespace

bool isKnownCommand(const Command &command)
{
    return isServersCommand(command.value(0));
}

bool changesServers(const Command &command)
{
    if (command.isEmpty())
        return false;
    std::array<char, 80> name{};
    const qsizetype length = fold(command.front(), name.data(), 32);
    if (length == 0)
        return true;
    const QSet<QByteArray> &reading = readingCommands();
    if (reading.contains(QByteArray::fromRawData(name.data(), length)))
        return false;
    if (command.size() < 2)
        return true;
    name[size_t(length)] = '|';
    const qsizetype further = fold(command.at(1), name.data() + length + 1, 40);
    if (further == 0 || !reading.contains(QByteArray::fromRawData(name.data(), length + 1 + further)))
        return true;
    const bool resets = command.size() > 2 && command.at(2).compare("reset", Qt::CaseInsensitive) == 0; // ACL LOG RESET
    return resets;
}

} // namespace slotscope
