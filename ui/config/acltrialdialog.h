// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/aclkeeper.h"
#include "core/session/remote.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;

namespace slotscope {

/// Checks on every node whether a user may run a command (ACL DRYRUN), without running it. The keeper must outlive it.
/// GUI thread.
class AclTrialDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AclTrialDialog)
public:
    AclTrialDialog(Remote<AclKeeper> *keeper, QByteArray user, QByteArrayList nodes, QWidget *parent = nullptr);
    [[nodiscard]] QLineEdit *command() const { return m_command; }
    [[nodiscard]] QPushButton *askButton() const { return m_ask; }
    [[nodiscard]] QString answer() const;

private:
    void askNodes();
    void show(const Result<QList<NodeReply>> &replies);

    Remote<AclKeeper> *m_keeper;
    const QByteArray m_user;
    const QByteArrayList m_nodes;
    quint64 m_serial = 0; ///< number of the current question; replies to older ones are dropped
    QLineEdit *m_command;
    QLabel *m_answer;
    QPushButton *m_ask;
};

} // namespace slotscope
