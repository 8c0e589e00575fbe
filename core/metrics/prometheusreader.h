// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"
#include "core/metrics/prometheusplan.h"
#include "core/net/awaited.h"
#include "core/session/clustersession.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSet>

namespace slotscope {

/// What was found at an address, for the user who configures it.
struct PrometheusFound
{
    QString version; ///< empty: not reported
    std::optional<qint64> interval; ///< time between two scrapes in ms; nullopt: no matching series, or too few points
    int nodesFound = 0, nodes = 0;
    QStringList notes;
};

struct PrometheusRequest
{
    qint64 from = 0, to = 0; ///< ms since 1970
    int pixels = 400;
    std::vector<Metric> metrics;
    std::vector<PrometheusNode> nodes;
};
using MetricsHistoryPtr = std::shared_ptr<const MetricsHistory>;

/// Reads from Prometheus the data before our own record. Requests go only to the given address: redirects are not
/// followed. Replies are limited in size and time. A service for Remote; lives on the session's thread.
class PrometheusReader final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PrometheusReader)
public:
    explicit PrometheusReader(QPointer<ClusterSession> session = {});
    ~PrometheusReader() override;

    [[nodiscard]] QCoro::Task<Result<PrometheusFound>> test(PrometheusSource source, std::vector<PrometheusNode> nodes);
    [[nodiscard]] QCoro::Task<Result<MetricsHistoryPtr>> history(PrometheusSource source, PrometheusRequest request);

    void setLimits(qint64 mostBytes, int mostMs); ///< limits for one reply

private:
    struct Http
    {
        int status = 0;
        QByteArray body;
        QUrl leadsTo;
    };
    using Form = QList<std::pair<QByteArray, QByteArray>>;
    struct Known
    {
        PrometheusMatch match;
        std::optional<qint64> interval;
    };

    [[nodiscard]] Awaited<Result<Http>> send(const PrometheusSource &source, const QString &path, const Form &form,
                                             bool isPost);
    void finish(QNetworkReply *reply, const std::shared_ptr<Awaited<Result<Http>>::Completer> &completer);
    [[nodiscard]] QCoro::Task<Result<PrometheusAnswer>> ask(PrometheusSource source, QString call, Form form);
    [[nodiscard]] QCoro::Task<Error> whatIsThere(PrometheusSource source, int status);
    [[nodiscard]] QCoro::Task<Result<Known>> find(PrometheusSource source, PrometheusRequest request);
    [[nodiscard]] QCoro::Task<Result<PrometheusAnswer>> askRange(PrometheusSource source, QByteArray query,
                                                                 PrometheusPlan plan);

    QNetworkAccessManager m_network;
    QHash<QNetworkReply *, std::shared_ptr<Awaited<Result<Http>>::Completer>> m_underway;
    QSet<QString> m_onlyGet; ///< addresses that refuse POST
    qint64 m_mostBytes = 32 * 1024 * 1024;
    int m_mostMs = 30'000;
};

} // namespace slotscope
