// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operations/choosepage.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QSpinBox;
class QTableWidget;

namespace slotscope {

/// Form: the nodes of a new cluster, a row for each, with label, role and slots that can be set by hand.
class ChooseCreate final : public ChoosePage
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChooseCreate)
public:
    enum Column : int { Address, Label, Role, Of, Slots, Count_ };
    ChooseCreate(const Theme &theme, const OperationDraft &draft, QWidget *parent = nullptr);
    void setPlanned(const slotscope::PlannedOperation &planned) override;
    [[nodiscard]] OperationRequest request() const override;
    [[nodiscard]] std::optional<Credentials> credentials() const override;
    [[nodiscard]] QString missing() const override;
    void addNodes(const QString &text); ///< any number of host:port, separated by spaces or commas

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    QWidget *makeAdder();
    QWidget *makeSignIn();
    void makeTable();
    void addRowFor(const QString &address);
    void removeChosen();
    void updatePrimaries();
    void fitTable();
    [[nodiscard]] QString text(int row, int column) const;
    [[nodiscard]] QComboBox *combo(int row, int column) const;
    [[nodiscard]] QString rowProblem(int row) const;

    QLineEdit *m_adder, *m_user, *m_password;
    bool m_enterAdded = false; ///< Enter was pressed and added nodes, and the key event is still being handled
    QTableWidget *m_table;
    QSpinBox *m_replicas;
    QCheckBox *m_few;
};

} // namespace slotscope
