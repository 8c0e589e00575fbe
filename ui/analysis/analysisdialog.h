// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analyser.h"
#include "core/cluster/clusterview.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace slotscope {

/// Asks which keys to analyse, from which nodes and how thoroughly, and shows the estimated cost.
class AnalysisDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AnalysisDialog)
public:
    AnalysisDialog(const AnalysisRequest &last, const ClusterViewPtr &view, QWidget *parent);

    [[nodiscard]] AnalysisRequest request() const;
    [[nodiscard]] QString problem() const; ///< why the input is not valid; empty: it is valid
    [[nodiscard]] QPushButton *startButton() const { return m_start; }
    [[nodiscard]] QLineEdit *patternField() const { return m_pattern; }
    [[nodiscard]] QLabel *costLabel() const { return m_cost; }

private:
    void fillSources();
    void fill(const AnalysisRequest &request);
    void makeFields();
    void layOut();
    void check();
    [[nodiscard]] QString costText() const;

    AnalysisRequest m_last;
    ClusterViewPtr m_view;
    QComboBox *m_source, *m_type;
    QLineEdit *m_pattern, *m_slots, *m_delimiters;
    QSpinBox *m_database, *m_samples, *m_ceiling, *m_heat;
    QCheckBox *m_idle, *m_values, *m_touch;
    QLabel *m_cost, *m_problem;
    QPushButton *m_start;
};

} // namespace slotscope
