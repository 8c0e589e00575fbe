// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operations/choosepage.h"

class QComboBox;

namespace slotscope {

class NodeChecks;
class NodeCombo;
class SegmentedControl;

/// Form: which replica takes over, and in which mode.
class ChooseFailover final : public ChoosePage
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChooseFailover)
public:
    ChooseFailover(const Theme &theme, const OperationDraft &draft, QWidget *parent = nullptr);
    void setView(const slotscope::ClusterViewPtr &view) override;
    [[nodiscard]] OperationRequest request() const override;
    [[nodiscard]] QString missing() const override;

private:
    void takeDraft();
    void updateWords();

    QByteArray m_wanted; ///< id from the draft, until a view shows what it is
    QByteArray m_primary; ///< primary whose replicas are offered; empty: all replicas
    NodeCombo *m_replica;
    SegmentedControl *m_mode;
    QLabel *m_words = nullptr, *m_shard = nullptr;
};

/// Form: shard by shard, free a host or zone of primaries, or restore the preferred primaries.
class ChooseRolling final : public ChoosePage
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChooseRolling)
public:
    ChooseRolling(const Theme &theme, const OperationDraft &draft, QWidget *parent = nullptr);
    void setView(const slotscope::ClusterViewPtr &view) override;
    [[nodiscard]] OperationRequest request() const override;
    [[nodiscard]] QString missing() const override;

private:
    void updateForm();

    SegmentedControl *m_form;
    QComboBox *m_host;
    NodeChecks *m_preferred;
    QStringList m_hosts;
};

} // namespace slotscope
