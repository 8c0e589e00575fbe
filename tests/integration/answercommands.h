// SPDX-License-Identifier: GPL-3.0-or-later
// What tst_answers asks; apart from it, since moc stumbles over these texts.
#pragma once

namespace slotscope::test {

inline constexpr char preparing[] = R"(
FLUSHALL
SET text "a\tb\"c\\ \xff\x01"
SET number 41
SET empty ""
SET korean "\xed\x95\x9c\xea\xb8\x80"
SET lines "one\ntwo\r\nthree"
SET markup "<b>bold</b> &amp;"
SETBIT bits 7 1
SETBIT bits 100 1
RPUSH list 1 two "" "three four" "\x00\xff" 5 6 7 8 9 10 11
RPUSH single one
HSET hash field value "odd \xfe" "" n 5 f 1.5 "" emptyname
SADD set one
SADD numbers 1 2 3 4 5
SADD other 3 4 5 6
ZADD sorted 1.5 one -inf two 3 three +inf four 17179869184.123 five 1e300 six -0.1 seven
ZADD second 1 one 2 two
XADD stream 1-1 a b c d
XADD stream 2-1 "\xff" ""
XADD stream 3-0 k v
XGROUP CREATE stream group 0
XGROUP CREATE stream late $
XREADGROUP GROUP group ann COUNT 2 STREAMS stream >
GEOADD places 13.361389 38.115556 Palermo 15.087269 37.502669 Catania
PFADD hll a b c d
)";

