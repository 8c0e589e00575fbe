// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/aclkeeper.h"
#include "core/session/remote.h"

#include <QDialog>

class QLabel;
class QPushButton;
class QTableWidget;

namespace slotscope {

class PageContext;

/// What the nodes refused (ACL LOG), newest first. The keeper must outlive it. GUI thread.
class AclLogDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AclLogDialog)
public:
    AclLogDialog(PageContext &context, Remote<AclKeeper> *keeper, QByteArrayList nodes, QWidget *parent = nullptr);
    [[nodiscard]] QTableWidget *table() const { return m_table; }

private:
    void read();
    void askToReset();
    void reset();
    void show(const AclLog &log);

    PageContext &m_context;
    Remote<AclKeeper> *m_keeper;
    const QByteArrayList m_nodes;
    QTableWidget *m_table;
    QLabel *m_words;
    QPushButton *m_reset;
};

} // namespace slotscope
