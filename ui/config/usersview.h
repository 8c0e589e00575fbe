// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/aclkeeper.h"
#include "core/models/usersmodel.h"
#include "ui/config/userdialog.h"
#include "ui/shared/consentedcall.h"
#include "ui/shared/nodefeed.h"

#include <QWidget>

class QFrame;
class QLineEdit;
class QMenu;
class QPushButton;
class QStackedWidget;

namespace slotscope {

class ElidedLabel;
class EmptyState;
class NodeNotice;
class RowsView;
class SegmentedControl;
class SideSplit;
class UserPanel;

/// The ACL users of all nodes and their differences; one can be viewed, changed, copied and deleted. GUI thread.
class UsersView final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(UsersView)
public:
    explicit UsersView(PageContext &context, QWidget *parent = nullptr);

    void setView(const slotscope::ClusterViewPtr &view);
    void readAgain();
    void showUser(const QByteArray &user);
    bool closeDetail();
    [[nodiscard]] bool isFilled() const { return m_model.nodesRead() > 0; }

    [[nodiscard]] QWidget *tools() const { return m_tools; } ///< controls that the page places in its head
    [[nodiscard]] UsersModel &model() { return m_model; }
    [[nodiscard]] RowsView *table() const { return m_table; }
    [[nodiscard]] UserPanel *panel() const { return m_panel; }
    [[nodiscard]] SegmentedControl *filter() const { return m_filter; }
    [[nodiscard]] QPushButton *newButton() const { return m_new; }
    [[nodiscard]] QString noticeText() const; ///< text about refusals or finished actions; empty: none

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    using Work = std::function<QCoro::Task<Result<QList<NodeReply>>>(AclKeeper &, UserConsent)>;
    QWidget *makeTools();
    QFrame *makeTable();
    void connectParts();
    void takeCurrent();
    void takeRights();
    void updateAll();
    void updateNotice();
    void updateFilter();
    void openDialog(const UserRow *row);
    void openLog();
    void openTrial();
    void askToRemove();
    void askToCopy();
    void askToSave();
    void ask(const QString &name, const QString &title, const QString &text, const QString &button, bool isDestructive,
             std::function<void()> then);
    void send(const Work &work);
    [[nodiscard]] QByteArray ownUser() const;

    PageContext &m_context;
    UsersModel m_model;
    NodeFeed<AclKeeper, NodeUsers> m_feed;
    QByteArray m_chosen;
    QWidget *m_tools = nullptr;
    SegmentedControl *m_filter = nullptr;
    QLineEdit *m_search = nullptr;
    QPushButton *m_new = nullptr, *m_save = nullptr, *m_log = nullptr;
    NodeNotice *m_notice = nullptr;
    RowsView *m_table = nullptr;
    UserPanel *m_panel = nullptr;
    SideSplit *m_split = nullptr;
    EmptyState *m_empty = nullptr;
    QStackedWidget *m_stack = nullptr;
};

} // namespace slotscope
