// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/delimiters.h"
#include "core/keys/keyindex.h"
#include "core/keys/scanrequest.h"
#include "core/session/sessiondoor.h"

#include <QObject>
#include <QThread>

namespace slotscope {

class IndexWorker;
class KeyFactsCache;
class KeyScanner;
template <typename Service>
class Remote;

/// The keys of one scan, for the GUI thread. The scan runs on the core thread, the index on a thread of its own; here
/// are snapshots of it, so that no call waits.
class KeyStore final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeyStore)
public:
    explicit KeyStore(QObject *parent = nullptr);
    ~KeyStore() override;

    /// Forgets what is there and scans anew. The door outlives this store, or is closed first.
    void start(SessionDoor &door, const ScanRequest &request);
    void pause();
    void goOn();
    void stop();

    void setDelimiters(const QList<QByteArray> &delimiters);
    [[nodiscard]] const Delimiters &delimiters() const { return m_delimiters; }
    void setOrder(KeyOrder order);
    /// Error where a regular expression is wrong; the filter stays as it was then.
    Result<> setFilter(const KeyFilter &filter);
    [[nodiscard]] const KeyFilter &filter() const { return m_filter; }
    /// After edits of ours.
    void insert(const QByteArray &key);
    void remove(const QByteArray &key);

    [[nodiscard]] const ScanRequest &request() const { return m_request; }
    [[nodiscard]] const ScanProgress &progress() const { return m_progress; }
    /// Never null.
    [[nodiscard]] const KeySnapshotPtr &snapshot() const { return m_snapshot; }
    /// Keys are on their way into the order, or the filter is.
    [[nodiscard]] bool isBusy() const { return m_busy; }
    /// Types, TTLs, … of keys that are looked at.
    [[nodiscard]] KeyFactsCache *facts() const { return m_facts; }

Q_SIGNALS:
    void started(); ///< another scan: nothing of the last one is left
    void progressChanged(); ///< some ten times a second at most
    void rowsChanged(); ///< snapshot(), or delimiters()

private:
    void takeSnapshot(const KeySnapshotPtr &snapshot, quint64 size, bool busy, quint64 scan);
    void takeProgress(const ScanProgress &progress);
    void finish(const Result<ScanProgress> &result);
    void tellOrder();

    std::vector<std::shared_ptr<QObject>>
        m_doors; ///< of sinks on m_thread; they outlive it, so that none is left behind
    QThread m_thread;
    IndexWorker *m_worker; ///< lives on m_thread
    KeyFactsCache *m_facts;
    std::unique_ptr<Remote<KeyScanner>> m_scanner;
    ScanRequest m_request;
    ScanProgress m_progress;
    KeySnapshotPtr m_snapshot;
    Delimiters m_delimiters;
    KeyOrder m_order = KeyOrder::Natural;
    KeyFilter m_filter;
    bool m_busy = false;
    bool m_overWhenSettled = false; ///< the scan has ended; its last keys are on their way
    ScanProgress::State m_endState = ScanProgress::State::Done;
    quint64 m_scan = 0; ///< which scan this is: what is told of an earlier one is dropped
};

} // namespace slotscope
