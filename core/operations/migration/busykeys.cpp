// SPDX-License-Identifier: GPL-3.0-or-later
// Keys that exist on both ends of a move: after an I/O error in MIGRATE, after a failover in mid-move, or because
// somebody wrote to both.
#include "core/base/tr.h"
#include "core/operations/migration/keymover.h"

#include "core/base/text.h"

#include <array>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::array copyQuestions{"DUMP", "TYPE", "PTTL"};
constexpr qsizetype payloadFooter = 10; // a DUMP payload ends with two bytes of RDB version and eight bytes of CRC64

constexpr int shownBytes = 120; // bytes shown of a string value
constexpr int shownElements = 4;
constexpr int shownEntries = 2; // entries shown of a stream

/// The commands that return the size and the beginning of a value of some type.
struct TypeQuestions
{
    const char *type;
    const char *size;
    Command (*beginning)(const QByteArray &key);
};

constexpr std::array typeQuestions{
    TypeQuestions{
        "string", "STRLEN",
        [](const QByteArray &key) { return commandOf("GETRANGE", key, "0", QByteArray::number(shownBytes)); }},
    TypeQuestions{
        "list", "LLEN",
        [](const QByteArray &key) { return commandOf("LRANGE", key, "0", QByteArray::number(shownElements)); }},
    TypeQuestions{"hash", "HLEN", [](const QByteArray &key) { return commandOf("HSCAN", key, "0", "COUNT", "5"); }},
    TypeQuestions{"set", "SCARD", [](const QByteArray &key) { return commandOf("SSCAN", key, "0", "COUNT", "5"); }},
    TypeQuestions{"zset", "ZCARD",
                  [](const QByteArray &key) {
                      return commandOf("ZRANGE", key, "0", QByteArray::number(shownElements), "WITHSCORES");
                  }},
    TypeQuestions{"stream", "XLEN",
                  [](const QByteArray &key) {
                      return commandOf("XREVRANGE", key, "+", "-", "COUNT", QByteArray::number(shownEntries));
                  }},
};

/// The copy of a key on one of the two nodes.
struct Copy
{
    QByteArray payload; ///< DUMP payload without its footer; empty if the key does not exist
    QByteArray type;
    qint64 bytes = 0;
    qint64 ttlMs = -1; ///< -1: no expiry
    QString value; ///< size and beginning of the value for display, if queried
    [[nodiscard]] QString described() const
    {
        return tr("%1, %2 serialized, %3%4")
            .arg(QString::fromLatin1(type), byteSize(bytes),
                 ttlMs < 0 ? tr("no TTL") : tr("TTL %1").arg(duration(ttlMs)),
                 value.isEmpty() ? QString() : u": "_s + value);
    }
};

void collect(const Value &value, QStringList &texts)
{
    if (value.isAggregate())
        for (const Value &item : value.items())
            collect(item, texts);
    else
        texts.append(toDisplay(value.bytes().left(shownBytes)));
}

/// Formats the size and beginning of a value: "12 elements: a, b, c, …" or "“text”".
QString valueText(const QByteArray &type, const Value &size, const Value &beginning)
{
    if (type == "string") {
        const bool more = beginning.bytes().size() > shownBytes;
        return tr("“%1”%2").arg(toDisplay(beginning.bytes().left(shownBytes)), more ? tr(" and more") : QString());
    }
    const bool scanned = type == "hash" || type == "set";
    QStringList texts;
    if (!scanned)
        collect(beginning, texts);
    else if (beginning.items().size() == 2)
        collect(beginning.items()[1], texts);
    const bool pairs = type == "hash" || type == "zset";
    const bool stream = type == "stream";
    const qsizetype most = stream ? texts.size() : pairs ? 2 * shownElements : shownElements;
    const bool goesOn = size.toInteger() > (stream ? shownEntries : shownElements) || texts.size() > most;
    const QString more = goesOn ? u", …"_s : QString();
    return tr("%1 elements: %2").arg(groupedNumber(size.toInteger()), texts.mid(0, most).join(u", "_s) + more);
}

