// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

#include <memory>
#include <vector>

namespace slotscope {

/// Read-only access to keys by number: the content of a KeyTable at one moment. The bytes are shared with the table,
/// which only appends, so it may grow on its thread while others read.
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
    /// Eight bits of the key's hash, which avoid most comparisons.
    [[nodiscard]] quint8 tagOf(quint32 id) const { return quint8(m_entries[id >> entryBits][id & entryMask]); }

protected:
    static constexpr int chunkBits = 20, entryBits = 14;
    static constexpr quint64 chunkSize = 1ULL << chunkBits, chunkMask = chunkSize - 1;
    static constexpr quint32 entriesPerChunk = 1U << entryBits, entryMask = entriesPerChunk - 1;
    /// marks longer keys, whose length is stored in eight bytes before the key
    static constexpr quint64 longLength = 0xFFFF;

    [[nodiscard]] static QByteArrayView longKey(const char *bytes);

    /// A key longer than a chunk gets one block that occupies several entries.
    std::vector<std::shared_ptr<char[]>> m_chunks;
    std::vector<std::shared_ptr<quint64[]>> m_entries; ///< each with 40 bits of position, 16 of length, 8 of hash
    quint32 m_count = 0;
};

/// Stores keys with an overhead of eight bytes each. Keys are never removed.
class KeyTable final : public KeyBytes
{
public:
    static constexpr quint32 mostKeys = 0xFFFFFFF0;
    quint32 append(QByteArrayView key, quint8 tag);
    /// Returns a view of the present keys.
    [[nodiscard]] KeyBytes shared() const { return *this; }
    [[nodiscard]] quint64 bytesHeld() const;

private:
    char *room(quint64 size);

    quint64 m_used = 0; ///< position of the first free byte
};

} // namespace slotscope
