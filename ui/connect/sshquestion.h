// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/sshaskpass.h"

#include <QDialog>

class QLineEdit;

namespace slotscope {

class Theme;

/// Shows a question of ssh during the login: for a password, a key's passphrase, or whether a host key is correct. The
/// answer is passed only to ssh and not stored.
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

/// Shows the questions of ssh over this window from now on. The theme must outlive it.
void askForSshOver(QWidget *window, const Theme &theme);

} // namespace slotscope
