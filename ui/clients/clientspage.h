// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/clientsmodel.h"
#include "ui/shared/nodefeed.h"
#include "ui/shared/page.h"

#include <QTimer>

class QComboBox;
class QFrame;
class QLabel;
class QLineEdit;
class QListWidget;
class QMenu;
class QPushButton;
class QSplitter;
class QStackedWidget;

namespace slotscope {

class ElidedLabel;
class EmptyState;
class NodeNotice;
class RowsView;
class SegmentedControl;
class Theme;

/// Page with the clients of the nodes, grouped by library, address or user, and listed one by one. One or many can be
/// killed.
class ClientsPage final : public Page
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ClientsPage)
public:
    using Killed = Result<std::vector<KilledClient>>;
    explicit ClientsPage(PageContext &context, QWidget *parent = nullptr);
    ~ClientsPage() override;

    void setView(const slotscope::ClusterViewPtr &view) override;
    void showPlace(const slotscope::Place &place) override;
    void readAgain() override;
    bool closeDetail() override;
    void saveState(QSettings &settings) const override;
    void restoreState(const QSettings &settings) override;
    [[nodiscard]] bool isFilled() const override;

    void chooseGroup(int row); ///< row in the list of groups; 0: all
    void askToKill(const std::vector<ClientToKill> &clients);
    [[nodiscard]] ClientsModel &model() { return m_model; }
    [[nodiscard]] RowsView *table() const { return m_table; }
    [[nodiscard]] QListWidget *groupList() const { return m_groups; }
    [[nodiscard]] QPushButton *killButton() const { return m_kill; }
    [[nodiscard]] QString subtitle() const;
    [[nodiscard]] QString noticeText() const; ///< text about refusals, pauses or finished actions; empty: none
    [[nodiscard]] QString findingText() const;

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QWidget *makeHead();
    QFrame *makeGroups();
    QFrame *makeTable();
    QWidget *makeSelectionBar();
    void connectParts();
    void takeService();
    void takeClients(const NodeClients &clients);
    void takeFilter();
    void takeGroupBy();
    void takeRights();
    void fillNodes();
    void setPace();
    void updateAll();
    void updateGroups();
    void updateHead();
    void updateNotice();
    void updateFinding();
    void updateSelection();
    void toggleCurrent();
    void sendKill(const std::vector<ClientToKill> &clients, UserConsent consent);
    void takeKilled(const std::vector<KilledClient> &killed);
    void unpause(const QByteArray &nodeId);
    void copyCommands();
    void fillExportMenu(QMenu *menu);
    void openMenu(const QPoint &position);
    [[nodiscard]] QByteArray exported(bool asJson) const;

    const Theme &m_theme;
    ClientsModel m_model;
    NodeFeed<ClientsReader, NodeClients> m_feed;
    QTimer m_updating; ///< delays the update after a reading, so that it runs once for all nodes
    std::vector<ClientsModel::Group> m_shownGroups; ///< by row of the list, without the first row
    std::optional<ClientsModel::Group> m_group;
    qint64 m_readAt = 0; ///< ms since 1970
    bool m_hasBegun = false;
    std::optional<bool> m_isNarrow; ///< empty: not laid out yet
    QByteArray m_paused; ///< id of a node with CLIENT PAUSE; empty: none
    ElidedLabel *m_subtitle = nullptr, *m_tableTitle = nullptr, *m_selectionText = nullptr;
    SegmentedControl *m_by = nullptr;
    QLineEdit *m_search = nullptr;
    QComboBox *m_idle = nullptr, *m_node = nullptr, *m_pace = nullptr;
    NodeNotice *m_notice = nullptr;
    QFrame *m_finding = nullptr, *m_selectionBar = nullptr;
    QLabel *m_findingText = nullptr;
    QPushButton *m_unpause = nullptr, *m_showAll = nullptr, *m_selectAll = nullptr, *m_selectUnread = nullptr,
                *m_copy = nullptr, *m_kill = nullptr;
    QListWidget *m_groups = nullptr;
    RowsView *m_table = nullptr;
    EmptyState *m_empty = nullptr;
    QStackedWidget *m_stack = nullptr;
    QSplitter *m_split = nullptr;
};

} // namespace slotscope
