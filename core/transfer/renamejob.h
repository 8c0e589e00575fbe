// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/jobcontrol.h"
#include "core/session/clustersession.h"

#include <QPointer>

namespace slotscope {

struct RenameRequest
{
    QByteArrayList keys;
    QByteArray from, to; ///< the beginning of each name, and what stands in its place then
    int database = -1;
    int perSecond = 0;
};

/// Gives many keys another beginning of their names. Within a slot RENAMENX does it; across slots a key is copied,
/// compared, and let go (ValueEditor::copy). A name that is taken is left. A service for Remote; lives on the session's
/// thread.
class RenameJob final : public KeyJob
{
public:
    explicit RenameJob(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

    /// Ends with the last state: `changed` have their new name, of `untouched` the new name was taken (`conflicts`).
    [[nodiscard]] QCoro::Task<Result<BulkProgress>>
    run(RenameRequest request, std::shared_ptr<BatchSink<BulkProgress>> sink, UserConsent consent);

private:
    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
