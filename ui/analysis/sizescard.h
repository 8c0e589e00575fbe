// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisreport.h"
#include "core/analysis/keysizesreader.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace slotscope {

class ElidedLabel;
class SizeHistograms;
class Theme;

/// Key sizes per type: of all keys if the servers report them (INFO keysizes), else of the keys that a report has read.
/// Hidden if there are neither.
class SizesCard final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SizesCard)
public:
    explicit SizesCard(const Theme &theme, QWidget *parent = nullptr);
    void show(const AnalysisReportPtr &report);
    /// `lacks`: texts of what is missing in the sizes.
    void setSizes(const ClusterKeySizesPtr &sizes, const QStringList &lacks);
    [[nodiscard]] SizeHistograms *histograms() const { return m_histograms; }
    [[nodiscard]] QString source() const; ///< text of where the values come from
    [[nodiscard]] QString lackText() const; ///< text of what is missing; empty: nothing
    [[nodiscard]] QPushButton *againButton() const { return m_again; }

Q_SIGNALS:
    void againRequested();

private:
    void fill();

    AnalysisReportPtr m_report;
    ClusterKeySizesPtr m_sizes;
    QStringList m_lacks;
    ElidedLabel *m_source;
    QLabel *m_lack;
    QPushButton *m_again;
    SizeHistograms *m_histograms;
};

} // namespace slotscope
