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
    int database = -1; ///< -1: the connection's
    QString path; ///< "-": standard output
    KeyFileFormat format = KeyFileFormat::Lines;
    int perSecond = 0; ///< at most so many keys a second; 0: as fast as the servers answer
};

/// Writes keys with their values to a file. A service for Remote; lives on the session's thread.
class ExportJob final : public KeyJob
{
public:
    explicit ExportJob(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

    /// Ends with the last state: `changed` keys stand in the file, `untouched` were gone. Where it is stopped, the file
    /// holds what was read until then, and no last line. An Error where there is no file.
    [[nodiscard]] QCoro::Task<Result<BulkProgress>>
    run(ExportRequest request, std::shared_ptr<BatchSink<BulkProgress>> sink, UserConsent consent = UserConsent::None);

private:
    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
