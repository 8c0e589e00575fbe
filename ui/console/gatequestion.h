// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/session/commandgate.h"

#include <QDialog>

class QLineEdit;
class QPushButton;

namespace slotscope {

/// Asks before a command is sent that the gate wants consent for: yes, or the connection's name typed.
class GateQuestion final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(GateQuestion)
public:
    /// `error`: Error::Code::NeedsConsent; its serverPrefix "NAME" wants the name.
    GateQuestion(const Error &error, const QString &connection, QWidget *parent);

    [[nodiscard]] UserConsent consent() const; ///< once it is closed
    [[nodiscard]] QPushButton *sendButton() const { return m_send; }
    [[nodiscard]] QLineEdit *nameField() const { return m_name; } ///< null where a yes is enough

private:
    QPushButton *m_send = nullptr;
    QLineEdit *m_name = nullptr;
};

} // namespace slotscope
