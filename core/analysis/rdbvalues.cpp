// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/rdbvalues.h"

#include "core/analysis/rdbmemory.h"
#include "core/base/text.h"
#include "core/base/tr.h"

#include <QtEndian>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

// Encodings of values, numbered as in rdb.h of Redis 7.2 to 8 and Valkey 9.
enum RdbForm : quint8 {
    StringForm,
    ListForm,
    SetForm,
    ZsetTextForm,
    HashForm,
    ZsetForm,
    OldModuleForm,
    ModuleForm,
    ZipmapForm = 9,
    ListZiplistForm,
    SetIntsetForm,
    ZsetZiplistForm,
    HashZiplistForm,
    QuicklistForm,
    StreamForm,
    HashListpackForm,
    ZsetListpackForm,
    Quicklist2Form,
    Stream2Form,
    SetListpackForm,
    Stream3Form,
    HashLivesForm, ///< in Valkey 9; in release candidates of Redis 7.4 something else
    HashMetadataForm = 24,
    HashListpackLivesForm,
    Stream4Form,
    Stream5Form
};

constexpr quint64 plainNode = 1, packedNode = 2;
constexpr int listpackHead = 6, ziplistHead = 10;
// value of the element count if a block contains more elements than 16 bits can count
constexpr quint16 manyElements = 0xffff;
constexpr qint64 mostEntries = 1LL << 48; // limit for a stream, so that sums stay in range
constexpr qint64 streamIdSize = 16, timeSize = 8;
constexpr qint64 fieldHead = 8; // overhead of a hash field in a compact table
constexpr int embeddedString = 44; // in bytes; longer strings have encoding "raw"

template <typename Number>
Number littleAt(const QByteArray &block, qsizetype at)
{
    return at + qsizetype(sizeof(Number)) <= block.size() ? qFromLittleEndian<Number>(block.constData() + at)
                                                          : Number();
}

/// Size of a listpack entry in bytes, without its trailing length; 0: invalid.
qint64 listpackEntry(const QByteArray &block, qsizetype at)
{
    const auto first = quint8(block.at(at));
    const auto behind = [&](qsizetype place) { return at + place < block.size() ? quint8(block.at(at + place)) : 0; };
    if (first < 0x80)
        return 1;
    if (first < 0xc0)
        return 1 + (first & 0x3f);
    if (first < 0xe0)
        return 2;
    if (first < 0xf0)
        return 2 + ((first & 0x0f) << 8 | behind(1));
    switch (first) {
    case 0xf0: return 5 + qint64(littleAt<quint32>(block, at + 1));
    case 0xf1: return 3;
    case 0xf2: return 4;
    case 0xf3: return 5;
    case 0xf4: return 9;
    default: return 0;
    }
}

qint64 listpackCount(const QByteArray &block)
{
    const auto told = littleAt<quint16>(block, 4);
    if (told != manyElements)
        return told;
    qint64 entries = 0;
    for (qsizetype at = listpackHead; at < block.size() && quint8(block.at(at)) != 0xff; ++entries) {
        const qint64 size = listpackEntry(block, at);
        if (size == 0)
            return -1;
        at += qsizetype(size + (size < 128 ? 1 : size < 16383 ? 2 : size < 2097151 ? 3 : size < 268435455 ? 4 : 5));
    }
    return entries;
}

/// Number of entries in a block of this encoding; -1: unknown.
qint64 entriesOf(const QByteArray &block, quint8 form)
{
    switch (form) {
    case SetIntsetForm: return block.size() < 8 ? -1 : littleAt<quint32>(block, 4);
    case ListZiplistForm:
    case ZsetZiplistForm:
    case HashZiplistForm:
    case QuicklistForm: {
        const auto told = littleAt<quint16>(block, 8);
        return block.size() < ziplistHead || told == manyElements ? -1 : told;
    }
    case ZipmapForm: {
        const auto told = quint8(block.isEmpty() ? 0 : block.at(0));
        return told >= 254 ? -1 : 2 * qint64(told);
    }
    default: return block.size() < listpackHead ? -1 : listpackCount(block);
    }
}

} // namespace

QByteArray moduleTypeName(quint64 id)
{
    static const QByteArray letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    QByteArray name;
    for (int i = 0; i < 9; ++i)
        name.append(letters.at(qsizetype(id >> (64 - 6 * (i + 1)) & 0x3f)));
    return name;
}

