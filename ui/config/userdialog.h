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

/// Creates or changes a user: name, password, rules, and the nodes. Shows the command that will be sent. GUI thread.
class UserDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(UserDialog)
public:
    /// The change to be sent.
    struct Change
    {
        QByteArray user;
        QByteArrayList rules;
        QByteArray password; ///< null: the password is not changed
        bool keepsPasswords = false; ///< the new password is added to the existing ones
        QByteArrayList nodes;
    };
    /// `row`: null for a new user. `names`: existing users. `own`: the user as which this connection is logged in.
    /// `nodes`: as in the row; nodes that did not report are left out.
    UserDialog(const Theme &theme, const UserRow *row, const QByteArrayList &names, const QByteArray &own,
               const ClusterViewPtr &view, const std::vector<NodeUsers> &nodes, QWidget *parent = nullptr);
    [[nodiscard]] Change change() const;
    [[nodiscard]] QString problem() const; ///< why the change cannot be sent; empty: it can
    [[nodiscard]] QString preview() const;

Q_SIGNALS:
    void changeRequested(const slotscope::UserDialog::Change &change);

private:
    void takeNodes(const UserRow *row, const std::vector<NodeUsers> &nodes);
    void fill(QLineEdit *line, const QByteArrayList &rules);
    void update();
    [[nodiscard]] QString caution() const;

    const QByteArray m_own, m_user; ///< m_user: the user that is changed
    const QByteArrayList m_names;
    const bool m_isNew;
    QByteArrayList m_reachable, m_having; ///< node ids: all nodes that replied, and those that have the user
    bool m_hadSelectors = false, m_hadChannels = false, m_hadNoPassword = false; ///< whether this is so on any node
    bool m_skipsChecks = false; ///< whether the user has skip-sanitize-payload
    bool m_isExact = true; ///< all rules can be typed exactly
    QLineEdit *m_name, *m_password, *m_commands, *m_keys, *m_channels, *m_more;
    QCheckBox *m_on;
    QComboBox *m_passwordWay;
    NodeChecks *m_nodes;
    QLabel *m_words, *m_preview, *m_caution;
    QPushButton *m_send;
};

} // namespace slotscope
