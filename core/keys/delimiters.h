// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>

#include <array>

namespace slotscope {

/// What parts the names of keys into folders. A folder's name is the shortest beginning of a key, beyond its parent's
/// name, that ends with a delimiter: so all keys that begin with a folder's name lie in it, whatever the delimiters
/// are.
class Delimiters
{
public:
    Delimiters() = default; ///< none: no folders
    explicit Delimiters(const QList<QByteArray> &words);
    [[nodiscard]] const QList<QByteArray> &words() const { return m_words; }
    /// Where the first folder's name ends in a key whose first `from` bytes are the parent's; -1: the key is in none.
    [[nodiscard]] qsizetype folderEnd(QByteArrayView key, qsizetype from) const;
    /// The delimiter at the end of a folder's name.
    [[nodiscard]] QByteArray endOf(QByteArrayView folder) const;
    /// One ends with a digit: natural order would not keep folders together.
    [[nodiscard]] bool needByteOrder() const;
    friend bool operator==(const Delimiters &left, const Delimiters &right) { return left.m_words == right.m_words; }

private:
    QList<QByteArray> m_words;
    std::array<bool, 256> m_ends{}; ///< bytes that a delimiter ends with
};

} // namespace slotscope
