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

/// Form: a setting, its new value, and the current values of the nodes.
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
    [[nodiscard]] bool canPlan() const override; ///< the name is enough to show the current values

private:
    QComboBox *m_name;
    QLineEdit *m_value;
    QCheckBox *m_persist;
    NodeChecks *m_nodes;
    const QHash<QByteArray, QByteArray> m_values; ///< for an undo: the value for each node
    const QString m_undoes; ///< id of the operation that is undone
    bool m_takesEmpty = false; ///< the user asked for an empty value
    QLabel *m_now = nullptr;
};

/// Form: the folder for the files of a backup.
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

/// Form: which of the two files to save, and on which nodes.
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