void RdbValues::take(quint8 form, RdbKey &key)
{
    switch (form) {
    case StringForm: return string(key);
    case ListForm: return strings(key, "list", 1, false);
    case SetForm: return strings(key, "set", 1, false);
    case HashForm: return strings(key, "hash", 2, false);
    case ZsetTextForm:
    case ZsetForm: return strings(key, "zset", 1, form == ZsetForm);
    case ModuleForm: return module(key);
    case ZipmapForm:
    case HashZiplistForm:
    case HashListpackForm: return block(key, "hash", "listpack", form);
    case ListZiplistForm: return block(key, "list", "quicklist", form);
    case SetIntsetForm: return block(key, "set", "intset", form);
    case SetListpackForm: return block(key, "set", "listpack", form);
    case ZsetZiplistForm:
    case ZsetListpackForm: return block(key, "zset", "listpack", form);
    case QuicklistForm:
    case Quicklist2Form: return quicklist(key, form == Quicklist2Form);
    case StreamForm: return stream(key, 1);
    case Stream2Form: return stream(key, 2);
    case Stream3Form: return stream(key, 3);
    case HashMetadataForm: return hashWithLives(key, form);
    case HashListpackLivesForm: return hashWithLives(key, form);
    case HashLivesForm:
        if (m_isValkey)
            return hashWithLives(key, form);
        break;
    default: break;
    }
    m_bytes.damaged(
        tr("a value has the type %1, which this program does not know: it may come from a newer server").arg(form));
}

void RdbValues::string(RdbKey &key)
{
    QByteArray text;
    const qint64 size = m_bytes.skipString(&text);
    const auto number = toInteger(text);
    const bool isNumber = number && QByteArray::number(*number) == text;
    key.type = "string"_ba;
    key.encoding = isNumber ? "int"_ba : size <= embeddedString ? "embstr"_ba : "raw"_ba;
    key.elements = size;
    key.memory = rdbmemory::string(size, isNumber);
}

/// Reads strings; for a sorted set, scores have eight bytes with `isBinary`, else are text.
void RdbValues::strings(RdbKey &key, const char *type, int stringsEach, bool isBinary)
{
    const bool isZset = qstrcmp(type, "zset") == 0;
    const qint64 count = m_bytes.count();
    rdbmemory::Table table(count, m_isCompact);
    for (qint64 i = 0; i < count; ++i) {
        for (int each = 0; each < stringsEach; ++each)
            table.addString(m_bytes.skipString());
        if (m_isCompact && stringsEach > 1)
            table.addRaw(fieldHead);
        if (isZset && isBinary)
            m_bytes.skip(timeSize);
        else if (isZset)
            skipOldDouble();
    }
    key.type = type;
    key.encoding = isZset ? "skiplist"_ba : key.type == "list" ? "quicklist"_ba : "hashtable"_ba;
    key.elements = count;
    key.memory = isZset ? table.zset() : key.type == "list" ? table.list() : table.bytes();
}

void RdbValues::skipOldDouble()
{
    const quint8 size = m_bytes.byte();
    if (size < 253) // higher values mean infinity or NaN
        m_bytes.skip(size);
}

void RdbValues::block(RdbKey &key, const char *type, const char *encoding, quint8 form)
{
    const QByteArray bytes = m_bytes.string();
    const qint64 entries = entriesOf(bytes, form);
    key.type = type;
    key.encoding = encoding;
    const bool arePairs = key.type == "hash" || key.type == "zset";
    key.elements = entries < 0 ? -1 : arePairs ? entries / 2 : entries;
    key.memory = rdbmemory::block(bytes.size());
}

void RdbValues::quicklist(RdbKey &key, bool isNew)
{
    const qint64 nodes = m_bytes.count();
    qint64 elements = 0, memory = rdbmemory::quicklist();
    for (qint64 i = 0; i < nodes; ++i) {
        const quint64 kind = isNew ? m_bytes.length() : packedNode;
        if (kind == plainNode) {
            memory += rdbmemory::quicklistNode(m_bytes.skipString());
            elements += elements < 0 ? 0 : 1;
            continue;
        }
        if (kind != packedNode)
            m_bytes.damaged(tr("a list node has the unknown format %1").arg(kind));
        const QByteArray bytes = m_bytes.string();
        const qint64 entries = entriesOf(bytes, isNew ? quint8(Quicklist2Form) : quint8(QuicklistForm));
        elements = entries < 0 || elements < 0 ? -1 : elements + entries;
        memory += rdbmemory::quicklistNode(bytes.size());
    }
    key.type = "list"_ba;
    // since 7.2, a list with a single node is a listpack
    key.encoding = nodes == 1 && isNew ? "listpack"_ba : "quicklist"_ba;
    key.elements = elements;
    key.memory = memory;
}

