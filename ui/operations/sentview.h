// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/auditmodel.h"

#include <QTimer>
#include <QWidget>

class QFrame;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;

namespace slotscope {

class ElidedLabel;
class EmptyState;
class PageContext;
class SegmentedControl;
class SentCommands;
class TableView;

/// Every command that Slotscope sends, as it is sent, while the user has switched this on. GUI thread.
class SentView final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SentView)
public:
    explicit SentView(PageContext &context, QWidget *parent = nullptr);
    ~SentView() override; ///< switches recording off if this view had switched it on

    [[nodiscard]] QPushButton *switchButton() const { return m_switch; }
    [[nodiscard]] QPushButton *pauseButton() const { return m_pause; }
    [[nodiscard]] QLineEdit *filterField() const { return m_filter; }
    [[nodiscard]] TableView *table() const { return m_table; }
    [[nodiscard]] bool isOn() const { return m_on; }
    [[nodiscard]] QString foot() const;

private:
    QWidget *makeTools();
    QFrame *makeTable();
    void setOn(bool on);
    void look();
    void update();
    void fillExport(QMenu *menu);
    [[nodiscard]] SentCommands *source() const; ///< null: there is none
    [[nodiscard]] bool isOurs(const AuditEntry &entry) const;

    PageContext &m_context;
    AuditModel m_model;
    QTimer m_clock;
    bool m_on = false, m_paused = false;
    quint64 m_last = 0; ///< number of the last command read
    quint64 m_missed = 0;
    SegmentedControl *m_scope = nullptr;
    QPushButton *m_switch = nullptr, *m_pause = nullptr, *m_clear = nullptr, *m_export = nullptr;
    QLineEdit *m_filter = nullptr;
    TableView *m_table = nullptr;
    ElidedLabel *m_foot = nullptr;
    EmptyState *m_empty = nullptr;
    QStackedWidget *m_stack = nullptr;
};

} // namespace slotscope
