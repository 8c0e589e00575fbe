// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/way.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;

namespace slotscope {

class SshBox;

/// Part of the connect form for the route to the servers: direct, or through SSH, a proxy or a command.
class WayBox final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WayBox)
public:
    explicit WayBox(QWidget *parent = nullptr);

    [[nodiscard]] Way::Kind kind() const; ///< Socks5 stands for both kinds of proxy
    [[nodiscard]] QString text() const; ///< text in the field of this kind, as typed
    void setWay(Way::Kind kind, const QString &text); ///< emits no signal
    void setProblem(const QString &problem); ///< shown below the field; empty: none
    void focusField();

Q_SIGNALS:
    void edited(); ///< the user changed something

private:
    void showKind();

    QComboBox *m_kind;
    SshBox *m_ssh;
    QLineEdit *m_proxy, *m_command;
    QLabel *m_problem, *m_note;
};

} // namespace slotscope
