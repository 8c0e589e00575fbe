// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/commandnames.h"

#include <QReadWriteLock>
#include <QSet>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

struct KnownNames
{
    QReadWriteLock lock;
    QHash<QByteArray, QByteArray> own; ///< maps a server's name in upper case to the original name
};

KnownNames &knownNames()
{
    static KnownNames names;
    return names;
}

} // namespace

Command asKnown(const Command &command, const QHash<QByteArray, QByteArray> &renamed)
{
    if (renamed.isEmpty() || command.isEmpty() || renamed.contains(command.front().toUpper()))
        return command;
    for (auto each = renamed.cbegin(); each != renamed.cend(); ++each)
        if (each.value().compare(command.front(), Qt::CaseInsensitive) == 0) {
            Command known = command;
            known.front() = each.key();
            return known;
        }
    return command;
}

Command asSent(const Command &command, const QHash<QByteArray, QByteArray> &renamed)
{
    if (renamed.isEmpty() || command.isEmpty())
        return command;
    Command sent = command;
    const QByteArray name = command.front().toUpper(), second = command.value(1).toUpper();
    qsizetype from = 1, until = 1; // range of further words that are command names
    if (name == "ACL" && second == "DRYRUN") {
        from = 3;
        until = 4;
    } else if (name == "COMMAND" && second.startsWith("GETKEYS")) {
        from = 2;
        until = 3;
    } else if (name == "COMMAND" && (second == "INFO" || second == "DOCS")) {
        from = 2;
        until = command.size();
    }
    for (qsizetype i = 0; i < std::min(until, command.size()); i = i == 0 ? from : i + 1)
        if (const auto known = renamed.constFind(command[i].toUpper()); known != renamed.cend())
            sent[i] = *known;
    return sent;
}

void rememberNames(const QHash<QByteArray, QByteArray> &renamed)
{
    if (renamed.isEmpty())
        return;
    KnownNames &names = knownNames();
    const QWriteLocker locked(&names.lock);
    for (auto each = renamed.cbegin(); each != renamed.cend(); ++each)
        names.own.insert(each.value().toUpper(), each.key());
}

QByteArray ownNameOf(const QByteArray &word)
{
    const QByteArray name = word.toUpper();
    KnownNames &names = knownNames();
    const QReadLocker locked(&names.lock);
    return names.own.isEmpty() ? name : names.own.value(name, name);
}

bool isServersCommand(QByteArrayView name)
{
    static constexpr char allNames[] =
        "acl append asking auth bgrewriteaof bgsave bitcount bitfield bitfield_ro bitop bitpos blmove blmpop "
        "blpop brpop brpoplpush bzmpop bzpopmax bzpopmin client cluster clusterscan command commandlog config "
        "copy dbsize debug decr decrby del delifeq discard dump echo eval eval_ro evalsha evalsha_ro exec exists "
        "expire expireat expiretime failover fcall fcall_ro flushall flushdb function geoadd geodist geohash "
        "geopos georadius georadius_ro georadiusbymember georadiusbymember_ro geosearch geosearchstore get "
        "getbit getdel getex getrange getset hdel hello hexists hexpire hexpireat hexpiretime hget hgetall "
        "hgetdel hgetex hincrby hincrbyfloat hkeys hlen hmget hmset hpersist hpexpire hpexpireat hpexpiretime "
        "hpttl hrandfield hscan hset hsetex hsetnx hstrlen httl hvals incr incrby incrbyfloat info keys lastsave "
        "latency lcs lindex linsert llen lmove lmpop lolwut lpop lpos lpush lpushx lrange lrem lset ltrim memory "
        "mget migrate module monitor move mset msetex msetnx multi object persist pexpire pexpireat pexpiretime "
        "pfadd pfcount pfdebug pfmerge pfselftest ping psetex psubscribe psync pttl publish pubsub punsubscribe "
        "quit randomkey readonly readwrite rename renamenx replconf replicaof reset restore restore-asking role "
        "rpop rpoplpush rpush rpushx sadd save scan scard script sdiff sdiffstore select sentinel set setbit "
        "setex setnx setrange shutdown sinter sintercard sinterstore sismember slaveof slowlog smembers "
        "smismember smove sort sort_ro spop spublish srandmember srem sscan ssubscribe strlen subscribe substr "
        "sunion sunionstore sunsubscribe swapdb sync time touch ttl type unlink unsubscribe unwatch vadd vcard "
        "vdim vemb vgetattr vinfo vismember vlinks vrandmember vrem vsetattr vsim wait waitaof watch xack xadd "
        "xautoclaim xclaim xdel xgroup xinfo xlen xpending xrange xread xreadgroup xrevrange xsetid xtrim zadd "
        "zcard zcount zdiff zdiffstore zincrby zinter zintercard zinterstore zlexcount zmpop zmscore zpopmax "
        "zpopmin zrandmember zrange zrangebylex zrangebyscore zrangestore zrank zrem zremrangebylex "
        "zremrangebyrank zremrangebyscore zrevrange zrevrangebylex zrevrangebyscore zrevrank zscan zscore zunion "
        "zunionstore";
    static const QSet<QByteArray> all = [] {
        const QByteArrayList names = QByteArray(allNames).split(' ');
        return QSet<QByteArray>(names.begin(), names.end());
    }();
    return all.contains(name.toByteArray().toLower());
}

bool isInEveryServer(QByteArrayView name)
{
    static const QSet<QByteArray> all{
        "AUTH"_ba,      "BGREWRITEAOF"_ba, "BGSAVE"_ba,    "CLIENT"_ba,   "CLUSTER"_ba,    "COMMAND"_ba,  "CONFIG"_ba,
        "DBSIZE"_ba,    "DEBUG"_ba,        "DEL"_ba,       "DUMP"_ba,     "ECHO"_ba,       "EVAL"_ba,     "EVALSHA"_ba,
        "EXEC"_ba,      "EXISTS"_ba,       "EXPIRE"_ba,    "EXPIREAT"_ba, "FLUSHALL"_ba,   "FLUSHDB"_ba,  "GET"_ba,
        "HGETALL"_ba,   "HSCAN"_ba,        "HSET"_ba,      "INFO"_ba,     "KEYS"_ba,       "LASTSAVE"_ba, "LATENCY"_ba,
        "LRANGE"_ba,    "MEMORY"_ba,       "MIGRATE"_ba,   "MODULE"_ba,   "MONITOR"_ba,    "MULTI"_ba,    "OBJECT"_ba,
        "PERSIST"_ba,   "PEXPIRE"_ba,      "PEXPIREAT"_ba, "PING"_ba,     "PSUBSCRIBE"_ba, "PUBLISH"_ba,  "PUBSUB"_ba,
        "RANDOMKEY"_ba, "READONLY"_ba,     "RENAME"_ba,    "RENAMENX"_ba, "RESTORE"_ba,    "ROLE"_ba,     "SAVE"_ba,
        "SCAN"_ba,      "SCRIPT"_ba,       "SELECT"_ba,    "SET"_ba,      "SHUTDOWN"_ba,   "SLAVEOF"_ba,  "SLOWLOG"_ba,
        "SSCAN"_ba,     "STRLEN"_ba,       "SUBSCRIBE"_ba, "SWAPDB"_ba,   "TTL"_ba,        "PTTL"_ba,     "TYPE"_ba,
        "UNLINK"_ba,    "UNWATCH"_ba,      "WAIT"_ba,      "WATCH"_ba,    "ZADD"_ba,       "ZRANGE"_ba,   "ZSCAN"_ba};
    return all.contains(name.toByteArray().toUpper());
}

} // namespace slotscope
