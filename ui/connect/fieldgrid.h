// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QGridLayout>

namespace slotscope {

/// The fields that belong to a check box, indented below it: captions at the left, fields at the right.
[[nodiscard]] QGridLayout *fieldGrid(QWidget *of);
/// A field with its caption in a row of its own; `name` is its object name.
void addFieldRow(QGridLayout *grid, const QString &caption, QWidget *field, const QString &name);

} // namespace slotscope