QCoro::Task<Result<Copy>> copyAt(std::shared_ptr<NodeLink> link, QByteArray key, bool asking)
{
    std::vector<Command> commands;
    for (const char *name : copyQuestions) {
        if (asking)
            commands.push_back(commandOf("ASKING"));
        commands.push_back(commandOf(name, key));
    }
    const auto replies = co_await link->sendAll(commands);
    if (!replies)
        co_return failure(replies.error());
    const size_t each = asking ? 2 : 1;
    const auto reply = [&](size_t i) -> const Value & { return (*replies)[i * each + each - 1]; };
    for (size_t i = 0; i < copyQuestions.size(); ++i)
        if (const auto error =
                errorOf(reply(i), link->endpoint().toString(), commandName(commands[i * each + each - 1]));
            error && error->serverPrefix != "ASK") // an ASK from the source means that it no longer has the key
            co_return failure(*error);
        else if (error)
            co_return Copy{};
    const QByteArray &payload = reply(0).bytes();
    co_return Copy{.payload = payload.chopped(std::min(payloadFooter, payload.size())),
                   .type = reply(1).bytes(),
                   .bytes = payload.size(),
                   .ttlMs = reply(2).toInteger(),
                   .value = {}};
}

/// Reads the size and beginning of the value for display. Values of unknown types are skipped.
QCoro::Task<> lookInto(std::shared_ptr<NodeLink> link, QByteArray key, bool asking, std::shared_ptr<Copy> copy)
{
    const auto *questions = std::find_if(typeQuestions.begin(), typeQuestions.end(),
                                         [&](const TypeQuestions &known) { return copy->type == known.type; });
    if (questions == typeQuestions.end())
        co_return;
    std::vector<Command> commands;
    if (asking)
        commands.push_back(commandOf("ASKING"));
    commands.push_back(commandOf(questions->size, key));
    if (asking)
        commands.push_back(commandOf("ASKING"));
    commands.push_back(questions->beginning(key));
    const auto replies = co_await link->sendAll(commands);
    if (!replies)
        co_return;
    const Value &size = (*replies)[asking ? 1 : 0], &beginning = replies->back();
    if (!size.isError() && !beginning.isError())
        copy->value = valueText(copy->type, size, beginning);
}

/// Whether the expiry is the same, apart from the milliseconds that pass between two queries.
bool sameTtl(const Copy &a, const Copy &b)
{
    constexpr qint64 toleranceMs = 2000;
    return (a.ttlMs < 0) == (b.ttlMs < 0) && std::abs(a.ttlMs - b.ttlMs) <= toleranceMs;
}

/// Sends a query about a key, after ASKING if the slot requires that.
QCoro::Task<Result<Value>> ask(std::shared_ptr<NodeLink> link, bool asking, Command question)
{
    std::vector<Command> commands;
    if (asking)
        commands.push_back(commandOf("ASKING"));
    const QString name = commandName(question);
    commands.push_back(std::move(question));
    auto replies = co_await link->sendAll(commands);
    if (!replies)
        co_return failure(replies.error());
    co_return checked(std::move(replies->back()), link->endpoint().toString(), name);
}

/// Returns the elements of a set, or the fields of a hash with value and expiry, sorted so that the order does not
/// depend on the server.
QCoro::Task<Result<std::vector<QByteArrayList>>> elementsOf(std::shared_ptr<NodeLink> link, bool asking, QByteArray key,
                                                            bool hash)
{
    const char *name = hash ? "HGETALL" : "SMEMBERS";
    const auto all = co_await ask(link, asking, commandOf(name, key));
    if (!all)
        co_return failure(all.error());
    QByteArrayList flat;
    for (const Value &item : all->items())
        flat.append(item.bytes());
    std::vector<QByteArrayList> rows;
    for (qsizetype i = 0; i < flat.size(); i += hash ? 2 : 1)
        rows.push_back(flat.mid(i, hash ? 2 : 1));
    std::sort(rows.begin(), rows.end());
    if (!hash || rows.empty())
        co_return Result<std::vector<QByteArrayList>>(std::move(rows));
    Command expiries = commandOf("HPEXPIRETIME", key, "FIELDS", QByteArray::number(rows.size()));
    for (const QByteArrayList &row : rows)
        expiries << row.front();
    const auto times = co_await ask(link, asking, std::move(expiries)); // refused before Redis 7.4 and Valkey 9
    for (size_t i = 0; times && i < rows.size() && i < times->items().size(); ++i)
        rows[i].append(QByteArray::number(times->items()[i].toInteger()));
    co_return Result<std::vector<QByteArrayList>>(std::move(rows));
}

/// Whether two sets or hashes have the same elements. DUMP lists them in hash table order, which differs between
/// processes, so payloads cannot be compared. Huge ones are not compared, because that would block both servers.
QCoro::Task<Result<bool>> sameElements(std::shared_ptr<NodeLink> source, std::shared_ptr<NodeLink> target,
                                       QByteArray key, QByteArray type, bool foreign)
{
    constexpr qint64 mostElements = 1'000'000;
    const bool hash = type == "hash";
    if (!hash && type != "set")
        co_return false;
    const Command question = commandOf(hash ? "HLEN" : "SCARD", key);
    const auto here = co_await ask(source, foreign, question);
    const auto there = co_await ask(target, true, question);
    if (!here || !there)
        co_return failure(here ? there.error() : here.error());
    if (here->toInteger() != there->toInteger() || here->toInteger() > mostElements)
        co_return false;
    const auto ours = co_await elementsOf(source, foreign, key, hash);
    const auto theirs = co_await elementsOf(target, true, key, hash);
    if (!ours || !theirs)
        co_return failure(ours ? theirs.error() : ours.error());
    co_return *ours == *theirs;
}

} // namespace

