// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QGridLayout>

namespace slotscope {

/// Makes an indented grid for the fields that belong to a check box: captions on the left, fields on the right.
[[nodiscard]] QGridLayout *fieldGrid(QWidget *of);
/// Adds a row with a caption and a field; `name` is the field's object name.
void addFieldRow(QGridLayout *grid, const QString &caption, QWidget *field, const QString &name);

} // namespace slotscope
