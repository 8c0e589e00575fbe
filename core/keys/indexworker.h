// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/keyindex.h"
#include "core/keys/keyscanner.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace slotscope {

/// Keeps a KeyIndex on a thread of its own: takes keys, puts them in order by steps between which it listens, and
/// gives out snapshots, the more seldom the longer they take.
class IndexWorker final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(IndexWorker)
public:
    IndexWorker();

    // all of these on the worker's thread
    void begin(quint64 scan, KeyOrder order, const KeyMatcher &matcher);
    /// Keys of another scan than this one are dropped.
    void take(quint64 scan, const Batch<KeyBatch> &batch);
    /// So many keys will come with this scan.
    void expect(quint64 scan, quint64 keys);
    void setOrder(KeyOrder order);
    void setFilter(const KeyMatcher &matcher);
    void insert(const QByteArray &key);
    void remove(const QByteArray &key);
    /// The scan is over: what waits is put in order now.
    void finish();

    /// Any thread: the step under way ends early. Comes before each of the calls above that changes what it does.
    void interrupt() { m_interrupted = true; }
    /// Any thread: nothing more is begun.
    void end() { m_ending = m_interrupted = true; }

Q_SIGNALS:
    void snapshotTaken(slotscope::KeySnapshotPtr snapshot, quint64 size, bool busy, quint64 scan);

private:
    void step();
    void publish();
    void schedule();
    [[nodiscard]] qint64 dueMs() const;

    std::unique_ptr<KeyIndex> m_index;
    std::atomic<bool> m_interrupted{false}, m_ending{false};
    quint64 m_scan = 0;
    bool m_scanning = false;
    bool m_trimDue = false; ///< a large scan is over
    bool m_hasOrder = true; ///< false: the order is being made anew, and is not shown before it stands
    QElapsedTimer m_sincePublished;
    int m_published = 0; ///< snapshots of this scan
    qint64 m_costMs = 0; ///< of putting in order what the last snapshot has, or the one that is being made
    bool m_isPartOfOne = false; ///< steps were made for a snapshot that is not given out yet
    QTimer m_steps;
};

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::KeySnapshotPtr)
