// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/nodetablemodel.h"
#include "ui/shared/page.h"
#include "ui/topology/cardlayout.h"

#include <QTimer>

class QLineEdit;
class QMenu;
class QStackedWidget;

namespace slotscope {

class ElidedLabel;
class EmptyState;
class HostsCard;
class LatestChanges;
class NodeDetail;
class SegmentedControl;
class SentinelCard;
class ShardCanvas;
class SideSplit;
class TableView;
class Theme;

/// Page with the nodes of a cluster as cards per shard, cards per host, or a table, and with the details of one node.
class TopologyPage final : public Page
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TopologyPage)
public:
    explicit TopologyPage(PageContext &context, QWidget *parent = nullptr);

    void setView(const slotscope::ClusterViewPtr &view) override;
    void showPlace(const slotscope::Place &place) override;
    void showNode(const QByteArray &id);
    bool closeDetail() override;
    void saveState(QSettings &settings) const override;
    void restoreState(const QSettings &settings) override;
    [[nodiscard]] bool isFilled() const override;

    [[nodiscard]] ShardCanvas *canvas() const { return m_canvas; }
    [[nodiscard]] TableView *table() const { return m_table; }
    [[nodiscard]] NodeDetail *detail() const { return m_detail; }
    [[nodiscard]] LatestChanges *changes() const { return m_changes; }
    [[nodiscard]] SentinelCard *sentinels() const { return m_sentinels; }
    [[nodiscard]] HostsCard *hosts() const { return m_hosts; }
    [[nodiscard]] SegmentedControl *troubleFilter() const { return m_trouble; }
    void fillMenu(QMenu *menu, const QByteArray &id);
    void fillCardMenu(QMenu *menu, Card::Kind kind,
                      const QByteArray &member); ///< menu of a node; an empty id: menu of the cluster
    void setForm(int form); ///< 0: shards, 1: hosts, 2: table

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QWidget *makeHead();
    void makeTable();
    void connectParts();
    void selectNode(const QByteArray &id, bool open);
    void takeAlerts(); ///< shows exceeded limits at their nodes
    void placeChanges(); ///< places the changes where the cards leave space
    void updateHead();
    void updateTable();
    void updateStack();
    void makeShortcuts();
    void fillExportMenu(QMenu *menu);

    const Theme &m_theme;
    ClusterViewPtr m_view;
    NodeTableModel m_model;
    QByteArray m_selected;
    bool m_updating = false; ///< a new view is being applied, so changes of the table's current row are not by the user
    ElidedLabel *m_subtitle = nullptr, *m_alert = nullptr;
    SegmentedControl *m_form = nullptr;
    QLineEdit *m_filter = nullptr;
    QStackedWidget *m_stack;
    ShardCanvas *m_canvas;
    TableView *m_table;
    EmptyState *m_empty;
    SentinelCard *m_sentinels;
    LatestChanges *m_changes;
    HostsCard *m_hosts;
    QWidget *m_below; ///< hosts and changes side by side
    SegmentedControl *m_trouble = nullptr; ///< switches between all cards and those with a problem
    QPushButton *m_failover = nullptr, *m_add = nullptr;
    QWidget *m_map; ///< contains the cards and the changes below them
    NodeDetail *m_detail;
    SideSplit *m_split;
    QTimer m_clock;
};

} // namespace slotscope
