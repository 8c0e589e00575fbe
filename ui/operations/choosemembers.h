// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operations/choosepage.h"

class QCheckBox;
class QLineEdit;

namespace slotscope {

class MigrationFields;
class NodeChecks;
class NodeCombo;
class SegmentedControl;

/// Form: the address and role of a node that joins. Also used for Meet, without a role.
class ChooseJoin final : public ChoosePage
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChooseJoin)
public:
    ChooseJoin(const Theme &theme, const OperationDraft &draft, QWidget *parent = nullptr);
    void setView(const slotscope::ClusterViewPtr &view) override;
    [[nodiscard]] OperationRequest request() const override;
    [[nodiscard]] QString missing() const override;

private:
    void updateForm();
    [[nodiscard]] QList<Endpoint> endpoints(QString *problem = nullptr) const;

    bool m_meet;
    QLineEdit *m_address;
    SegmentedControl *m_role;
    NodeCombo *m_primary;
    QCheckBox *m_rebalance; ///< new primaries get slots in the same operation
};

/// Form: the node to remove, and the primary that takes its slots.
class ChooseRemove final : public ChoosePage
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChooseRemove)
public:
    ChooseRemove(const Theme &theme, const OperationDraft &draft, QWidget *parent = nullptr);
    void setView(const slotscope::ClusterViewPtr &view) override;
    [[nodiscard]] OperationRequest request() const override;
    [[nodiscard]] QString missing() const override;

private:
    NodeCombo *m_node;
    NodeChecks *m_more; ///< other nodes that are gone
    NodeChecks *m_targets;
    QCheckBox *m_ban;
    MigrationFields *m_migration;
};

/// Form: the primary that a node replicates.
class ChooseReplicate final : public ChoosePage
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChooseReplicate)
public:
    ChooseReplicate(const Theme &theme, const OperationDraft &draft, QWidget *parent = nullptr);
    void setView(const slotscope::ClusterViewPtr &view) override;
    [[nodiscard]] OperationRequest request() const override;
    [[nodiscard]] QString missing() const override;

private:
    NodeCombo *m_node, *m_primary;
};

/// Form for forget and reset: a node and one choice.
class ChooseNode final : public ChoosePage
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChooseNode)
public:
    ChooseNode(const Theme &theme, const OperationDraft &draft, QWidget *parent = nullptr);
    void setView(const slotscope::ClusterViewPtr &view) override;
    [[nodiscard]] OperationRequest request() const override;
    [[nodiscard]] QString missing() const override;

private:
    bool m_reset;
    NodeCombo *m_node;
    QCheckBox *m_ban;
    SegmentedControl *m_how;
    QLabel *m_words = nullptr;
};

} // namespace slotscope
