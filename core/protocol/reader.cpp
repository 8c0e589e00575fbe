// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/reader.h"

#include "core/base/text.h"
#include "core/base/tr.h"

#include <hiredis/read.h>

#include <algorithm>
#include <cstring>

namespace slotscope {

namespace {

/// Limit for a simple string, error or big number, because hiredis scans an incomplete line again with each feed.
constexpr size_t maximumLine = 1024 * 1024;
/// Limit for the digits of a length.
constexpr size_t maximumHeader = 32;
/// Limit for memory reserved in advance, because an announced aggregate may never arrive.
constexpr size_t maximumReserve = 4096;

struct ReaderDeleter
{
    void operator()(redisReader *reader) const { redisReaderFree(reader); }
};

} // namespace

/// hiredis controls the parsing, and its tasks point to the values under construction. These pointers stay valid,
/// because an aggregate does not grow while one of its items is being built.
struct Reader::Private
{
    ReaderLimits limits;
    std::unique_ptr<redisReader, ReaderDeleter> reader;
    Value root;
    Value dropped; ///< attributes inside a reply are built here and dropped
    bool attributeNext = false; ///< the next aggregate started with '|', which hiredis does not know
    qint64 elements = 0;
    qint64 replyBytes = 0; ///< size of the reply under construction
    Error error; ///< our own error, after an object function returned null
    bool failed = false;
    /// bytes at the start of the current item, for error messages, because hiredis drops its buffer on error
    char ahead[32] = {};
    size_t aheadLength = 0;

    static Private *of(const redisReadTask *task) { return static_cast<Private *>(task->privdata); }

    void keepAhead(const char *next, size_t available)
    {
        aheadLength = std::min(available, sizeof(ahead));
        if (aheadLength == sizeof(ahead))
            // a constant size compiles to two instructions, and this runs for every item
            std::memcpy(ahead, next, sizeof(ahead));
        else
            std::memcpy(ahead, next, aheadLength);
    }

    /// Remembers the next bytes, and makes an attribute look like a map to hiredis.
    void look(char *next)
    {
        const char *end = reader->buf + reader->len;
        if (next >= end) {
            aheadLength = 0;
            return;
        }
        keepAhead(next, size_t(end - next));
        if (*next == '|') {
            *next = '%';
            attributeNext = true;
        }
    }
    void lookAtCursor() { look(reader->buf + reader->pos); }

    void *refuse(Error::Code code, const QString &detail)
    {
        failed = true;
        error = failure(code, detail).value();
        return nullptr;
    }

    /// Whether the reply may grow by this much.
    bool grow(qint64 bytes)
    {
        replyBytes += bytes;
        if (replyBytes <= limits.replyBytes)
            return true;
        refuse(Error::Code::LimitExceeded, tr("a reply of more than %1 bytes in memory").arg(limits.replyBytes));
        return false;
    }

    /// Where the item of a task is built: from the start inside its parent.
    Value *place(const redisReadTask *task)
    {
        if (!task->parent)
            return &root;
        return &static_cast<Value *>(task->parent->obj)->items().emplace_back();
    }
    template <typename T, typename... Arguments>
    Value *place(const redisReadTask *task, Value::Type type, Arguments &&...arguments)
    {
        Value *value = place(task);
        value->become<T>(type, std::forward<Arguments>(arguments)...);
        return value;
    }

    static Value::Type stringType(int type);
    static Value::Type aggregateType(int type);
    static void *createString(const redisReadTask *task, char *text, size_t length);
    static void *createArray(const redisReadTask *task, size_t count);
    static void *createInteger(const redisReadTask *task, long long number);
    static void *createDouble(const redisReadTask *task, double number, char *text, size_t length);
    static void *createNil(const redisReadTask *task);
    static void *createBool(const redisReadTask *task, int truth);
    static void freeObject(void *) { } // nothing to free, because `root` owns all values

