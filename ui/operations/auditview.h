// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/audit/auditreader.h"
#include "core/models/auditmodel.h"

#include <QTimer>
#include <QWidget>

class QComboBox;
class QFrame;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;

namespace slotscope {

class AuditLog;
class ElidedLabel;
class EmptyState;
class PageContext;
class SegmentedControl;
class TableView;

/// View of the audit log, the commands with which this account changed servers. Reads it in windows in another thread,
/// newest first, and follows new entries. GUI thread.
class AuditView final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AuditView)
public:
    explicit AuditView(PageContext &context, QWidget *parent = nullptr);
    ~AuditView() override;

    void readAgain();
    [[nodiscard]] TableView *table() const { return m_table; }
    [[nodiscard]] AuditModel &model() { return m_model; }
    [[nodiscard]] QLineEdit *searchField() const { return m_search; }
    [[nodiscard]] SegmentedControl *scope() const { return m_scope; }
    [[nodiscard]] QComboBox *results() const { return m_results; }
    [[nodiscard]] QPushButton *olderButton() const { return m_older; }
    [[nodiscard]] QString detail() const; ///< details of the selected entry
    [[nodiscard]] QString problem() const; ///< text of the shown problem; empty: none
    [[nodiscard]] bool isReading() const { return m_reading; }

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    QWidget *makeTools();
    QFrame *makeTable();
    void connectParts();
    void takeAudit();
    enum class Reading : quint8 {
        Anew, ///< the filter has changed
        Newer, ///< the log has grown
        Older,
    };
    void begin(Reading reading);
    void take(const AuditWindow &window, Reading reading);
    void look();
    void updateFoot();
    void updateProblem();
    void exportAs(bool csv);
    void openFolder();
    [[nodiscard]] AuditFilter filter() const;
    [[nodiscard]] QString folder() const;

    PageContext &m_context;
    AuditModel m_model;
    std::stop_source m_stop; ///< stops the reading that is running
    quint64 m_number = 0; ///< number of the newest reading; results of older ones are dropped
    bool m_reading = false, m_readAgain = false;
    AuditPlace m_next; ///< position of the next older entries
    bool m_isWhole = false;
    qint64 m_damaged = 0;
    std::optional<Error> m_error;
    std::pair<qint64, qint64> m_seen{-2, 0}; ///< size and time of the file at the last reading
    QTimer m_clock, m_typing;
    SegmentedControl *m_scope = nullptr;
    QComboBox *m_times = nullptr, *m_results = nullptr;
    QLineEdit *m_search = nullptr;
    QPushButton *m_export = nullptr, *m_openFolder = nullptr, *m_older = nullptr;
    QLabel *m_problem = nullptr, *m_detail = nullptr;
    TableView *m_table = nullptr;
    ElidedLabel *m_foot = nullptr;
    EmptyState *m_empty = nullptr;
    QStackedWidget *m_stack = nullptr;
};

} // namespace slotscope
