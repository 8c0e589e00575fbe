// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisreport.h"
#include "ui/analysis/barlist.h"

#include <QFrame>

namespace slotscope {

class SegmentedControl;

/// Keys of a report by type, encoding, or number of elements.
class TypesCard final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TypesCard)
public:
    explicit TypesCard(const Theme &theme, QWidget *parent = nullptr);
    void show(const AnalysisReportPtr &report);
    [[nodiscard]] BarList *list() const { return m_list; }

private:
    void fill();
    [[nodiscard]] QList<BarRow> typeRows() const;
    [[nodiscard]] QList<BarRow> encodingRows() const;
    [[nodiscard]] QList<BarRow> lengthRows() const;

    const Theme &m_theme;
    AnalysisReportPtr m_report;
    SegmentedControl *m_by;
    BarList *m_list;
};

} // namespace slotscope
