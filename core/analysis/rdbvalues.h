// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/rdbbytes.h"
#include "core/analysis/rdbreader.h"

namespace slotscope {

/// Reads the values of an RDB file, by the number of their encoding.
class RdbValues final
{
public:
    RdbValues(RdbBytes &bytes, bool isValkey) : m_bytes(bytes), m_isValkey(isValkey), m_isCompact(isValkey) { }
    /// Call if the file was written by Valkey 8.1 or later, whose tables need less memory.
    void setCompactTables() { m_isCompact = true; }

    /// Reads a value of this encoding and sets type, encoding, elements and memory of `key`, whose name is already set.
    void take(quint8 form, RdbKey &key);
    void skipModule(); ///< skips everything after the module's id, up to its end mark

private:
    void string(RdbKey &key);
    void strings(RdbKey &key, const char *type, int stringsEach, bool isZset);
    void block(RdbKey &key, const char *type, const char *encoding, quint8 form);
    void quicklist(RdbKey &key, bool isNew);
    void stream(RdbKey &key, int version);
    void hashWithLives(RdbKey &key, quint8 form);
    void module(RdbKey &key);
    [[nodiscard]] qint64 skipGroups(qint64 groups, int version); ///< skips consumer groups and returns their memory
    void skipOldDouble();

    RdbBytes &m_bytes;
    bool m_isValkey, m_isCompact;
};

/// The name of a module type from the number in the file: nine characters in 54 bits.
[[nodiscard]] QByteArray moduleTypeName(quint64 id);

} // namespace slotscope
