// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/remote.h"
#include "core/values/keycopies.h"

#include <QDialog>

class QPushButton;
class QTableWidget;

namespace slotscope {

class ElidedLabel;

/// A key on the primary and on each replica of its shard, and whether the values are the same.
class CopiesDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CopiesDialog)
public:
    /// `database` -1 means that of the connection. The dialog reads at once.
    CopiesDialog(SessionDoor &door, const QByteArray &key, int database, QWidget *parent);
    ~CopiesDialog() override;

    [[nodiscard]] QTableWidget *table() const { return m_table; }
    [[nodiscard]] QString summary() const;

private:
    void read();
    void take(const Result<KeyCopies> &copies);

    Remote<KeyCopiesReader> m_reader;
    QByteArray m_key;
    int m_database;
    ElidedLabel *m_summary;
    QTableWidget *m_table;
    QPushButton *m_again;
};

} // namespace slotscope
