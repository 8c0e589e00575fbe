// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/config/aclusers.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace slotscope {

class NodeChecks;
class Theme;

/// Makes a user, or changes one: name, password, rules, and the nodes. It shows the command that will be sent. GUI
/// thread.
class UserDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(UserDialog)
public:
    /// What is to be sent.
    struct Change
    {
        QByteArray user;
        QByteArrayList rules;
        QByteArray password; ///< null: as it was
        bool keepsPasswords = false; ///< it comes beside those that are there
        QByteArrayList nodes;
    };
    /// `user` null: a new one. `own`: as whom this connection is logged in. `nodes`: those that can be reached.
    UserDialog(const Theme &theme, const ServerUser *user, const QByteArray &own, const ClusterViewPtr &view,
               const QByteArrayList &nodes, QWidget *parent = nullptr);
    [[nodiscard]] Change change() const;
    [[nodiscard]] QString problem() const; ///< why it cannot be sent; empty: it can
    [[nodiscard]] QString preview() const;

Q_SIGNALS:
    void changeRequested(const slotscope::UserDialog::Change &change);

private:
    void update();
    [[nodiscard]] QString caution() const;

    const QByteArray m_own;
    const QByteArrayList m_reachable;
    const bool m_isNew, m_hadSelectors;
    QLineEdit *m_name, *m_password, *m_commands, *m_keys, *m_channels, *m_more;
    QCheckBox *m_on;
    QComboBox *m_passwordWay;
    NodeChecks *m_nodes;
    QLabel *m_words, *m_preview, *m_caution;
    QPushButton *m_send;
};

} // namespace slotscope
