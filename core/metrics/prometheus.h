// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/cluster/clusterview.h"

#include <QHash>
#include <QUrl>

#include <tuple>
#include <vector>

namespace slotscope {

/// A Prometheus server, or one with the same API, and how to reach it.
struct PrometheusSource
{
    enum class Login : quint8 { None, Password, Token };
    QUrl base; ///< in the form of prometheusBase(); empty: none
    Login login = Login::None;
    QString user;
    QByteArray secret; ///< password or token
    QString caFile; ///< authorities for its certificate; empty: the system's
    friend bool operator==(const PrometheusSource &, const PrometheusSource &) = default;
};

/// Normalises an address: "h:9090", "http://h:9090/", ".../api/v1/" and ".../graph" become "http://h:9090"; a route
/// prefix is kept.
[[nodiscard]] Result<QUrl> prometheusBase(const QString &typed);

using PrometheusLabels = QHash<QByteArray, QByteArray>;
struct PrometheusSeries
{
    PrometheusLabels labels;
    std::vector<std::pair<qint64, double>> points; ///< ms since 1970 and value; neither NaN nor infinity
};
struct PrometheusAnswer
{
    std::vector<PrometheusSeries> series;
    QStringList warnings; ///< such as "a store did not answer"
};
/// Parses replies to query, query_range (vector, matrix) and series (labels without points). An Error contains
/// Prometheus' own message.
[[nodiscard]] Result<PrometheusAnswer> readPrometheus(const QByteArray &body);
/// The version in a reply to status/buildinfo; empty if missing.
[[nodiscard]] QString prometheusVersion(const QByteArray &body);
/// Whether this is the page that an exporter shows to a browser or Prometheus.
[[nodiscard]] bool isExporterPage(QByteArrayView body);

/// One scrape target.
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

/// A node of the cluster, with the names that series may use for it.
struct PrometheusNode
{
    QByteArray id, runId;
    QString name;
    QStringList addresses; ///< "host:port"
};
[[nodiscard]] std::vector<PrometheusNode> prometheusNodesOf(const ClusterView &view);

/// Which targets belong to which nodes.
struct PrometheusMatch
{
    /// by node id; several targets mean that the node is scraped more than once
    QHash<QByteArray, std::vector<PrometheusTarget>> targets;
    [[nodiscard]] std::vector<PrometheusTarget> all() const;
};
/// Matches by run id or, if target or node has none, by address.
[[nodiscard]] PrometheusMatch matchTargets(const std::vector<PrometheusSeries> &series,
                                           const std::vector<PrometheusNode> &nodes);
/// Keeps one target per node, the one with most points in `roles` (if equal, the first by name), and adds a remark to
/// `notes`.
void chooseTargets(PrometheusMatch &match, const std::vector<PrometheusSeries> &roles,
                   const std::vector<PrometheusNode> &nodes, QStringList &notes);

} // namespace slotscope
