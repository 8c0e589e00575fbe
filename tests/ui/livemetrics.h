// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/livepage.h"
#include "ui/metrics/metricspage.h"

#include <QCoro/QCoroTask>

namespace slotscope::test {

/// Base class of tests of the metrics dashboard: a cluster with data, on the newest installed server.
class LiveMetrics : public LivePage
{
protected:
    void startCluster()
    {
        LocalClusterOptions options;
        options.serverPath = serversFound().back().second;
        m_cluster = std::make_unique<TestCluster>(options);
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
        QVERIFY(QCoro::waitFor((*m_cluster)->loadSampleData(2)));
    }
    MetricsPage *open()
    {
        auto *page = openPage<MetricsPage>(m_cluster->target({0}), QStringLiteral("metrics"));
        return QTest::qWaitFor([page] { return hasValues(page); }, 20'000) ? page : nullptr;
    }
    /// Returns whether the plot of commands has received values from all six nodes.
    static bool hasValues(MetricsPage *page)
    {
        return page->isFilled() && page->picture().window.nodesTold == 6 && page->plot(QStringLiteral("commands"))
            && page->plot(QStringLiteral("commands"))->headText().contains(QStringLiteral("Σ"));
    }
    void load(int commands)
    {
        for (int i = 0; i < commands; ++i)
            QVERIFY(m_cluster->run(i % 3, {"EVAL", "for i=1,150 do redis.call('ECHO','x') end", "0"}));
    }

    std::unique_ptr<TestCluster> m_cluster;
};

} // namespace slotscope::test
