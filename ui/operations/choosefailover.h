// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operations/choosepage.h"

class QComboBox;

namespace slotscope {

class NodeChecks;
class NodeCombo;
class SegmentedControl;

/// Which replica takes over, and how hard it is told to.
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

    QByteArray m_wanted; ///< what the draft named, until a view tells what it is
    QByteArray m_primary; ///< of which a replica shall take over; empty: of any
    NodeCombo *m_replica;
    SegmentedControl *m_mode;
    QLabel *m_words = nullptr, *m_shard = nullptr;
};

/// One shard after the other: away from a host or zone, or back to the preferred primaries.
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
