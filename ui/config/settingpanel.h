// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/config/configcomparison.h"
#include "ui/operations/operationdraft.h"

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

/// One setting: what it means, who has which value, and a new value for some of the nodes or all. GUI thread.
class SettingPanel final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SettingPanel)
public:
    enum class Scope : int { All, Primaries, Chosen };
    explicit SettingPanel(const Theme &theme, QWidget *parent = nullptr);

    /// What a user is typing stays while the setting is the same.
    void show(const SettingRow &row, const std::vector<NodeConfig> &nodes, const ClusterViewPtr &view);
    void setReadOnly(bool readOnly);
    [[nodiscard]] QByteArray setting() const { return m_row.name; }
    [[nodiscard]] QString finding() const; ///< the amber sentence; empty: none
    [[nodiscard]] QPushButton *setButton() const { return m_set; }
    /// What the button would begin; nothing where there is nothing to change.
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
    [[nodiscard]] QByteArray typed() const; ///< as CONFIG SET wants it
    [[nodiscard]] QList<int> scope() const; ///< of m_nodes: whom the change is for
    [[nodiscard]] QList<int> changing() const; ///< of scope(): who has another value now
    [[nodiscard]] QString whyNot() const; ///< the setting cannot be changed at all; empty: it can

    const Theme &m_theme;
    SettingRow m_row;
    std::vector<NodeConfig> m_nodes;
    ClusterViewPtr m_view;
    bool m_readOnly = false;
    bool m_isTouched = false; ///< a new value was typed or chosen
    bool m_isExact = true; ///< the field holds the value byte for byte
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
