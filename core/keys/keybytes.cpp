// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/keybytes.h"

#include <cstring>

namespace slotscope {

QByteArrayView KeyBytes::longKey(const char *bytes)
{
    quint64 length = 0;
    std::memcpy(&length, bytes, sizeof length);
    return {bytes + sizeof length, qsizetype(length)};
}

/// Returns contiguous room for `size` bytes, starting at m_used.
char *KeyTable::room(quint64 size)
{
    const quint64 end = quint64(m_chunks.size()) << chunkBits;
    if (m_used + size > end) {
        const quint64 chunks = std::max<quint64>(1, (size + chunkSize - 1) >> chunkBits);
        const std::shared_ptr<char[]> block(new char[size_t(chunks << chunkBits)]);
        for (quint64 i = 0; i < chunks; ++i)
            m_chunks.emplace_back(block, block.get() + (i << chunkBits));
        m_used = end;
    }
    return m_chunks[size_t(m_used >> chunkBits)].get() + (m_used & chunkMask);
}

quint32 KeyTable::append(QByteArrayView key, quint8 tag)
{
    Q_ASSERT(m_count < mostKeys);
    const quint64 size = quint64(key.size());
    const bool isLong = size >= longLength;
    char *place = room(std::max<quint64>(1, size + (isLong ? sizeof size : 0)));
    if ((m_count & entryMask) == 0)
        m_entries.emplace_back(new quint64[entriesPerChunk]);
    m_entries.back()[m_count & entryMask] = m_used << 24 | (isLong ? longLength : size) << 8 | tag;
    if (isLong) {
        std::memcpy(place, &size, sizeof size);
        place += sizeof size;
    }
    if (size > 0)
        std::memcpy(place, key.data(), size_t(size));
    m_used += size + (isLong ? sizeof size : 0);
    return m_count++;
}

quint64 KeyTable::bytesHeld() const
{
    return (quint64(m_chunks.size()) << chunkBits) + quint64(m_entries.size()) * entriesPerChunk * sizeof(quint64)
        + m_chunks.capacity() * sizeof(m_chunks[0]) + m_entries.capacity() * sizeof(m_entries[0]);
}

} // namespace slotscope
