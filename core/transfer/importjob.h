// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/jobcontrol.h"
#include "core/session/clustersession.h"
#include "core/transfer/keypiecewriter.h"

#include <QPointer>

namespace slotscope {

struct ImportRequest
{
    QString path; ///< "-" means standard input
    int database = -1; ///< -1: the database of the connection
    OnConflict conflict = OnConflict::Skip;
    QByteArrayList onlyKeys; ///< if not empty, only these keys of the file
    bool dryRun = false; ///< read the whole file and check which keys exist, without writing
    int perSecond = 0;
};

/// Writes the keys of a file made by ExportJob, or runs a file of commands line by line. A service for Remote; lives on
/// the session's thread.
class ImportJob final : public KeyJob
{
public:
    explicit ImportJob(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

    /// Runs the job and returns the last state: `changed` keys (or commands) were written (in a dry run: would be),
    /// `untouched` ones existed already (`conflicts`) or had expired. A failure contains its line number. An Error
    /// means that nothing was started.
    [[nodiscard]] QCoro::Task<Result<BulkProgress>>
    run(ImportRequest request, std::shared_ptr<BatchSink<BulkProgress>> sink, UserConsent consent);

private:
    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
