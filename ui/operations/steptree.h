// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/plan/plan.h"

#include <QTreeWidget>
#include <QWheelEvent>

namespace slotscope {

class Theme;

/// Tree of a plan's steps; each expands to its risks and its commands, which are loaded when it is expanded. It is as
/// tall as its content, because the page around it scrolls.
class StepTree final : public QTreeWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StepTree)
public:
    static constexpr int mostCommands = 60; ///< commands shown per step

    explicit StepTree(const Theme &theme, QWidget *parent = nullptr);
    void setPlan(const OperationPlan &plan);
    [[nodiscard]] int chosenStep() const; ///< -1: none
    void fit(); ///< sets the height to that of the expanded content

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