QCoro::Task<Result<>> settleBusyKeys(std::shared_ptr<RunContext> context, std::shared_ptr<KeyRoute> route,
                                     std::shared_ptr<NodeLink> link, int database, QByteArrayList keys,
                                     BusyKeyPolicy policy)
{
    Result<std::shared_ptr<NodeLink>> targetLink(route->targetLink);
    if (database != 0)
        targetLink = co_await RunContext::ownLink(context, route->target, database, 0);
    if (!targetLink)
        co_return failure(targetLink.error());
    for (const QByteArray &key : keys) {
        const auto source = co_await copyAt(link, key, route->foreign);
        if (!source)
            co_return failure(source.error());
        if (source->payload.isEmpty())
            continue; // this key of the batch was moved
        const auto target = co_await copyAt(*targetLink, key, true);
        if (!target)
            co_return failure(target.error());
        bool same = target->payload.isEmpty() || (source->payload == target->payload && sameTtl(*source, *target));
        if (!same && source->type == target->type && sameTtl(*source, *target)) {
            const auto alike = co_await sameElements(link, *targetLink, key, source->type, route->foreign);
            if (!alike)
                co_return failure(alike.error());
            same = *alike;
        }
        // MIGRATE timed out for this key earlier: the target's copy is from that call, and no client could write to it,
        // while the source has newer data
        const bool late = !same && context->timedOut.value(timedOutIn(*route, database)).contains(key);
        if (!same && !late && policy == BusyKeyPolicy::Stop) {
            const auto here = std::make_shared<Copy>(*source);
            const auto there = std::make_shared<Copy>(*target);
            co_await lookInto(link, key, route->foreign, here);
            co_await lookInto(*targetLink, key, true, there);
            Error error{
                .code = Error::Code::ServerError,
                .detail = tr("the key “%1” exists on both nodes with different values.\nThe source %2 has a %3\nThe "
                             "target %4 has a %5\nChoose which value to keep (--busy-keys keep-source or keep-target)")
                              .arg(toDisplay(key.left(200)), route->source.address, here->described(),
                                   route->target.address, there->described()),
                .serverPrefix = "BUSYKEY",
                .node = route->source.address,
                .command = u"MIGRATE"_s};
            co_return failure(std::move(error));
        }
        if (!same && !late)
            context->log(tr("“%1” had different values on source and target; kept the value of %2 (%3), discarded %4")
                             .arg(toDisplay(key.left(200)),
                                  policy == BusyKeyPolicy::KeepSource ? route->source.address : route->target.address,
                                  policy == BusyKeyPolicy::KeepSource ? source->described() : target->described(),
                                  policy == BusyKeyPolicy::KeepSource ? target->described() : source->described()),
                         true);
        // When keys are gathered, the target serves the slot, so a value that a client writes there between our check
        // and the next command must not be replaced. If both copies are equal, the source's is deleted, and if the
        // target has none, MIGRATE runs without REPLACE.
        const bool missing = target->payload.isEmpty();
        const bool drop =
            (!same && !late && policy == BusyKeyPolicy::KeepTarget) || (route->foreign && same && !missing);
        const bool replaces = !(route->foreign && missing);
        const Command command = drop
            ? commandOf("DEL", key)
            : migrateCommand(*route, database, QByteArrayList{key}, replaces, route->migrateTimeoutMs);
        std::vector<Command> commands;
        if (route->foreign)
            commands.push_back(commandOf("ASKING"));
        commands.push_back(command);
        co_await InFlightLimit::enter(route->room, route->migrateTimeoutMs);
        const auto answers = co_await link->sendAll(commands);
        route->room->leave(route->migrateTimeoutMs);
        if (!answers)
            co_return failure(answers.error());
        const Value *done = &answers->back();
        if (done->isError())
            co_return failure(drop ? *errorOf(*done, route->source.address, u"DEL"_s)
                                   : migrateError(*route, {key}, *done));
        if (late)
            context->timedOut[timedOutIn(*route, database)].remove(key);
    }
    co_return Result<>();
}

} // namespace slotscope
