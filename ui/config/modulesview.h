// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/modulesreader.h"
#include "ui/shared/nodefeed.h"

#include <QWidget>

class QStackedWidget;
class QTableWidget;

namespace slotscope {

class EmptyState;

/// The modules of all nodes: their versions and files, and which nodes lack one. GUI thread.
class ModulesView final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ModulesView)
public:
    explicit ModulesView(PageContext &context, QWidget *parent = nullptr);
    void setView(const slotscope::ClusterViewPtr &view);
    void readAgain() { m_feed.readNow(); }
    [[nodiscard]] bool isFilled() const { return !m_nodes.isEmpty(); }
    [[nodiscard]] QTableWidget *table() const { return m_table; }
    [[nodiscard]] QString emptyTitle() const; ///< title shown in place of the table; empty: the table is shown

protected:
    void showEvent(QShowEvent *event) override;

private:
    void update();

    QHash<QByteArray, NodeModules> m_nodes; ///< by node id: its modules, or the error
    NodeFeed<ModulesReader, NodeModules> m_feed;
    QTableWidget *m_table;
    EmptyState *m_empty;
    QStackedWidget *m_stack;
};

} // namespace slotscope
