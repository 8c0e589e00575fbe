// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/delimiters.h"
#include "core/keys/keyindex.h"

#include <QSet>

namespace slotscope {

class RowTable;
using RowTablePtr = std::shared_ptr<const RowTable>;

/// The rows of the tree, or of the list, for one snapshot: folders are ranges of the order, and keys that follow one
/// another in one folder are one entry, so that a million keys may be a handful of entries. Immutable, any thread.
class RowTable
{
public:
    /// A folder (one row), or keys that follow one another (a row each).
    struct Part
    {
        quint32 row = 0; ///< its first row
        quint32 place = 0; ///< of its first key in KeySnapshot::shown
        quint32 keys = 0;
        quint32 prefix = 0; ///< bytes of the folder's own name; of the folder around, where it is none
        qint32 parent = -1; ///< the folder around
        quint16 depth = 0;
        bool isFolder = false;
        bool isOpen = false;
        [[nodiscard]] quint32 rows() const { return isFolder ? 1 : keys; }
    };
    struct Recipe
    {
        Delimiters delimiters; ///< none: a list
        QSet<QByteArray> open; ///< names of the folders that are open
    };

    /// Null where `stop` was set meanwhile.
    [[nodiscard]] static RowTablePtr build(KeySnapshotPtr snapshot, Recipe recipe, const std::atomic<bool> &stop);
    [[nodiscard]] static RowTablePtr empty();
    /// The same with one folder opened, and those in it that were open before; or closed.
    [[nodiscard]] RowTablePtr toggled(int row, const std::atomic<bool> &stop) const;

    [[nodiscard]] const KeySnapshot &snapshot() const { return *m_snapshot; }
    [[nodiscard]] const Recipe &recipe() const { return m_recipe; }
    [[nodiscard]] int rowCount() const { return m_rows; }
    [[nodiscard]] size_t partCount() const { return m_parts.size(); }
    [[nodiscard]] const Part &partAt(int row) const { return m_parts[size_t(partIndex(row))]; }
    /// Full bytes of the key, or of the folder's name.
    [[nodiscard]] QByteArrayView nameAt(int row) const;
    /// What of it the folder around does not say.
    [[nodiscard]] QByteArrayView labelAt(int row) const;
    [[nodiscard]] int parentRow(int row) const;
    /// Part of the keys around (of all, at the top) that lie in this row.
    [[nodiscard]] double shareAt(int row) const;
    /// The rows that opening or closing this one adds or takes: those of the open folder below it.
    [[nodiscard]] int rowsBelow(int row) const;
    /// -1 where it is not shown, or lies in a closed folder.
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
    std::vector<Part> m_parts; ///< a folder before what is in it
    int m_rows = 0;
};

} // namespace slotscope
