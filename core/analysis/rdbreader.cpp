// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/rdbreader.h"

#include "core/analysis/rdbmemory.h"
#include "core/analysis/rdbvalues.h"
#include "core/base/text.h"
#include "core/base/tr.h"

#include <QFile>

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

// Opcodes that may precede a key, numbered as in rdb.h.
enum RdbMark : quint8 {
    SlotImportMark = 243, ///< Valkey 9: slot import; Redis 8.6: metadata of a key
    SlotInfoMark,
    Function2Mark,
    OldFunctionMark,
    ModuleAuxMark,
    IdleMark,
    FreqMark,
    AuxMark,
    ResizeMark,
    ExpiresMsMark,
    ExpiresMark,
    DatabaseMark,
    EndMark
};

constexpr qsizetype headerSize = 9;
constexpr int firstWithChecksum = 5;
constexpr qint64 highestTime = 1LL << 42, highestIdle = 1LL << 40; // limits in ms and s, so that sums do not overflow

class OneFile final
{
public:
    OneFile(QIODevice &file, const QString &name, const RdbReader::TakeKey &takeKey, const RdbReader::GoOn &goOn)
        : m_file(file), m_bytes(file, name), m_takeKey(takeKey), m_goOn(goOn)
    {
        if (m_goOn)
            m_bytes.setGoOn([this] { return m_goOn(m_bytes.offset(), m_file.size()); });
    }

    /// Returns false if reading was ended by the callback.
    bool read()
    {
        readHeader();
        RdbValues values(m_bytes, summary.isValkey);
        RdbKey key;
        for (;;) {
            const qint64 offset = m_bytes.offset();
            const quint8 mark = m_bytes.byte();
            if (mark == EndMark)
                break;
            if (mark >= SlotImportMark) {
                takeMark(mark, key, values);
                continue;
            }
            key.offset = offset;
            key.name = m_bytes.string();
            key.database = m_database;
            values.take(mark, key);
            if (key.memory >= 0)
                key.memory += rdbmemory::key(key.name.size(), key.expiresAt >= 0, m_isCompact || summary.isValkey);
            ++summary.keys;
            m_takeKey(key, summary);
            key = {};
        }
        checkSum();
        summary.bytes = m_bytes.offset();
        return !m_goOn || m_goOn(m_bytes.offset(), m_file.size());
    }

    RdbSummary summary;

private:
    void readHeader()
    {
        const QByteArray header = m_bytes.bytes(std::min<qint64>(headerSize, std::max<qint64>(1, m_file.size())));
        summary.header = header;
        summary.isValkey = header.startsWith("VALKEY");
        const auto version = toInteger(header.mid(summary.isValkey ? 6 : 5));
        const bool isRdb = (summary.isValkey || header.startsWith("REDIS")) && version && *version > 0;
        if (!isRdb)
            m_bytes.damaged(tr("it does not begin like an RDB file"));
        summary.version = int(*version);
        if (summary.isValkey ? summary.version > RdbReader::valkeyVersion : summary.version > RdbReader::newestRedis)
            m_bytes.damaged(tr("its RDB version %1 is newer than this program supports").arg(summary.version));
    }

    void takeMark(quint8 mark, RdbKey &key, RdbValues &values)
    {
        switch (mark) {
        case DatabaseMark: m_database = int(m_bytes.length()); break;
        case ResizeMark:
            (void)m_bytes.length();
            (void)m_bytes.length();
            break;
        case ExpiresMsMark: key.expiresAt = m_bytes.little<qint64>(); break;
        case ExpiresMark: key.expiresAt = qint64(m_bytes.little<qint32>()) * 1000; break;
        case FreqMark: key.frequency = m_bytes.byte(); break;
        case IdleMark: key.idleSeconds = qint64(std::min<quint64>(m_bytes.length(), quint64(highestIdle))); break;
        case AuxMark:
            takeAux();
            if (m_isCompact)
                values.setCompactTables();
            break;
        case Function2Mark:
            (void)m_bytes.skipString();
            ++summary.functions;
            break;
        case ModuleAuxMark:
            for (int i = 0; i < 3; ++i) // module id and time of writing
                (void)m_bytes.length();
            values.skipModule();
            break;
        case SlotInfoMark:
            for (int i = 0; i < 3; ++i)
                (void)m_bytes.length();
            break;
        case SlotImportMark:
            if (summary.isValkey) {
                skipSlotImport();
                break;
            }
            [[fallthrough]]; // in Redis 8.6, key metadata of modules, which cannot be parsed without the module
        default:
            m_bytes.damaged(
                tr("it contains the opcode %1, which this program does not know: it may come from a newer server")
                    .arg(mark));
        }
    }

    void takeAux()
    {
        const QByteArray name = m_bytes.string(), value = m_bytes.string();
        if (name == "redis-ver" || name == "valkey-ver") {
            summary.serverVersion = value;
            const QList<QByteArray> parts = value.split('.');
            const int major = parts.value(0).toInt(), minor = parts.value(1).toInt();
            m_isCompact = name == "valkey-ver" && (major > 8 || (major == 8 && minor >= 1));
        }
        if (name == "ctime")
            summary.writtenAt = std::clamp<qint64>(toInteger(value).value_or(-1), -1, highestTime / 1000) * 1000;
        else if (name == "used-mem")
            summary.usedMemory = toInteger(value).value_or(-1);
    }

    void skipSlotImport()
    {
        (void)m_bytes.skipString();
        const qint64 ranges = m_bytes.count();
        for (qint64 i = 0; i < 2 * ranges; ++i)
            (void)m_bytes.length();
    }

    void checkSum()
    {
        if (summary.version < firstWithChecksum)
            return;
        const quint64 own = m_bytes.checksum();
        const auto told = m_bytes.little<quint64>();
        summary.hasChecksum = told != 0; // a checksum of 0 means "rdbchecksum no"
        if (summary.hasChecksum && told != own)
            m_bytes.damaged(tr("its checksum is wrong: some bytes before it have changed"));
    }

    QIODevice &m_file;
    RdbBytes m_bytes;
    const RdbReader::TakeKey &m_takeKey;
    const RdbReader::GoOn &m_goOn;
    int m_database = 0;
    bool m_isCompact = false;
};

} // namespace

Result<RdbSummary> RdbReader::read(const QString &path, const TakeKey &takeKey, const GoOn &goOn)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(Error::Code::Io, tr("%1 cannot be read: %2").arg(path, file.errorString()));
    if (file.isSequential())
        return failure(Error::Code::Io, tr("%1 is not a file").arg(path));
    return read(file, path, takeKey, goOn);
}

Result<RdbSummary> RdbReader::read(QIODevice &file, const QString &name, const TakeKey &takeKey, const GoOn &goOn)
{
    OneFile one(file, name, takeKey, goOn);
    try {
        if (!one.read())
            return failure(Error::Code::Cancelled);
    } catch (const RdbBytes::Stopped &) {
        return failure(Error::Code::Cancelled);
    } catch (const RdbBytes::Damage &damage) {
        return failure(damage.error);
    }
    return one.summary;
}

} // namespace slotscope
