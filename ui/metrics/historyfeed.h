// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metricsbook.h"
#include "core/metrics/prometheusreader.h"
#include "core/session/remote.h"

#include <QVariantMap>

class QSettings;

namespace slotscope {

class PageContext;

/// Reads data from before the record from a Prometheus into the book, as far back as the page shows. Its address is
/// saved for each connection, without password and token. GUI thread.
class HistoryFeed final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HistoryFeed)
public:
    explicit HistoryFeed(PageContext &context, QObject *parent = nullptr);
    ~HistoryFeed() override;

    /// Sets the book of a new session; null: there is none.
    void setBook(std::shared_ptr<MetricsBook> book);
    void setSource(const PrometheusSource &source);
    [[nodiscard]] const PrometheusSource &source() const { return m_source; }
    [[nodiscard]] QFuture<Result<PrometheusFound>> test(const PrometheusSource &source);
    /// This range is visible: requests the data missing in it. `recordedFrom` 0: nothing is recorded yet.
    void want(const MetricsQuery &query, qint64 recordedFrom);
    /// Why there is no history, as a sentence; empty: no problem.
    [[nodiscard]] const QString &problem() const { return m_problem; }

    void save(QSettings &settings) const;
    void restore(const QSettings &settings);

Q_SIGNALS:
    void changed(); ///< the history in the book or the problem has changed

private:
    void forget();
    void takePlace();
    void take(const PrometheusRequest &request, const Result<MetricsHistoryPtr> &history);
    [[nodiscard]] bool covers(const PrometheusRequest &request) const;

    PageContext &m_context;
    std::shared_ptr<MetricsBook> m_book;
    std::unique_ptr<Remote<PrometheusReader>> m_reader;
    PrometheusSource m_source;
    PrometheusRequest m_got; ///< request whose result is in the book; to 0: none
    bool m_isPartial = false; ///< not all nodes were found
    bool m_isAsking = false;
    quint64 m_generation = 0;
    qint64 m_askedAt = 0; ///< in ms of the steady clock
    QString m_problem, m_place;
    QVariantMap m_kept; ///< settings of each place
};

} // namespace slotscope
