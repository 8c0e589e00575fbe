// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/pages.h"

#include "ui/analysis/analysispage.h"
#include "ui/browser/browserpage.h"
#include "ui/clients/clientspage.h"
#include "ui/config/configpage.h"
#include "ui/console/consolepage.h"
#include "ui/latency/latencypage.h"
#include "ui/metrics/metricspage.h"
#include "ui/operations/operationspage.h"
#include "ui/profiler/profilerpage.h"
#include "ui/pubsub/pubsubpage.h"
#include "ui/slots/slotspage.h"
#include "ui/slowlog/slowlogpage.h"
#include "ui/topology/topologypage.h"

#include <QCoreApplication>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

template <typename P>
Page *make(PageContext &context, QWidget *parent)
{
    return new P(context, parent);
}

} // namespace

QList<PageInfo> pageInfos()
{
    return {
        {u"topology"_s, PageGroup::Cluster, QCoreApplication::translate("Pages", "Topology"), u"topology"_s,
         make<TopologyPage>},
        {u"slots"_s, PageGroup::Cluster, QCoreApplication::translate("Pages", "Slots"), u"slots"_s, make<SlotsPage>},
        {u"operations"_s, PageGroup::Cluster, QCoreApplication::translate("Pages", "Operations"), u"operations"_s,
         make<OperationsPage>},
        {u"config"_s, PageGroup::Cluster, QCoreApplication::translate("Pages", "Config"), u"config"_s,
         make<ConfigPage>},
        {u"browser"_s, PageGroup::Data, QCoreApplication::translate("Pages", "Browser"), u"browser"_s,
         make<BrowserPage>},
        {u"console"_s, PageGroup::Data, QCoreApplication::translate("Pages", "Console"), u"console"_s,
         make<ConsolePage>},
        {u"pubsub"_s, PageGroup::Data, QCoreApplication::translate("Pages", "Pub/Sub"), u"pubsub"_s, make<PubSubPage>},
        {u"analysis"_s, PageGroup::Data, QCoreApplication::translate("Pages", "Analysis"), u"analysis"_s,
         make<AnalysisPage>},
        {u"metrics"_s, PageGroup::Watching, QCoreApplication::translate("Pages", "Metrics"), u"metrics"_s,
         make<MetricsPage>},
        {u"slowlog"_s, PageGroup::Watching, QCoreApplication::translate("Pages", "Slow log"), u"slowlog"_s,
         make<SlowlogPage>},
        {u"latency"_s, PageGroup::Watching, QCoreApplication::translate("Pages", "Latency"), u"latency"_s,
         make<LatencyPage>},
        {u"profiler"_s, PageGroup::Watching, QCoreApplication::translate("Pages", "Profiler"), u"profiler"_s,
         make<ProfilerPage>},
        {u"clients"_s, PageGroup::Watching, QCoreApplication::translate("Pages", "Clients"), u"clients"_s,
         make<ClientsPage>},
    };
}

} // namespace slotscope
