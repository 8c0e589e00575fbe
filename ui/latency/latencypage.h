// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/latencyeventmodel.h"
#include "core/models/roundtripmodel.h"
#include "ui/latency/latencyfeed.h"
#include "ui/shared/page.h"

#include <QTimer>

class QComboBox;
class QFrame;
class QLabel;
class QMenu;
class QPushButton;
class QStackedWidget;

namespace slotscope {

class DoctorCard;
class ElidedLabel;
class EmptyState;
class LatencyCommands;
class SegmentedControl;
class SideSplit;
class SpectrumLegend;
class SpectrumPlot;
class TableView;
class Theme;

/// Page with round-trip times of every node as numbers and spectra, events of the nodes' latency monitors, their
/// diagnosis, and execution times of commands.
class LatencyPage final : public Page
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LatencyPage)
public:
    explicit LatencyPage(PageContext &context, QWidget *parent = nullptr);
    ~LatencyPage() override;

    void setView(const slotscope::ClusterViewPtr &view) override;
    void showPlace(const slotscope::Place &place) override;
    void readAgain() override;
    bool closeDetail() override;
    void saveState(QSettings &settings) const override;
    void restoreState(const QSettings &settings) override;
    [[nodiscard]] QString heldHere() const override;
    [[nodiscard]] bool isFilled() const override;

    void setLive(bool live);
    void chooseNode(const QByteArray &nodeId);
    void showCommands(bool commands);
    void editThreshold();
    void askToReset(const QByteArray &nodeId, const QByteArray &event); ///< empty: all nodes
    [[nodiscard]] bool isLive() const { return m_isLive; }
    [[nodiscard]] RoundTripModel &roundTrips() { return m_roundTrips; }
    [[nodiscard]] LatencyEventModel &events() { return m_events; }
    [[nodiscard]] LatencyFeed &feed() { return m_feed; }
    [[nodiscard]] TableView *table() const { return m_table; }
    [[nodiscard]] TableView *eventsTable() const { return m_eventsTable; }
    [[nodiscard]] SpectrumPlot *plot() const { return m_plot; }
    [[nodiscard]] DoctorCard *doctor() const { return m_doctor; }
    [[nodiscard]] LatencyCommands *commands() const { return m_commands; }
    [[nodiscard]] QString noticeText() const; ///< text about refusals or losses; empty: none
    [[nodiscard]] QString subtitle() const;

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QWidget *makeHead();
    QWidget *makeNotice();
    QWidget *makeRoundTrips();
    QFrame *makeTableCard();
    QFrame *makeSpectrumCard();
    QFrame *makeEventsCard();
    QFrame *makePanel();
    void connectParts();
    void takeEvents(const NodeLatency &latency);
    void takeReader();
    void takeRights();
    void takeWindow();
    void setPace();
    void tick();
    void updateNotice();
    void updateHead();
    void updateEvents();
    void updateStack();
    void tell(const QString &text, bool isBad);
    void copyRight();
    void fillExportMenu(QMenu *menu);
    void fillResetMenu(QMenu *menu);

    const Theme &m_theme;
    LatencyFeed m_feed;
    RoundTripModel m_roundTrips;
    LatencyEventModel m_events;
    QTimer m_ticking; ///< interval at which numbers and pictures are updated
    bool m_isLive = true;
    bool m_hasBegun = false; ///< the page was shown at least once
    QByteArray m_rightWanted; ///< permission in the ACL command that the notice offers to copy
    QString m_told; ///< result of a change
    bool m_isToldBad = false;
    ElidedLabel *m_subtitle = nullptr, *m_eventsNote = nullptr, *m_plotTitle = nullptr;
    SegmentedControl *m_which = nullptr;
    QComboBox *m_window = nullptr;
    QPushButton *m_live = nullptr, *m_panelButton = nullptr, *m_threshold = nullptr, *m_reset = nullptr,
                *m_copyRight = nullptr, *m_dismiss = nullptr;
    QFrame *m_notice = nullptr, *m_tableCard = nullptr;
    QLabel *m_noticeText = nullptr;
    TableView *m_table = nullptr, *m_eventsTable = nullptr;
    SpectrumPlot *m_plot = nullptr;
    SpectrumLegend *m_legend = nullptr;
    DoctorCard *m_doctor = nullptr;
    LatencyCommands *m_commands = nullptr;
    EmptyState *m_empty = nullptr;
    QStackedWidget *m_stack = nullptr;
    SideSplit *m_split = nullptr;
};

} // namespace slotscope
