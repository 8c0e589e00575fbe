// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/operationsdoor.h"

#include <QTimer>

#include <functional>

namespace slotscope {

/// Plans again and again as a form changes: a moment after the last change, and only the answer to the last question
/// counts. GUI thread.
class BackgroundPlanner final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(BackgroundPlanner)
public:
    using Plan = std::function<QFuture<Result<PlannedOperation>>(const OperationRequest &)>;
    explicit BackgroundPlanner(Plan plan, QObject *parent = nullptr);

    void plan(const OperationRequest &request); ///< what was asked before is answered no more
    void cancel(); ///< nothing is wanted
    [[nodiscard]] bool isBusy() const { return m_busy; }
    [[nodiscard]] const Result<PlannedOperation> &answer() const { return m_answer; } ///< to the last question

Q_SIGNALS:
    void answered(); ///< answer() is what came out
    void busyChanged();

private:
    void ask();
    void setBusy(bool busy);

    Plan m_plan;
    OperationRequest m_request;
    QTimer m_pause; ///< typing is not asked for letter by letter
    quint64 m_number = 0; ///< of the last question
    bool m_busy = false;
    Result<PlannedOperation> m_answer;
};

} // namespace slotscope
