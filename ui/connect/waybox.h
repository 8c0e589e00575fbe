// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/way.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;

namespace slotscope {

class SshBox;

/// The part of the connect form about the way to the servers: straight, or through SSH, a proxy or a command.
class WayBox final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WayBox)
public:
    explicit WayBox(QWidget *parent = nullptr);

    [[nodiscard]] Way::Kind kind() const; ///< Socks5 stands for both kinds of proxy
    [[nodiscard]] QString text() const; ///< of the kind's field, as typed
    void setWay(Way::Kind kind, const QString &text); ///< emits nothing
    void setProblem(const QString &problem); ///< shown below the field; empty: none
    void focusField();

Q_SIGNALS:
    void edited(); ///< by the user

private:
    void showKind();

    QComboBox *m_kind;
    SshBox *m_ssh;
    QLineEdit *m_proxy, *m_command;
    QLabel *m_problem, *m_note;
};

} // namespace slotscope
