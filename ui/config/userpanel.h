// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/aclusers.h"

#include <QFrame>

class QLabel;
class QListWidget;
class QPushButton;

namespace slotscope {

class ElidedLabel;
class Theme;

/// One user: permissions in words, rules, and the nodes where it differs. GUI thread.
class UserPanel final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(UserPanel)
public:
    explicit UserPanel(const Theme &theme, QWidget *parent = nullptr);

    void show(const UserRow &row, const std::vector<NodeUsers> &nodes);
    void setReadOnly(bool readOnly);
    [[nodiscard]] QByteArray user() const { return m_user; }
    [[nodiscard]] QString words() const;
    [[nodiscard]] QString warning() const; ///< text of the warning; empty: none
    [[nodiscard]] QPushButton *editButton() const { return m_edit; }
    [[nodiscard]] QPushButton *removeButton() const { return m_remove; }
    [[nodiscard]] QPushButton *copyButton() const { return m_copy; }

Q_SIGNALS:
    void closed();
    void editRequested();
    void removeRequested();
    void copyRequested(); ///< the user shall be changed on the other nodes to what most nodes have
    void tryRequested();

private:
    void fillNodes(const UserRow &row, const std::vector<NodeUsers> &nodes);

    QByteArray m_user;
    bool m_readOnly = false;
    bool m_differs = false;
    ElidedLabel *m_name;
    QLabel *m_words, *m_warningText, *m_rules, *m_nodesText;
    QFrame *m_warning;
    QPushButton *m_edit, *m_copy, *m_remove, *m_try;
};

} // namespace slotscope
