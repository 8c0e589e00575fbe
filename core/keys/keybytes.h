// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

#include <memory>
#include <vector>

namespace slotscope {

/// Keys by number, read only: what a KeyTable held at one moment. The bytes are shared with the table, which only ever
/// appends, so that it may grow on its thread while others read.
class KeyBytes
{
public:
    [[nodiscard]] quint32 count() const { return m_count; }
    [[nodiscard]] QByteArrayView at(quint32 id) const
    {
        const quint64 entry = m_entries[id >> entryBits][id & entryMask];
        const quint64 offset = entry >> 24;
        const char *bytes = m_chunks[size_t(offset >> chunkBits)].get() + (offset & chunkMask);
        const quint64 length = (entry >> 8) & longLength;
        return length == longLength ? longKey(bytes) : QByteArrayView(bytes, qsizetype(length));
    }
    /// Eight bits of the key's hash, which spare most comparisons.
    [[nodiscard]] quint8 tagOf(quint32 id) const { return quint8(m_entries[id >> entryBits][id & entryMask]); }

protected:
    static constexpr int chunkBits = 20, entryBits = 14;
    static constexpr quint64 chunkSize = 1ULL << chunkBits, chunkMask = chunkSize - 1;
    static constexpr quint32 entriesPerChunk = 1U << entryBits, entryMask = entriesPerChunk - 1;
    static constexpr quint64 longLength = 0xFFFF; ///< the length stands in eight bytes before the key

    [[nodiscard]] static QByteArrayView longKey(const char *bytes);

    /// A key of over a chunk fills several places with one block.
    std::vector<std::shared_ptr<char[]>> m_chunks;
    std::vector<std::shared_ptr<quint64[]>> m_entries; ///< 40 bits of place, 16 of length, 8 of hash
    quint32 m_count = 0;
};

/// Takes keys in: eight bytes each beside their own. Keys are never taken out.
class KeyTable final : public KeyBytes
{
public:
    static constexpr quint32 mostKeys = 0xFFFFFFF0;
    quint32 append(QByteArrayView key, quint8 tag);
    /// A view of the keys of now.
    [[nodiscard]] KeyBytes shared() const { return *this; }
    [[nodiscard]] quint64 bytesHeld() const;

private:
    char *room(quint64 size);

    quint64 m_used = 0; ///< place of the first free byte
};

} // namespace slotscope
