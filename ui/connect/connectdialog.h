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

/// Asks for a connection. Shown without blocking (open()); signals report the choice.
class ConnectDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConnectDialog)
public:
    using Tester = std::function<QFuture<ConnectionReport>(const ConnectionTarget &)>;

    /// Theme and recents must outlive the dialog.
    ConnectDialog(const Theme &theme, RecentConnections &recents, Tester tester, QWidget *parent = nullptr);

    /// Fills the fields; with `askPassword` the password field gets the focus.
    void setTarget(const ConnectionTarget &target, bool askPassword = false);
    [[nodiscard]] const ConnectionTarget &target() const;
    [[nodiscard]] TestResults *results() const { return m_results; }
    /// Text above the fields, such as why the last attempt failed; empty: none.
    void setNotice(const QString &text, bool isError = true);
    /// Sets the folders to choose from. With `known`, the dialog edits that saved connection, and “Save” is its main
    /// button.
    void offerSaving(const QStringList &folders, const SavedConnection *known = nullptr, bool edits = false);
    void test();
    /// Creates a session to show the addresses of the nodes while the address map is edited.
    using DoorMaker = std::function<std::unique_ptr<SessionDoor>(const ConnectionTarget &)>;
    void setDoorMaker(DoorMaker maker) { m_makeDoor = std::move(maker); }

Q_SIGNALS:
    void connectRequested(const slotscope::ConnectionTarget &target);
    /// Emitted before connectRequested(), or in its place if a saved connection is edited. The target contains password
    /// and passphrase.
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
    QFrame *m_side = nullptr; ///< frame around the recent connections
    TestResults *m_results = nullptr;
    QFrame *m_notice = nullptr;
    QLabel *m_noticeText = nullptr;
    QScrollArea *m_scroll = nullptr;
    QPushButton *m_test = nullptr, *m_connect = nullptr;
    ElidedLabel *m_hint = nullptr;
    bool m_askPassword = false;
    bool m_testing = false;
    quint64 m_run = 0; ///< number of the latest test; results of older ones are dropped
};

} // namespace slotscope
