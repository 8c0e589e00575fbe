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

/// The sizes of keys by type: of all keys now, where the servers tell them (INFO keysizes), else of those that a report
/// has read. Hidden while there are neither.
class SizesCard final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SizesCard)
public:
    explicit SizesCard(const Theme &theme, QWidget *parent = nullptr);
    void show(const AnalysisReportPtr &report);
    /// `lacks`: what is not in them, in words.
    void setSizes(const ClusterKeySizesPtr &sizes, const QStringList &lacks);
    [[nodiscard]] SizeHistograms *histograms() const { return m_histograms; }
    [[nodiscard]] QString source() const; ///< where the figures come from, in words
    [[nodiscard]] QString lackText() const; ///< empty: nothing is missing
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
