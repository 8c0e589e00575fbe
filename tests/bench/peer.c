/* SPDX-License-Identifier: GPL-3.0-or-later
 * The plain C loop on hiredis that our connection is measured against:
 *   bench_peer PORT fill KEYS BYTES | get KEYS COMMANDS BATCH | scan COUNT
 * Prints what it did a second: commands, or keys. */
#include "reply.h"

#include <string.h>
#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void append(redisContext *c, const char *name, long key, const char *value, size_t value_length)
{
    char text[32];
    const char *argv[3] = {name, text, value};
    const size_t lengths[3] = {strlen(name), (size_t)snprintf(text, sizeof(text), "key:%08ld", key), value_length};
    redisAppendCommandArgv(c, value ? 3 : 2, argv, lengths);
}

static void fill(redisContext *c, long keys, size_t bytes)
{
    char *value = malloc(bytes);
    memset(value, 'v', bytes);
    for (long at = 0; at < keys;) {
        const long begin = at;
        for (; at < keys && at < begin + 1000; ++at)
            append(c, "SET", at, value, bytes);
        for (long i = begin; i < at; ++i)
            freeReplyObject(reply_of(c));
    }
    free(value);
}

static double get(redisContext *c, long keys, long commands, long batch)
{
    const double begin = now();
    for (long done = 0; done < commands; done += batch) {
        for (long i = 0; i < batch; ++i)
            append(c, "GET", (done + i) * 7919 % keys, NULL, 0);
        for (long i = 0; i < batch; ++i)
            freeReplyObject(reply_of(c));
    }
    return (double)commands / (now() - begin);
}

static double scan(redisContext *c, const char *count)
{
    const double begin = now();
    char cursor[32] = "0";
    long seen = 0;
    do {
        const char *argv[4] = {"SCAN", cursor, "COUNT", count};
        redisAppendCommandArgv(c, 4, argv, NULL);
        redisReply *reply = reply_of(c);
        snprintf(cursor, sizeof(cursor), "%s", reply->element[0]->str);
        seen += (long)reply->element[1]->elements;
        freeReplyObject(reply);
    } while (strcmp(cursor, "0") != 0);
    return (double)seen / (now() - begin);
}

int main(int argc, char **argv)
{
    if (argc < 4)
        fail("PORT fill KEYS BYTES | get KEYS COMMANDS BATCH | scan COUNT");
    redisContext *c = connected(argv[1]);
    if (!strcmp(argv[2], "fill") && argc == 5)
        fill(c, atol(argv[3]), (size_t)atol(argv[4]));
    else if (!strcmp(argv[2], "get") && argc == 6)
        printf("%.0f\n", get(c, atol(argv[3]), atol(argv[4]), atol(argv[5])));
    else if (!strcmp(argv[2], "scan"))
        printf("%.0f\n", scan(c, argv[3]));
    else
        fail("unknown words");
    redisFree(c);
    return 0;
}
