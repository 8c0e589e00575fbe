// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/console/consoletab.h"

#include "core/base/clock.h"
#include "core/base/secrets.h"
#include "core/base/tr.h"
#include "core/console/consoletabparts.h"
#include "core/protocol/print.h"

#include <QCoro/QCoroTimer>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int slicesAtOnce = 10;
constexpr size_t mostEvents = 1'000'000; // each is of a command that somebody typed

Error stopped()
{
    return {.code = Error::Code::Cancelled, .detail = tr("stopped"), .serverPrefix = {}, .node = {}, .command = {}};
}

Error gone()
{
    return {.code = Error::Code::Cancelled, .detail = tr("closed"), .serverPrefix = {}, .node = {}, .command = {}};
}

} // namespace

ConsoleTab::ConsoleTab(QPointer<ClusterSession> session) : m_shared(std::make_shared<Shared>())
{
    m_shared->session = session;
    m_shared->links = std::make_unique<ConsoleLinks>(session);
    ConsoleLinks *links = m_shared->links.get();
    Shared *shared = m_shared.get(); // holds the links, so it is there as long as they are
    QObject::connect(links, &ConsoleLinks::messageReceived, links,
                     [shared](const QByteArray &node, const Value &message) { shared->takeMessage(node, message); });
    QObject::connect(links, &ConsoleLinks::attributeReceived, links,
                     [shared](const QByteArray &node, const Value &attribute, size_t) {
                         shared->now[node].attributes.append(
                             tr("attribute: %1").arg(QString::fromUtf8(printForTerminal(attribute))));
                     });
    QObject::connect(links, &ConsoleLinks::ended, links,
                     [shared](const QByteArray &node, const Error &error) { shared->takeEnd(node, error); });
}

ConsoleTab::~ConsoleTab()
{
    ++m_shared->stops;
    m_shared->events.reset();
    m_shared->messages.reset();
    m_shared->links->dropAll(gone());
}

void ConsoleTab::listen(std::shared_ptr<BatchSink<ConsoleEvent>> events,
                        std::shared_ptr<BatchSink<ConsoleMessage>> messages)
{
    m_shared->events = std::make_unique<BatchStream<ConsoleEvent>>(std::move(events), mostEvents);
    m_shared->messages = std::make_unique<BatchStream<ConsoleMessage>>(std::move(messages), mostMessages);
}

QCoro::Task<Result<bool>> ConsoleTab::run(ConsoleOrder order)
{
    const Shared::Ptr shared = m_shared;
    const QByteArrayList secrets = secretsIn(order.command);
    for (const QByteArray &secret : secrets)
        rememberSecret(secret);
    if (!shared->session || order.command.isEmpty())
        co_return failure(gone());
    const GateVerdict verdict = co_await shared->session->judge(order.command, GateLink::Own);
    if (verdict.kind == GateVerdict::Kind::Refuse)
        co_return failure(verdict.error);
    if (!verdict.isAllowedWith(order.consent)) {
        Error asks = gone();
        asks.code = Error::Code::NeedsConsent;
        asks.detail = verdict.why;
        asks.command = commandName(order.command);
        asks.serverPrefix = verdict.kind == GateVerdict::Kind::AskForName ? "NAME"_ba : QByteArray();
        co_return failure(std::move(asks));
    }
    if (const std::optional<QString> said = ConsoleSending::withoutNode(*shared, order)) {
        QList<QByteArray> nobody;
        nobody.append(QByteArray());
        ConsoleSending::begin(*shared, order, nobody);
        shared->entries[order.entry].answers.front().outcome.note = *said;
        shared->keep(order.entry, 0, Value::simple("OK"_ba));
        shared->tellOutcome(order.entry, 0);
        shared->tellState();
        shared->tellDone(order.entry);
        co_return true;
    }
    const auto nodes = co_await ConsoleSending::targetsOf(shared, order);
    if (!nodes)
        co_return failure(nodes.error());
    ConsoleSending::begin(*shared, order, *nodes);
    const bool beginsMulti = std::exchange(shared->isMultiDue, false);
    std::vector<QCoro::Task<bool>> sent;
    for (int i = 0; i < nodes->size(); ++i) {
        const auto way = std::make_shared<ConsoleSending::Way>();
        way->order = order;
        way->node = i;
        way->nodeId = nodes->at(i);
        way->effect = linkEffectOf(order.command);
        way->beginsMulti = beginsMulti;
        way->stops = shared->stops;
        sent.push_back(ConsoleSending::send(shared, way));
    }
    bool isGood = true;
    for (QCoro::Task<bool> &each : sent) {
        const bool good = co_await each;
        isGood = isGood && good;
    }
    shared->tellDone(order.entry);
    shared->letGoOfOldest();
    co_return bool(isGood);
}

