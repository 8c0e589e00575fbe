// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/run/run.h"
#include "core/session/nodeselection.h"
#include "ui/shared/page.h"

#include <QTimer>

class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;
class QStackedWidget;

namespace slotscope {

class ElidedLabel;
class KeyCounter;
template <typename Service>
class Remote;
class EmptyState;
class FindingList;
class HotSlots;
class SegmentedControl;
class ShardLegend;
class SlotHeatFeed;
class SideSplit;
class SlotKey;
class SlotMap;
class SlotStrip;
class Theme;

/// Page with the slot map, its legend, the slot of a key, and the selection.
class SlotsPage final : public Page
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SlotsPage)
public:
    explicit SlotsPage(PageContext &context, QWidget *parent = nullptr);
    ~SlotsPage() override;

    void setView(const slotscope::ClusterViewPtr &view) override;
    void setKeyCounts(const slotscope::SlotKeyCountsPtr &counts);
    void setKeyCountsFailed(const slotscope::Error &error);
    void showPlace(const slotscope::Place &place) override;
    void showSlots(const slotscope::SlotSet &slotSet);
    void readAgain() override;
    bool closeDetail() override;
    void saveState(QSettings &settings) const override;
    void restoreState(const QSettings &settings) override;
    [[nodiscard]] bool isFilled() const override;

    [[nodiscard]] SlotMap *map() const { return m_map; }
    [[nodiscard]] ShardLegend *legend() const { return m_legend; }
    [[nodiscard]] QLineEdit *keyField() const { return m_key; }
    [[nodiscard]] QString selectionText() const;
    [[nodiscard]] QString noteText() const; ///< age of the key counts, or why there are none
    [[nodiscard]] QPushButton *moveButton() const { return m_move; } ///< button "Move N slots…"
    /// Shows on the map which slots an operation of this cluster moves; null: none.
    void showRun(const slotscope::RunSnapshotPtr &run);
    void setColouring(int colouring); ///< a value of SlotColouring
    [[nodiscard]] SlotHeatFeed *heat() const { return m_heat; }
    [[nodiscard]] HotSlots *hotSlots() const { return m_hot; }

Q_SIGNALS:
    void countingBegan(); ///< counting keys has started

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    QWidget *makeHead();
    QWidget *makeMapCard();
    QFrame *makePanel();
    QWidget *makeZoomBar();
    void placeKeyField(bool narrow);
    void connectParts();
    void updateHead();
    void updateStack();
    void updateSelection();
    void updateNote();
    [[nodiscard]] QString scaleText() const;
    void connectOperations();
    void takeOperations();
    void takeReadOnly();
    void takeDoor();
    void countKeys();
    void moveSelection(const QByteArray &target = {});
    void dropOn(int shard, const slotscope::SlotSet &slotSet);
    void startDrag();
    [[nodiscard]] QByteArray primaryOf(int shard) const;
    void findKey(const QString &text);
    void requestCounts();
    void countWhereDue();
    void watchHeat(); ///< reads the heat while the map shows it
    void takeHeat();
    [[nodiscard]] QString heatNote() const;
    [[nodiscard]] bool isWatched() const;
    void showMapMenu(const QPoint &point);
    void fillMapMenu(QMenu *menu, int slot);
    void fillExportMenu(QMenu *menu);

    const Theme &m_theme;
    ClusterViewPtr m_view;
    SlotKeyCountsPtr m_counts;
    QString m_countError;
    QTimer m_countTimer; ///< checks whether counting is due, and updates the shown age
    qint64 m_countedAt = 0; ///< time of the last count request in ms since 1970; 0: never
    ElidedLabel *m_subtitle = nullptr;
    SegmentedControl *m_colouring = nullptr;
    QLineEdit *m_key = nullptr;
    QLabel *m_keySlot = nullptr, *m_colourLabel = nullptr;
    QPushButton *m_panelButton = nullptr;
    SlotMap *m_map;
    SlotStrip *m_strip;
    SlotKey *m_mapKey;
    ShardLegend *m_legend;
    EmptyState *m_empty;
    FindingList *m_findings;
    QLabel *m_selectionLine = nullptr, *m_selectionRanges = nullptr, *m_note = nullptr, *m_zoomLabel = nullptr;
    QWidget *m_selectionButtons = nullptr;
    QPushButton *m_move = nullptr;
    std::unique_ptr<Remote<KeyCounter>> m_counter; ///< null without a session
    bool m_counting = false;
    SlotHeatFeed *m_heat;
    HotSlots *m_hot = nullptr;
    QPushButton *m_switchOn = nullptr; ///< leads to the setting that enables counting CPU and network
    QString m_moving; ///< id of the operation shown on the map; empty: none
    QStackedWidget *m_stack = nullptr;
    SideSplit *m_split = nullptr;
};

} // namespace slotscope
