// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>

class QLabel;
class QLineEdit;
class QProcess;

namespace slotscope {

/// Part of the connect form for SSH: the server, and how ssh's configuration resolves it.
class SshBox final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SshBox)
public:
    explicit SshBox(QWidget *parent = nullptr);
    ~SshBox() override;

    [[nodiscard]] QString text() const;
    void setText(const QString &text); ///< emits no signal
    void setProblem(const QString &problem); ///< shown below the field; empty: none
    void focusField();

Q_SIGNALS:
    void edited(); ///< the user changed something

private:
    void askSsh();
    void showFacts();

    QLineEdit *m_field;
    QLabel *m_problem, *m_facts;
    QTimer m_pause; ///< delay while the user types
    QProcess *m_ssh = nullptr;
    bool m_usable = true;
};

/// Text such as "ada@10.0.0.5:2222 through jump.example, key ~/.ssh/id_work" from the output of `ssh -G`; empty if the
/// output is not useful. Pure function.
[[nodiscard]] QString sshFacts(const QByteArray &printed);

} // namespace slotscope
