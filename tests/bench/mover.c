/* SPDX-License-Identifier: GPL-3.0-or-later
 * A bare windowed pipeline on hiredis that our resharding is measured against: no checks, no journal, no sizes asked,
 * nothing waited for but the replies, and nobody told when it fails. What it takes is about what MIGRATE itself does.
 *   bench_mover SOURCE-PORT TARGET-PORT THIRD-PORT SLOTS */
#include "reply.h"

#include <string.h>

enum { Group = 4, MostKeys = 1000, MostSlots = 16384 };

static redisContext *source, *target, *third;
static char source_id[41], target_id[41], target_port[8];
static int list[MostSlots], count;

static void drop(redisContext *c, int replies)
{
    while (replies-- > 0)
        freeReplyObject(reply_of(c));
}

static void flush(redisContext *c)
{
    for (int done = 0; !done;)
        if (redisBufferWrite(c, &done) != REDIS_OK)
            fail(c->errstr);
}

/* The first slots that the source owns. */
static void choose(int wanted)
{
    redisReply *nodes = redisCommand(source, "CLUSTER NODES");
    char *self = nodes ? strstr(nodes->str, "myself") : NULL;
    char *ranges = self ? strstr(self, "connected") : NULL;
    if (!ranges)
        fail("no table");
    *strchr(ranges, '\n') = '\0';
    strtok(ranges, " ");
    for (char *word = strtok(NULL, " "); word && count < wanted; word = strtok(NULL, " ")) {
        int from = 0, to = 0;
        if (*word == '[') /* an open slot */
            continue;
        if (sscanf(word, "%d-%d", &from, &to) < 2)
            to = from;
        for (; from <= to && count < wanted; ++from)
            list[count++] = from;
    }
    freeReplyObject(nodes);
}

static void set_slots(redisContext *c, int first, int slots, const char *what, const char *id)
{
    for (int i = 0; i < slots; ++i)
        redisAppendCommand(c, "CLUSTER SETSLOT %d %s %s", list[first + i], what, id);
    flush(c);
}

/* The source's replies are left to be read: SETSLOT's, then the keys. */
static void open_group(int first, int slots)
{
    set_slots(target, first, slots, "IMPORTING", source_id);
    drop(target, slots);
    set_slots(source, first, slots, "MIGRATING", target_id);
    for (int i = 0; i < slots; ++i)
        redisAppendCommand(source, "CLUSTER GETKEYSINSLOT %d %d", list[first + i], MostKeys);
    flush(source);
}

/* A call a slot: MIGRATE's replies are left to be read. */
static void send_keys(int slots)
{
    redisReply *keys[Group];
    drop(source, slots);
    for (int i = 0; i < slots; ++i)
        if ((keys[i] = reply_of(source))->elements >= MostKeys)
            fail("too many keys in a slot");
    for (int i = 0; i < slots; ++i) {
        const char *argv[7 + MostKeys] = {"MIGRATE", "127.0.0.1", target_port, "", "0", "2000", "KEYS"};
        size_t lengths[7 + MostKeys];
        int argc = 0;
        for (; argc < 7; ++argc)
            lengths[argc] = strlen(argv[argc]);
        for (size_t k = 0; k < keys[i]->elements; ++k, ++argc) {
            argv[argc] = keys[i]->element[k]->str;
            lengths[argc] = keys[i]->element[k]->len;
        }
        redisAppendCommandArgv(source, argc, argv, lengths);
    }
    flush(source);
    for (int i = 0; i < slots; ++i)
        freeReplyObject(keys[i]);
}

static int group_at(int first)
{
    return first >= count ? 0 : count - first < Group ? count - first : Group;
}

int main(int argc, char **argv)
{
    if (argc != 5)
        fail("SOURCE-PORT TARGET-PORT THIRD-PORT SLOTS");
    source = connected(argv[1]);
    target = connected(argv[2]);
    third = connected(argv[3]);
    snprintf(target_port, sizeof(target_port), "%s", argv[2]);
    snprintf(source_id, sizeof(source_id), "%s", ((redisReply *)redisCommand(source, "CLUSTER MYID"))->str);
    snprintf(target_id, sizeof(target_id), "%s", ((redisReply *)redisCommand(target, "CLUSTER MYID"))->str);
    choose(atoi(argv[4]));
    int unread = 0; /* of NODE, on the source */
    if (group_at(0) > 0) {
        open_group(0, group_at(0));
        send_keys(group_at(0));
    }
    for (int first = 0; group_at(first) > 0; first += Group) {
        const int slots = group_at(first), next = group_at(first + Group);
        if (next > 0)
            open_group(first + Group, next); /* while the source moves this group's keys */
        drop(source, slots);
        drop(source, unread);
        if (next > 0)
            send_keys(next);
        set_slots(target, first, slots, "NODE", target_id);
        drop(target, slots);
        set_slots(source, first, slots, "NODE", target_id);
        unread = slots;
        set_slots(third, first, slots, "NODE", target_id);
        drop(third, slots);
    }
    drop(source, unread);
    printf("%d\n", count);
    return 0;
}