inline constexpr char asking[] = R"--(
PING
PING hello
PING "odd \x01 \xff"
ECHO ""
ECHO "a b"
ECHO "\n"
GET text
GET number
GET empty
GET korean
GET lines
GET markup
GET absent
GET list
GET
GETRANGE text 0 2
GETRANGE absent 0 -1
STRLEN text
STRLEN absent
STRLEN list
APPEND number 0
INCR number
DECR number
INCRBY number 10
DECRBY number 3
INCRBYFLOAT number 0.5
INCRBYFLOAT number 1e300
INCR text
INCR list
SET new v
SET new v NX
SET new v XX
SET new w GET
SET new x EX
SET new x EX 0
SET new x BAD
SETNX new y
SETNX newer y
GETSET newer z
GETDEL newer
GETDEL absent
GETEX new
MGET text absent number list
MGET absent
MSET a 1 b 2
MSET a 1 b
MSETNX a 1 c 2
SETRANGE new 5 tail
GET new
LCS text korean
LCS text korean LEN
LCS text korean IDX
SETBIT bits 7 0
GETBIT bits 100
GETBIT bits 1000
BITCOUNT bits
BITCOUNT bits 0 0
BITPOS bits 1
BITPOS absent 0
BITFIELD bits GET u8 0 GET i5 100
BITFIELD bits SET u8 0 255 INCRBY u8 0 10
BITFIELD bits OVERFLOW FAIL INCRBY u2 0 3
BITFIELD_RO bits GET u4 0
BITOP AND dest bits bits
PFCOUNT hll
PFCOUNT text
PFADD hll a
EXISTS text absent text
TYPE text
TYPE list
TYPE set
TYPE sorted
TYPE hash
TYPE stream
TYPE absent
TTL text
TTL absent
PTTL text
EXPIRE text 100000 GT
EXPIRE absent 10
EXPIRETIME text
PEXPIRETIME absent
PERSIST text
OBJECT ENCODING text
OBJECT ENCODING number
OBJECT ENCODING list
OBJECT ENCODING numbers
OBJECT ENCODING absent
OBJECT REFCOUNT text
OBJECT FREQ text
OBJECT BAD text
OBJECT HELP
RENAME a a2
RENAME absent b
RENAMENX a2 b
COPY text text2
COPY text text2
COPY text text2 REPLACE
TOUCH text absent
UNLINK text2 absent
DEL absent
DBSIZE
RANDOMKEY extra
LRANGE list 0 -1
LRANGE list 5 3
LRANGE absent 0 -1
LRANGE text 0 -1
LRANGE list a b
LLEN list
LLEN absent
LINDEX list 0
LINDEX list 2
LINDEX list 100
LINSERT list BEFORE two 1.5
LINSERT list AFTER absent x
LPOS list two
LPOS list absent
LPOS list two COUNT 0
LPOS list absent COUNT 0
LPUSHX absent x
RPUSHX list 12
LSET list 0 first
LSET list 100 x
LSET absent 0 x
LREM list 1 two
LTRIM list 0 8
LPOP list
LPOP list 2
LPOP absent
LPOP absent 2
RPOP list
RPOP list 0
LMOVE list single LEFT RIGHT
LMPOP 1 absent LEFT
LMPOP 2 absent list LEFT COUNT 2
RPOPLPUSH list single
LRANGE single 0 -1
SORT numbers
SORT numbers DESC LIMIT 0 2
SORT list ALPHA
SORT_RO numbers BY nosort GET #
HGET hash field
HGET hash absent
HGET absent field
HGETALL hash
HGETALL absent
HGETALL text
HKEYS hash
HVALS hash
HVALS absent
HLEN hash
HSTRLEN hash field
HEXISTS hash field
HEXISTS hash absent
HMGET hash field absent n
HMGET absent a b
HSET hash another 1 field changed
HSETNX hash field x
HINCRBY hash n 5
HINCRBY hash field 5
HINCRBYFLOAT hash f 0.1
HDEL hash another absent
HSCAN hash 0
HSCAN hash 0 MATCH f*
HSCAN absent 0
HRANDFIELD absent
HRANDFIELD absent 3
SMEMBERS set
SMEMBERS numbers
SMEMBERS absent
SMEMBERS text
SCARD numbers
SISMEMBER numbers 3
SISMEMBER numbers x
SMISMEMBER numbers 1 9 2
SMISMEMBER absent 1
SADD numbers 1 6
SREM numbers 6 7
SMOVE numbers other 1
SMOVE absent other 1
SINTER numbers other
SINTER numbers absent
SINTERCARD 2 numbers other
SINTERCARD 2 numbers other LIMIT 1
SUNION absent absent2
SDIFF numbers other
SDIFFSTORE d numbers other
SSCAN set 0
SPOP absent
SPOP absent 2
SRANDMEMBER absent
SRANDMEMBER absent 2
SRANDMEMBER set
ZRANGE sorted 0 -1
ZRANGE sorted 0 -1 WITHSCORES
ZRANGE sorted 0 0 WITHSCORES
ZRANGE sorted -inf +inf BYSCORE WITHSCORES LIMIT 1 2
ZRANGE sorted 0 1 REV
ZRANGE absent 0 -1 WITHSCORES
ZRANGE sorted a b
ZRANGEBYSCORE sorted (1 3 WITHSCORES
ZRANGEBYLEX second - +
ZREVRANGE sorted 0 1 WITHSCORES
ZSCORE sorted one
ZSCORE sorted two
ZSCORE sorted four
ZSCORE sorted five
ZSCORE sorted six
ZSCORE sorted seven
ZSCORE sorted absent
ZMSCORE sorted one absent three
ZMSCORE absent one
ZRANK sorted one
ZRANK sorted absent
ZRANK sorted one WITHSCORE
ZRANK sorted absent WITHSCORE
ZREVRANK sorted one
ZCARD sorted
ZCOUNT sorted -inf 2
ZLEXCOUNT second - +
ZADD second 5 one
ZADD second XX CH 6 one 7 nine
ZADD second INCR 1.25 one
ZADD second NX INCR 1 one
ZADD second GT LT 1 x
ZINCRBY second 0.1 two
ZINCRBY second inf inf
ZINCRBY second -inf inf
ZUNION 2 sorted second
ZUNION 2 sorted second WITHSCORES
ZINTER 2 sorted second WITHSCORES
ZINTERCARD 2 sorted second
ZDIFF 2 sorted second
ZUNIONSTORE z 2 sorted second WEIGHTS 1 2
ZUNIONSTORE z 2 sorted
ZPOPMIN z
ZPOPMIN z 2
ZPOPMAX z
ZPOPMAX absent
ZPOPMAX absent 2
ZMPOP 1 absent MIN
ZMPOP 1 z MIN COUNT 2
ZREM z one absent
ZSCAN second 0
ZSCAN absent 0
ZRANDMEMBER absent
ZRANDMEMBER absent 2
BZPOPMIN absent 0.01
BLPOP absent 0.01
BLPOP single 0.01
BLMPOP 0.01 1 absent LEFT
XLEN stream
XLEN absent
XRANGE stream - +
XRANGE stream - + COUNT 1
XRANGE stream 2 3
XRANGE absent - +
XREVRANGE stream + -
XREAD STREAMS stream 0
XREAD COUNT 1 STREAMS stream 1
XREAD STREAMS stream $
XREAD STREAMS stream absent 0 0
XREADGROUP GROUP group ann STREAMS stream 0
XREADGROUP GROUP nogroup ann STREAMS stream >
XREADGROUP GROUP group bob COUNT 1 STREAMS stream >
XREADGROUP GROUP group bob COUNT 1 STREAMS stream >
XPENDING stream group
XPENDING stream late
XPENDING stream nogroup
XACK stream group 1-1 9-9
XPENDING stream late - + 10
XINFO GROUPS stream
XINFO GROUPS absent
XINFO STREAM stream
XINFO STREAM absent
XINFO CONSUMERS stream late
XINFO HELP
XCLAIM stream late ann 0 1-1 JUSTID
XAUTOCLAIM stream late ann 0 0
XDEL stream 1-1
XRANGE stream - +
XTRIM stream MAXLEN 1
XADD stream 1-1 late x
XADD stream 9-9 n v
XADD stream 9-9 n v
XADD stream bad n v
XADD stream NOMKSTREAM 10-0 n v
XADD absent NOMKSTREAM * n v
XSETID stream 20-0
XGROUP CREATE stream group 0
XGROUP CREATE absent g 0
XGROUP DESTROY stream late
XGROUP CREATECONSUMER stream group cat
XGROUP DELCONSUMER stream group cat
GEOPOS places Palermo absent
GEODIST places Palermo Catania
GEODIST places Palermo Catania km
GEODIST places Palermo absent
GEOHASH places Palermo Catania absent
GEOSEARCH places FROMLONLAT 15 37 BYRADIUS 200 km ASC
GEOSEARCH places FROMLONLAT 15 37 BYRADIUS 200 km ASC WITHCOORD WITHDIST WITHHASH
GEORADIUS places 15 37 200 km WITHDIST ASC
SCAN 0 MATCH nothing* COUNT 100000
SCAN bad
KEYS absent*
KEYS single
EVAL "return 1" 0
EVAL "return 'a'" 0
EVAL "return {1,2,{3,'four',{}}}" 0
EVAL "return {}" 0
EVAL "return nil" 0
EVAL "return false" 0
EVAL "return true" 0
EVAL "return 3.99" 0
EVAL "return redis.status_reply('FINE')" 0
EVAL "return redis.error_reply('MY error')" 0
EVAL "return {err='ODD'}" 0
EVAL "return {1,false,'x',nil,5}" 0
EVAL "redis.setresp(3); return {map={a=1}}" 0
EVAL "redis.setresp(3); return {set={a=true}}" 0
EVAL "redis.setresp(3); return {double=3.1415}" 0
EVAL "redis.setresp(3); return {double=1e100}" 0
EVAL "redis.setresp(3); return true" 0
EVAL "redis.setresp(3); return {map={a={1,2}}}" 0
EVAL "return redis.call('HGETALL', KEYS[1])" 1 hash
EVAL "return redis.pcall('INCR', KEYS[1])" 1 list
EVAL "return KEYS[1]..ARGV[1]" 1 k v
EVAL "return cjson.encode({a=1})" 0
EVAL "local t={} for i=1,12 do t[i]={i,{i}} end return t" 0
EVAL "local t={} for i=1,101 do t[i]='x'..i end return t" 0
EVAL "return {{{{{{{{{{1}}}}}}}}}}" 0
EVAL "return {'',{'a','b'},{{'c'}},'d'}" 0
EVAL "syntax error" 0
EVAL "return 1" 2 a
EVALSHA 0000000000000000000000000000000000000000 0
SCRIPT EXISTS 0000000000000000000000000000000000000000
SCRIPT LOAD "return 5"
SCRIPT EXISTS 4ca238f611c9d0ae4e9a75a5dbac22aedc1e44
FUNCTION LIST
FCALL nofunction 0
CONFIG GET maxmemory
CONFIG GET maxmemory maxmemory-samples
CONFIG GET nothing*
CONFIG SET nothing 1
CONFIG SET maxmemory-samples 5
CONFIG BAD
CLIENT GETNAME
CLIENT SETNAME "bad name"
CLIENT NO-EVICT off
CLIENT TRACKINGINFO
CLIENT CACHING yes
CLIENT BAD
CLIENT HELP
COMMAND COUNT x
COMMAND INFO get
COMMAND INFO nosuch get
COMMAND GETKEYS MGET a b
COMMAND GETKEYS PING
COMMAND GETKEYSANDFLAGS SET a b
COMMAND LIST FILTERBY PATTERN xr*
COMMAND DOCS get
COMMAND DOCS nosuch
ACL WHOAMI
ACL CAT nosuch
ACL GETUSER nosuch
ACL DRYRUN default GET a
ACL LOG
ACL BAD
PUBSUB CHANNELS
PUBSUB NUMSUB a b
PUBSUB NUMPAT
PUBLISH nobody hello
MULTI
SET tx 1
INCR tx
LRANGE single 0 -1
HGETALL hash
INCR single
GET absent
EXEC
EXEC
DISCARD
MULTI
NOSUCH
EXEC
MULTI
DISCARD
MULTI
EXEC
WATCH tx
UNWATCH
SELECT 1
GET text
SELECT 0
SELECT 99999
SWAPDB 0 99999
WAIT 0 10
REPLICAOF bad
ROLE
LATENCY LATEST
LATENCY HISTORY command
LATENCY RESET
LATENCY HISTOGRAM nosuch
LATENCY DOCTOR
MEMORY USAGE absent
MEMORY HELP
SLOWLOG LEN
SLOWLOG GET 0
MODULE LIST
CLUSTER INFO
CLUSTER KEYSLOT a
DUMP absent
RESTORE bad 0 bad
MIGRATE a
DEBUG PROTOCOL string
DEBUG PROTOCOL integer
DEBUG PROTOCOL double
DEBUG PROTOCOL null
DEBUG PROTOCOL array
DEBUG PROTOCOL set
DEBUG PROTOCOL map
DEBUG PROTOCOL true
DEBUG PROTOCOL false
DEBUG PROTOCOL verbatim
DEBUG SLEEP 0
NOSUCH a b
"nosuch" "\x00"
SET
HSET hash f
FLUSHDB BAD
OBJECT
AUTH a b c d
HELLO 9
)--";

} // namespace slotscope::test
