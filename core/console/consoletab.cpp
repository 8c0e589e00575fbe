// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/console/consoletab.h"

#include "core/base/tr.h"
#include "core/console/consoletabparts.h"
#include "core/protocol/print.h"

#include <QCoro/QCoroTimer>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int slicesAtOnce = 10;
// enough for everything that a user types, because each event belongs to a typed command
constexpr size_t mostEvents = 1'000'000;

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
    Shared *shared = m_shared.get(); // a plain pointer, because Shared owns the links and so outlives them
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
    const Result<> judged = co_await ConsoleSending::judged(shared, order);
    if (!judged)
        co_return failure(judged.error());
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
    const LinkEffect effect = linkEffectOf(order.command);
    if (order.aim.isBroadcast() && (effect == LinkEffect::Subscribe || effect == LinkEffect::Monitor)) {
        QList<QByteArray> nobody;
        nobody.append(QByteArray());
        ConsoleSending::begin(*shared, order, nobody);
        ConsoleOutcome &outcome = shared->entries[order.entry].answers.front().outcome;
        outcome.state = ConsoleOutcome::State::Failed;
        outcome.error =
            Error{.code = Error::Code::NotShareable,
                  .detail = tr("a tab shows the stream of one node: choose a node as the target. The pages Profiler "
                               "(MONITOR) and Pub/Sub show the streams of several nodes"),
                  .serverPrefix = {},
                  .node = {},
                  .command = commandName(order.command)};
        shared->tellOutcome(order.entry, 0);
        shared->tellDone(order.entry);
        co_return false;
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
    const Result<QByteArray> node = co_await ConsoleSending::oneNodeOf(shared, orders);
    if (!node)
        co_return failure(node.error());
    QList<QByteArray> one;
    one.append(*node);
    std::vector<ConsoleSending::Way> ways;
    for (const ConsoleOrder &order : std::as_const(orders)) {
        ConsoleSending::begin(*shared, order, one);
        ConsoleSending::Way way;
        way.order = order;
        way.nodeId = *node;
        way.effect = linkEffectOf(order.command);
        way.stops = shared->stops;
        ways.push_back(way);
    }
    const quint64 stops = shared->stops;
    const auto link = co_await shared->links->linkTo(*node);
    if (!link || shared->stops != stops) {
        Error why = stopped();
        if (!link)
            why = link.error();
        for (const ConsoleSending::Way &way : ways) {
            ConsoleSending::failWith(*shared, way, why);
            shared->tellDone(way.order.entry);
        }
        co_return false;
    }
    const bool isGood = co_await ConsoleSending::sendTogether(shared, std::move(ways), *link);
    shared->letGoOfOldest();
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
    m_shared->told.isResp3 = !resp3; // differs from the present value, so that tellState() sends an update
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
        co_await QCoro::sleepFor(std::chrono::milliseconds(0)); // lets other work run
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
