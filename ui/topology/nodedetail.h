// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/opinionmodel.h"

#include <QFrame>

namespace slotscope {

class Badge;
class ElidedLabel;
class FactsList;
class FindingList;
class TableView;
class Theme;

/// Everything known of one node, and what each node says of it. Values change in place.
class NodeDetail final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NodeDetail)
public:
    explicit NodeDetail(const Theme &theme, QWidget *parent = nullptr);

    void setNode(const ClusterViewPtr &view, const QByteArray &id);
    void refreshTimes(); ///< what depends on the clock: retry in n s
    [[nodiscard]] FactsList *facts() const { return m_facts; }
    [[nodiscard]] TableView *opinions() const { return m_table; }

Q_SIGNALS:
    void closeRequested();
    void copyRequested(const QString &text);
    void addressRequested(const QByteArray &id); ///< where the node is reached is to be shown, and changed

private:
    QWidget *makeHead();
    [[nodiscard]] QWidget *makeAddressButton();
    void addFacts();
    void setIdentity(const NodeState &node);
    void setHealth(const NodeState &node);
    void setFigures(const NodeState &node);
    void fitTable();

    const Theme &m_theme;
    ClusterViewPtr m_view;
    QByteArray m_id;
    OpinionModel m_model;
    Badge *m_badge = nullptr;
    ElidedLabel *m_name = nullptr;
    FactsList *m_facts;
    QWidget *m_opinionHead;
    TableView *m_table;
    FindingList *m_findings;
};

} // namespace slotscope
