// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/scanrequest.h"
#include "core/session/batchstream.h"
#include "core/session/clustersession.h"

namespace slotscope {

/// What one SCAN call told.
struct KeyBatch
{
    Value::List keys;
    QByteArray nodeId = {}; ///< of the node that told them
};

/// Where a scan puts what it finds. On the session's thread.
class KeyOutlet
{
    Q_DISABLE_COPY_MOVE(KeyOutlet)
public:
    KeyOutlet() = default;
    virtual ~KeyOutlet() = default;
    virtual void put(KeyBatch batch) = 0;
    /// The scan waits while it is, and until it is told of room.
    [[nodiscard]] virtual bool isFull() const { return false; }
    virtual void whenRoom(std::function<void()>) { }
};

class ScanRun;

/// Looks for keys on all chosen nodes side by side, over connections of its own on which looking leaves no trace
/// (CLIENT NO-TOUCH, where the server has it). A node that goes away is named, and its part is read again from whoever
/// has it then; a slot that moved meanwhile is read again where it is. So no key is missing that existed all the time,
/// unless the progress names its slot. A key may be told more than once. On the session's thread.
class KeyScanner final
{
    Q_DISABLE_COPY_MOVE(KeyScanner)
public:
    using Report = std::function<void(const ScanProgress &)>;
    explicit KeyScanner(QPointer<ClusterSession> session) : m_session(std::move(session)) { }
    ~KeyScanner();

    /// Comes back when the scan is over. `report` is called some ten times a second. A scan that runs is stopped first.
    [[nodiscard]] QCoro::Task<Result<ScanProgress>> scan(ScanRequest request, std::shared_ptr<KeyOutlet> outlet,
                                                         Report report);
    /// The same for another thread: both streams are fed from here.
    [[nodiscard]] QCoro::Task<Result<ScanProgress>> scan(ScanRequest request, std::shared_ptr<BatchSink<KeyBatch>> keys,
                                                         std::shared_ptr<BatchSink<ScanProgress>> progress);
    /// Cursors are kept.
    void pause();
    void goOn();
    void stop();

private:
    QPointer<ClusterSession> m_session;
    std::shared_ptr<ScanRun> m_run;
};

} // namespace slotscope
