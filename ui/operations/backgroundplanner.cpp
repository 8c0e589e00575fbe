// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/backgroundplanner.h"
#include "core/base/whendone.h"

namespace slotscope {
namespace {

constexpr int pauseMs = 200;

} // namespace

BackgroundPlanner::BackgroundPlanner(Plan plan, QObject *parent) : QObject(parent), m_plan(std::move(plan))
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(pauseMs);
    connect(&m_pause, &QTimer::timeout, this, &BackgroundPlanner::ask);
}

void BackgroundPlanner::plan(const OperationRequest &request)
{
    m_request = request;
    ++m_number;
    m_pause.start();
    setBusy(true);
}

void BackgroundPlanner::cancel()
{
    ++m_number;
    m_pause.stop();
    setBusy(false);
}

void BackgroundPlanner::ask()
{
    whenDone(m_plan(m_request), this, [this, number = m_number](const Result<PlannedOperation> &result) {
        if (number != m_number)
            return;
        setBusy(false);
        m_answer = result;
        Q_EMIT answered();
    });
}

void BackgroundPlanner::setBusy(bool busy)
{
    if (m_busy == busy)
        return;
    m_busy = busy;
    Q_EMIT busyChanged();
}

} // namespace slotscope