    [[nodiscard]] std::optional<Error> checkPending() const;
    [[nodiscard]] Error readerError() const;
    [[nodiscard]] QString quotedAhead() const { return toDisplay(QByteArrayView(ahead, qsizetype(aheadLength))); }
};

void *Reader::Private::createString(const redisReadTask *task, char *text, size_t length)
{
    Private *d = of(task);
    const bool bulk = task->type == REDIS_REPLY_STRING || task->type == REDIS_REPLY_VERB;
    if (bulk && qint64(length) > d->limits.bulkLength) {
        return d->refuse(Error::Code::LimitExceeded,
                         tr("a string of %1 bytes; at most %2 are read").arg(length).arg(d->limits.bulkLength));
    }
    if (!d->grow(qint64(length)))
        return nullptr;
    if (bulk && (text[length] != '\r' || text[length + 1] != '\n'))
        return d->refuse(Error::Code::Protocol, tr("a string does not end where it should: %1").arg(d->quotedAhead()));
    d->look(bulk ? text + length + 2 : d->reader->buf + d->reader->pos);
    if (task->type == REDIS_REPLY_VERB) {
        Value *value = d->place(task);
        *value = Value::verbatim(QByteArray(text + 4, qsizetype(length) - 4), QByteArrayView(text, 3));
        return value;
    }
    return d->place<QByteArray>(task, stringType(task->type), text, qsizetype(length));
}

Value::Type Reader::Private::stringType(int type)
{
    switch (type) {
    case REDIS_REPLY_STATUS: return Value::Type::SimpleString;
    case REDIS_REPLY_ERROR: return Value::Type::Error;
    case REDIS_REPLY_BIGNUM: return Value::Type::BigNumber;
    default: return Value::Type::BulkString;
    }
}

Value::Type Reader::Private::aggregateType(int type)
{
    switch (type) {
    case REDIS_REPLY_MAP: return Value::Type::Map;
    case REDIS_REPLY_SET: return Value::Type::Set;
    case REDIS_REPLY_PUSH: return Value::Type::Push;
    default: return Value::Type::Array;
    }
}

void *Reader::Private::createArray(const redisReadTask *task, size_t count)
{
    Private *d = of(task);
    const redisReader *reader = d->reader.get();
    if (reader->ridx >= d->limits.depth)
        return d->refuse(Error::Code::LimitExceeded,
                         tr("a reply nested more than %1 levels deep").arg(d->limits.depth));
    if (qint64(count) > d->limits.elements - d->elements) {
        return d->refuse(Error::Code::LimitExceeded,
                         tr("a reply of more than %1 elements: %2").arg(d->limits.elements).arg(d->quotedAhead()));
    }
    d->elements += qint64(count);
    if (!d->grow(qint64(count) * qint64(sizeof(Value))))
        return nullptr;
    const size_t available = reader->len - reader->pos;
    Value::List items;
    items.reserve(std::min({count, available / 3 + 1, maximumReserve}));
    const bool attribute = std::exchange(d->attributeNext, false);
    d->lookAtCursor();
    if (!attribute)
        return d->place<Value::List>(task, aggregateType(task->type), std::move(items));
    if (!task->parent)
        return d->place<Value::List>(task, Value::Type::Attribute, std::move(items));
    // The attribute describes the next element and is not one itself, so the parent must read one more.
    ++task->parent->elements;
    for (const redisReadTask *outer = task->parent; outer; outer = outer->parent) {
        if (outer->obj == &d->dropped) // drop an attribute of an attribute together with it
            return d->place<Value::List>(task, Value::Type::Attribute, std::move(items));
    }
    d->dropped = Value::aggregate(Value::Type::Attribute, std::move(items));
    return &d->dropped;
}

void *Reader::Private::createInteger(const redisReadTask *task, long long number)
{
    Private *d = of(task);
    d->lookAtCursor();
    return d->place<qint64>(task, Value::Type::Integer, number);
}

void *Reader::Private::createDouble(const redisReadTask *task, double number, char *text, size_t length)
{
    Private *d = of(task);
    d->lookAtCursor();
    Value *value = d->place(task);
    *value = Value::real(number, QByteArray(text, qsizetype(length)));
    return value;
}

void *Reader::Private::createNil(const redisReadTask *task)
{
    Private *d = of(task);
    d->attributeNext = false; // "|-1", which hiredis treats as null
    const bool bulk = task->type == REDIS_REPLY_STRING || task->type == REDIS_REPLY_VERB;
    // hiredis has not consumed a bulk string's "-1\r
    // " yet
    d->look(d->reader->buf + d->reader->pos + (bulk ? 4 : 0));
    return d->place<std::monostate>(task, Value::Type::Null);
}

void *Reader::Private::createBool(const redisReadTask *task, int truth)
{
    Private *d = of(task);
    d->lookAtCursor();
    return d->place<qint64>(task, Value::Type::Boolean, qint64(truth != 0));
}

/// Refuses a header that announces too much, or an endless line, before it is buffered completely.
std::optional<Error> Reader::Private::checkPending() const
{
    const redisReader *r = reader.get();
    if (r->ridx < 0 || r->task[r->ridx]->type < 0)
        return {};
    const int type = r->task[r->ridx]->type;
    const QByteArrayView rest(r->buf + r->pos, qsizetype(r->len - r->pos));
    const bool bulk = type == REDIS_REPLY_STRING || type == REDIS_REPLY_VERB;
    const bool aggregate =
        type == REDIS_REPLY_ARRAY || type == REDIS_REPLY_MAP || type == REDIS_REPLY_SET || type == REDIS_REPLY_PUSH;
    if (!bulk && !aggregate) {
        if (size_t(rest.size()) <= maximumLine)
            return {};
        return failure(Error::Code::LimitExceeded, tr("a line of more than %1 bytes").arg(maximumLine)).value();
    }
    const QByteArrayView head = rest.first(std::min<qsizetype>(rest.size(), maximumHeader));
    const qsizetype end = head.indexOf('\r');
    if (end < 0) {
        if (size_t(head.size()) < maximumHeader)
            return {};
        return failure(Error::Code::Protocol, tr("this is not a length: %1").arg(toDisplay(head))).value();
    }
    const std::optional<qint64> length = toInteger(head.first(end));
    if (!bulk || !length || *length <= limits.bulkLength)
        return {};
    return failure(Error::Code::LimitExceeded,
                   tr("a string of %1 bytes; at most %2 are read").arg(*length).arg(limits.bulkLength))
        .value();
}

Error Reader::Private::readerError() const
{
    if (failed)
        return error;
    const QString what = QString::fromLatin1(reader->errstr);
    return failure(Error::Code::Protocol, QStringLiteral("%1: %2").arg(what, quotedAhead())).value();
}

Reader::Reader(ReaderLimits limits) : d(std::make_unique<Private>())
{
    static redisReplyObjectFunctions functions = {
        &Private::createString, &Private::createArray, &Private::createInteger, &Private::createDouble,
        &Private::createNil,    &Private::createBool,  &Private::freeObject,
    };
    d->limits = limits;
    d->reader.reset(redisReaderCreateWithFunctions(&functions));
    // createArray() checks our own limit over all levels; hiredis doubles a map's number
    d->reader->maxelements = 1LL << 60;
    d->reader->privdata = d.get();
}

Reader::~Reader() = default;

void Reader::feed(QByteArrayView bytes)
{
    if (bytes.isEmpty())
        return;
    redisReader *reader = d->reader.get();
    const bool atItem = reader->pos == reader->len && (reader->ridx < 0 || reader->task[reader->ridx]->type < 0);
    if (redisReaderFeed(reader, bytes.data(), size_t(bytes.size())) == REDIS_OK && atItem)
        d->lookAtCursor();
}

Value &Reader::value()
{
    return d->root;
}

const Error &Reader::error() const
{
    return d->error;
}

Reader::Step Reader::advance()
{
    redisReader *reader = d->reader.get();
    if (d->failed)
        return Step::Failed;
    void *reply = nullptr;
    if (reader->ridx < 0)
        d->elements = d->replyBytes = 0;
    if (d->aheadLength < sizeof(d->ahead) && reader->len > reader->pos) {
        // after a partial item, add the bytes received since, to quote them in errors
        d->keepAhead(reader->buf + reader->pos, reader->len - reader->pos);
    }
    if (redisReaderGetReply(reader, &reply) != REDIS_OK) {
        d->error = d->readerError();
        d->failed = true;
        d->root = Value();
        return Step::Failed;
    }
    if (reply) {
        if (!d->dropped.isNull())
            d->dropped = Value();
        return Step::Value;
    }
    if (std::optional<Error> pending = d->checkPending()) {
        d->error = std::move(*pending);
        d->failed = true;
        return Step::Failed;
    }
    return Step::NeedsMore;
}

Result<std::optional<Value>> Reader::next()
{
    switch (advance()) {
    case Step::Value: return std::optional<Value>(std::exchange(d->root, {}));
    case Step::NeedsMore: return std::optional<Value>();
    case Step::Failed: break;
    }
    return failure(d->error);
}

} // namespace slotscope
