// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/shapesmodel.h"
#include "core/models/slowlogmodel.h"
#include "core/models/thresholdmodel.h"
#include "ui/shared/page.h"
#include "ui/slowlog/slowlogchanges.h"
#include "ui/slowlog/slowlogfeed.h"

#include <QTimer>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;
class QStackedWidget;

namespace slotscope {

class ElidedLabel;
class EmptyState;
class EntryCard;
class PlotLegend;
class RecordKeeper;
class SegmentedControl;
class SideSplit;
class SlowlogRecord;
class SlowlogPlot;
class TableView;
class Theme;
class ThresholdCard;

/// Page with the slow logs of all nodes together: over time, by command shape, and as entries; with thresholds and
/// reset.
class SlowlogPage final : public Page
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SlowlogPage)
public:
    explicit SlowlogPage(PageContext &context, QWidget *parent = nullptr);
    ~SlowlogPage() override;

    void setView(const slotscope::ClusterViewPtr &view) override;
    void showPlace(const slotscope::Place &place) override;
    void readAgain() override;
    bool closeDetail() override;
    void saveState(QSettings &settings) const override;
    void restoreState(const QSettings &settings) override;
    [[nodiscard]] QString heldHere() const override;
    [[nodiscard]] bool isFilled() const override;

    void setLive(bool live);
    void showShape(const QByteArray &shape); ///< empty: all shapes
    void editThresholds(const QByteArray &nodeId); ///< empty: all nodes
    void askToReset(const QByteArray &nodeId);
    [[nodiscard]] bool isLive() const { return m_isLive; }
    [[nodiscard]] SlowlogModel &entries() { return m_entries; }
    [[nodiscard]] ShapesModel &shapes() { return m_shapes; }
    [[nodiscard]] ThresholdModel &thresholds() { return m_thresholds; }
    [[nodiscard]] TableView *entriesTable() const { return m_entriesTable; }
    [[nodiscard]] TableView *shapesTable() const { return m_shapesTable; }
    [[nodiscard]] SlowlogPlot *plot() const { return m_plot; }
    [[nodiscard]] EntryCard *entryCard() const { return m_entryCard; }
    [[nodiscard]] ThresholdCard *thresholdCard() const { return m_thresholdCard; }
    [[nodiscard]] EmptyState *emptyState() const { return m_empty; }
    [[nodiscard]] QCheckBox *keepField() const { return m_keep; }
    [[nodiscard]] QString noticeText() const; ///< text about refusals or losses; empty: none

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QWidget *makeHead();
    QWidget *makeNotice();
    QWidget *makeMain();
    QWidget *makePlotCard();
    QWidget *makeShapesCard();
    QWidget *makeEntriesCard();
    QFrame *makePanel();
    void connectParts();
    void connectTables();
    void takeLog(SlowlogKind kind, const NodeSlowlog &log);
    void takeRights();
    void takeReader();
    void takeKept();
    void giveKept();
    void updateKeeping();
    void takeKind(int kind);
    void takeFilter();
    void fillNodeFilter();
    void fillCostFilter();
    void fillResetMenu(QMenu *menu);
    void fillExportMenu(QMenu *menu);
    void fillEntryMenu(QMenu *menu, int row);
    void chooseEntry(const SlowlogEntryPtr &entry);
    void setPace();
    void updateAll();
    void updateShapes();
    void updateHead();
    void updateNotice();
    void updateStack();
    void tell(const QString &text, bool isBad);
    void copyRight();
    [[nodiscard]] qint64 olderOnServers() const;
    [[nodiscard]] bool isEveryNodeHeard() const;

    const Theme &m_theme;
    SlowlogFeed m_feed;
    SlowlogChanges m_changes;
    SlowlogModel m_entries;
    ShapesModel m_shapes;
    ThresholdModel m_thresholds;
    QTimer m_updating; ///< delays updates for new entries, so that they run once per poll of all nodes
    SlowlogEntryPtr m_chosen;
    bool m_isLive = true;
    bool m_hasBegun = false; ///< the page was shown at least once
    bool m_isUpdatingShapes = false;
    qint64 m_since = 0; ///< start of polling in ms since 1970
    qint64 m_missed = 0;
    QByteArray m_rightWanted; ///< permission in the ACL command that the notice offers to copy
    QString m_told; ///< result of a change
    QString m_keepingProblem; ///< problem that was shown; empty: none
    bool m_isToldBad = false;
    ElidedLabel *m_subtitle = nullptr;
    SegmentedControl *m_kind = nullptr, *m_span = nullptr;
    QPushButton *m_live = nullptr, *m_reset = nullptr, *m_panelButton = nullptr, *m_showAll = nullptr,
                *m_older = nullptr, *m_copyRight = nullptr, *m_dismiss = nullptr;
    QFrame *m_notice = nullptr;
    QLabel *m_noticeText = nullptr, *m_plotTitle = nullptr;
    PlotLegend *m_legend = nullptr;
    SlowlogPlot *m_plot = nullptr;
    ElidedLabel *m_shapesNote = nullptr, *m_entriesNote = nullptr;
    QComboBox *m_nodeFilter = nullptr, *m_costFilter = nullptr;
    QLineEdit *m_search = nullptr;
    QCheckBox *m_hideOurs = nullptr, *m_keep = nullptr;
    RecordKeeper *m_keeper = nullptr;
    std::shared_ptr<SlowlogRecord> m_record; ///< record of the session's cluster; null without a session
    QSet<QByteArray> m_recordNodes; ///< ids of nodes in the record, including nodes that are gone
    TableView *m_shapesTable = nullptr, *m_entriesTable = nullptr;
    ThresholdCard *m_thresholdCard = nullptr;
    EntryCard *m_entryCard = nullptr;
    EmptyState *m_empty = nullptr;
    QPushButton *m_lower = nullptr;
    QStackedWidget *m_stack = nullptr;
    SideSplit *m_split = nullptr;
};

} // namespace slotscope
