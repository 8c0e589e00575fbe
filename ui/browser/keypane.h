// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/keystore.h"
#include "core/models/keyrowsmodel.h"
#include "ui/browser/keyact.h"
#include "ui/browser/keymemory.h"

#include <QFrame>
#include <QTimer>

class QComboBox;
class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace slotscope {

class ElidedLabel;
class EmptyState;
class PageContext;
class RowsView;
class RankBar;
class ScanTrack;

/// Snapshot of the selection: rows of a table that no longer changes.
struct KeySelection
{
    RowTablePtr table;
    QList<QPair<int, int>> ranges;
    ScanRequest request; ///< request of the scan that found them
    qint64 rows = 0;
    QString filter = {}; ///< text of the search that hides the other keys; empty: none
    /// Every key that is selected or in a selected folder, without duplicates. May take seconds, so call it in another
    /// thread.
    [[nodiscard]] QByteArrayList names() const;
    /// Titles of the first rows: "“config:*”" for a folder, "“config”" for a key.
    [[nodiscard]] QStringList titles(int most) const;
};

/// The keys of the cluster as a tree or a list, with search, scan progress and selection.
class KeyPane final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeyPane)
public:
    explicit KeyPane(PageContext &context, QWidget *parent = nullptr);
    ~KeyPane() override;

    /// Starts a new scan with the values of the fields; does nothing without a session.
    void scan();
    /// Starts the scan again after a job of this window: the visible rows stay visible if they still exist.
    void scanInPlace();
    /// What to do at the end of a scan that another page requested.
    enum class Aim : quint8 {
        Names,
        ByMemory, ///< sort by memory, largest first
        WithoutTtl, ///< show only keys without a time to live
        /// show only keys without a time to live, select all, and emit actRequested(ExpireEndless) if the pane is
        /// visible
        Expire,
    };
    /// Scans only names that match the pattern, and only keys of this type (empty: any type).
    void scanOnly(const QByteArray &pattern, Aim aim, const QByteArray &type = {});
    /// Sets the nodes and the database; the other options are fields of this pane.
    void takeScope(const ScanRequest &scope) { m_scope = scope; } ///< takes effect with the next scan
    void setScope(const ScanRequest &scope); ///< also starts a scan
    void setMode(KeyRowsModel::Mode mode);
    [[nodiscard]] KeyStore &store() { return m_store; }
    [[nodiscard]] KeyRowsModel &model() { return m_model; }
    [[nodiscard]] RowsView *rows() const { return m_rows; }
    [[nodiscard]] QLineEdit *searchField() const { return m_search; }
    [[nodiscard]] QComboBox *modeBox() const { return m_searchMode; }
    [[nodiscard]] RankBar *rankBar() const { return m_rank; }
    /// Favourites, recently opened keys and searches.
    [[nodiscard]] KeyMemory &memory() { return m_memory; }
    [[nodiscard]] const KeyMemory &memory() const { return m_memory; }
    void fillMemoryMenu(QMenu *menu);
    [[nodiscard]] QString progressText() const;
    [[nodiscard]] QString footText() const;
    /// Selects the row of a key; returns false if it is not among the rows.
    bool reveal(const QByteArray &key);
    /// Deselects a folder or several rows; a single key stays selected. Returns whether anything was deselected.
    bool clearSelection();
    [[nodiscard]] KeySelection selection() const;
    [[nodiscard]] QByteArray selectedFolder() const; ///< the selected folder if it is the only selected row; else empty
    void fillMenu(QMenu *menu, int row);

Q_SIGNALS:
    void keyChosen(const QByteArray &key, bool inNewTab);
    void renameRequested(const QByteArray &key);
    void actRequested(slotscope::KeyAct act); ///< act on the selection

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeSearch();
    QWidget *makeProgress();
    void makeRows();
    void connectHeader();
    void fillOrderMenu(QMenu *menu);
    void showOrder(); ///< updates the sort arrow in the header
    QWidget *makeSelectionBar();
    void connectStore();
    void updateProgress();
    void updateStack();
    void followAim();
    void selectToExpire();
    void updateSelection();
    void goBack();
    void addActs(QMenu *menu); ///< adds the actions for the selection
    void applyFilter();
    void openExact();
    void activate(int row, bool inNewTab);
    void askForDelimiters();
    void scanFolder(const QByteArray &folder); ///< empty: scan all again
    void scanPattern(const QByteArray &pattern, const QByteArray &title);
    [[nodiscard]] QList<KeyRowsModel::Column> shownColumns() const;
    [[nodiscard]] QList<int> nodeColours() const;

    PageContext &m_context;
    KeyMemory m_memory;
    KeyStore m_store;
    KeyRowsModel m_model;
    ScanRequest m_scope;
    QByteArray m_scanPattern; ///< only names that match this are scanned; empty: all
    bool m_wasStarted = false;
    Aim m_aim = Aim::Names; ///< what to do when the scan is over
    quint64 m_toSelect = 0; ///< number of rows to select for expiry once they are shown; 0: none
    bool m_isExpireDue = false; ///< select for expiry once the times to live are read
    QTimer m_filterTimer;
    QLineEdit *m_search = nullptr; ///< the event filter runs before it exists
    QComboBox *m_searchMode, *m_type;
    ElidedLabel *m_progress;
    QToolButton *m_pause, *m_stop, *m_again;
    ScanTrack *m_track;
    RankBar *m_rank;
    RowsView *m_rows;
    EmptyState *m_empty;
    QStackedWidget *m_stack;
    ElidedLabel *m_foot;
    QPushButton *m_delimiters, *m_onlyFolder;
    struct PlaceToKeep
    {
        QByteArrayList names; ///< names of the rows that were visible, from the top
        int row = 0; ///< number of the first of them
        int placedAt = 0; ///< scroll position that the pane has set; a different one was set by the user
    };
    std::optional<PlaceToKeep> m_back;
    QByteArray m_toReveal; ///< a key whose folders are being opened; null: none
    QFrame *m_selectionBar = nullptr;
    ElidedLabel *m_selectionText = nullptr;
    QPushButton *m_delete = nullptr, *m_expire = nullptr, *m_more = nullptr;
};

} // namespace slotscope
