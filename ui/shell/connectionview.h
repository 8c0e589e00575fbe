// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/sessiondoor.h"
#include "ui/shared/operationdraft.h"
#include "ui/shared/pagecontext.h"
#include "ui/shell/healthword.h"
#include "ui/shell/pages.h"

#include <QHash>
#include <QWidget>

#include <any>

class QFrame;
class QPushButton;
class QSettings;
class QStackedWidget;
class QTimer;

namespace slotscope {

class AddressDialog;
class ElidedLabel;
class EmptyState;
class InterruptedBanner;
class OperationsDoor;
class Page;
class PageContext;
class RunActions;
class Theme;
class WriteLock;

/// One connection of the window: its pages, and the empty state shown while there is no data.
class ConnectionView final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConnectionView)
public:
    ConnectionView(const Theme &theme, const QString &title, const Environment &environment, bool readOnly,
                   QWidget *parent = nullptr);
    ~ConnectionView() override;

    /// Takes ownership of the session, whose signals update the pages. Without a session, setView and setState can be
    /// used.
    void attach(std::unique_ptr<SessionDoor> door);
    void setView(const slotscope::ClusterViewPtr &view);
    /// `retryAt`: time of the next automatic attempt, in ms since 1970; 0: unknown.
    void setState(slotscope::SessionState state, const slotscope::Error &error, qint64 retryAt = 0);
    void setOperations(OperationsDoor *operations); ///< must outlive the view
    void refresh();
    /// The servers stop with this view; used for a demo.
    void setEndsServers(bool ends) { m_endsServers = ends; }
    [[nodiscard]] bool endsServers() const { return m_endsServers; }
    /// Texts of the empty state and its button while there is no session yet; used for the demo, which starts its
    /// servers first.
    void setStartWords(const QString &title, const QString &text, const QString &failedTitle, const QString &again);
    void showPage(const QString &id);
    /// Shows a page that the user has chosen: it gets the focus as soon as it is shown.
    void choosePage(const QString &id);
    void focusCurrent(); ///< moves the focus to the current page
    [[nodiscard]] const QString &currentPageId() const { return m_current; }
    void saveState(QSettings &settings) const;
    /// must outlive the view, because pages created later read their state
    void restoreState(const QSettings &settings);
    /// Creates the pages again in the current language. `settings` transfer their state.
    void retranslate(QSettings &settings);

    /// Sets the saved name and environment of the cluster that was found, and the new title of the tab.
    void setMarks(const ConnectionTarget &marked, const QString &title);
    /// Target of the session with the saved name and environment; empty without a session.
    [[nodiscard]] ConnectionTarget target() const;

    [[nodiscard]] SessionDoor *door() const { return m_door.get(); }
    [[nodiscard]] const std::shared_ptr<SessionDoor> &sharedDoor() const { return m_door; }
    [[nodiscard]] const ClusterViewPtr &view() const { return m_view; }
    [[nodiscard]] SessionState state() const { return m_state; }
    [[nodiscard]] HealthWord health() const;
    [[nodiscard]] bool isFailing() const; ///< still connecting, after failed attempts
    [[nodiscard]] const QString &title() const { return m_context->title(); }
    [[nodiscard]] const Environment &environment() const { return m_context->environment(); }
    [[nodiscard]] bool isReadOnly() const { return m_context->isReadOnly(); }
    [[nodiscard]] WriteLock *writeLock() const { return m_lock; }
    /// Target for an operation: it allows writes while they are unlocked.
    [[nodiscard]] ConnectionTarget operationTarget() const;
    /// Opens the dialog for the addresses of the nodes and the address map; `node`: the one selected first.
    AddressDialog *showAddresses(const QByteArray &node = {});
    [[nodiscard]] PageContext &context() const { return *m_context; }
    /// Creates the page if needed and updates it with the newest view; null: there is no such page.
    [[nodiscard]] Page *page(const QString &id);
    [[nodiscard]] Page *currentPage() const { return m_pages.value(m_current); }
    /// What would be lost if the view were closed now, one sentence per page; empty: nothing.
    [[nodiscard]] QStringList unsaved() const;
    /// unsaved() and the data that pages hold: what retranslate() would lose.
    [[nodiscard]] QStringList heldHere() const;
    [[nodiscard]] EmptyState *emptyState() const { return m_empty; }
    [[nodiscard]] InterruptedBanner *interruptedBanner() const { return m_interrupted; }

Q_SIGNALS:
    void changed(); ///< the view, the state or the exceeded limits have changed
    void addressMapChanged(); ///< target() contains the new map, and the session uses it
    void connectRequested(); ///< emitted by the empty state, to try again with other credentials or addresses
    void operationRequested(const slotscope::OperationDraft &draft); ///< emitted by a page: the wizard shall start
    void placeRequested(const slotscope::Place &place); ///< emitted by a page or a banner: another page shall be shown

private:
    void makeBanner();
    Page *makePage(const PageInfo &info, const std::any &handed = {});
    void catchUp(const QString &id);
    void doNext();
    void updateStack();
    void showCurrent();
    void updateEmpty();
    void updateBanner();
    void lookForInterrupted();
    void takeHistory();
    void takeAddressMap(const QHash<QString, Endpoint> &map);
    void countDown();
    [[nodiscard]] QString failureText() const;

    PageContext *m_context;
    std::optional<ConnectionTarget> m_marked;
    bool m_endsServers = false;
    std::shared_ptr<SessionDoor> m_door; ///< shared with jobs that outlive the tab
    SessionState m_state = SessionState::Connecting;
    Error m_error;
    qint64 m_retryAt = 0;
    ClusterViewPtr m_heard; ///< as the session reported it
    ClusterViewPtr m_view; ///< adjusted for operations of this program, as displayed
    QHash<QString, Page *> m_pages; ///< pages that were created
    QList<PageInfo> m_unmade; ///< pages that are created one by one while idle, or on request
    QStringList m_behind; ///< hidden pages that have not got m_view yet; they are updated one by one
    QTimer *m_turns; ///< active while a page is not created or not updated yet
    const QSettings *m_settings = nullptr; ///< used for pages created later; null: no state is restored
    QString m_current;
    std::optional<QPointer<QWidget>> m_focusDue; ///< widget to focus once the page is shown; empty: nothing to do
    QStackedWidget *m_stack;
    EmptyState *m_empty;
    QPointer<AddressDialog> m_addresses;
    QString m_startTitle, m_startText, m_failedTitle, m_againWords;
    QPushButton *m_again = nullptr; ///< button of the empty state that tries again
    QPushButton *m_retry, *m_bannerAgain = nullptr;
    QTimer *m_countdown;
    QFrame *m_banner = nullptr;
    ElidedLabel *m_bannerText = nullptr;
    InterruptedBanner *m_interrupted;
    RunActions *m_runActions;
    WriteLock *m_lock;
};

/// Text such as "▲ Connection lost …" with the node, the reason, and the time of the next attempt. Both times in ms
/// since 1970; retryAt 0: unknown.
[[nodiscard]] QString lostText(const Error &error, qint64 retryAt, qint64 now);
/// Text such as "▲ The password was not renewed …" with the reason why the command returned no new one.
[[nodiscard]] QString unrenewedText(const Error &error);
/// Text such as "Next attempt in 4 s.", or that an attempt is running.
[[nodiscard]] QString nextAttemptText(qint64 retryAt, qint64 now);
/// Time of the next attempt for any node of `view`, at or after `now`; 0 if none is planned.
[[nodiscard]] qint64 nextRetryAt(const ClusterView &view, qint64 now);

} // namespace slotscope
