// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/metrics/infofield.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;

namespace slotscope {

class InfoFieldModel;
class SegmentedControl;
class TableView;
class Theme;

/// Lists the numeric fields of INFO and CLUSTER INFO, to add one as a plot. It stays open, so that several can be
/// added.
class AddPlotDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AddPlotDialog)
public:
    /// `ofRules` are the fields that thresholds check: they are recorded, too.
    AddPlotDialog(const Theme &theme, const InfoFields &added, const InfoFields &ofRules, QWidget *parent = nullptr);

    void take(const Result<InfoFigures> &figures); ///< the fields, once they are read
    [[nodiscard]] TableView *table() const { return m_table; }
    [[nodiscard]] QLineEdit *search() const { return m_search; }
    [[nodiscard]] SegmentedControl *manner() const { return m_manner; } ///< 0: as it is, 1: per second
    [[nodiscard]] QPushButton *addButton() const { return m_add; }
    [[nodiscard]] QString note() const;

Q_SIGNALS:
    void chosen(const slotscope::InfoField &field);

private:
    void layOut();
    void takeRow(int row);
    void check();
    void add();
    [[nodiscard]] std::optional<InfoField> current() const;

    InfoFieldModel *m_model;
    TableView *m_table;
    QLineEdit *m_search;
    SegmentedControl *m_manner;
    QLabel *m_note;
    QPushButton *m_add;
    InfoFields m_added, m_ofRules;
};

} // namespace slotscope
