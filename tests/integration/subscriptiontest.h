// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pubsub/subscriptions.h"
#include "support/testcluster.h"

#include <QTest>

namespace slotscope::test {

/// Base class of tests that use subscriptions on real clusters.
class SubscriptionTest : public QObject
{
protected:
    using State = SubscriptionPlace::State;
    static constexpr int nodes = 3;
    static std::unique_ptr<TestCluster> start(int replicas = 0)
    {
        LocalClusterOptions options;
        options.serverPath = serversFound().front().second;
        options.replicasPerPrimary = replicas;
        auto cluster = std::make_unique<TestCluster>(options);
        return cluster->start() ? std::move(cluster) : nullptr;
    }
    static PubSubMessages heard(Subscriptions &subscriptions, const PubSubFilter &filter = {})
    {
        return *subscriptions.look(filter).shown;
    }
    static bool isOn(Subscriptions &subscriptions)
    {
        const PubSubSnapshot snapshot = subscriptions.look({});
        return std::all_of(snapshot.subscriptions.begin(), snapshot.subscriptions.end(), [](const auto &each) {
            return each.isPaused
                || (!each.places.empty() && std::all_of(each.places.begin(), each.places.end(), [](const auto &place) {
                       return place.state == State::On;
                   }));
        });
    }
    static int indexOf(TestCluster &cluster, const QString &address)
    {
        for (int node = 0; node < int(cluster->nodes().size()); ++node)
            if (cluster.address(node) == address)
                return node;
        return -1;
    }
    static std::optional<PubSubMessage> gapIn(Subscriptions &subscriptions)
    {
        for (const PubSubMessagePtr &each : heard(subscriptions))
            if (each->isGap())
                return *each;
        return std::nullopt;
    }
    static bool holds(Subscriptions &subscriptions, const QByteArray &payload)
    {
        const PubSubMessages all = heard(subscriptions);
        return std::any_of(all.begin(), all.end(), [&](const auto &each) { return each->payload == payload; });
    }
};

} // namespace slotscope::test
