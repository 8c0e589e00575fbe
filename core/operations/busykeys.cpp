// SPDX-License-Identifier: GPL-3.0-or-later
// Keys that exist on both ends of a move: after an I/O error in MIGRATE, after a failover in mid-move, or because
// somebody wrote to both.
#include "core/operations/keymover.h"

#include "core/base/text.h"

#include <QCoreApplication>

#include <array>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::array copyQuestions{"DUMP", "TYPE", "PTTL"};
constexpr qsizetype payloadFooter = 10; // DUMP ends with two bytes of RDB version and eight of CRC64

QString tr(const char *text)
{
    return QCoreApplication::translate("slotscope::Migration", text);
}

/// What one end has of a key.
struct Copy
{
    QByteArray payload; ///< DUMP; empty: no such key
    QByteArray type;
    qint64 bytes = 0;
    qint64 ttlMs = -1; ///< -1: none
    [[nodiscard]] QString described() const
    {
        return tr("%1, %2 serialised, %3")
            .arg(QString::fromLatin1(type), byteSize(bytes),
                 ttlMs < 0 ? tr("no TTL") : tr("TTL %1").arg(duration(ttlMs)));
    }
};

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
            error && error->serverPrefix != "ASK") // ASK from the source: it has no such key any more
            co_return failure(*error);
        else if (error)
            co_return Copy{};
    const QByteArray &payload = reply(0).bytes();
    co_return Copy{.payload = payload.chopped(std::min(payloadFooter, payload.size())),
                   .type = reply(1).bytes(),
                   .bytes = payload.size(),
                   .ttlMs = reply(2).toInteger()};
}

/// Equal but for the milliseconds that pass between two questions.
bool equal(const Copy &a, const Copy &b)
{
    constexpr qint64 toleranceMs = 2000;
    return a.payload == b.payload && (a.ttlMs < 0) == (b.ttlMs < 0) && std::abs(a.ttlMs - b.ttlMs) <= toleranceMs;
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
        const auto source = co_await copyAt(link, key, false);
        if (!source)
            co_return failure(source.error());
        if (source->payload.isEmpty())
            continue; // this one of the batch went
        const auto target = co_await copyAt(*targetLink, key, true);
        if (!target)
            co_return failure(target.error());
        const bool same = target->payload.isEmpty() || equal(*source, *target);
        if (!same && policy == BusyKeyPolicy::Stop) {
            Error error{.code = Error::Code::ServerError,
                        .detail =
                            tr("the key “%1” exists on both ends with different values: %2 has %3; %4 has %5. Look at "
                               "both, then choose which one stays (--busy-keys keep-source or keep-target)")
                                .arg(toDisplay(key.left(200)), route->source.address, source->described(),
                                     route->target.address, target->described()),
                        .serverPrefix = "BUSYKEY",
                        .node = route->source.address,
                        .command = u"MIGRATE"_s};
            co_return failure(std::move(error));
        }
        if (!same)
            context->log(tr("“%1” differed on both ends; kept that of %2 (%3), gave up %4")
                             .arg(toDisplay(key.left(200)),
                                  policy == BusyKeyPolicy::KeepSource ? route->source.address : route->target.address,
                                  policy == BusyKeyPolicy::KeepSource ? source->described() : target->described(),
                                  policy == BusyKeyPolicy::KeepSource ? target->described() : source->described()),
                         true);
        const bool drop = !same && policy == BusyKeyPolicy::KeepTarget;
        const Command command =
            drop ? commandOf("DEL", key) : migrateCommand(*route, database, QByteArrayList{key}, true);
        const auto done = checked(co_await link->send(command), route->source.address, commandName(command));
        if (!done)
            co_return failure(done.error());
    }
    co_return Result<>();
}

} // namespace slotscope
