// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/keyindex.h"
#include "core/keys/keyscanner.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace slotscope {

/// Owns a KeyIndex on a thread of its own: receives keys, sorts them in steps between events, and sends snapshots, less
/// often the longer they take.
class IndexWorker final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(IndexWorker)
public:
    IndexWorker();

    // call all of these on the worker's thread
    void begin(quint64 scan, KeyOrder order, const KeyMatcher &matcher);
    /// Adds keys; keys of another scan than the current one are dropped.
    void take(quint64 scan, const Batch<KeyBatch> &batch);
    /// Announces how many keys this scan will bring.
    void expect(quint64 scan, quint64 keys);
    void setOrder(KeyOrder order);
    void setFilter(const KeyMatcher &matcher);
    void insert(const QByteArray &key);
    void remove(const QByteArray &key);
    /// The scan has ended: sorts the remaining keys now.
    void finish();

    /// Any thread: ends the current step early. Call before each of the calls above that affects it.
    void interrupt() { m_interrupted = true; }
    /// Any thread: no further step is started.
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
    bool m_trimDue = false; ///< memory should be trimmed after a large scan
    bool m_hasOrder = true; ///< false: sorting in a new order is in progress, which is shown only when complete
    QElapsedTimer m_sincePublished;
    int m_published = 0; ///< number of snapshots of this scan
    qint64 m_costMs = 0; ///< time spent on sorting for the last snapshot, or for the one in progress
    bool m_isPartOfOne = false; ///< steps were done for a snapshot not sent yet
    QTimer m_steps;
};

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::KeySnapshotPtr)
