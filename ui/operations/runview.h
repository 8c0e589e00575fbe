// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/runstepmodel.h"

#include <QWidget>

class QLabel;
class QListView;
class QMenu;
class QProgressBar;
class QPushButton;

namespace slotscope {

class Badge;
class ElidedLabel;
class MoveMap;
class RunFigures;
class DrillView;
class RunLog;
class RunOutcome;
class Theme;

/// Shows one operation, running or finished. It is given snapshots and requests actions by signals.
class RunView final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunView)
public:
    /// Which actions on the operation are possible here.
    struct Rights
    {
        bool ours = false; ///< it runs in this program, so pause and stop work
        QString notHere; ///< why nothing can be resumed or fixed with this connection; empty: it can
    };

    explicit RunView(const Theme &theme, QWidget *parent = nullptr);
    void setRun(const slotscope::RunSnapshotPtr &run, const Rights &rights); ///< null: no operation
    void setView(const slotscope::ClusterViewPtr &view); ///< for the colours of the shards; may be null
    void setProblem(const QString &text); ///< shows why an action failed, until another operation is shown
    void focusSteps(); ///< focuses the steps, where Enter starts nothing
    [[nodiscard]] const RunSnapshotPtr &run() const { return m_run; }

    [[nodiscard]] QPushButton *pauseButton() const { return m_pause; }
    [[nodiscard]] QPushButton *stopButton() const { return m_stop; }
    [[nodiscard]] QPushButton *resumeButton() const { return m_resume; }
    [[nodiscard]] QPushButton *fixButton() const { return m_fix; }
    [[nodiscard]] QPushButton *throttleButton() const { return m_throttle; }
    [[nodiscard]] QPushButton *rebalanceButton() const { return m_rebalance; } ///< shown after a primary has joined
    void fillThrottleMenu(QMenu *menu);
    [[nodiscard]] QPushButton *rollBackButton() const { return m_rollBack; }
    [[nodiscard]] QPushButton *keepSourceButton() const { return m_keepSource; }
    [[nodiscard]] QPushButton *keepTargetButton() const { return m_keepTarget; }
    [[nodiscard]] RunFigures *figures() const { return m_figures; }
    [[nodiscard]] RunOutcome *outcome() const { return m_outcome; }
    [[nodiscard]] RunLog *log() const { return m_log; }
    [[nodiscard]] DrillView *drillView() const { return m_drill; } ///< hidden unless it is a drill
    [[nodiscard]] QString stateText() const;
    [[nodiscard]] QString hint() const;

Q_SIGNALS:
    void pauseRequested(const QString &id);
    void goOnRequested(const QString &id);
    void stopRequested(const QString &id);
    /// Emitted for a finished operation; the receiver asks for confirmation. Keep…: the user chose which of two values
    /// stays.
    void resumeRequested(const QString &id, slotscope::BusyKeyPolicy busyKeys);
    void throttleRequested(const QString &id, int keysPerSecond); ///< 0: no limit
    void rebalanceRequested(); ///< including primaries that have no slots yet
    void fixRequested(const slotscope::SlotSet &slotSet);
    void rollBackRequested(const slotscope::RunSnapshotPtr &run); ///< the receiver asks for confirmation

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeHead();
    QWidget *makeButtons();
    QWidget *makeMiddle();
    void connectButtons();
    void display(const RunSnapshot &run);
    void showButtons(const RunSnapshot &run);
    void fitSteps();
    void tick();
    void fillExportMenu(QMenu *menu);

    const Theme &m_theme;
    RunSnapshotPtr m_run;
    Rights m_rights;
    ClusterViewPtr m_view;
    RunStepModel m_stepModel;
    ElidedLabel *m_title, *m_facts, *m_hint;
    Badge *m_state;
    QProgressBar *m_bar;
    QLabel *m_share;
    QPushButton *m_pause, *m_stop, *m_resume, *m_fix, *m_rollBack;
    QPushButton *m_throttle, *m_rebalance;
    QPushButton *m_keepSource, *m_keepTarget; ///< visible if a key had two values
    RunFigures *m_figures;
    RunOutcome *m_outcome;
    QListView *m_steps;
    QLabel *m_stepsTitle;
    MoveMap *m_map;
    DrillView *m_drill;
    RunLog *m_log;
};

} // namespace slotscope
