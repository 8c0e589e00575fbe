// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/sessiondoor.h"
#include "ui/operations/operationdraft.h"
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

/// One connection of the window: its pages, and what stands in their place while there is nothing to show.
class ConnectionView final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConnectionView)
public:
    ConnectionView(const Theme &theme, const QString &title, const Environment &environment, bool readOnly,
                   QWidget *parent = nullptr);
    ~ConnectionView() override;

    /// Takes the session; its signals feed the pages. Without one, setView and setState do.
    void attach(std::unique_ptr<SessionDoor> door);
    void setView(const slotscope::ClusterViewPtr &view);
    /// `retryAt`: when the session tries again by itself, ms since 1970; 0: not known.
    void setState(slotscope::SessionState state, const slotscope::Error &error, qint64 retryAt = 0);
    void setOperations(OperationsDoor *operations); ///< outlives the view
    void refresh();
    /// The servers live as long as this view: a demo's.
    void setEndsServers(bool ends) { m_endsServers = ends; }
    [[nodiscard]] bool endsServers() const { return m_endsServers; }
    /// What the empty state says while there is no session yet, and how its button is called; of the demo, which starts
    /// first.
    void setStartWords(const QString &title, const QString &text, const QString &failedTitle, const QString &again);
    void showPage(const QString &id);
    /// The same, as a user chose it: the page gets the keyboard, as soon as it is shown.
    void choosePage(const QString &id);
    void focusCurrent(); ///< gives the keyboard to the page that is shown
    [[nodiscard]] const QString &currentPageId() const { return m_current; }
    void saveState(QSettings &settings) const;
    void restoreState(const QSettings &settings); ///< outlive the view: pages that are made later read theirs
    /// The pages, made again in the language that is spoken now. `settings` carry their state over.
    void retranslate(QSettings &settings);

    /// What is known of the cluster that was found there, and how the tab is called from now on.
    void setMarks(const ConnectionTarget &marked, const QString &title);
    /// The door's, with the marks; empty without a door.
    [[nodiscard]] ConnectionTarget target() const;

    [[nodiscard]] SessionDoor *door() const { return m_door.get(); }
    [[nodiscard]] const std::shared_ptr<SessionDoor> &sharedDoor() const { return m_door; }
    [[nodiscard]] const ClusterViewPtr &view() const { return m_view; }
    [[nodiscard]] SessionState state() const { return m_state; }
    [[nodiscard]] HealthWord health() const;
    [[nodiscard]] bool isFailing() const; ///< still connecting, after attempts that came to nothing
    [[nodiscard]] const QString &title() const { return m_context->title(); }
    [[nodiscard]] const Environment &environment() const { return m_context->environment(); }
    [[nodiscard]] bool isReadOnly() const { return m_context->isReadOnly(); }
    [[nodiscard]] WriteLock *writeLock() const { return m_lock; }
    /// The door's, with the marks, for an operation: it may write while writes are unlocked.
    [[nodiscard]] ConnectionTarget operationTarget() const;
    /// Opens the addresses of the nodes, with the map that is edited there; `node`: the one to begin with.
    AddressDialog *showAddresses(const QByteArray &node = {});
    [[nodiscard]] PageContext &context() const { return *m_context; }
    /// Made now, where it is not there yet, and shown the newest view; null: there is no such page.
    [[nodiscard]] Page *page(const QString &id);
    [[nodiscard]] Page *currentPage() const { return m_pages.value(m_current); }
    /// What would be lost if the view went now, a sentence a page; empty: nothing.
    [[nodiscard]] QStringList unsaved() const;
    /// That and what the pages hold: what retranslate() would lose.
    [[nodiscard]] QStringList heldHere() const;
    [[nodiscard]] EmptyState *emptyState() const { return m_empty; }
    [[nodiscard]] InterruptedBanner *interruptedBanner() const { return m_interrupted; }

Q_SIGNALS:
    void changed(); ///< a new view or state, or other alerts
    void addressMapChanged(); ///< target() has the new one, and the session uses it
    void connectRequested(); ///< from the empty state: another try with other words
    void operationRequested(const slotscope::OperationDraft &draft); ///< from a page: the wizard is to begin
    void placeRequested(const slotscope::Place &place); ///< from a page or a banner: another page is to be shown

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
    ClusterViewPtr m_heard; ///< as the session told it
    ClusterViewPtr m_view; ///< with our own runs taken into account, as it is shown
    QHash<QString, Page *> m_pages; ///< those that are made
    QList<PageInfo> m_unmade; ///< made one by one when nothing else is to be done, or when they are asked for
    QStringList m_behind; ///< hidden pages that have not been shown m_view yet: each has its turn
    QTimer *m_turns; ///< runs while a page is unmade or behind
    const QSettings *m_settings = nullptr; ///< of pages that are not made yet; null: nothing is restored
    QString m_current;
    std::optional<QPointer<QWidget>> m_focusDue; ///< once the page is shown: who had the keyboard; nothing: not due
    QStackedWidget *m_stack;
    EmptyState *m_empty;
    QPointer<AddressDialog> m_addresses;
    QString m_startTitle, m_startText, m_failedTitle, m_againWords;
    QPushButton *m_again = nullptr; ///< of the empty state: another try with the same words
    QPushButton *m_retry, *m_bannerAgain = nullptr;
    QTimer *m_countdown;
    QFrame *m_banner = nullptr;
    ElidedLabel *m_bannerText = nullptr;
    InterruptedBanner *m_interrupted;
    RunActions *m_runActions;
    WriteLock *m_lock;
};

/// "▲ Connection lost …": the node, the reason, and when the next attempt is due. Both times in ms since 1970; retryAt
/// 0: unknown.
[[nodiscard]] QString lostText(const Error &error, qint64 retryAt, qint64 now);
/// "▲ The password was not renewed …": why the command gave no new one.
[[nodiscard]] QString unrenewedText(const Error &error);
/// "Next attempt in 4 s.", or that one is under way.
[[nodiscard]] QString nextAttemptText(qint64 retryAt, qint64 now);
/// When a node of `view` is tried next, at or after `now`; 0 where none waits.
[[nodiscard]] qint64 nextRetryAt(const ClusterView &view, qint64 now);

} // namespace slotscope
