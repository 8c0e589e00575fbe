// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>

#include <array>

namespace slotscope {

/// The delimiters that divide key names into folders. A folder's name is the shortest prefix of a key, beyond its
/// parent's name, that ends with a delimiter. So all keys that begin with a folder's name are inside it, whatever the
/// delimiters are.
class Delimiters
{
public:
    Delimiters() = default; ///< no delimiters: no folders
    explicit Delimiters(const QList<QByteArray> &words);
    [[nodiscard]] const QList<QByteArray> &words() const { return m_words; }
    /// Position where the next folder's name ends in a key whose first `from` bytes are the parent's name; -1 if the
    /// key is in no further folder.
    [[nodiscard]] qsizetype folderEnd(QByteArrayView key, qsizetype from) const;
    /// The delimiter at the end of a folder's name.
    [[nodiscard]] QByteArray endOf(QByteArrayView folder) const;
    /// Whether a delimiter ends with a digit: natural order would then not keep folders together.
    [[nodiscard]] bool needByteOrder() const;
    friend bool operator==(const Delimiters &left, const Delimiters &right) { return left.m_words == right.m_words; }

private:
    QList<QByteArray> m_words;
    std::array<bool, 256> m_ends{}; ///< bytes with which some delimiter ends
};

} // namespace slotscope
