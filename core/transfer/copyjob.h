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
    int database = -1; ///< of the source; -1: the connection's
    QPointer<ClusterSession> target; ///< on the same thread as the source
    int targetDatabase = -1;
    OnConflict conflict = OnConflict::Skip;
    int perSecond = 0;
};

/// Whether the target takes what DUMP gives on the source.
struct CopyForm
{
    bool byPayload = false;
    QString why; ///< in the target's words, where it does not
};

/// Copies keys to another connection, as payloads (DUMP, RESTORE) where one key shows that the target takes them, else
/// element by element. Each copy is read again and compared. A service for Remote; lives on the session's thread.
class CopyJob final : public KeyJob
{
public:
    explicit CopyJob(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

    /// Tries one key under a temporary name on the target, which goes again.
    [[nodiscard]] QCoro::Task<Result<CopyForm>> tryForm(CopyRequest request, UserConsent consent);
    /// Ends with the last state: `changed` were copied and found equal, `untouched` were gone or existed (`conflicts`).
    [[nodiscard]] QCoro::Task<Result<BulkProgress>>
    run(CopyRequest request, std::shared_ptr<BatchSink<BulkProgress>> sink, UserConsent consent);

private:
    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
