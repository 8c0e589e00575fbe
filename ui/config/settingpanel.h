// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/config/configcomparison.h"
#include "ui/shared/operationdraft.h"

#include <QFrame>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace slotscope {

class ElidedLabel;
class NodeChecks;
class SegmentedControl;
class Theme;

/// One setting: its meaning, the value of each node, and a field for a new value on some or all nodes. GUI thread.
class SettingPanel final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SettingPanel)
public:
    enum class Scope : int { All, Primaries, Chosen };
    explicit SettingPanel(const Theme &theme, QWidget *parent = nullptr);

    /// Keeps the user's input if the setting is the same as before.
    void show(const SettingRow &row, const std::vector<NodeConfig> &nodes, const ClusterViewPtr &view);
    void setReadOnly(bool readOnly);
    [[nodiscard]] QByteArray setting() const { return m_row.name; }
    [[nodiscard]] QString finding() const; ///< text of the warning; empty: none
    [[nodiscard]] QPushButton *setButton() const { return m_set; }
    /// The operation that the button would start; nothing if there is nothing to change.
    [[nodiscard]] std::optional<OperationDraft> draft() const;

Q_SIGNALS:
    void closed();
    void changeRequested(const slotscope::OperationDraft &draft);

private:
    QWidget *makeChange();
    void fillEditor();
    void fillNodes();
    void update();
    void updateFinding();
    [[nodiscard]] QByteArray typed() const; ///< the input in the form that CONFIG SET accepts
    [[nodiscard]] QList<int> scope() const; ///< indexes into m_nodes: the nodes that shall be changed
    [[nodiscard]] QList<int> changing() const; ///< the nodes of scope() that have another value now
    [[nodiscard]] QString whyNot() const; ///< why the setting cannot be changed; empty: it can

    const Theme &m_theme;
    SettingRow m_row;
    std::vector<NodeConfig> m_nodes;
    ClusterViewPtr m_view;
    bool m_readOnly = false;
    bool m_isTouched = false; ///< the user has entered or chosen a new value
    bool m_isExact = true; ///< the field contains the value exactly, byte for byte
    ElidedLabel *m_name;
    QLabel *m_meaning, *m_findingText, *m_facts, *m_whyNot, *m_fileText, *m_readAs, *m_foot;
    QFrame *m_finding;
    QWidget *m_change;
    QComboBox *m_choice;
    QLineEdit *m_text;
    SegmentedControl *m_scope;
    NodeChecks *m_checks;
    QListWidget *m_list;
    QCheckBox *m_persist;
    QPushButton *m_set;
};

} // namespace slotscope
