// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>

class QLabel;
class QLineEdit;
class QProcess;

namespace slotscope {

/// The part of the connect form about SSH: through which server, and what ssh makes of that name.
class SshBox final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SshBox)
public:
    explicit SshBox(QWidget *parent = nullptr);
    ~SshBox() override;

    [[nodiscard]] QString text() const;
    void setText(const QString &text); ///< emits nothing
    void setProblem(const QString &problem); ///< shown below the field; empty: none
    void focusField();

Q_SIGNALS:
    void edited(); ///< by the user

private:
    void askSsh();
    void showFacts();

    QLineEdit *m_field;
    QLabel *m_problem, *m_facts;
    QTimer m_pause; ///< while the user types
    QProcess *m_ssh = nullptr;
    bool m_usable = true;
};

/// "ada@10.0.0.5:2222 through jump.example, key ~/.ssh/id_work" out of what `ssh -G` prints; empty where it prints
/// nothing of use. Pure.
[[nodiscard]] QString sshFacts(const QByteArray &printed);

} // namespace slotscope
