// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/thresholdwatcher.h"
#include "core/session/remote.h"

#include <QTimer>
#include <QVariantMap>

class QSettings;

namespace slotscope {

class PageContext;

/// Limits that the user set for a connection: saved in the settings and checked during the lifetime of this object.
/// Exceeded limits are shown as badges through the context, and the user is notified once. GUI thread.
class ThresholdFeed final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ThresholdFeed)
public:
    explicit ThresholdFeed(PageContext &context, QObject *parent = nullptr);
    ~ThresholdFeed() override;

    /// Sets the book of a new session; null: there is none.
    void setBook(std::shared_ptr<MetricsBook> book);
    void setRules(const std::vector<Threshold> &rules);
    [[nodiscard]] const std::vector<Threshold> &rules() const { return m_rules; }
    /// Fields of INFO that are recorded, for limits.
    [[nodiscard]] InfoFields fields() const { return m_book ? m_book->fields() : InfoFields(); }
    /// State of the rules, in their order; empty until they were checked.
    [[nodiscard]] const std::vector<ThresholdSummary> &summary() const { return m_summary; }

    void save(QSettings &settings) const;
    void restore(const QSettings &settings);

Q_SIGNALS:
    void changed(); ///< the rules or their states have changed

private:
    void takePlace(bool isSameSession);
    void send();
    void ask();
    void take(const ThresholdReport &report);
    void tell(const std::vector<ThresholdChange> &changes);

    PageContext &m_context;
    std::shared_ptr<MetricsBook> m_book;
    std::unique_ptr<Remote<ThresholdWatcher>> m_watcher;
    std::vector<Threshold> m_rules;
    std::vector<ThresholdSummary> m_summary;
    QTimer m_timer;
    bool m_isAsking = false;
    quint64 m_generation = 0;
    QHash<QByteArray, qint64> m_toldAt; ///< ms of the steady clock, by the rule's text
    QString m_place;
    QVariantMap m_kept; ///< settings of each place
};

} // namespace slotscope
