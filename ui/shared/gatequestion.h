// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/session/commandgate.h"

#include <QDialog>

class QLineEdit;
class QPushButton;

namespace slotscope {

/// Asks for confirmation of a command if the gate requires it: a yes, or typing the connection's name.
class GateQuestion final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(GateQuestion)
public:
    /// `error` has the code Error::Code::NeedsConsent; its serverPrefix "NAME" requires the name.
    /// `target` names where the command goes if that is not the whole connection.
    GateQuestion(const Error &error, const QString &connection, QWidget *parent, const QString &target = {});

    [[nodiscard]] UserConsent consent() const; ///< valid once the dialog is closed
    [[nodiscard]] QPushButton *sendButton() const { return m_send; }
    [[nodiscard]] QLineEdit *nameField() const { return m_name; } ///< null if a yes is enough

private:
    QPushButton *m_send = nullptr;
    QLineEdit *m_name = nullptr;
};

} // namespace slotscope
