// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/delimiters.h"
#include "core/keys/keyindex.h"

#include <QSet>

namespace slotscope {

class RowTable;
using RowTablePtr = std::shared_ptr<const RowTable>;

/// The rows of the tree or list for one snapshot. Folders are ranges of the sorted keys, and consecutive keys in one
/// folder are a single entry, so a million keys may need only a few entries. Immutable, any thread.
class RowTable
{
public:
    /// A folder (one row), or consecutive keys (one row each).
    struct Part
    {
        quint32 row = 0; ///< number of its first row
        quint32 place = 0; ///< position of its first key in KeySnapshot::shown
        quint32 keys = 0;
        quint32 prefix = 0; ///< length of the folder's name in bytes; for keys, of the enclosing folder's name
        qint32 parent = -1; ///< index of the enclosing folder
        quint16 depth = 0;
        bool isFolder = false;
        bool isOpen = false;
        [[nodiscard]] quint32 rows() const { return isFolder ? 1 : keys; }
    };
    struct Recipe
    {
        Delimiters delimiters; ///< no delimiters: a list
        QSet<QByteArray> open; ///< names of open folders
    };

    /// Null if `stop` was set.
    [[nodiscard]] static RowTablePtr build(KeySnapshotPtr snapshot, Recipe recipe, const std::atomic<bool> &stop);
    [[nodiscard]] static RowTablePtr empty();
    /// Returns the rows with one folder opened, including open folders inside it, or closed.
    [[nodiscard]] RowTablePtr toggled(int row, const std::atomic<bool> &stop) const;

    [[nodiscard]] const KeySnapshot &snapshot() const { return *m_snapshot; }
    [[nodiscard]] const Recipe &recipe() const { return m_recipe; }
    [[nodiscard]] int rowCount() const { return m_rows; }
    [[nodiscard]] size_t partCount() const { return m_parts.size(); }
    [[nodiscard]] const Part &partAt(int row) const { return m_parts[size_t(partIndex(row))]; }
    /// The complete key, or the folder's complete name.
    [[nodiscard]] QByteArrayView nameAt(int row) const;
    /// The part of the name that the enclosing folder does not contain.
    [[nodiscard]] QByteArrayView labelAt(int row) const;
    [[nodiscard]] int parentRow(int row) const;
    /// Fraction of the enclosing folder's keys (at the top, of all keys) in this row.
    [[nodiscard]] double shareAt(int row) const;
    /// Number of rows that opening or closing this one adds or removes.
    [[nodiscard]] int rowsBelow(int row) const;
    /// -1 if it is not shown, or is in a closed folder.
    [[nodiscard]] int rowOfKey(QByteArrayView key) const;
    [[nodiscard]] int rowOfFolder(QByteArrayView name) const;

private:
    [[nodiscard]] qint32 partIndex(int row) const;
    bool addChildren(quint32 first, quint32 last, qint32 parent, std::vector<Part> &parts,
                     const std::atomic<bool> &stop) const;
    [[nodiscard]] qint32 endOfPart(qint32 index) const;
    void number();

    KeySnapshotPtr m_snapshot;
    Recipe m_recipe;
    std::vector<Part> m_parts; ///< each folder precedes its content
    int m_rows = 0;
};

} // namespace slotscope
