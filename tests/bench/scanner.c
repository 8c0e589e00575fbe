/* SPDX-License-Identifier: GPL-3.0-or-later
 * The plain C loop on hiredis that a scan of whole clusters is measured against: SCAN on all nodes side by side, only
 * counted.   bench_scanner COUNT PORT...   Prints milliseconds, and keys. */
#include "reply.h"

#include <string.h>
#include <time.h>

#define MOST 64

struct node
{
    redisContext *context;
    char cursor[32];
    int is_done;
};

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void ask(struct node *node, const char *count)
{
    const char *argv[4] = {"SCAN", node->cursor, "COUNT", count};
    int done = 0;
    redisAppendCommandArgv(node->context, 4, argv, NULL);
    while (!done && redisBufferWrite(node->context, &done) == REDIS_OK) { }
}

int main(int argc, char **argv)
{
    static struct node nodes[MOST];
    const int count = argc - 2;
    if (count < 1 || count > MOST)
        return 2;
    for (int i = 0; i < count; ++i) {
        nodes[i].context = redisConnect("127.0.0.1", atoi(argv[i + 2]));
        if (!nodes[i].context || nodes[i].context->err)
            return 1;
        strcpy(nodes[i].cursor, "0");
    }
    const double begin = now_ms();
    long seen = 0;
    int left = count;
    for (int i = 0; i < count; ++i)
        ask(&nodes[i], argv[1]);
    while (left > 0) {
        for (int i = 0; i < count; ++i) {
            if (nodes[i].is_done)
                continue;
            redisReply *reply = reply_of(nodes[i].context);
            snprintf(nodes[i].cursor, sizeof(nodes[i].cursor), "%s", reply->element[0]->str);
            nodes[i].is_done = strcmp(nodes[i].cursor, "0") == 0;
            if (nodes[i].is_done)
                --left;
            else
                ask(&nodes[i], argv[1]); /* it goes on while we count */
            seen += (long)reply->element[1]->elements;
            freeReplyObject(reply);
        }
    }
    printf("%.0f %ld\n", now_ms() - begin, seen);
    return 0;
}
