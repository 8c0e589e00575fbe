// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/profilegroupsmodel.h"
#include "ui/profiler/profilerfeed.h"
#include "ui/shared/page.h"

class QComboBox;
class QFrame;
class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;
class QSplitter;
class QStackedWidget;

namespace slotscope {

class ElidedLabel;
class EmptyState;
class HotKeysView;
class SegmentedControl;
class TableView;
class Theme;

/// Page that runs MONITOR on chosen nodes: shows its cost first, ends at limits, and groups the lines.
class ProfilerPage final : public Page
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProfilerPage)
public:
    explicit ProfilerPage(PageContext &context, QWidget *parent = nullptr);
    ~ProfilerPage() override;

    void showPlace(const slotscope::Place &place) override;
    void setView(const slotscope::ClusterViewPtr &view) override;
    void readAgain() override { m_feed.lookNow(); }
    bool closeDetail() override; ///< clears the selection of the group whose lines are shown
    [[nodiscard]] QString heldHere() const override;
    /// always filled, because nothing runs until the user starts it
    [[nodiscard]] bool isFilled() const override { return true; }

    void start(UserConsent consent = UserConsent::None);
    [[nodiscard]] const ProfileSnapshot &profile() const { return m_profile; }
    [[nodiscard]] TableView *groupsTable() const { return m_groups; }
    [[nodiscard]] TableView *linesTable() const { return m_lines; }
    [[nodiscard]] QPushButton *startButton() const { return m_start; }
    [[nodiscard]] HotKeysView *hotKeys() const { return m_hotKeys; }
    void showHotKeys(bool shown);
    [[nodiscard]] QString subtitle() const;
    [[nodiscard]] QString noticeText() const; ///< text about refusals and why it ended; empty: none
    [[nodiscard]] QString costText() const;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeHead();
    QFrame *makeGroups();
    QFrame *makeLines();
    QWidget *makeBody();
    void connectParts();
    void fillNodes();
    void takeProfile(const ProfileSnapshot &profile);
    void takeFailure(const Error &error);
    void takeLook();
    void updateAll();
    void updateCost();
    void updateBusy();
    void save(bool asJson);
    [[nodiscard]] QByteArrayList chosenNodes() const;
    [[nodiscard]] double rateOf(const QByteArrayList &nodes) const; ///< commands per second; NaN: unknown
    [[nodiscard]] ProfileBy by() const;

    const Theme &m_theme;
    ProfilerFeed m_feed;
    ProfileGroupsModel m_groupsModel;
    ProfileLinesModel m_linesModel;
    ProfileSnapshot m_profile;
    ProfileOrder m_order; ///< nodes and limits of the last start
    QByteArray m_group; ///< group whose lines are shown; empty: all lines
    double m_rateBefore = 0;
    QString m_failure;
    ElidedLabel *m_subtitle = nullptr, *m_linesTitle = nullptr, *m_rest = nullptr;
    QComboBox *m_nodes = nullptr, *m_time = nullptr, *m_count = nullptr, *m_ping = nullptr;
    QPushButton *m_start = nullptr, *m_save = nullptr, *m_showAll = nullptr;
    SegmentedControl *m_by = nullptr, *m_what = nullptr;
    HotKeysView *m_hotKeys = nullptr;
    QLineEdit *m_search = nullptr;
    TableView *m_groups = nullptr, *m_lines = nullptr;
    QLabel *m_cost = nullptr, *m_notice = nullptr;
    EmptyState *m_empty = nullptr;
    QStackedWidget *m_stack = nullptr;
    QSplitter *m_split = nullptr;
};

} // namespace slotscope
