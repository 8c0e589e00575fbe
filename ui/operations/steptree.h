// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/plan.h"

#include <QTreeWidget>
#include <QWheelEvent>

namespace slotscope {

class Theme;

/// The steps of a plan; each unfolds into what can go wrong and its exact commands, read when it is unfolded. As high
/// as what it shows: it stands in a page that scrolls.
class StepTree final : public QTreeWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StepTree)
public:
    static constexpr int mostCommands = 60; ///< shown of one step

    explicit StepTree(const Theme &theme, QWidget *parent = nullptr);
    void setPlan(const OperationPlan &plan);
    [[nodiscard]] int chosenStep() const; ///< -1: none
    void fit(); ///< takes the height of what is unfolded

Q_SIGNALS:
    void copyRequested();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void wheelEvent(QWheelEvent *event) override { event->ignore(); }

private:
    void unfold(QTreeWidgetItem *item);

    OperationPlan m_plan;
};

} // namespace slotscope
