// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pubsub/pubsubtypes.h"

#include <deque>
#include <map>

namespace slotscope {

/// The messages of all subscriptions: all are counted, and the newest stored, limited by number and bytes. Pure.
class MessageBook
{
public:
    struct Bounds
    {
        size_t messages = 20'000;
        qint64 bytes = 64 * 1024 * 1024;
        qint64 bytesOfOne = 1024 * 1024; ///< a longer payload is truncated to this
    };
    static constexpr int secondsKept = 60, secondsOfRate = 5;
    static constexpr qint64 searchedAtOnce = 8 * 1024 * 1024;

    explicit MessageBook(Bounds bounds) : m_bounds(bounds) { }
    MessageBook() : MessageBook(Bounds()) { }

    void setBounds(Bounds bounds); ///< messages beyond the limits are dropped
    [[nodiscard]] const Bounds &bounds() const { return m_bounds; }
    /// Sets `message.bytes` and its serial.
    void take(PubSubMessage message);
    void takeGap(PubSubMessage gap); ///< gapFrom must be set
    void clear(); ///< removes all messages and counts
    void forget(int subscription) { m_tallies.erase(subscription); }

    /// Returns counts and seconds for these subscriptions, in order; `now` is in ms since 1970.
    void tell(PubSubSnapshot &snapshot, qint64 now) const;
    /// Stored messages that match the filter, newest first. One call searches a limited number of bytes; `isSearching`
    /// means that older messages must still be searched. Returns the same pointer as before if nothing has changed.
    [[nodiscard]] std::shared_ptr<const PubSubMessages> shown(const PubSubFilter &filter, bool *isSearching);

private:
    struct Tally
    {
        quint64 messages = 0, bytes = 0, gaps = 0;
        qint64 begunAt = 0;
        std::deque<std::pair<qint64, quint32>> seconds; ///< second since 1970, and number of messages in it
    };
    void keep(PubSubMessage message);
    void dropBeyond();
    [[nodiscard]] const PubSubMessagePtr &at(quint64 serial) const { return m_kept[serial - m_kept.front()->serial]; }
    [[nodiscard]] std::shared_ptr<PubSubMessages> searched(const PubSubMessages &before);
    [[nodiscard]] static double rateOf(const Tally &tally, qint64 now);

    Bounds m_bounds;
    std::deque<PubSubMessagePtr> m_kept; ///< oldest first
    std::map<int, Tally> m_tallies;
    quint64 m_serial = 0, m_messages = 0, m_dropped = 0, m_changes = 0;
    qint64 m_keptBytes = 0;
    std::shared_ptr<const PubSubMessages> m_shown; ///< matching messages between m_from and m_to
    PubSubFilter m_filter;
    quint64 m_from = 1, m_to = 0; ///< serials searched; older ones must still be searched
    quint64 m_shownChanges = 0;
};

[[nodiscard]] bool isMeant(const PubSubMessage &message, const PubSubFilter &filter);

} // namespace slotscope
