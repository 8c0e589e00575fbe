// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked before a command is sent, and several commands in one go.
#include "core/base/clock.h"
#include "core/base/secrets.h"
#include "core/base/tr.h"
#include "core/console/consoletabparts.h"

namespace slotscope {
namespace {

Error aboutCommand(Error::Code code, const QString &detail, const Command &command)
{
    return {.code = code, .detail = detail, .serverPrefix = {}, .node = {}, .command = commandName(command)};
}

bool fitsPipeline(LinkEffect effect)
{
    using E = LinkEffect;
    return effect != E::Subscribe && effect != E::Unsubscribe && effect != E::Monitor && effect != E::RepliesOff
        && effect != E::SkipReply && effect != E::Quit;
}

} // namespace

QCoro::Task<Result<>> ConsoleSending::judged(Ptr self, ConsoleOrder order)
{
    const QByteArrayList secrets = secretsIn(order.command);
    for (const QByteArray &secret : secrets)
        rememberSecret(secret);
    if (!self->session || order.command.isEmpty())
        co_return failure(Error::Code::Cancelled);
    const GateVerdict verdict = co_await self->session->judge(order.command, GateLink::Own);
    if (verdict.kind == GateVerdict::Kind::Refuse)
        co_return failure(verdict.error);
    if (verdict.isAllowedWith(order.consent))
        co_return Result<>();
    Error asks = aboutCommand(Error::Code::NeedsConsent, verdict.why, order.command);
    if (verdict.kind == GateVerdict::Kind::AskForName)
        asks.serverPrefix = "NAME";
    co_return failure(std::move(asks));
}

QCoro::Task<Result<QByteArray>> ConsoleSending::oneNodeOf(Ptr self, QList<ConsoleOrder> orders)
{
    QByteArray node;
    for (const ConsoleOrder &order : std::as_const(orders)) {
        const Result<> passed = co_await judged(self, order);
        if (!passed)
            co_return failure(passed.error());
        const LinkEffect effect = linkEffectOf(order.command);
        if (!fitsPipeline(effect))
            co_return failure(
                aboutCommand(Error::Code::NotShareable, tr("the command cannot be part of a pipeline"), order.command));
        // within MULTI … EXEC, all commands go to the node of the first key
        const auto nodes = co_await targetsOf(self, order);
        if (!nodes)
            co_return failure(nodes.error());
        const bool hasKey = effect == LinkEffect::None;
        if (nodes->size() != 1 || (hasKey && !node.isEmpty() && node != nodes->front()))
            co_return failure(aboutCommand(
                Error::Code::InvalidArgument,
                tr("the commands of a pipeline go to a single node, but these belong to several"), order.command));
        if (hasKey)
            node = nodes->front();
    }
    if (!node.isEmpty())
        co_return Result<QByteArray>(node);
    if (orders.isEmpty())
        co_return failure(Error::Code::Cancelled);
    const auto any = co_await targetsOf(self, orders.front());
    if (!any)
        co_return failure(any.error());
    co_return Result<QByteArray>(any->front());
}

QCoro::Task<bool> ConsoleSending::sendTogether(Ptr self, std::vector<Way> ways, std::shared_ptr<DedicatedLink> link)
{
    std::vector<Command> commands;
    for (const Way &way : ways)
        commands.push_back(way.order.command);
    const QByteArray node = ways.front().nodeId;
    ++self->now[node].running;
    self->tellState();
    const qint64 begin = steadyMs();
    Connection::Replies replies = co_await link->sendAll(commands, -1);
    if (const auto still = self->now.find(node); still != self->now.end())
        still->second.running = std::max(0, still->second.running - 1);
    bool isGood = replies.has_value();
    for (size_t i = 0; i < ways.size(); ++i) {
        const quint64 entry = ways[i].order.entry;
        if (!self->entries.contains(entry))
            continue;
        if (replies) {
            self->entries[entry].answers.front().outcome.microseconds = (steadyMs() - begin) * 1000;
            isGood = isGood && !(*replies)[i].isError();
            takeEffect(*self, ways[i], (*replies)[i]);
            self->keep(entry, 0, std::move((*replies)[i]));
            self->tellOutcome(entry, 0);
        } else {
            failWith(*self, ways[i], replies.error());
        }
        self->tellDone(entry);
    }
    self->tellState();
    co_return bool(isGood);
}

} // namespace slotscope