QCoro::Task<Result<bool>> ConsoleTab::runTogether(QList<ConsoleOrder> orders)
{
    const Shared::Ptr shared = m_shared;
    if (!shared->session || orders.isEmpty())
        co_return failure(gone());
    for (const ConsoleOrder &order : std::as_const(orders)) {
        const QByteArrayList secrets = secretsIn(order.command);
        for (const QByteArray &secret : secrets)
            rememberSecret(secret);
        const GateVerdict verdict = co_await shared->session->judge(order.command, GateLink::Own);
        const LinkEffect effect = linkEffectOf(order.command);
        Error why = verdict.error;
        why.command = commandName(order.command);
        if (verdict.kind == GateVerdict::Kind::Refuse)
            co_return failure(std::move(why));
        why.detail = verdict.why;
        why.code = Error::Code::NeedsConsent;
        why.serverPrefix = verdict.kind == GateVerdict::Kind::AskForName ? "NAME"_ba : QByteArray();
        if (!verdict.isAllowedWith(order.consent))
            co_return failure(std::move(why));
        why.code = Error::Code::NotShareable;
        why.detail = tr("it cannot be part of a pipeline");
        if (effect == LinkEffect::Subscribe || effect == LinkEffect::Unsubscribe || effect == LinkEffect::Monitor
            || effect == LinkEffect::RepliesOff || effect == LinkEffect::SkipReply || effect == LinkEffect::Quit)
            co_return failure(std::move(why));
    }
    QByteArray node;
    for (const ConsoleOrder &order : std::as_const(orders)) {
        const auto nodes = co_await ConsoleSending::targetsOf(shared, order);
        if (!nodes)
            co_return failure(nodes.error());
        Error apart = gone();
        apart.code = Error::Code::InvalidArgument;
        apart.detail = tr("the commands of a pipeline go to one node, and these belong to several");
        apart.command = commandName(order.command);
        if (nodes->size() != 1 || (!node.isEmpty() && node != nodes->front()))
            co_return failure(std::move(apart));
        node = nodes->front();
    }
    QList<QByteArray> one;
    one.append(node);
    std::vector<Command> commands;
    std::vector<ConsoleSending::Way> ways;
    for (const ConsoleOrder &order : std::as_const(orders)) {
        ConsoleSending::begin(*shared, order, one);
        ConsoleSending::Way way;
        way.order = order;
        way.nodeId = node;
        way.effect = linkEffectOf(order.command);
        ways.push_back(way);
        commands.push_back(order.command);
    }
    const quint64 stops = shared->stops;
    const auto link = co_await shared->links->linkTo(node);
    if (!link || shared->stops != stops) {
        for (const ConsoleSending::Way &way : ways) {
            Error why = stopped();
            if (!link)
                why = link.error();
            ConsoleSending::failWith(*shared, way, why);
            shared->tellDone(way.order.entry);
        }
        co_return false;
    }
    ++shared->now[node].running;
    shared->tellState();
    const qint64 begin = steadyMs();
    Connection::Replies replies = co_await (*link)->sendAll(commands, -1);
    if (const auto still = shared->now.find(node); still != shared->now.end())
        still->second.running = std::max(0, still->second.running - 1);
    bool isGood = replies.has_value();
    for (size_t i = 0; i < ways.size(); ++i) {
        const quint64 entry = ways[i].order.entry;
        if (!shared->entries.contains(entry))
            continue;
        if (replies) {
            shared->entries[entry].answers.front().outcome.microseconds = (steadyMs() - begin) * 1000;
            isGood = isGood && !(*replies)[i].isError();
            ConsoleSending::takeEffect(*shared, ways[i], (*replies)[i]);
            shared->keep(entry, 0, std::move((*replies)[i]));
            shared->tellOutcome(entry, 0);
        } else {
            ConsoleSending::failWith(*shared, ways[i], replies.error());
        }
        shared->tellDone(entry);
    }
    shared->tellState();
    co_return bool(isGood);
}

