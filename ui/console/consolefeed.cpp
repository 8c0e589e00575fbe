// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/consolefeed.h"

#include "core/base/text.h"
#include "core/base/whendone.h"
#include "core/console/consolehistory.h"
#include "core/session/sessiondoor.h"
#include "ui/shared/pagecontext.h"

#include <QDateTime>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

bool ConsoleBlock::hasFailed() const
{
    using State = ConsoleOutcome::State;
    return !isSent || std::any_of(nodes.begin(), nodes.end(), [](const ConsoleOutcome &outcome) {
        return outcome.state == State::Refused
            // cancelled by the user
            || (outcome.state == State::Failed && outcome.error.code != Error::Code::Cancelled);
    });
}

qint64 ConsoleBlock::lineCount() const
{
    if (isStream())
        return qint64(messages.size());
    if (nodes.empty() || windows.empty())
        return 0;
    if (windows[0].isKnown)
        return windows[0].count;
    return view == AnswerView::Cli ? nodes[0].lineCount : nodes[0].lines.isEmpty() ? 0 : 1;
}

std::optional<QString> ConsoleBlock::lineAt(qint64 index) const
{
    if (isStream())
        return index < qint64(messages.size()) ? std::optional(messages[size_t(index)]) : std::nullopt;
    if (nodes.empty() || windows.empty())
        return std::nullopt;
    if (view == AnswerView::Cli && index < nodes[0].lines.size())
        return nodes[0].lines[index];
    const auto page = windows[0].pages.constFind(index / pageSize);
    if (page == windows[0].pages.constEnd() || index % pageSize >= page->size())
        return std::nullopt;
    return page->at(index % pageSize);
}

QString shownCommand(const Command &command)
{
    constexpr qsizetype longest = 200;
    const QByteArrayList secrets = secretsIn(command);
    QString text;
    for (qsizetype i = 0; i < command.size() && text.size() < 20 * longest; ++i) {
        const QByteArray &word = command[i];
        const bool isSecret = i > 0 && std::any_of(secrets.begin(), secrets.end(), [&word](const QByteArray &secret) {
                                  return word == secret || word == '>' + secret || word == '<' + secret;
                              });
        const QString shown = isSecret ? u"••••••••"_s : QString::fromLatin1(quoted(word.left(longest)));
        text += (i > 0 ? u" "_s : QString()) + shown + (word.size() > longest ? u"…"_s : QString());
    }
    return text;
}

QString aimText(const ConsoleAim &aim)
{
    switch (aim.kind) {
    case ConsoleAim::Kind::Primaries: return ConsoleFeed::tr("all primaries");
    case ConsoleAim::Kind::Replicas: return ConsoleFeed::tr("all replicas");
    case ConsoleAim::Kind::All: return ConsoleFeed::tr("all nodes");
    case ConsoleAim::Kind::Cluster:
    case ConsoleAim::Kind::Node: break;
    }
    return {};
}

ConsoleFeed::ConsoleFeed(PageContext &context, QObject *parent) : QObject(parent), m_context(context)
{
    connect(&context, &PageContext::doorChanged, this, &ConsoleFeed::takeDoor);
    takeDoor();
}

ConsoleFeed::~ConsoleFeed() = default;

void ConsoleFeed::takeDoor()
{
    m_tab.reset();
    ++m_serial;
    m_state = {};
    if (SessionDoor *door = m_context.door()) {
        m_tab = std::make_unique<Remote<ConsoleTab>>(*door);
        const auto events = std::make_shared<BatchSink<ConsoleEvent>>(
            this, [this, serial = m_serial](const Batch<ConsoleEvent> &batch) {
                for (const ConsoleEvent &event : batch.items)
                    if (serial == m_serial)
                        take(event);
            });
        const auto messages = std::make_shared<BatchSink<ConsoleMessage>>(
            this, [this, serial = m_serial](const Batch<ConsoleMessage> &batch) {
                if (serial != m_serial)
                    return;
                QSet<quint64> changed;
                for (const ConsoleMessage &message : batch.items) {
                    takeMessage(message);
                    changed.insert(message.entry);
                }
                if (!batch.items.empty())
                    if (ConsoleBlock *last = block(batch.items.back().entry))
                        last->droppedMessages += batch.dropped;
                for (const quint64 entry : std::as_const(changed))
                    Q_EMIT blockChanged(entry);
            });
        m_tab->tell([events, messages](ConsoleTab &tab) { tab.listen(events, messages); });
        if (!m_resp3)
            m_tab->tell([](ConsoleTab &tab) { tab.setResp3(false); });
    }
    for (ConsoleBlock &each : m_blocks) // pending replies will not arrive
        each.isDone = true;
    Q_EMIT readyChanged();
    Q_EMIT stateChanged();
}

ConsoleBlock *ConsoleFeed::block(quint64 entry)
{
    const auto found = std::lower_bound(m_blocks.begin(), m_blocks.end(), entry,
                                        [](const ConsoleBlock &each, quint64 id) { return each.entry < id; });
    return found != m_blocks.end() && found->entry == entry ? &*found : nullptr;
}

