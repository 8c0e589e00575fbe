// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/run/operationsdoor.h"

#include <QTimer>

#include <functional>

namespace slotscope {

/// Makes a plan each time a form changes: shortly after the last change, and only the result of the newest request is
/// used. GUI thread.
class BackgroundPlanner final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(BackgroundPlanner)
public:
    using Plan = std::function<QFuture<Result<PlannedOperation>>(const OperationRequest &)>;
    explicit BackgroundPlanner(Plan plan, QObject *parent = nullptr);

    void plan(const OperationRequest &request); ///< drops the results of earlier requests
    void cancel(); ///< no plan is needed
    [[nodiscard]] bool isBusy() const { return m_busy; }
    [[nodiscard]] const Result<PlannedOperation> &answer() const { return m_answer; } ///< result of the newest request

Q_SIGNALS:
    void answered(); ///< answer() has a new result
    void busyChanged();

private:
    void ask();
    void setBusy(bool busy);

    Plan m_plan;
    OperationRequest m_request;
    QTimer m_pause; ///< delay, so that not every typed character starts a plan
    quint64 m_number = 0; ///< number of the newest request
    bool m_busy = false;
    Result<PlannedOperation> m_answer;
};

} // namespace slotscope
