// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/runlistmodel.h"
#include "ui/operations/runfilter.h"
#include "ui/shared/page.h"

class QLabel;
class QLineEdit;
class QBoxLayout;
class QFrame;
class QListView;
class QPushButton;
class QSplitter;
class QStackedWidget;

namespace slotscope {

class AuditView;
class ElidedLabel;
class KeyJobList;
class LoadView;
class NewOperations;
class RunActions;
class RunView;
class SegmentedControl;
class SentView;
class Theme;

/// Page with the available, running, unfinished and finished operations.
class OperationsPage final : public Page
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(OperationsPage)
public:
    explicit OperationsPage(PageContext &context, QWidget *parent = nullptr);

    void setView(const slotscope::ClusterViewPtr &view) override;
    void showPlace(const slotscope::Place &place) override;
    bool closeDetail() override; ///< goes back from an operation to the available operations
    void saveState(QSettings &settings) const override;
    void restoreState(const QSettings &settings) override;
    [[nodiscard]] QString unsaved() const override; ///< a load test is running
    [[nodiscard]] bool isFilled() const override { return m_filled; }

    enum class Tab : int { Operations, Audit, Sent, Load };
    void showTab(Tab tab);
    [[nodiscard]] Tab tab() const;
    [[nodiscard]] AuditView *auditView() const { return m_audit; }
    [[nodiscard]] SentView *sentView() const { return m_sent; }
    [[nodiscard]] LoadView *loadView(); ///< created on first use
    [[nodiscard]] SegmentedControl *tabs() const { return m_tabs; }

    void readAgain() override;
    void takeRun(const slotscope::RunSnapshotPtr &run); ///< an operation is new or has changed
    void showRun(const QString &id);
    void showNew();
    /// Shows why an action on an operation failed.
    void showProblem(const QString &id, const slotscope::Error &error);

    [[nodiscard]] RunView *runView() const { return m_runView; }
    [[nodiscard]] NewOperations *newOperations() const { return m_new; }
    [[nodiscard]] KeyJobList *keyJobs() const { return m_jobs; }
    [[nodiscard]] QListView *list() const { return m_list; }
    [[nodiscard]] SegmentedControl *scope() const { return m_scope; }
    [[nodiscard]] QLineEdit *filterField() const { return m_filterField; }
    [[nodiscard]] bool showsRun() const;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeHead(const Theme &theme);
    QWidget *makeList(const Theme &theme);
    void connectParts();
    void connectRunView();
    void takeOperations();
    void takeReadOnly();
    void choose(const QModelIndex &index);
    void updateRun();
    void updateHead();
    void updateReason();

    RunListModel m_model;
    RunFilter m_filter;
    ClusterViewPtr m_view;
    QString m_shown; ///< id of the operation shown; empty: the available operations
    bool m_filled = false;
    ElidedLabel *m_subtitle = nullptr;
    SegmentedControl *m_tabs = nullptr;
    QWidget *m_tools = nullptr;
    QBoxLayout *m_head = nullptr;
    AuditView *m_audit = nullptr;
    SentView *m_sent = nullptr;
    LoadView *m_load = nullptr; ///< null: not created yet
    const QSettings *m_settings = nullptr; ///< settings with the page's saved state, if any
    SegmentedControl *m_scope = nullptr;
    QLineEdit *m_filterField = nullptr;
    QPushButton *m_newButton = nullptr;
    QListView *m_list = nullptr;
    QStackedWidget *m_listStack = nullptr;
    QLabel *m_noRuns = nullptr;
    QStackedWidget *m_parts;
    QWidget *m_runsPart; ///< of the tab Runs
    KeyJobList *m_jobs;
    QSplitter *m_split;
    QStackedWidget *m_right;
    NewOperations *m_new;
    QFrame *m_runCard;
    RunView *m_runView;
    RunActions *m_actions;
};

} // namespace slotscope
