// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/cluster/clusterview.h"

#include <QHash>
#include <QUrl>

#include <tuple>
#include <vector>

namespace slotscope {

/// A Prometheus, or what speaks its API, and how it is reached.
struct PrometheusSource
{
    enum class Login : quint8 { None, Password, Token };
    QUrl base; ///< as prometheusBase() makes it; empty: none
    Login login = Login::None;
    QString user;
    QByteArray secret; ///< the password or the token
    QString caFile; ///< of those who may have signed its certificate; empty: those of the system
    friend bool operator==(const PrometheusSource &, const PrometheusSource &) = default;
};

/// The one form of an address: "h:9090", "http://h:9090/", ".../api/v1/" and ".../graph" are "http://h:9090"; a route
/// prefix stays.
[[nodiscard]] Result<QUrl> prometheusBase(const QString &typed);

using PrometheusLabels = QHash<QByteArray, QByteArray>;
struct PrometheusSeries
{
    PrometheusLabels labels;
    std::vector<std::pair<qint64, double>> points; ///< ms since 1970; no NaN, no infinity
};
struct PrometheusAnswer
{
    std::vector<PrometheusSeries> series;
    QStringList warnings; ///< such as "a store did not answer"
};
/// Of query, query_range (vector, matrix) and series (labels without points). The Error holds Prometheus' own words.
[[nodiscard]] Result<PrometheusAnswer> readPrometheus(const QByteArray &body);
/// The version in an answer to status/buildinfo; empty where it does not tell.
[[nodiscard]] QString prometheusVersion(const QByteArray &body);
/// What an exporter shows to a browser or to Prometheus.
[[nodiscard]] bool isExporterPage(QByteArrayView body);

/// One thing that is scraped.
struct PrometheusTarget
{
    QByteArray job, instance, addr; ///< addr: old exporters have several servers in one target
    [[nodiscard]] static PrometheusTarget of(const PrometheusLabels &labels);
    friend bool operator==(const PrometheusTarget &, const PrometheusTarget &) = default;
    friend bool operator<(const PrometheusTarget &a, const PrometheusTarget &b)
    {
        return std::tie(a.job, a.instance, a.addr) < std::tie(b.job, b.instance, b.addr);
    }
};

/// A node of the cluster, as series may name it.
struct PrometheusNode
{
    QByteArray id, runId;
    QString name;
    QStringList addresses; ///< "host:port"
};
[[nodiscard]] std::vector<PrometheusNode> prometheusNodesOf(const ClusterView &view);

/// Which targets are which nodes.
struct PrometheusMatch
{
    QHash<QByteArray, std::vector<PrometheusTarget>> targets; ///< by node id; more than one: it is scraped twice
    [[nodiscard]] std::vector<PrometheusTarget> all() const;
};
/// By the run id that a target tells; by its address where one of the two tells none.
[[nodiscard]] PrometheusMatch matchTargets(const std::vector<PrometheusSeries> &series,
                                           const std::vector<PrometheusNode> &nodes);
/// Leaves each node the target that has most points in `roles` (the first by name where they have as many), and says
/// in `notes` which.
void chooseTargets(PrometheusMatch &match, const std::vector<PrometheusSeries> &roles,
                   const std::vector<PrometheusNode> &nodes, QStringList &notes);

} // namespace slotscope
