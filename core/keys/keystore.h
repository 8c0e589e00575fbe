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

/// The keys of one scan, for the GUI thread. The scan runs on the core thread and the index on a thread of its own.
/// This object holds its snapshots, so that no call blocks.
class KeyStore final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeyStore)
public:
    explicit KeyStore(QObject *parent = nullptr);
    ~KeyStore() override;

    /// Forgets all keys and starts a scan. The door must outlive this store, or be closed first.
    void start(SessionDoor &door, const ScanRequest &request);
    void pause();
    void goOn();
    void stop();

    void setDelimiters(const QList<QByteArray> &delimiters);
    [[nodiscard]] const Delimiters &delimiters() const { return m_delimiters; }
    void setOrder(KeyOrder order);
    /// Error if a regular expression is invalid; the previous filter then stays.
    Result<> setFilter(const KeyFilter &filter);
    [[nodiscard]] const KeyFilter &filter() const { return m_filter; }
    /// Call after our own edits.
    void insert(const QByteArray &key);
    void remove(const QByteArray &key);
    void readFactsAgain(const QByteArray &key);

    [[nodiscard]] const ScanRequest &request() const { return m_request; }
    [[nodiscard]] const ScanProgress &progress() const { return m_progress; }
    /// Never null.
    [[nodiscard]] const KeySnapshotPtr &snapshot() const { return m_snapshot; }
    /// Whether keys are being sorted, or a filter applied.
    [[nodiscard]] bool isBusy() const { return m_busy; }
    /// Facts (type, TTL, …) of the keys on display.
    [[nodiscard]] KeyFactsCache *facts() const { return m_facts; }

Q_SIGNALS:
    void started(); ///< a new scan has started; everything of the last one is gone
    void progressChanged(); ///< about ten times a second at most
    void rowsChanged(); ///< snapshot() or delimiters() has changed

private:
    void takeSnapshot(const KeySnapshotPtr &snapshot, quint64 size, bool busy, quint64 scan);
    void takeProgress(const ScanProgress &progress);
    void finish(const Result<ScanProgress> &result);
    void tellOrder();

    std::vector<std::shared_ptr<QObject>>
        m_doors; ///< doors of sinks on m_thread; destroyed after the thread, so that none leaks
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
    bool m_overWhenSettled = false; ///< the scan has ended, but its last keys are still being sorted
    ScanProgress::State m_endState = ScanProgress::State::Done;
    quint64 m_scan = 0; ///< number of the scan; data of earlier scans is dropped
};

} // namespace slotscope
