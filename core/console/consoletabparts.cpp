// SPDX-License-Identifier: GPL-3.0-or-later
// What a tab keeps and tells: answers, streams, how its connections stand.
#include "core/console/consoletabparts.h"

#include "core/base/clock.h"
#include "core/base/secrets.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/console/answercursors.h"

#include <QDateTime>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int firstLines = 64;

qint64 memoryOf(const Value &value)
{
    qint64 sum = qint64(sizeof(Value)) + value.bytes().size();
    for (const Value &item : value.items())
        sum += memoryOf(item);
    return sum;
}

/// Text of a Pub/Sub push: `news "hello"`, `subscribed to news (1)`.
QString messageText(const Value &message)
{
    const Value::List &items = message.items();
    if (!message.isAggregate())
        return QString::fromUtf8(cellText(message));
    QByteArray line;
    for (size_t i = 0; i < items.size(); ++i) {
        line += i > 0 ? " " : "";
        line += i == 0 && items[i].isString() ? cellText(items[i]) : shortText(items[i]);
    }
    return QString::fromUtf8(line);
}

} // namespace

QString ConsoleTab::Shared::nameOf(const QByteArray &nodeId) const
{
    const ClusterViewPtr view = session ? session->view() : nullptr;
    const NodeState *node = view ? view->node(nodeId) : nullptr;
    return node ? node->name : QString::fromUtf8(nodeId.left(8));
}

ConsoleState ConsoleTab::Shared::state() const
{
    ConsoleState state;
    state.isInMulti = isMultiDue;
    state.user = user;
    state.heldNode = held.isEmpty() ? QString() : nameOf(held);
    for (const auto &[node, link] : now) {
        state.isInMulti = state.isInMulti || link.isInMulti;
        state.queued = std::max(state.queued, link.queued);
        state.watched += link.watched;
        state.areRepliesOff = state.areRepliesOff || link.areRepliesOff;
        state.subscriptions += link.subscriptions;
        state.isMonitoring = state.isMonitoring || link.isMonitoring;
        state.database = std::max(state.database, link.database);
        state.isResp3 = state.isResp3 && link.isResp3;
        state.running += link.running;
    }
    return state;
}

void ConsoleTab::Shared::tellState(const QString &why)
{
    ConsoleState current = state();
    if (!events || (current == told && why.isEmpty()))
        return;
    told = current;
    ConsoleEvent event;
    event.kind = ConsoleEvent::Kind::State;
    event.state = std::move(current);
    event.message = why;
    events->push(std::move(event));
}

void ConsoleTab::Shared::tellOutcome(quint64 entry, int node)
{
    const auto found = entries.find(entry);
    if (!events || found == entries.end())
        return;
    found->second.table.reset(); // the comparison table must be built again with this answer
    ConsoleEvent event;
    event.entry = entry;
    event.nodes = int(found->second.answers.size());
    event.node = node;
    event.outcome = found->second.answers[size_t(node)].outcome;
    events->push(std::move(event));
}

void ConsoleTab::Shared::tellDone(quint64 entry)
{
    if (!events)
        return;
    ConsoleEvent event;
    event.kind = ConsoleEvent::Kind::Done;
    event.entry = entry;
    events->push(std::move(event));
}

void ConsoleTab::Shared::keep(quint64 entry, int node, Value value)
{
    const auto found = entries.find(entry);
    if (found == entries.end())
        return;
    Answer &answer = found->second.answers[size_t(node)];
    ConsoleOutcome &outcome = answer.outcome;
    outcome.state = value.isError() ? ConsoleOutcome::State::Refused : ConsoleOutcome::State::Answered;
    if (value.isError()) {
        value = Value::error(scrubbed(value.bytes()));
        outcome.serverError = value.bytes();
    }
    outcome.isAggregate = value.isAggregate();
    memory -= answer.memory;
    answer.memory = memoryOf(value);
    memory += answer.memory;
    answer.value = std::make_shared<const Value>(std::move(value));
    const AnswerView view = isShownRaw(found->second.command) ? AnswerView::Raw : AnswerView::Cli;
    answer.lines.clear();
    answer.lines[view] = std::make_unique<AnswerLines>(answer.value, view);
    const AnswerLines &lines = *answer.lines[view];
    outcome.lines = lines.read(0, firstLines);
    outcome.lineCount = lines.count();
    outcome.areLinesWhole = lines.isWhole();
}

void ConsoleTab::Shared::letGoOfOldest()
{
    for (auto &[id, entry] : entries) {
        if (memory <= mostMemory || id == entries.rbegin()->first)
            return;
        for (Answer &answer : entry.answers) {
            memory -= std::exchange(answer.memory, 0);
            answer.lines.clear();
            answer.value.reset();
        }
        entry.table.reset();
    }
}

void ConsoleTab::Shared::takeMessage(const QByteArray &nodeId, const Value &message)
{
    LinkNow &link = now[nodeId];
    const quint64 stream = link.stream;
    const auto entry = entries.find(stream);
    if (message.isError() && entry != entries.end()) { // the server refused SUBSCRIBE or MONITOR
        link.isMonitoring = link.isMonitoring && entry->second.command.value(0).toLower() != "monitor";
        keep(stream, link.streamNode, message);
        link.stream = 0;
        tellOutcome(stream, link.streamNode);
        tellState();
        return;
    }
    if (link.isMonitoring && message.type() == Value::Type::SimpleString && message.bytes() == "OK")
        return;
    const QByteArray kind = message.items().empty() ? QByteArray() : message.items()[0].bytes();
    const bool isSubscription = kind.endsWith("subscribe") && message.items().size() == 3;
    if (messages) {
        ConsoleMessage line;
        line.entry = stream;
        line.nodeName = nameOf(nodeId);
        line.at = QDateTime::currentMSecsSinceEpoch();
        line.text = messageText(message);
        messages->push(std::move(line));
    }
    if (!isSubscription)
        return;
    link.subscriptions = int(message.items()[2].toInteger());
    if (link.subscriptions == 0 && kind.contains("unsubscribe"))
        endStream(nodeId, tr("No subscription is active any more."));
    tellState();
}

void ConsoleTab::Shared::endStream(const QByteArray &nodeId, const QString &why)
{
    LinkNow &link = now[nodeId];
    const quint64 stream = std::exchange(link.stream, 0);
    const auto entry = entries.find(stream);
    if (entry == entries.end())
        return;
    ConsoleOutcome &outcome = entry->second.answers[size_t(link.streamNode)].outcome;
    outcome.state = ConsoleOutcome::State::Ended;
    outcome.note = why;
    tellOutcome(stream, link.streamNode);
}

void ConsoleTab::Shared::takeEnd(const QByteArray &nodeId, const Error &error)
{
    const auto found = now.find(nodeId);
    if (found == now.end())
        return;
    QString why;
    if (found->second.isInMulti || held == nodeId)
        why = tr("The connection to %1 was closed, and the transaction with it.").arg(nameOf(nodeId));
    endStream(nodeId, error.detail.isEmpty() ? tr("the connection was closed") : error.detail);
    now.erase(nodeId);
    if (held == nodeId)
        held.clear();
    tellState(why);
}

} // namespace slotscope
