// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/metrics/threshold.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;

namespace slotscope {

class PageContext;
class ThresholdFeed;

/// Lists the limits of a connection with their state, and has a form to add, change and remove them.
class ThresholdsDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ThresholdsDialog)
public:
    ThresholdsDialog(ThresholdFeed &feed, PageContext &context, QWidget *parent = nullptr);

    [[nodiscard]] QTreeWidget *list() const { return m_list; }
    [[nodiscard]] QComboBox *figureField() const { return m_figure; }
    [[nodiscard]] QComboBox *sideField() const { return m_side; }
    [[nodiscard]] QComboBox *whereField() const { return m_where; }
    [[nodiscard]] QLineEdit *limitField() const { return m_limit; }
    [[nodiscard]] QLineEdit *timeField() const { return m_time; }
    [[nodiscard]] QPushButton *addButton() const { return m_add; }
    [[nodiscard]] QPushButton *changeButton() const { return m_change; }
    [[nodiscard]] QPushButton *removeButton() const { return m_remove; }

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void layOut();
    void fillFields();
    void addField(const InfoField &field);
    void updateList();
    void takeCurrent(); ///< shows the selected rule in the form
    void check();
    void add();
    void change();
    void remove();
    [[nodiscard]] int current() const;
    [[nodiscard]] QString whereWords(const Threshold &rule) const;
    [[nodiscard]] Result<Threshold> typed() const;

    ThresholdFeed &m_feed;
    PageContext &m_context;
    QTreeWidget *m_list;
    QComboBox *m_figure, *m_side, *m_where;
    QLineEdit *m_limit, *m_time;
    QLabel *m_note, *m_problem;
    QPushButton *m_add, *m_change, *m_remove;
};

} // namespace slotscope
