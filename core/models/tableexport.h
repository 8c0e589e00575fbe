// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>

class QAbstractItemModel;

namespace slotscope {

enum class TableFormat : quint8 {
    Text, ///< columns padded to their widths
    Csv, ///< RFC 4180, a header line, exact numbers
    Json, ///< an array of objects keyed by ColumnNameRole, exact numbers, null for unknown
};

/// The given rows and columns of any model as UTF-8.
[[nodiscard]] QByteArray exportTable(const QAbstractItemModel &model, const QList<int> &rows, const QList<int> &columns,
                                     TableFormat format);
[[nodiscard]] QByteArray exportTable(const QAbstractItemModel &model, TableFormat format); ///< all of it

} // namespace slotscope
