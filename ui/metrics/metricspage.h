// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metricsrecorder.h"
#include "core/session/remote.h"
#include "ui/metrics/comparing.h"
#include "ui/metrics/plotboard.h"
#include "ui/shared/page.h"

#include <QTimer>

class QHBoxLayout;
class QMenu;
class QPushButton;
class QStackedWidget;

namespace slotscope {

class CommandsBoard;
class ElidedLabel;
class EmptyState;
class HistoryFeed;
class RecordKeeper;
class SegmentedControl;
class ThresholdFeed;
class TimeLane;

/// Page with the metrics of all nodes over time, and events. It records from the moment the connection is made, even
/// while another page is shown.
class MetricsPage final : public Page
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MetricsPage)
public:
    explicit MetricsPage(PageContext &context, QWidget *parent = nullptr);
    ~MetricsPage() override;

    void setView(const slotscope::ClusterViewPtr &view) override;
    void readAgain() override;
    void showPlace(const slotscope::Place &place) override;
    bool closeDetail() override;
    void saveState(QSettings &settings) const override;
    void restoreState(const QSettings &settings) override;
    /// Hands the record to the page that replaces this one.
    [[nodiscard]] std::any handOver() override;
    void takeOver(const std::any &handed) override;
    [[nodiscard]] bool isFilled() const override;

    void setLive(bool live);
    void toggleLive();
    void setGroup(MetricGroup group);
    /// Shows this part of the record without following new values.
    void showRange(qint64 from, qint64 to);
    void showSpan(qint64 milliseconds); ///< shows this duration up to now and follows new values
    [[nodiscard]] bool isLive() const { return m_isLive; }
    [[nodiscard]] const MetricsPicture &picture() const { return m_picture; }
    [[nodiscard]] MetricPlot *plot(const QString &id) const { return m_board->plot(id); }
    [[nodiscard]] TimeLane *lane() const { return m_lane; }
    [[nodiscard]] QString subtitle() const;
    [[nodiscard]] QByteArray csv() const; ///< the shown data as CSV
    void setShownPlots(const QStringList &ids);
    void addPlot(); ///< opens the dialog to add a plot of a field of INFO
    void setFields(const InfoFields &fields); ///< the fields of INFO with a plot of their own
    [[nodiscard]] const InfoFields &fields() const { return m_fields; }
    [[nodiscard]] const QStringList &shownPlots() const { return m_board->shown(); }
    [[nodiscard]] QList<QPushButton *> chips() const { return m_chips; }
    void setMoment(std::optional<qint64> moment);
    void pin(std::optional<qint64> moment);
    void editSources(); ///< opens the dialog for the source of older values
    [[nodiscard]] HistoryFeed *history() const { return m_history; }
    void showCommands(bool on); ///< shows the commands that the servers run, in place of the plots
    [[nodiscard]] CommandsBoard *commands() const { return m_commands; }
    void compareWith(Comparing::With with);
    void keepAsA(qint64 from, qint64 to); ///< sets a range for comparison
    void editThresholds(); ///< opens the dialog for limits
    [[nodiscard]] ThresholdFeed *thresholds() const { return m_thresholds; }

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QWidget *makeHead();
    QWidget *makeTools();
    void fitTools();
    void takeDoor();
    void useBook();
    void ask(); ///< reads the record in another thread
    void takeWindow(const MetricsQuery &query, MetricsWindow window, MetricsWindow earlier, qint64 by);
    void updateAll();
    void updateChips();
    void updateHead();
    [[nodiscard]] int answering() const;
    void fillPlotsMenu(QMenu *menu);
    void sendFields(); ///< tells the record which fields are recorded
    void fillExportMenu(QMenu *menu);
    void fillCompareMenu(QMenu *menu);
    void showEventPlace(const MetricEvent &event);
    [[nodiscard]] MetricsQuery query() const;
    [[nodiscard]] QList<MetricEvent> latestChanges(qsizetype most) const; ///< newest first
    [[nodiscard]] qint64 span() const;

    std::shared_ptr<Remote<MetricsRecorder>> m_recorder;
    std::shared_ptr<MetricsBook> m_book;
    HistoryFeed *m_history = nullptr;
    ThresholdFeed *m_thresholds = nullptr;
    RecordKeeper *m_keeper = nullptr;
    InfoFields m_fields; ///< added by the user
    MetricsPicture m_picture;
    QTimer m_timer;
    bool m_isLive = true, m_isAsking = false, m_isDueAgain = false;
    qint64 m_from = 0, m_to = 0; ///< chosen range; 0: the duration up to now
    std::optional<qint64> m_pinned;
    quint64 m_generation = 0;
    Comparing m_comparing;
    MetricGroup m_group = MetricGroup::Shards;
    bool m_replicas = false;
    ElidedLabel *m_subtitle = nullptr, *m_hint = nullptr;
    SegmentedControl *m_spans = nullptr, *m_groups = nullptr;
    QPushButton *m_live = nullptr, *m_back = nullptr, *m_replicasChip = nullptr, *m_byCommand = nullptr;
    QHBoxLayout *m_chipRow = nullptr;
    QList<QPushButton *> m_chips;
    TimeLane *m_lane = nullptr;
    PlotBoard *m_board = nullptr;
    CommandsBoard *m_commands = nullptr;
    EmptyState *m_empty = nullptr;
    QStackedWidget *m_stack = nullptr;
};

} // namespace slotscope