ConsoleBlock &ConsoleFeed::addBlock(const Command &command, const ConsoleAim &aim)
{
    ConsoleBlock added;
    added.entry = ++m_lastEntry;
    added.order.entry = added.entry;
    added.order.command = command;
    added.order.aim = aim;
    added.line = shownCommand(command);
    added.aim = aimText(aim);
    added.at = QDateTime::currentMSecsSinceEpoch();
    if (!secretsIn(command).isEmpty())
        added.order.command = {command.front()}; // do not keep arguments that contain secrets
    m_blocks.push_back(std::move(added));
    if (m_blocks.size() > mostBlocks) {
        forget(m_blocks.front().entry);
        ++m_droppedBlocks;
    }
    Q_EMIT blockAdded(m_lastEntry);
    return m_blocks.back();
}

quint64 ConsoleFeed::run(const Command &command, const ConsoleAim &aim, bool follow, UserConsent consent,
                         std::function<void(quint64, const Result<bool> &)> then)
{
    const quint64 entry = addBlock(command, aim).entry;
    if (!m_tab) {
        then(entry, failure(Error::Code::Cancelled));
        return entry;
    }
    ConsoleOrder order;
    order.entry = entry;
    order.command = command;
    order.aim = aim;
    order.followsRedirects = follow;
    order.consent = consent;
    whenDone(m_tab->call<bool>([order](ConsoleTab &tab) { return tab.run(order); }), this,
             [this, entry, then = std::move(then)](const Result<bool> &done) {
                 ConsoleBlock *sent = block(entry);
                 if (!done && sent) {
                     sent->isSent = false;
                     sent->isDone = true;
                     sent->kept = done.error().detail;
                     Q_EMIT blockChanged(entry);
                 }
                 then(entry, done);
             });
    return entry;
}

void ConsoleFeed::runTogether(const QList<Command> &commands, const ConsoleAim &aim, UserConsent consent,
                              std::function<void(const Result<bool> &)> then)
{
    QList<ConsoleOrder> orders;
    for (const Command &command : commands) {
        ConsoleOrder order;
        order.entry = addBlock(command, aim).entry;
        order.command = command;
        order.aim = aim;
        order.consent = consent;
        orders.append(order);
    }
    if (!m_tab) {
        then(failure(Error::Code::Cancelled));
        return;
    }
    whenDone(m_tab->call<bool>([orders](ConsoleTab &tab) { return tab.runTogether(orders); }), this,
             [this, orders, then = std::move(then)](const Result<bool> &done) {
                 for (const ConsoleOrder &order : orders)
                     if (ConsoleBlock *sent = block(order.entry); sent && !done) {
                         sent->isSent = false;
                         sent->isDone = true;
                         sent->kept = done.error().detail;
                         Q_EMIT blockChanged(order.entry);
                     }
                 then(done);
             });
}

void ConsoleFeed::stop()
{
    if (m_tab)
        m_tab->tell([](ConsoleTab &tab) { tab.stop(); });
}

void ConsoleFeed::setResp3(bool resp3)
{
    m_resp3 = resp3;
    if (m_tab)
        m_tab->tell([resp3](ConsoleTab &tab) { tab.setResp3(resp3); });
}

void ConsoleFeed::clear()
{
    while (!m_blocks.empty())
        forget(m_blocks.back().entry);
    m_droppedBlocks = 0;
}

void ConsoleFeed::forget(quint64 entry)
{
    std::erase_if(m_blocks, [entry](const ConsoleBlock &each) { return each.entry == entry; });
    if (m_tab)
        m_tab->tell([entry](ConsoleTab &tab) { tab.forget(entry); });
    Q_EMIT blocksGone();
}

void ConsoleFeed::take(const ConsoleEvent &event)
{
    if (event.kind == ConsoleEvent::Kind::State) {
        m_state = event.state;
        if (!event.message.isEmpty())
            Q_EMIT noticed(event.message);
        Q_EMIT stateChanged();
        return;
    }
    ConsoleBlock *changed = block(event.entry);
    if (!changed)
        return;
    if (event.kind == ConsoleEvent::Kind::Done) {
        changed->isDone = true;
    } else {
        changed->nodes.resize(size_t(event.nodes));
        changed->windows.resize(size_t(event.nodes));
        changed->nodes[size_t(event.node)] = event.outcome;
        changed->windows[size_t(event.node)] = {};
        changed->rows.reset();
        if (event.outcome.state == ConsoleOutcome::State::Refused)
            Q_EMIT refused(event.entry, event.node);
    }
    Q_EMIT blockChanged(event.entry);
}

