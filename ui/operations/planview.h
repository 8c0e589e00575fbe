// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/run/operationsdoor.h"

#include <QScrollArea>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace slotscope {

class MovesList;
class PlanPicture;
class SegmentedControl;
class StepTree;
class Theme;

/// Shows a plan before it is executed: checks, slots before and after, every step with its commands, risks, and what
/// will be verified.
class PlanView final : public QScrollArea
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PlanView)
public:
    explicit PlanView(const Theme &theme, QWidget *parent = nullptr);
    void setPlanned(const slotscope::PlannedOperation &planned);
    void setFailure(const slotscope::Error &error); ///< shows why there is no plan

    [[nodiscard]] StepTree *steps() const { return m_steps; }
    [[nodiscard]] PlanPicture *picture() const { return m_picture; }
    [[nodiscard]] QStringList checkLines() const { return m_checkLines; } ///< texts as shown
    void copyShell(bool chosenStepOnly) const;
    void copyText() const;

private:
    void makeParts();
    QWidget *makeStepsHead();
    void showFacts(const OperationPlan &plan);
    void showChecks(const OperationPlan &plan);
    void showSlots(const PlannedOperation &planned);
    void showWords(const OperationPlan &plan);
    QWidget *checkRow(const PlanCheck &check);
    static void clear(QWidget *box);

    const Theme &m_theme;
    OperationPlan m_plan;
    QLabel *m_title, *m_summary;
    QWidget *m_facts, *m_checks, *m_passed, *m_slotPart, *m_stepPart, *m_words;
    QPushButton *m_passedButton;
    SegmentedControl *m_form;
    PlanPicture *m_picture;
    MovesList *m_moves;
    StepTree *m_steps;
    QStringList m_checkLines;
};

/// Makes a tinted card with a title and lines below it; `tone`: "warn", "error", "note".
[[nodiscard]] QWidget *noticeCard(const QString &title, const QStringList &lines, const char *tone, QWidget *parent);

} // namespace slotscope
