// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/peerreportmodel.h"

#include <QFrame>

namespace slotscope {

class Badge;
class ElidedLabel;
class FactsList;
class FindingList;
class TableView;
class Theme;

/// Details of one node, and how each other node sees it. Values are updated in place.
class NodeDetail final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NodeDetail)
public:
    explicit NodeDetail(const Theme &theme, QWidget *parent = nullptr);

    void setNode(const ClusterViewPtr &view, const QByteArray &id);
    void refreshTimes(); ///< updates texts that depend on the time, such as "retry in n s"
    [[nodiscard]] FactsList *facts() const { return m_facts; }
    [[nodiscard]] TableView *opinions() const { return m_table; }

Q_SIGNALS:
    void closeRequested();
    void copyRequested(const QString &text);
    void addressRequested(const QByteArray &id); ///< the addresses shall be shown, where this node can be mapped

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
    PeerReportModel m_model;
    Badge *m_badge = nullptr;
    ElidedLabel *m_name = nullptr;
    FactsList *m_facts;
    QWidget *m_opinionHead;
    TableView *m_table;
    FindingList *m_findings;
};

} // namespace slotscope