/// Reads a hash whose fields have their own times to live.
void RdbValues::hashWithLives(RdbKey &key, quint8 form)
{
    key.type = "hash"_ba;
    if (form == HashListpackLivesForm) {
        m_bytes.skip(timeSize);
        const QByteArray bytes = m_bytes.string();
        const qint64 entries = listpackCount(bytes);
        key.encoding = "listpackex"_ba;
        key.elements = entries < 0 ? -1 : entries / 3;
        key.memory = rdbmemory::block(bytes.size());
        return;
    }
    if (form == HashMetadataForm)
        m_bytes.skip(timeSize);
    const qint64 count = m_bytes.count();
    rdbmemory::Table table(count, m_isCompact);
    for (qint64 i = 0; i < count; ++i) {
        if (form == HashMetadataForm)
            (void)m_bytes.length(); // expiry of the field, relative to the earliest expiry in the hash
        table.addString(m_bytes.skipString());
        table.addString(m_bytes.skipString());
        if (form == HashLivesForm)
            m_bytes.skip(timeSize);
        table.addRaw(timeSize);
    }
    key.encoding = "hashtable"_ba;
    key.elements = count;
    key.memory = table.bytes();
}

void RdbValues::stream(RdbKey &key, int version)
{
    const qint64 parts = m_bytes.count();
    qint64 memory = rdbmemory::stream();
    for (qint64 i = 0; i < parts; ++i) {
        if (m_bytes.skipString() != streamIdSize)
            m_bytes.damaged(tr("a stream node has no id"));
        memory += rdbmemory::streamPart(m_bytes.skipString(), i == parts - 1);
    }
    key.type = "stream"_ba;
    key.encoding = "stream"_ba;
    key.elements = qint64(std::min<quint64>(m_bytes.length(), quint64(mostEntries)));
    // last id; since version 2 also first id, largest deleted id, number of entries added
    const int numbers = version == 1 ? 2 : 2 + 5;
    for (int i = 0; i < numbers; ++i)
        (void)m_bytes.length();
    memory += skipGroups(m_bytes.count(), version);
    key.memory = memory;
}

qint64 RdbValues::skipGroups(qint64 groups, int version)
{
    qint64 memory = 0;
    for (qint64 group = 0; group < groups; ++group) {
        (void)m_bytes.skipString();
        for (int i = 0; i < (version == 1 ? 2 : 3); ++i) // last id; since version 2 also number of entries read
            (void)m_bytes.length();
        const qint64 pending = m_bytes.count();
        for (qint64 i = 0; i < pending; ++i) {
            m_bytes.skip(streamIdSize + timeSize);
            (void)m_bytes.length();
        }
        const qint64 consumers = m_bytes.count();
        memory += rdbmemory::streamGroup(consumers, pending);
        for (qint64 i = 0; i < consumers; ++i) {
            (void)m_bytes.skipString();
            m_bytes.skip(version < 3 ? timeSize : 2 * timeSize); // seen time; since version 3 also active time
            m_bytes.skip(streamIdSize * m_bytes.count());
        }
    }
    return memory;
}

void RdbValues::module(RdbKey &key)
{
    key.type = moduleTypeName(m_bytes.length());
    key.encoding = "raw"_ba;
    key.elements = key.memory = -1;
    skipModule();
}

void RdbValues::skipModule()
{
    for (;;) {
        const quint64 part = m_bytes.length();
        switch (part) {
        case 0: return;
        case 1:
        case 2: (void)m_bytes.length(); break;
        case 3: m_bytes.skip(4); break;
        case 4: m_bytes.skip(8); break;
        case 5: (void)m_bytes.skipString(); break;
        default: m_bytes.damaged(tr("a module value has the unknown opcode %1").arg(part));
        }
    }
}

} // namespace slotscope
