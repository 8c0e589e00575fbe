// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/whendone.h"
#include "touroperations.h"

#include "ui/shell/mainwindow.h"

#include <utility>

namespace slotscope {
namespace {

constexpr int briefSlots = 24;
constexpr int slowSlots = 2400;
constexpr int slowKeys = 150; // keys per second

} // namespace

TourOperations::TourOperations(OperationsDoor &operations, MainWindow &window, QObject *parent)
    : QObject(parent), m_operations(operations), m_window(window)
{ }

void TourOperations::makeHistory()
{
    if (std::exchange(m_made, true))
        return;
    reshard(0, 1, briefSlots, 0, false);
}

void TourOperations::begin()
{
    reshard(1, 2, slowSlots, slowKeys, true);
}

void TourOperations::end()
{
    for (const RunSnapshotPtr &run : m_operations.running())
        m_operations.stop(run->id);
}

void TourOperations::reshard(int from, int to, int count, int keysPerSecond, bool show)
{
    const ConnectionView *view = m_window.currentConnection();
    const ClusterViewPtr cluster = view ? view->view() : nullptr;
    const auto primary = [&cluster](int shard) {
        return size_t(shard) < cluster->shards.size() ? cluster->shards.at(size_t(shard)).primary : -1;
    };
    if (!cluster || !view->door() || primary(from) < 0 || primary(to) < 0)
        return;
    ReshardRequest request;
    request.sources = {cluster->nodes.at(size_t(primary(from))).id};
    request.target = cluster->nodes.at(size_t(primary(to))).id;
    request.count = count;
    request.migration.keysPerSecond = keysPerSecond;
    const ConnectionTarget target = view->door()->target();
    whenDone(m_operations.plan(target, request), this, [this, target, show](const Result<PlannedOperation> &planned) {
        if (!planned || planned->plan.isRefused())
            return;
        whenDone(m_operations.start(target, planned->plan, false), this, [this, show](const Result<QString> &id) {
            if (id && show)
                m_window.showRun(*id);
        });
    });
}

} // namespace slotscope
