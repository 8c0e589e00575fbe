// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/credentials.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace slotscope {

/// Settings for a program that prints the password: the full command, shown before it is ever run, and how long its
/// password is valid.
class CommandBox final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CommandBox)
public:
    explicit CommandBox(QWidget *parent = nullptr);

    [[nodiscard]] PasswordCommand command() const; ///< empty: no command is used
    void setCommand(const PasswordCommand &command);
    [[nodiscard]] bool isChosen() const;
    /// Unchecks the box; the typed command stays in its field.
    void letGo();
    void focusField();
    [[nodiscard]] QString problem() const; ///< why the command cannot be used; empty: it can

Q_SIGNALS:
    void edited(); ///< the user changed something

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
