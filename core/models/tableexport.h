// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>

class QAbstractItemModel;

namespace slotscope {

enum class TableFormat : quint8 {
    Text, ///< columns padded to equal width
    Csv, ///< RFC 4180 with a header line and exact numbers
    Json, ///< an array of objects with ColumnNameRole as keys, exact numbers, null for unknown
};

/// Exports these rows and columns of any model as UTF-8.
[[nodiscard]] QByteArray exportTable(const QAbstractItemModel &model, const QList<int> &rows, const QList<int> &columns,
                                     TableFormat format);
/// exports all rows and columns
[[nodiscard]] QByteArray exportTable(const QAbstractItemModel &model, TableFormat format);

} // namespace slotscope