void ConsoleTab::stop()
{
    ++m_shared->stops;
    QList<QByteArray> busy;
    for (const auto &[node, now] : m_shared->now)
        if (now.running > 0 || now.holdsStream())
            busy.append(node);
    for (const QByteArray &node : busy)
        m_shared->links->drop(node, stopped());
    m_shared->tellState();
}

void ConsoleTab::setResp3(bool resp3)
{
    ++m_shared->stops;
    m_shared->links->setResp3(resp3);
    m_shared->links->dropAll(stopped());
    m_shared->now.clear();
    m_shared->held.clear();
    m_shared->isMultiDue = false;
    m_shared->told.isResp3 = !resp3; // told in any case
    m_shared->tellState();
}

QCoro::Task<Result<ConsoleLines>> ConsoleTab::lines(quint64 entry, int node, AnswerView view, qint64 first,
                                                    int most) const
{
    const Shared::Ptr shared = m_shared;
    ConsoleLines result;
    result.first = first;
    for (int slice = 0;; ++slice) {
        const auto found = shared->entries.find(entry);
        result.isGone = found == shared->entries.end() || size_t(node) >= found->second.answers.size()
            || !found->second.answers[size_t(node)].value;
        if (result.isGone)
            co_return Result<ConsoleLines>(result);
        Shared::Answer &answer = found->second.answers[size_t(node)];
        AnswerView shown = view;
        if (view == AnswerView::Cli && isShownRaw(found->second.command))
            shown = AnswerView::Raw;
        std::unique_ptr<AnswerLines> &lines = answer.lines[shown];
        if (!lines)
            lines = std::make_unique<AnswerLines>(answer.value, shown);
        const bool isEnough = lines->count() >= first + most && slice > 0;
        if (lines->isWhole() || isEnough || slice >= slicesAtOnce) {
            result.lines = lines->read(first, most);
            result.count = lines->count();
            result.isWhole = lines->isWhole();
            co_return Result<ConsoleLines>(result);
        }
        lines->findMore();
        co_await QCoro::sleepFor(std::chrono::milliseconds(0)); // others have their turn
    }
}

QCoro::Task<Result<BroadcastRows>> ConsoleTab::table(quint64 entry, bool onlyDifferences, int first, int most) const
{
    const auto found = m_shared->entries.find(entry);
    if (found == m_shared->entries.end())
        co_return failure(gone());
    if (!found->second.table) {
        std::vector<std::shared_ptr<const Value>> values;
        for (const Shared::Answer &answer : found->second.answers)
            values.push_back(answer.value);
        found->second.table = std::make_unique<BroadcastTable>(values);
    }
    co_return Result<BroadcastRows>(found->second.table->rows(onlyDifferences, first, most));
}

QCoro::Task<Result<std::shared_ptr<const Value>>> ConsoleTab::answer(quint64 entry, int node) const
{
    const auto found = m_shared->entries.find(entry);
    if (found == m_shared->entries.end() || size_t(node) >= found->second.answers.size()
        || !found->second.answers[size_t(node)].value)
        co_return failure(gone());
    co_return Result<std::shared_ptr<const Value>>(found->second.answers[size_t(node)].value);
}

std::vector<ConsoleOutcome> ConsoleTab::outcomes(quint64 entry) const
{
    std::vector<ConsoleOutcome> outcomes;
    const auto found = m_shared->entries.find(entry);
    if (found != m_shared->entries.end())
        for (const Shared::Answer &answer : found->second.answers)
            outcomes.push_back(answer.outcome);
    return outcomes;
}

void ConsoleTab::forget(quint64 entry)
{
    const auto found = m_shared->entries.find(entry);
    if (found == m_shared->entries.end())
        return;
    for (const Shared::Answer &answer : found->second.answers)
        m_shared->memory -= answer.memory;
    m_shared->entries.erase(found);
}

} // namespace slotscope
