// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace slotscope {

class Theme;

/// Asks whether the saved connections are exported with their passwords, and for the passphrase.
class ExportDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ExportDialog)
public:
    ExportDialog(const Theme &theme, int count, QWidget *parent = nullptr);

Q_SIGNALS:
    void chosen(const QString &path, const QString &passphrase); ///< an empty passphrase exports without secrets

private:
    void update();
    void chooseFile();

    QCheckBox *m_secrets;
    QLineEdit *m_passphrase, *m_again;
    QLabel *m_problem;
    QPushButton *m_go;
};

} // namespace slotscope
