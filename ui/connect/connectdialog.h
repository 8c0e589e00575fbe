// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profile/recentconnections.h"
#include "core/profile/savedconnections.h"
#include "core/session/connectiontest.h"
#include "core/session/sessiondoor.h"

#include <QDialog>

#include <functional>

class QFrame;
class QLabel;
class QPushButton;
class QScrollArea;

namespace slotscope {

class ConnectForm;
class ElidedLabel;
class RecentList;
class SaveBox;
class TestResults;
class Theme;

/// Asks where to connect to. Opened without waiting (open()); says by a signal what was chosen.
class ConnectDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConnectDialog)
public:
    using Tester = std::function<QFuture<ConnectionReport>(const ConnectionTarget &)>;

    /// Theme and recents outlive the dialog.
    ConnectDialog(const Theme &theme, RecentConnections &recents, Tester tester, QWidget *parent = nullptr);

    /// Fills it in; with `askPassword` the password is what is wanted.
    void setTarget(const ConnectionTarget &target, bool askPassword = false);
    [[nodiscard]] const ConnectionTarget &target() const;
    [[nodiscard]] TestResults *results() const { return m_results; }
    /// What to tell above the fields, such as why the last try failed; empty: nothing.
    void setNotice(const QString &text, bool isError = true);
    /// The folders to choose from, and the saved connection that is edited, where one is: then “Save” is what the
    /// dialog is for.
    void offerSaving(const QStringList &folders, const SavedConnection *known = nullptr, bool edits = false);
    void test();
    /// How a session is made for looking at the addresses of the nodes, while it is edited how they are reached.
    using DoorMaker = std::function<std::unique_ptr<SessionDoor>(const ConnectionTarget &)>;
    void setDoorMaker(DoorMaker maker) { m_makeDoor = std::move(maker); }

Q_SIGNALS:
    void connectRequested(const slotscope::ConnectionTarget &target);
    /// Before connectRequested(), or instead of it where one is edited. Password and passphrase are in the target.
    void saveRequested(const slotscope::SavedConnection &connection);

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *makeRecents(const Theme &theme, RecentConnections &recents);
    QWidget *makeMain(const Theme &theme);
    QWidget *makeFooter();
    void useRecent(const RecentConnection &recent);
    void connectNow();
    void saveNow();
    void stopTest();
    void showAddresses();
    void showReport(const ConnectionReport &report);

    const Theme &m_theme;
    Tester m_tester;
    DoorMaker m_makeDoor;
    ConnectForm *m_form = nullptr;
    SaveBox *m_save = nullptr;
    QPushButton *m_saveButton = nullptr;
    RecentList *m_recents = nullptr;
    QFrame *m_side = nullptr; ///< around the recent ones
    TestResults *m_results = nullptr;
    QFrame *m_notice = nullptr;
    QLabel *m_noticeText = nullptr;
    QScrollArea *m_scroll = nullptr;
    QPushButton *m_test = nullptr, *m_connect = nullptr;
    ElidedLabel *m_hint = nullptr;
    bool m_askPassword = false;
    bool m_testing = false;
    quint64 m_run = 0; ///< of the latest test: an older one's result is not shown
};

} // namespace slotscope
