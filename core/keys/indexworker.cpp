// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/indexworker.h"

namespace slotscope {

namespace {

constexpr qint64 firstMs = 60, leastMs = 250; // between two snapshots while keys come in
constexpr qint64 costShare = 10; // putting in order takes a tenth of the time at most, until the scan is over

} // namespace

IndexWorker::IndexWorker() : m_index(std::make_unique<KeyIndex>())
{
    m_steps.setSingleShot(true);
    m_steps.setParent(this); // goes with it to its thread
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
    publish();
}

void IndexWorker::take(quint64 scan, const Batch<KeyBatch> &batch)
{
    if (scan != m_scan)
        return;
    for (const KeyBatch &part : batch.items)
        for (const Value &key : part.keys)
            m_index->insert(key.bytes());
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
    m_steps.start(0);
}

/// While keys come in, they wait: a few large steps take less time than many small ones.
void IndexWorker::schedule()
{
    if (!m_scanning || !m_hasOrder || m_index->waiting() >= keysPerRun) {
        m_steps.start(0);
        return;
    }
    const bool isFirst = m_index->waiting() == m_index->size();
    const qint64 due = isFirst ? firstMs : std::max(leastMs, m_costMs * costShare);
    if (!m_steps.isActive())
        m_steps.start(int(std::max<qint64>(0, due - m_sincePublished.elapsed())));
}

void IndexWorker::step()
{
    m_interrupted = m_ending.load();
    QElapsedTimer time;
    time.start();
    const bool settled = m_index->settle(m_interrupted);
    m_costMs += time.elapsed();
    m_hasOrder = m_hasOrder || settled;
    const bool isDue = m_hasOrder && m_sincePublished.elapsed() >= std::max(leastMs, m_costMs * costShare);
    if (settled || isDue) {
        publish();
        m_costMs = 0;
    }
    if (!settled && !m_ending)
        m_steps.start(0); // after what has come in meanwhile
}

void IndexWorker::publish()
{
    m_sincePublished.start();
    crossBorder();
    Q_EMIT snapshotTaken(m_index->snapshot(), m_index->size(), m_scanning, m_scan);
}

} // namespace slotscope