void ConsoleFeed::takeMessage(ConsoleMessage message)
{
    ConsoleBlock *stream = block(message.entry);
    if (!stream) {
        Q_EMIT noticed(message.nodeName + u": "_s + message.text);
        return;
    }
    const QString time = QDateTime::fromMSecsSinceEpoch(message.at).toString(u"HH:mm:ss.zzz"_s);
    stream->messages.push_back(time + u"  "_s + (stream->nodes.size() > 1 ? message.nodeName + u"  "_s : QString())
                               + message.text);
    if (stream->messages.size() > ConsoleBlock::mostMessages) {
        stream->messages.pop_front();
        ++stream->droppedMessages;
    }
}

void ConsoleFeed::wantLines(quint64 entry, qint64 first, qint64 last)
{
    ConsoleBlock *wanted = block(entry);
    if (!m_tab || !wanted || wanted->isStream() || wanted->windows.empty() || wanted->isBroadcast())
        return;
    ConsoleBlock::Window &window = wanted->windows[0];
    for (qint64 page = first / ConsoleBlock::pageSize; page <= last / ConsoleBlock::pageSize; ++page) {
        if (window.pages.contains(page) || window.asked.contains(page) || window.isGone)
            continue;
        window.asked.insert(page);
        const AnswerView view = wanted->view;
        const qint64 at = page * ConsoleBlock::pageSize;
        whenDone(m_tab->call<ConsoleLines>([entry, view, at](ConsoleTab &tab) {
            return tab.lines(entry, 0, view, at, ConsoleBlock::pageSize);
        }),
                 this, [this, entry, view](const Result<ConsoleLines> &lines) {
                     if (lines)
                         takeLines(entry, view, *lines);
                 });
    }
}

void ConsoleFeed::takeLines(quint64 entry, AnswerView view, const ConsoleLines &lines)
{
    ConsoleBlock *read = block(entry);
    if (!read || read->view != view || read->windows.empty())
        return;
    ConsoleBlock::Window &window = read->windows[0];
    const qint64 page = lines.first / ConsoleBlock::pageSize;
    window.asked.remove(page);
    if (window.pages.size() >= ConsoleBlock::mostPages)
        window.pages.clear();
    if (lines.isWhole || lines.lines.size() == ConsoleBlock::pageSize)
        window.pages.insert(page, lines.lines);
    window.count = lines.count;
    window.isKnown = true;
    window.isWhole = lines.isWhole;
    window.isGone = lines.isGone;
    Q_EMIT blockChanged(entry);
    if (!lines.isWhole && !lines.isGone)
        wantLines(entry, lines.count, lines.count); // the number of lines is still being counted
}

void ConsoleFeed::wantRows(quint64 entry)
{
    constexpr int most = 500;
    ConsoleBlock *wanted = block(entry);
    if (!m_tab || !wanted || wanted->areRowsAsked || wanted->rows)
        return;
    wanted->areRowsAsked = true;
    whenDone(m_tab->call<BroadcastRows>(
                 [entry, only = wanted->onlyDifferences](ConsoleTab &tab) { return tab.table(entry, only, 0, most); }),
             this, [this, entry, only = wanted->onlyDifferences](const Result<BroadcastRows> &rows) {
                 ConsoleBlock *read = block(entry);
                 if (!read)
                     return;
                 read->areRowsAsked = false;
                 if (rows && only == read->onlyDifferences)
                     read->rows = *rows;
                 Q_EMIT blockChanged(entry);
             });
}

void ConsoleFeed::setView(quint64 entry, AnswerView view)
{
    ConsoleBlock *changed = block(entry);
    if (!changed || changed->view == view)
        return;
    changed->view = view;
    for (ConsoleBlock::Window &window : changed->windows)
        window = {};
    if (view != AnswerView::Cli)
        wantLines(entry, 0, 0);
    Q_EMIT blockChanged(entry);
}

void ConsoleFeed::fold(quint64 entry, bool folded)
{
    if (ConsoleBlock *changed = block(entry)) {
        changed->isFolded = folded;
        Q_EMIT blockChanged(entry);
    }
}

void ConsoleFeed::setOnlyDifferences(quint64 entry, bool only)
{
    if (ConsoleBlock *changed = block(entry)) {
        changed->onlyDifferences = only;
        changed->rows.reset();
        changed->areRowsAsked = false;
        Q_EMIT blockChanged(entry);
    }
}

void ConsoleFeed::setHelp(quint64 entry, const ErrorHelp &help)
{
    if (ConsoleBlock *changed = block(entry)) {
        changed->help = help;
        Q_EMIT blockChanged(entry);
    }
}

void ConsoleFeed::withAnswer(quint64 entry, int node, std::function<void(std::shared_ptr<const Value>)> then)
{
    if (!m_tab)
        return;
    whenDone(
        m_tab->call<std::shared_ptr<const Value>>([entry, node](ConsoleTab &tab) { return tab.answer(entry, node); }),
        this, [then = std::move(then)](const Result<std::shared_ptr<const Value>> &value) {
            if (value)
                then(*value);
        });
}

} // namespace slotscope
