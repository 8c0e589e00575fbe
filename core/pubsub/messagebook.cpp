// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pubsub/messagebook.h"

#include <algorithm>

namespace slotscope {
namespace {

constexpr qint64 overheadOfMessage = 256; // memory for a stored message besides its channel and payload

qint64 memoryOf(const PubSubMessage &message)
{
    return overheadOfMessage + message.channel.size() + message.payload.size();
}

char lowerAscii(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? char(letter + 32) : letter;
}

/// `text` must be in lower case.
bool holdsText(const QByteArray &bytes, const QByteArray &text)
{
    if (text.size() > bytes.size())
        return false;
    return std::search(bytes.begin(), bytes.end(), text.begin(), text.end(),
                       [](char left, char right) { return lowerAscii(left) == right; })
        != bytes.end();
}

} // namespace

bool isMeant(const PubSubMessage &message, const PubSubFilter &filter)
{
    if (filter.subscription != 0 && message.subscription != filter.subscription)
        return false;
    if (filter.text.isEmpty() || message.isGap())
        return true;
    QByteArray text = filter.text;
    std::transform(text.begin(), text.end(), text.begin(), lowerAscii);
    return holdsText(message.channel, text) || holdsText(message.payload, text);
}

void MessageBook::setBounds(Bounds bounds)
{
    m_bounds = bounds;
    dropBeyond();
}

void MessageBook::take(PubSubMessage message)
{
    message.bytes = message.payload.size();
    ++m_messages;
    Tally &tally = m_tallies[message.subscription];
    ++tally.messages;
    tally.bytes += quint64(message.bytes);
    if (tally.begunAt == 0)
        tally.begunAt = message.at;
    const qint64 second = message.at / 1000;
    if (tally.seconds.empty() || tally.seconds.back().first != second) {
        tally.seconds.emplace_back(second, 0);
        if (tally.seconds.size() > size_t(secondsKept))
            tally.seconds.pop_front();
    }
    ++tally.seconds.back().second;
    if (message.payload.size() > m_bounds.bytesOfOne)
        message.payload = QByteArray(message.payload.constData(), qsizetype(m_bounds.bytesOfOne));
    if (message.channel.size() > m_bounds.bytesOfOne)
        message.channel = QByteArray(message.channel.constData(), qsizetype(m_bounds.bytesOfOne));
    keep(std::move(message));
}

void MessageBook::takeGap(PubSubMessage gap)
{
    ++m_tallies[gap.subscription].gaps;
    keep(std::move(gap));
}

void MessageBook::keep(PubSubMessage message)
{
    message.serial = ++m_serial;
    m_keptBytes += memoryOf(message);
    m_kept.push_back(std::make_shared<const PubSubMessage>(std::move(message)));
    ++m_changes;
    dropBeyond();
}

void MessageBook::dropBeyond()
{
    while (!m_kept.empty() && (m_kept.size() > m_bounds.messages || m_keptBytes > m_bounds.bytes)) {
        m_keptBytes -= memoryOf(*m_kept.front());
        if (!m_kept.front()->isGap())
            ++m_dropped;
        m_kept.pop_front();
        ++m_changes;
    }
}

void MessageBook::clear()
{
    m_kept.clear();
    m_keptBytes = 0;
    m_messages = m_dropped = 0;
    ++m_changes;
    for (auto &[id, tally] : m_tallies)
        tally.messages = tally.bytes = tally.gaps = 0;
}

/// The mean over the last complete seconds, or over fewer if the subscription is newer.
double MessageBook::rateOf(const Tally &tally, qint64 now)
{
    const qint64 second = now / 1000;
    const qint64 whole = std::clamp<qint64>(second - tally.begunAt / 1000, 1, secondsOfRate);
    quint64 sum = 0;
    const bool isFirst = tally.begunAt > 0 && second == tally.begunAt / 1000;
    for (const auto &[at, count] : tally.seconds)
        if (at < second ? at >= second - whole : isFirst)
            sum += count;
    return double(sum) / double(whole);
}

void MessageBook::tell(PubSubSnapshot &snapshot, qint64 now) const
{
    const qint64 second = now / 1000;
    snapshot.seconds.clear();
    for (qint64 at = second - secondsKept + 1; at <= second; ++at)
        snapshot.seconds.push_back({at, std::vector<quint32>(snapshot.subscriptions.size())});
    snapshot.perSecond = 0;
    for (size_t i = 0; i < snapshot.subscriptions.size(); ++i) {
        SubscriptionState &state = snapshot.subscriptions[i];
        const auto found = m_tallies.find(state.id);
        if (found == m_tallies.end())
            continue;
        const Tally &tally = found->second;
        state.messages = tally.messages;
        state.bytes = tally.bytes;
        state.gaps = tally.gaps;
        state.perSecond = rateOf(tally, now);
        snapshot.perSecond += state.perSecond;
        for (const auto &[at, count] : tally.seconds)
            if (at > second - secondsKept && at <= second)
                snapshot.seconds[size_t(at - (second - secondsKept + 1))].bySubscription[i] += count;
    }
    snapshot.messages = m_messages;
    snapshot.dropped = m_dropped;
    snapshot.kept = m_kept.size();
    snapshot.keptBytes = quint64(m_keptBytes);
}

/// Searches all messages newer than those searched, then older ones, up to the limit per call.
std::shared_ptr<PubSubMessages> MessageBook::searched(const PubSubMessages &before)
{
    auto found = std::make_shared<PubSubMessages>();
    const quint64 first = m_kept.front()->serial, last = m_kept.back()->serial;
    if (m_from > m_to || m_to < first) { // none of the messages searched before is still stored
        m_from = last + 1;
        m_to = last;
    }
    for (quint64 serial = last; serial > m_to; --serial)
        if (isMeant(*at(serial), m_filter))
            found->push_back(at(serial));
    m_to = last;
    for (const PubSubMessagePtr &each : before)
        if (each->serial >= first)
            found->push_back(each);
    m_from = std::max(m_from, first);
    for (qint64 bytes = 0; m_from > first && bytes < searchedAtOnce; --m_from) {
        const PubSubMessagePtr &each = at(m_from - 1);
        bytes += memoryOf(*each);
        if (isMeant(*each, m_filter))
            found->push_back(each);
    }
    return found;
}

std::shared_ptr<const PubSubMessages> MessageBook::shown(const PubSubFilter &filter, bool *isSearching)
{
    const bool isSame = m_shown && m_filter == filter;
    const auto isWhole = [this] { return m_kept.empty() || m_from <= m_kept.front()->serial; };
    *isSearching = false;
    if (isSame && m_shownChanges == m_changes && isWhole())
        return m_shown;
    const auto before = isSame ? m_shown : std::make_shared<const PubSubMessages>();
    m_filter = filter;
    if (!isSame) {
        m_from = 1;
        m_to = 0;
    }
    if (m_kept.empty()) {
        m_shown = std::make_shared<PubSubMessages>();
    } else if (filter.text.isEmpty() && filter.subscription == 0) {
        m_shown = std::make_shared<PubSubMessages>(m_kept.rbegin(), m_kept.rend());
        m_from = m_kept.front()->serial;
        m_to = m_kept.back()->serial;
    } else {
        m_shown = searched(*before);
    }
    m_shownChanges = m_changes;
    *isSearching = !isWhole();
    return m_shown;
}

} // namespace slotscope
