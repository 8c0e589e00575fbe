// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/configreader.h"
#include "core/models/configmodel.h"
#include "core/operations/run/operationsdoor.h"
#include "ui/shared/operationdraft.h"
#include "ui/shared/nodefeed.h"

#include <QWidget>

class QFrame;
class QLineEdit;
class QMenu;
class QPushButton;
class QSettings;
class QStackedWidget;

namespace slotscope {

class ElidedLabel;
class EmptyState;
class NodeNotice;
class PageContext;
class RowsView;
class SegmentedControl;
class SettingPanel;
class SideSplit;

/// All settings of all nodes side by side; the panel shows and changes one of them. GUI thread.
class SettingsView final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SettingsView)
public:
    explicit SettingsView(PageContext &context, QWidget *parent = nullptr);

    void setView(const slotscope::ClusterViewPtr &view);
    void readAgain();
    void showSetting(const QByteArray &name);
    bool closeDetail();
    void saveState(QSettings &settings) const;
    void restoreState(const QSettings &settings);
    [[nodiscard]] bool isFilled() const { return m_model.nodesRead() > 0; }

    /// Filter, search and buttons, which the page places in its head.
    [[nodiscard]] QWidget *tools() const { return m_tools; }
    [[nodiscard]] ConfigModel &model() { return m_model; }
    [[nodiscard]] RowsView *table() const { return m_table; }
    [[nodiscard]] SettingPanel *panel() const { return m_panel; }
    [[nodiscard]] SegmentedControl *filter() const { return m_filter; }
    [[nodiscard]] QLineEdit *search() const { return m_search; }
    [[nodiscard]] QPushButton *rewriteButton() const { return m_rewrite; }
    [[nodiscard]] QString noticeText() const; ///< text about refusals or finished actions; empty: none
    [[nodiscard]] QString footText() const;

Q_SIGNALS:
    void operationRequested(const slotscope::OperationDraft &draft);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QWidget *makeTools();
    QFrame *makeTable();
    void connectParts();
    void takeConfig(const NodeConfig &config);
    void takeCompared();
    void takeFilter();
    void takeOperations();
    void takeRun(const RunSnapshotPtr &run);
    void takeRights();
    void takeCurrent();
    void toggleGroup(int row);
    void updateAll();
    void updateNotice();
    void updateFoot();
    void updateColumns();
    void updatePanel();
    void askToRewrite();
    void sendRewrite(const QByteArrayList &ids);
    void openMenu(const QPoint &position);
    void fillExportMenu(QMenu *menu);

    PageContext &m_context;
    ConfigModel m_model;
    NodeFeed<ConfigReader, NodeConfig> m_feed;
    QTimer m_ageing; ///< updates the age of the data in the footer
    QByteArray m_toShow; ///< a setting to show once the nodes' settings are known; empty: none
    QByteArray m_chosen; ///< setting shown in the panel; empty: none
    QWidget *m_tools = nullptr;
    SegmentedControl *m_filter = nullptr;
    QLineEdit *m_search = nullptr;
    QPushButton *m_rewrite = nullptr;
    NodeNotice *m_notice = nullptr;
    RowsView *m_table = nullptr;
    ElidedLabel *m_foot = nullptr, *m_age = nullptr;
    SettingPanel *m_panel = nullptr;
    SideSplit *m_split = nullptr;
    EmptyState *m_empty = nullptr;
    QStackedWidget *m_stack = nullptr;
};

} // namespace slotscope
