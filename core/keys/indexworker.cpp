// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/indexworker.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace slotscope {

namespace {

// Intervals between snapshots while keys arrive: short at first, then longer, because each snapshot sorts the earlier
// keys again.
constexpr qint64 firstMs = 15, secondMs = 250, secondOfManyMs = 600, laterMs = 1000;
// with this many unsorted keys, the second snapshot is delayed, because the scan may end before it
constexpr quint64 manyAtSecond = 200'000;
constexpr quint64 manyWaiting = 1'000'000; // this many unsorted keys are sorted immediately
constexpr qint64 costShare = 20; // until the scan ends, at most one twentieth of the time is spent on sorting

} // namespace

IndexWorker::IndexWorker() : m_index(std::make_unique<KeyIndex>())
{
#ifdef __GLIBC__
    // Blocks of this size and more go back to the system when they are freed. By default glibc keeps blocks up to the
    // size of the largest one that was freed before (32 MB at most), and a sort needs several of some 10 MB.
    ::mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
    m_steps.setSingleShot(true);
    m_steps.setParent(this); // makes the timer move to this object's thread with it
    m_steps.callOnTimeout(this, &IndexWorker::step);
}

void IndexWorker::begin(quint64 scan, KeyOrder order, const KeyMatcher &matcher)
{
    m_index = std::make_unique<KeyIndex>(order);
    m_index->setFilter(matcher);
    m_scan = scan;
    m_scanning = true;
    m_hasOrder = true;
    m_costMs = 0;
    m_published = 0;
    publish();
}

void IndexWorker::take(quint64 scan, const Batch<KeyBatch> &batch)
{
    if (scan != m_scan)
        return;
    for (const KeyBatch &part : batch.items)
        m_index->insertAll(part.keys.size(), [&](size_t i) { return QByteArrayView(part.keys[i].bytes()); });
    schedule();
}

void IndexWorker::setOrder(KeyOrder order)
{
    m_index->setOrder(order);
    m_hasOrder = m_index->isSettled();
    schedule();
}

void IndexWorker::setFilter(const KeyMatcher &matcher)
{
    m_index->setFilter(matcher);
    m_steps.start(0);
}

void IndexWorker::insert(const QByteArray &key)
{
    m_index->insert(key);
    m_steps.start(0);
}

void IndexWorker::remove(const QByteArray &key)
{
    m_index->remove(key);
    m_steps.start(0);
}

void IndexWorker::finish()
{
    m_scanning = false;
    m_trimDue = m_index->size() >= manyWaiting;
    m_steps.start(0);
}

/// Schedules the next step. While keys arrive they are collected, because a few large steps take less time than many
/// small ones.
void IndexWorker::schedule()
{
    if (!m_scanning || !m_hasOrder || m_index->waiting() >= manyWaiting) {
        m_steps.start(0);
        return;
    }
    // start the timer again for each batch, because many keys delay the second snapshot
    if (!m_steps.isActive() || m_steps.interval() > 0)
        m_steps.start(int(std::max<qint64>(0, dueMs() - m_sincePublished.elapsed())));
}

/// Time from the last snapshot to the next.
qint64 IndexWorker::dueMs() const
{
    const qint64 second = m_index->waiting() > manyAtSecond ? secondOfManyMs : secondMs;
    const qint64 least = m_published < 2 ? firstMs : m_published < 3 ? second : laterMs;
    return m_published < 3 ? least : std::max(least, m_costMs * costShare);
}

void IndexWorker::expect(quint64 scan, quint64 keys)
{
    if (scan == m_scan)
        m_index->reserve(keys);
}

void IndexWorker::step()
{
    m_interrupted = m_ending.load();
    QElapsedTimer time;
    time.start();
    if (!m_isPartOfOne)
        m_costMs = 0;
    const bool settled = m_index->settle(m_interrupted);
    m_costMs += time.elapsed();
    m_isPartOfOne = true;
    m_hasOrder = m_hasOrder || settled;
    const bool isDue = m_hasOrder && m_sincePublished.elapsed() >= dueMs();
    if (settled || isDue) {
        publish();
        m_isPartOfOne = false;
    }
#ifdef __GLIBC__
    if (settled && std::exchange(m_trimDue, false))
        ::malloc_trim(0); // sorting leaves gaps between the keys, which are not returned to the system automatically
#endif
    if (!settled && !m_ending)
        m_steps.start(0); // through the event loop, so that keys that arrived meanwhile are taken first
}

void IndexWorker::publish()
{
    m_sincePublished.start();
    ++m_published;
    crossBorder();
    Q_EMIT snapshotTaken(m_index->snapshot(), m_index->size(), m_scanning, m_scan);
}

} // namespace slotscope
