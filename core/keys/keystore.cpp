// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/keystore.h"

#include "core/base/whendone.h"
#include "core/keys/indexworker.h"
#include "core/keys/keyfactscache.h"
#include "core/session/remote.h"

namespace slotscope {

KeyStore::KeyStore(QObject *parent)
    : QObject(parent), m_worker(new IndexWorker), m_facts(new KeyFactsCache(this)), m_snapshot(KeyIndex().snapshot())
{
    qRegisterMetaType<KeySnapshotPtr>();
    m_thread.setObjectName(QStringLiteral("keys"));
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    connect(m_worker, &IndexWorker::snapshotTaken, this, &KeyStore::takeSnapshot, Qt::QueuedConnection);
    m_thread.start();
}

KeyStore::~KeyStore()
{
    m_scanner.reset();
    m_worker->end();
    m_thread.quit();
    m_thread.wait(); // waits for one step at most, which ends early
}

namespace {

template <typename Work>
void onWorker(IndexWorker *worker, Work work)
{
    crossBorder();
    QMetaObject::invokeMethod(
        worker,
        [worker, work = std::move(work)] {
            crossBorder();
            work(*worker);
        },
        Qt::QueuedConnection);
}

} // namespace

void KeyStore::start(SessionDoor &door, const ScanRequest &request)
{
    const quint64 scan = ++m_scan;
    m_request = request;
    m_progress = {};
    m_progress.state = ScanProgress::State::Running;
    m_overWhenSettled = false;
    m_snapshot = KeyIndex().snapshot();
    m_busy = true;
    m_scanner = std::make_unique<Remote<KeyScanner>>(door);
    m_facts->setDoor(door, request.database);
    const Result<KeyMatcher> matcher = KeyMatcher::make(m_filter);
    const KeyOrder order = m_delimiters.needByteOrder() ? KeyOrder::Bytes : m_order;
    m_worker->interrupt();
    onWorker(m_worker, [scan, order, matcher](IndexWorker &worker) { worker.begin(scan, order, *matcher); });
    const auto keys = std::make_shared<BatchSink<KeyBatch>>(
        m_worker, [worker = m_worker, scan](Batch<KeyBatch> batch) { worker->take(scan, batch); });
    keys->door()->moveToThread(&m_thread);
    std::erase_if(m_doors, [](const std::shared_ptr<QObject> &kept) { return kept.use_count() == 1; });
    m_doors.push_back(keys->sharedDoor());
    const auto told = std::make_shared<BatchSink<ScanProgress>>(this, [this, scan](Batch<ScanProgress> batch) {
        if (scan == m_scan && !m_overWhenSettled && !batch.items.empty())
            takeProgress(batch.items.back());
    });
    whenDone(m_scanner->call<ScanProgress>(
                 [request, keys, told](KeyScanner &scanner) { return scanner.scan(request, keys, told); }),
             this, [this, scan](const Result<ScanProgress> &result) {
                 if (scan == m_scan)
                     finish(result);
             });
    Q_EMIT started();
    Q_EMIT rowsChanged();
    Q_EMIT progressChanged();
}

void KeyStore::pause()
{
    if (m_scanner)
        m_scanner->tell([](KeyScanner &scanner) { scanner.pause(); });
}

void KeyStore::goOn()
{
    if (m_scanner)
        m_scanner->tell([](KeyScanner &scanner) { scanner.goOn(); });
}

void KeyStore::stop()
{
    if (m_scanner)
        m_scanner->tell([](KeyScanner &scanner) { scanner.stop(); });
}

void KeyStore::takeProgress(const ScanProgress &progress)
{
    const quint64 seen = m_progress.seen;
    const bool isAll = m_request.pattern.isEmpty() && m_request.type.isEmpty() && !m_request.slotsOnly;
    if (isAll && m_progress.expected < 0 && progress.expected > 0)
        onWorker(m_worker, [scan = m_scan, keys = quint64(progress.expected)](IndexWorker &worker) {
            worker.expect(scan, keys);
        });
    m_progress = progress;
    m_progress.seen = seen; // keep the index's count, which excludes duplicates
    Q_EMIT progressChanged();
}

/// The scan has delivered all keys to the worker's queue. It counts as ended when they are sorted.
void KeyStore::finish(const Result<ScanProgress> &result)
{
    m_overWhenSettled = true;
    if (result) {
        m_endState = result->state;
        ScanProgress last = *result;
        // observers take the shown keys as complete once the state is not Running
        last.state = ScanProgress::State::Running;
        takeProgress(last);
    } else {
        m_progress.error = result.error();
        m_endState =
            result.error().code == Error::Code::Cancelled ? ScanProgress::State::Stopped : ScanProgress::State::Done;
    }
    onWorker(m_worker, [](IndexWorker &worker) { worker.finish(); });
}

void KeyStore::takeSnapshot(const KeySnapshotPtr &snapshot, quint64 size, bool busy, quint64 scan)
{
    crossBorder();
    if (scan != m_scan)
        return;
    m_snapshot = snapshot;
    m_progress.seen = size;
    m_busy = busy || snapshot->waiting > 0;
    if (m_overWhenSettled && !m_busy)
        m_progress.state = m_endState;
    Q_EMIT rowsChanged();
    Q_EMIT progressChanged();
}

void KeyStore::tellOrder()
{
    const KeyOrder order = m_delimiters.needByteOrder() ? KeyOrder::Bytes : m_order;
    m_worker->interrupt();
    onWorker(m_worker, [order](IndexWorker &worker) { worker.setOrder(order); });
}

void KeyStore::setDelimiters(const QList<QByteArray> &delimiters)
{
    const Delimiters next(delimiters);
    if (next == m_delimiters)
        return;
    const bool otherOrder = next.needByteOrder() != m_delimiters.needByteOrder();
    m_delimiters = next;
    if (otherOrder)
        tellOrder();
    Q_EMIT rowsChanged();
}

void KeyStore::setOrder(KeyOrder order)
{
    if (std::exchange(m_order, order) != order)
        tellOrder();
}

Result<> KeyStore::setFilter(const KeyFilter &filter)
{
    const Result<KeyMatcher> matcher = KeyMatcher::make(filter);
    if (!matcher)
        return failure(matcher.error());
    if (filter == m_filter)
        return {};
    m_filter = filter;
    m_worker->interrupt();
    onWorker(m_worker, [matcher](IndexWorker &worker) { worker.setFilter(*matcher); });
    return {};
}

void KeyStore::insert(const QByteArray &key)
{
    onWorker(m_worker, [key](IndexWorker &worker) { worker.insert(key); });
}

void KeyStore::readFactsAgain(const QByteArray &key)
{
    m_facts->readAgain(key);
}

void KeyStore::remove(const QByteArray &key)
{
    m_facts->forget(key);
    onWorker(m_worker, [key](IndexWorker &worker) { worker.remove(key); });
}

} // namespace slotscope
