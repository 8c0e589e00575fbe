// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operations/choosepage.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QTableWidget;

namespace slotscope {

class NodeChecks;
class SegmentedControl;

/// A setting, its new value, and what the nodes have now.
class ChooseConfig final : public ChoosePage
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChooseConfig)
public:
    ChooseConfig(const Theme &theme, const OperationDraft &draft, QWidget *parent = nullptr);
    void setView(const slotscope::ClusterViewPtr &view) override;
    void setPlanned(const slotscope::PlannedOperation &planned) override;
    [[nodiscard]] OperationRequest request() const override;
    [[nodiscard]] QString missing() const override;
    [[nodiscard]] bool canPlan() const override; ///< the name is enough to show what is set now

private:
    QComboBox *m_name;
    QLineEdit *m_value;
    QCheckBox *m_persist;
    NodeChecks *m_nodes;
    const QHash<QByteArray, QByteArray> m_values; ///< an undo: what single nodes are given
    const QString m_undoes; ///< of which run
    bool m_takesEmpty = false; ///< an empty value was asked for
    QLabel *m_now = nullptr;
};

/// Where the files of a backup go.
class ChooseBackup final : public ChoosePage
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChooseBackup)
public:
    ChooseBackup(const Theme &theme, const OperationDraft &draft, QWidget *parent = nullptr);
    [[nodiscard]] OperationRequest request() const override;
    [[nodiscard]] QString missing() const override;

private:
    QLineEdit *m_folder;
};

/// Which of the two files, and of whom.
class ChooseSave final : public ChoosePage
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChooseSave)
public:
    ChooseSave(const Theme &theme, const OperationDraft &draft, QWidget *parent = nullptr);
    [[nodiscard]] OperationRequest request() const override;

private:
    SegmentedControl *m_what;
    QCheckBox *m_primaries;
};

} // namespace slotscope
