// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/rdbbytes.h"
#include "core/analysis/rdbreader.h"

namespace slotscope {

/// The values of an RDB file, by the number of their form.
class RdbValues final
{
public:
    RdbValues(RdbBytes &bytes, bool isValkey) : m_bytes(bytes), m_isValkey(isValkey), m_isCompact(isValkey) { }
    /// The server that wrote it was a Valkey 8.1 or later: its tables take less.
    void setCompactTables() { m_isCompact = true; }

    /// Reads the value of this form: type, encoding, elements and memory of `key`, whose name is known.
    void take(quint8 form, RdbKey &key);
    void skipModule(); ///< after its id: parts up to their end mark

private:
    void string(RdbKey &key);
    void strings(RdbKey &key, const char *type, int stringsEach, bool isZset);
    void block(RdbKey &key, const char *type, const char *encoding, quint8 form);
    void quicklist(RdbKey &key, bool isNew);
    void stream(RdbKey &key, int version);
    void hashWithLives(RdbKey &key, quint8 form);
    void module(RdbKey &key);
    [[nodiscard]] qint64 skipGroups(qint64 groups, int version); ///< their memory
    void skipOldDouble();

    RdbBytes &m_bytes;
    bool m_isValkey, m_isCompact;
};

/// The name of a module type from the number that stands in a file: nine letters in 54 bits.
[[nodiscard]] QByteArray moduleTypeName(quint64 id);

} // namespace slotscope
