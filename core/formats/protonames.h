// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>

namespace slotscope {

/// The names of .proto files, "acme/user.proto", by the ends of their paths: finds the file that an import means
/// without looking at all names.
class ProtoNames final
{
public:
    explicit ProtoNames(const QStringList &names);

    /// The file that `import` in `file` means; empty: none. The folder may have been chosen above or below the one
    /// from which imports count; then it is the file whose path ends alike and begins most like that of `file`. Of
    /// several, the first one.
    [[nodiscard]] QString found(const QString &import, const QString &file) const;

private:
    [[nodiscard]] qsizetype alike(int name, const QString &file) const;
    [[nodiscard]] int nearest(const QList<int> &names, const QString &file) const;

    QStringList m_names;
    QHash<QStringView, int> m_places; ///< place of each name
    QHash<QStringView, QList<int>> m_ends; ///< maps a part behind a slash to the places of the names, sorted by name
};

} // namespace slotscope
