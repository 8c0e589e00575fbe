// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/console/consolehistory.h"

#include <QDialog>

class QLineEdit;

namespace slotscope {

/// Asks for the values of the placeholders in a saved command.
class FillDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FillDialog)
public:
    FillDialog(const QString &name, const QList<Placeholder> &places, QWidget *parent);
    [[nodiscard]] QHash<QString, QString> values() const;

private:
    QList<std::pair<QString, QLineEdit *>> m_fields;
};

} // namespace slotscope
