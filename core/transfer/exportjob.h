// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/jobcontrol.h"
#include "core/session/clustersession.h"
#include "core/transfer/keylines.h"

#include <QPointer>

namespace slotscope {

struct ExportRequest
{
    QByteArrayList keys;
    int database = -1; ///< -1: the database of the connection
    QString path; ///< "-" means standard output
    KeyFileFormat format = KeyFileFormat::Lines;
    int perSecond = 0; ///< limit of keys per second; 0: no limit
};

/// Writes keys with their values to a file. A service for Remote; lives on the session's thread.
class ExportJob final : public KeyJob
{
public:
    explicit ExportJob(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

    /// Runs the job and returns the last state: `changed` keys were written, `untouched` ones were gone. If it is
    /// stopped, the file contains what was read until then, without the last line. An Error means that there is no
    /// file.
    [[nodiscard]] QCoro::Task<Result<BulkProgress>>
    run(ExportRequest request, std::shared_ptr<BatchSink<BulkProgress>> sink, UserConsent consent = UserConsent::None);

private:
    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
