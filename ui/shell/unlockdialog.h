// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QComboBox;
class QLineEdit;
class QPushButton;

namespace slotscope {

/// Asks for how long writes are unlocked; for production, the connection's name has to be typed. GUI thread.
class UnlockDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(UnlockDialog)
public:
    /// `leftMs` > 0: writes are currently unlocked.
    UnlockDialog(const QString &title, bool readOnly, bool isProduction, qint64 leftMs, QWidget *parent = nullptr);
    [[nodiscard]] QLineEdit *nameField() const { return m_name; } ///< null if no name is required
    [[nodiscard]] QPushButton *unlockButton() const { return m_unlock; }

Q_SIGNALS:
    void unlockRequested(int milliseconds);
    void lockRequested();

private:
    QComboBox *m_time;
    QLineEdit *m_name = nullptr;
    QPushButton *m_unlock;
};

} // namespace slotscope
