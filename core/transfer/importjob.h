// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/jobcontrol.h"
#include "core/session/clustersession.h"
#include "core/transfer/keypiecewriter.h"

#include <QPointer>

namespace slotscope {

struct ImportRequest
{
    QString path; ///< "-": standard input
    int database = -1; ///< -1: the connection's
    OnConflict conflict = OnConflict::Skip;
    QByteArrayList onlyKeys; ///< not empty: no others of the file
    bool dryRun = false; ///< read the file to its end, and ask which keys are there; write nothing
    int perSecond = 0;
};

/// Writes the keys of a file that ExportJob wrote, or runs a file of commands line by line. A service for Remote; lives
/// on the session's thread.
class ImportJob final : public KeyJob
{
public:
    explicit ImportJob(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

    /// Ends with the last state: `changed` keys (or commands) were written, in a dry run: would be; `untouched` existed
    /// (`conflicts`) or had expired. A failure names its line. An Error only where nothing was begun.
    [[nodiscard]] QCoro::Task<Result<BulkProgress>>
    run(ImportRequest request, std::shared_ptr<BatchSink<BulkProgress>> sink, UserConsent consent);

private:
    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
