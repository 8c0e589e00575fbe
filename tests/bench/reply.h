/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the C peers have in common: a connection and its replies, or the end of the program. */
#pragma once

#include <hiredis/hiredis.h>

#include <stdio.h>
#include <stdlib.h>

static inline void fail(const char *what)
{
    fprintf(stderr, "bench peer: %s\n", what);
    exit(1);
}

static inline redisContext *connected(const char *port)
{
    redisContext *c = redisConnect("127.0.0.1", atoi(port));
    if (!c || c->err)
        fail(c ? c->errstr : "no memory");
    return c;
}

static inline redisReply *reply_of(redisContext *c)
{
    void *reply = NULL;
    if (redisGetReply(c, &reply) != REDIS_OK)
        fail(c->errstr);
    if (((redisReply *)reply)->type == REDIS_REPLY_ERROR)
        fail(((redisReply *)reply)->str);
    return reply;
}
