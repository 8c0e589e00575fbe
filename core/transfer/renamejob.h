// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/jobcontrol.h"
#include "core/session/clustersession.h"

#include <QPointer>

namespace slotscope {

struct RenameRequest
{
    QByteArrayList keys;
    QByteArray from, to; ///< prefix of the present names, and the prefix that replaces it
    int database = -1;
    int perSecond = 0;
};

/// Replaces the prefix of many key names: with RENAMENX within a slot; across slots, a key is copied, compared, and
/// deleted (ValueEditor::copy). Keys whose new name exists are left alone. A service for Remote; lives on the session's
/// thread.
class RenameJob final : public KeyJob
{
public:
    explicit RenameJob(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

    /// Runs the job and returns the last state: `changed` keys were renamed; for `untouched` keys the new name existed
    /// (`conflicts`).
    [[nodiscard]] QCoro::Task<Result<BulkProgress>>
    run(RenameRequest request, std::shared_ptr<BatchSink<BulkProgress>> sink, UserConsent consent);

private:
    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
