// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pubsub/pubsubtypes.h"

#include <deque>
#include <map>

namespace slotscope {

/// Messages of all subscriptions: each is counted, the newest are kept, bounded by number and by bytes. Pure.
class MessageBook
{
public:
    struct Bounds
    {
        size_t messages = 20'000;
        qint64 bytes = 64 * 1024 * 1024;
        qint64 bytesOfOne = 1024 * 1024; ///< of a longer payload the beginning is kept
    };
    static constexpr int secondsKept = 60, secondsOfRate = 5;
    static constexpr qint64 searchedAtOnce = 8 * 1024 * 1024;

    explicit MessageBook(Bounds bounds) : m_bounds(bounds) { }
    MessageBook() : MessageBook(Bounds()) { }

    void setBounds(Bounds bounds); ///< what is beyond is dropped
    [[nodiscard]] const Bounds &bounds() const { return m_bounds; }
    /// `message.bytes` and its serial are set here.
    void take(PubSubMessage message);
    void takeGap(PubSubMessage gap); ///< gapFrom is set
    void clear(); ///< what is kept, and the counts
    void forget(int subscription) { m_tallies.erase(subscription); }

    /// Figures and seconds for these subscriptions, in their order; `now` ms since 1970.
    void tell(PubSubSnapshot &snapshot, qint64 now) const;
    /// Kept ones that the filter means, the newest first. So many bytes are looked through in one call; `isSearching`
    /// says that older ones are still to be. The same pointer as before where nothing has changed.
    [[nodiscard]] std::shared_ptr<const PubSubMessages> shown(const PubSubFilter &filter, bool *isSearching);

private:
    struct Tally
    {
        quint64 messages = 0, bytes = 0, gaps = 0;
        qint64 begunAt = 0;
        std::deque<std::pair<qint64, quint32>> seconds; ///< second since 1970, messages in it
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
    std::shared_ptr<const PubSubMessages> m_shown; ///< what the filter means of those from m_from to m_to
    PubSubFilter m_filter;
    quint64 m_from = 1, m_to = 0; ///< serials; older ones are still to be searched
    quint64 m_shownChanges = 0;
};

[[nodiscard]] bool isMeant(const PubSubMessage &message, const PubSubFilter &filter);

} // namespace slotscope
