// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/scanrequest.h"
#include "core/session/batchstream.h"
#include "core/session/clustersession.h"

namespace slotscope {

/// The keys from one SCAN call.
struct KeyBatch
{
    Value::List keys;
    QByteArray nodeId = {}; ///< node that returned the keys
};

/// Receives the keys that a scan finds. On the session's thread.
class KeyOutlet
{
    Q_DISABLE_COPY_MOVE(KeyOutlet)
public:
    KeyOutlet() = default;
    virtual ~KeyOutlet() = default;
    virtual void put(KeyBatch batch) = 0;
    /// While true, the scan waits until it is told that there is room.
    [[nodiscard]] virtual bool isFull() const { return false; }
    virtual void whenRoom(std::function<void()>) { }
};

class ScanRun;

/// Scans all chosen nodes for keys in parallel, over connections of its own on which reads do not count as accesses
/// (CLIENT NO-TOUCH, if the server has it). If a node fails, it is reported, and its slots are scanned again on their
/// new owner. Slots that move are scanned again where they are. So no key is missed that existed during the whole scan,
/// unless the progress names its slot. A key may be reported more than once. On the session's thread.
class KeyScanner final
{
    Q_DISABLE_COPY_MOVE(KeyScanner)
public:
    using Report = std::function<void(const ScanProgress &)>;
    explicit KeyScanner(QPointer<ClusterSession> session) : m_session(std::move(session)) { }
    ~KeyScanner();

    /// Returns when the scan has ended. `report` is called about ten times a second. A running scan is stopped first.
    [[nodiscard]] QCoro::Task<Result<ScanProgress>> scan(ScanRequest request, std::shared_ptr<KeyOutlet> outlet,
                                                         Report report);
    /// The same for a receiver on another thread: this function feeds both streams.
    [[nodiscard]] QCoro::Task<Result<ScanProgress>> scan(ScanRequest request, std::shared_ptr<BatchSink<KeyBatch>> keys,
                                                         std::shared_ptr<BatchSink<ScanProgress>> progress);
    /// the scan can continue, because cursors are kept
    void pause();
    void goOn();
    void stop();

private:
    QPointer<ClusterSession> m_session;
    std::shared_ptr<ScanRun> m_run;
};

} // namespace slotscope
