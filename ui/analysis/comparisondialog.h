// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/reportchangesmodel.h"
#include "ui/analysis/analysisfeed.h"

#include <QDialog>

class QComboBox;
class QLabel;

namespace slotscope {

class TableView;
class Theme;

/// Compares a report with another one of the same cluster: what grew, what is new, what is gone.
class ComparisonDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ComparisonDialog)
public:
    ComparisonDialog(const Theme &theme, AnalysisFeed &feed, QWidget *parent);
    [[nodiscard]] ReportChangesModel &model() { return m_model; }

private:
    void read();
    void take(const QString &path, const Result<AnalysisReportPtr> &other);

    AnalysisFeed &m_feed;
    AnalysisReportPtr m_shown; ///< the report that was shown when the dialog was opened
    ReportChangesModel m_model;
    QComboBox *m_other;
    QLabel *m_note;
    TableView *m_table;
};

/// Name of a report in a list, such as "Today 14:05 · session:*".
[[nodiscard]] QString reportName(const StoredReport &stored);

} // namespace slotscope
