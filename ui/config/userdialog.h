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
    /// `row` null: a new one. `names`: of users that there are. `own`: as whom this connection is logged in. `nodes`:
    /// as the row has them; those that told nothing are left out.
    UserDialog(const Theme &theme, const UserRow *row, const QByteArrayList &names, const QByteArray &own,
               const ClusterViewPtr &view, const std::vector<NodeUsers> &nodes, QWidget *parent = nullptr);
    [[nodiscard]] Change change() const;
    [[nodiscard]] QString problem() const; ///< why it cannot be sent; empty: it can
    [[nodiscard]] QString preview() const;

Q_SIGNALS:
    void changeRequested(const slotscope::UserDialog::Change &change);

private:
    void takeNodes(const UserRow *row, const std::vector<NodeUsers> &nodes);
    void fill(QLineEdit *line, const QByteArrayList &rules);
    void update();
    [[nodiscard]] QString caution() const;

    const QByteArray m_own, m_user; ///< m_user: the one that is changed
    const QByteArrayList m_names;
    const bool m_isNew;
    QByteArrayList m_reachable, m_having; ///< nodes; those that have the user
    bool m_hadSelectors = false, m_hadChannels = false, m_hadNoPassword = false; ///< on any node
    bool m_skipsChecks = false; ///< skip-sanitize-payload
    bool m_isExact = true; ///< all of it can be typed
    QLineEdit *m_name, *m_password, *m_commands, *m_keys, *m_channels, *m_more;
    QCheckBox *m_on;
    QComboBox *m_passwordWay;
    NodeChecks *m_nodes;
    QLabel *m_words, *m_preview, *m_caution;
    QPushButton *m_send;
};

} // namespace slotscope
