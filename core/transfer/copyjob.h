// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/jobcontrol.h"
#include "core/session/clustersession.h"
#include "core/transfer/keypiecewriter.h"

#include <QPointer>

namespace slotscope {

struct CopyRequest
{
    QByteArrayList keys;
    int database = -1; ///< database of the source; -1: the connection's
    QPointer<ClusterSession> target; ///< must be on the same thread as the source
    int targetDatabase = -1;
    OnConflict conflict = OnConflict::Skip;
    int perSecond = 0;
};

/// Whether the target accepts DUMP payloads of the source.
struct CopyForm
{
    bool byPayload = false;
    QString why; ///< the target's error message, if it does not
};

/// Copies keys to another connection: as payloads (DUMP, RESTORE) if a test with one key shows that the target accepts
/// them, else element by element. Each copy is read again and compared. A service for Remote; lives on the session's
/// thread.
class CopyJob final : public KeyJob
{
public:
    explicit CopyJob(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

    /// Tests one key under a temporary name on the target, which is removed again.
    [[nodiscard]] QCoro::Task<Result<CopyForm>> tryForm(CopyRequest request, UserConsent consent);
    /// Runs the job and returns the last state: `changed` keys were copied and found equal, `untouched` ones were gone,
    /// or existed already (`conflicts`).
    [[nodiscard]] QCoro::Task<Result<BulkProgress>>
    run(CopyRequest request, std::shared_ptr<BatchSink<BulkProgress>> sink, UserConsent consent);

private:
    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
