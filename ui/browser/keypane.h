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

/// What is selected, at one moment: rows of a table that does not change any more.
struct KeySelection
{
    RowTablePtr table;
    QList<QPair<int, int>> ranges;
    ScanRequest request; ///< of the scan that found them
    qint64 rows = 0;
    /// Every key that is selected or lies in a selected folder, each once. May take seconds: for another thread.
    [[nodiscard]] QByteArrayList names() const;
    /// The first rows: "“config:*”" of a folder, "“config”" of a key.
    [[nodiscard]] QStringList titles(int most) const;
};

/// The keys of the cluster as a tree or a list: search, progress of the scan, rows, and what is selected.
class KeyPane final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeyPane)
public:
    explicit KeyPane(PageContext &context, QWidget *parent = nullptr);
    ~KeyPane() override;

    /// Scans anew, with what is chosen in the fields; without a session nothing happens.
    void scan();
    /// The same after a job of ours: the rows that are seen are seen again, where they are there still.
    void scanInPlace();
    /// What a scan for another page leads to, when it is over.
    enum class Aim : quint8 {
        Names,
        ByMemory, ///< the largest first
        WithoutTtl, ///< no others are shown
        Expire, ///< the same, all of them selected, and actRequested(ExpireEndless) where the pane is seen
    };
    /// Scans only names of this pattern, of this type (empty: of any).
    void scanOnly(const QByteArray &pattern, Aim aim, const QByteArray &type = {});
    /// Which nodes, which database; the rest is this pane's.
    void takeScope(const ScanRequest &scope) { m_scope = scope; } ///< for the next scan
    void setScope(const ScanRequest &scope); ///< and scans
    void setMode(KeyRowsModel::Mode mode);
    [[nodiscard]] KeyStore &store() { return m_store; }
    [[nodiscard]] KeyRowsModel &model() { return m_model; }
    [[nodiscard]] RowsView *rows() const { return m_rows; }
    [[nodiscard]] QLineEdit *searchField() const { return m_search; }
    [[nodiscard]] QComboBox *modeBox() const { return m_searchMode; }
    [[nodiscard]] RankBar *rankBar() const { return m_rank; }
    /// Favourites, keys that were opened, searches.
    [[nodiscard]] KeyMemory &memory() { return m_memory; }
    [[nodiscard]] const KeyMemory &memory() const { return m_memory; }
    void fillMemoryMenu(QMenu *menu);
    [[nodiscard]] QString progressText() const;
    [[nodiscard]] QString footText() const;
    /// Goes to the row of a key that is shown; false where it is not among the rows.
    bool reveal(const QByteArray &key);
    [[nodiscard]] KeySelection selection() const;
    [[nodiscard]] QByteArray selectedFolder() const; ///< where one folder alone is selected; else empty
    void fillMenu(QMenu *menu, int row);

Q_SIGNALS:
    void keyChosen(const QByteArray &key, bool inNewTab);
    void renameRequested(const QByteArray &key);
    void actRequested(slotscope::KeyAct act); ///< with what is selected

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeSearch();
    QWidget *makeProgress();
    void makeRows();
    void connectHeader();
    void fillOrderMenu(QMenu *menu);
    void showOrder(); ///< the arrow in the header
    QWidget *makeSelectionBar();
    void connectStore();
    void updateProgress();
    void updateStack();
    void followAim();
    void selectToExpire();
    void updateSelection();
    void goBack();
    void addActs(QMenu *menu); ///< what can be done with all that is selected
    void applyFilter();
    void openExact();
    void activate(int row, bool inNewTab);
    void askForDelimiters();
    void scanFolder(const QByteArray &folder); ///< empty: all again
    void scanPattern(const QByteArray &pattern, const QByteArray &title);
    [[nodiscard]] QList<KeyRowsModel::Column> shownColumns() const;
    [[nodiscard]] QList<int> nodeColours() const;

    PageContext &m_context;
    KeyMemory m_memory;
    KeyStore m_store;
    KeyRowsModel m_model;
    ScanRequest m_scope;
    QByteArray m_scanPattern; ///< only these are scanned; empty: all
    bool m_wasStarted = false;
    Aim m_aim = Aim::Names; ///< once the scan is over
    quint64 m_toSelect = 0; ///< so many rows are all selected, to expire, when they are shown; 0: none
    bool m_isExpireDue = false; ///< once their times to live are read
    QTimer m_filterTimer;
    QLineEdit *m_search;
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
        QByteArrayList names; ///< of the rows that were seen, from the top
        int row = 0; ///< the first of them
        int placedAt = 0; ///< where we scrolled to: another place is the user's
    };
    std::optional<PlaceToKeep> m_back;
    QByteArray m_toReveal; ///< a key whose folders are being opened; null: none
    QFrame *m_selectionBar = nullptr;
    ElidedLabel *m_selectionText = nullptr;
    QPushButton *m_delete = nullptr, *m_expire = nullptr, *m_more = nullptr;
};

} // namespace slotscope
