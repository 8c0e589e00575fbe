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

/// What is there, for a person who sets it up.
struct PrometheusFound
{
    QString version; ///< empty: it does not tell
    std::optional<qint64> interval; ///< ms between two scrapes; nothing: no series of ours, or too few points
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

/// Reads of a Prometheus what stands before our own record. Nothing is sent to another address than the one that was
/// given: it follows no redirects. Answers are bounded in size and time. A service for Remote; lives on the session's
/// thread, of which it needs no more.
class PrometheusReader final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PrometheusReader)
public:
    explicit PrometheusReader(QPointer<ClusterSession> session = {});
    ~PrometheusReader() override;

    [[nodiscard]] QCoro::Task<Result<PrometheusFound>> test(PrometheusSource source, std::vector<PrometheusNode> nodes);
    [[nodiscard]] QCoro::Task<Result<MetricsHistoryPtr>> history(PrometheusSource source, PrometheusRequest request);

    void setLimits(qint64 mostBytes, int mostMs); ///< of one answer

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
    QSet<QString> m_onlyGet; ///< addresses that take no POST
    qint64 m_mostBytes = 32 * 1024 * 1024;
    int m_mostMs = 30'000;
};

} // namespace slotscope
