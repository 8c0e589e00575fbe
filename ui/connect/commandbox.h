// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/credentials.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace slotscope {

/// A program that prints the password, in full view before it is ever run, and how long its word holds.
class CommandBox final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CommandBox)
public:
    explicit CommandBox(QWidget *parent = nullptr);

    [[nodiscard]] PasswordCommand command() const; ///< empty: none is wanted
    void setCommand(const PasswordCommand &command);
    [[nodiscard]] bool isChosen() const;
    /// Not wanted for now: what was written stays in its field.
    void letGo();
    void focusField();
    [[nodiscard]] QString problem() const; ///< why it cannot be used; empty: it can

Q_SIGNALS:
    void edited(); ///< by the user

private:
    void update();

    QCheckBox *m_on;
    QWidget *m_rest;
    QLineEdit *m_line;
    QSpinBox *m_minutes;
    QLabel *m_problem;
    bool m_setting = false;
};

} // namespace slotscope
