// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/sshaskpass.h"

#include <QDialog>

class QLineEdit;

namespace slotscope {

class Theme;

/// What ssh asks while it logs in: a password, a key's passphrase, or whether a host key is the right one. What is
/// typed goes to ssh alone and is kept nowhere.
class SshQuestionDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SshQuestionDialog)
public:
    SshQuestionDialog(const Theme &theme, const SshQuestion &question, SshAnswer answer, QWidget *parent = nullptr);

private:
    void done(int result) override;

    SshAnswer m_answer;
    bool m_isHostKey;
    QLineEdit *m_field = nullptr;
};

/// From now on ssh's questions are shown over this window. The theme outlives it.
void askForSshOver(QWidget *window, const Theme &theme);

} // namespace slotscope
