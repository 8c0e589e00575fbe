// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/forms.h"
#include "core/formats/steps.h"

#include <QHash>
#include <QSet>

// Reads Avro object container files, which contain their schema as JSON.
namespace slotscope {

using namespace Qt::Literals::StringLiterals;
using Kind = FormatNode::Kind;

namespace {

class AvroReader
{
public:
    explicit AvroReader(StructureReading &reading) : m(reading) { }

    void run()
    {
        if (m.in.take(4) != QByteArrayView("Obj\x01", 4))
            return m.in.failAt(0, tr("this is not an Avro container file"));
        metadata();
        const QByteArrayView sync = m.in.take(16);
        auto schema = textToTree(QString::fromUtf8(m_schemaText), m.budget);
        if (m.in.ok() && (!schema || schema->isEmpty()))
            m.in.failAt(4, tr("its schema is not JSON: %1").arg(schema ? QString() : schema.error().detail));
        if (!m.goesOn() || !m.out.open(Kind::Object))
            return;
        m_schema = std::move(*schema);
        collectNames();
        m.out.name(u"schema"_s);
        copySchema(0);
        m.out.name(u"records"_s);
        if (m.out.open(Kind::Array)) {
            while (m.goesOn() && !m.in.atEnd())
                block(sync);
            m.out.close();
        }
        m.out.close();
    }

private:
    static qint64 unzigzag(quint64 raw) { return qint64(raw >> 1) ^ -qint64(raw & 1); }
    static QByteArrayView bytesAt(Cursor &in)
    {
        const qint64 length = unzigzag(in.varint());
        if (length < 0)
            in.fail(tr("a text of %1 byte(s)").arg(length));
        return in.take(quint64(std::max(qint64(0), length)));
    }
    /// Number of elements in the next block of an array or map; 0 at the end.
    static qint64 blockCount(Cursor &in)
    {
        qint64 count = unzigzag(in.varint());
        if (count < 0) {
            in.varint(); // size of the block in bytes, not needed here
            count = count == std::numeric_limits<qint64>::min() ? -1 : -count;
        }
        if (in.ok() && count < 0)
            in.fail(tr("a block of %1 elements").arg(count));
        return in.ok() ? count : 0;
    }

    void metadata()
    {
        for (qint64 count = blockCount(m.in); count > 0 && m.in.ok(); count = blockCount(m.in))
            for (; count > 0 && m.in.ok(); --count) {
                const QByteArrayView name = bytesAt(m.in), value = bytesAt(m.in);
                if (name == "avro.schema")
                    m_schemaText = value.toByteArray();
                else if (name == "avro.codec")
                    m_codec = value.toByteArray();
            }
    }

    /// Registers named types with and without their namespace, so that references can be resolved.
    void collectNames()
    {
        QString space;
        for (quint32 index = 0; index < m_schema.nodes.size(); ++index) {
            const TreeNode node(m_schema, index);
            const auto name = node.kind() == Kind::Object ? node.member("name"_L1) : std::nullopt;
            const auto type = name ? node.member("type"_L1) : std::nullopt;
            if (!type
                || !(type->text() == u"record" || type->text() == u"enum" || type->text() == u"fixed"
                     || type->text() == u"error"))
                continue;
            if (const auto own = node.member("namespace"_L1))
                space = own->text();
            m_named.insert(name->text(), index);
            m_named.insert(space + u'.' + name->text(), index);
        }
    }
    void copySchema(quint32 index)
    {
        const FormatNode node = m_schema.at(index);
        if (node.kind != Kind::Object && node.kind != Kind::Array)
            return m.out.leaf(node.kind, node.text);
        if (!m.out.open(node.kind))
            return;
        for (quint32 child = index + 1; child < node.end && m.out.ok(); child = m_schema.at(child).end) {
            m.out.name(m_schema.at(child).name);
            copySchema(child);
        }
        m.out.close();
    }

    void block(QByteArrayView sync)
    {
        const qint64 count = unzigzag(m.in.varint());
        const qsizetype at = m.in.at();
        const QByteArrayView packed = bytesAt(m.in);
        if (m.in.take(16) != sync)
            m.in.fail(tr("the sync marker between two blocks is wrong"));
        if (!m.in.ok())
            return;
        QByteArray held;
        QByteArrayView data = packed;
        if (m_codec != "null" && !m_codec.isEmpty()) {
            Unwrapped out;
            if (m_codec == "deflate")
                out = unwrap({FormatId::Deflate, {}}, packed, m.budget);
            else if (m_codec == "zstandard")
                out = unwrap({FormatId::Zstd, {}}, packed, m.budget);
            else if (m_codec == "snappy" && packed.size() >= 4) // snappy data ends with a CRC-32
                out = unwrap({FormatId::Snappy, u"raw"_s}, packed.chopped(4), m.budget);
            else
                out.fail(0, tr("its codec %1 is not supported").arg(QString::fromUtf8(m_codec.left(40))));
            if (out.problem)
                return m.in.failAt(at, out.problem->words);
            held = std::move(out.bytes);
            data = held;
        }
        Cursor in(data);
        for (qint64 i = 0; i < count && in.ok() && m.out.ok(); ++i)
            value(in, 0);
        if (!in.ok())
            m.in.failAt(at, tr("byte %1 of a block: %2").arg(in.problem().offset).arg(in.problem().words));
        else if (m.out.ok() && !in.atEnd())
            m.in.failAt(at, tr("%1 byte(s) at the end of a block are not used").arg(in.left()));
    }

    /// Reads a value of the type at this index of the schema.
    void value(Cursor &in, quint32 index)
    {
        const TreeNode type(m_schema, index);
        if (type.kind() == Kind::Array)
            return unionOf(in, index);
        if (type.kind() == Kind::String)
            return byName(in, type.text());
        const auto inner = type.member("type"_L1);
        if (!inner)
            return in.fail(tr("a type is missing in the schema"));
        if (inner->kind() != Kind::String)
            return deeper(in, index, "type"_L1);
        const QString word = inner->text();
        if (word == u"record" || word == u"error")
            record(in, index);
        else if (word == u"enum")
            enumeration(in, index);
        else if (word == u"fixed")
            m.out.bytes(in.take(type.member("size"_L1) ? type.member("size"_L1)->text().toULongLong() : 0));
        else if (word == u"array")
            array(in, index);
        else if (word == u"map")
            map(in, index);
        else
            byName(in, word);
    }
    [[nodiscard]] quint32 indexOf(quint32 parent, QLatin1StringView name) const
    {
        for (quint32 child = parent + 1; child < m_schema.at(parent).end; child = m_schema.at(child).end)
            if (m_schema.at(child).name == name)
                return child;
        return 0;
    }
    void deeper(Cursor &in, quint32 index, QLatin1StringView name)
    {
        const quint32 child = indexOf(index, name);
        if (child == 0 || ++m_types > m.budget.limits().depth)
            return in.fail(tr("a type is missing in the schema, or nested without end"));
        value(in, child);
        --m_types;
    }
    void byName(Cursor &in, const QString &name)
    {
        if (name == u"null")
            return m.out.null();
        if (name == u"boolean")
            return m.out.boolean(in.u8() != 0);
        if (name == u"int" || name == u"long")
            return m.out.integer(unzigzag(in.varint()));
        if (name == u"float")
            return m.out.real32(in.littleFloat());
        if (name == u"double")
            return m.out.real(in.littleDouble());
        if (name == u"bytes")
            return m.out.bytes(bytesAt(in));
        if (name == u"string")
            return m.out.utf8(bytesAt(in));
        const auto known = m_named.constFind(name);
        if (known == m_named.constEnd() || ++m_types > m.budget.limits().depth)
            return in.fail(tr("the schema refers to an unknown type “%1”").arg(name.left(80)));
        value(in, *known);
        --m_types;
    }
    void unionOf(Cursor &in, quint32 index)
    {
        const qint64 branch = unzigzag(in.varint());
        qint64 at = 0;
        for (quint32 child = index + 1; child < m_schema.at(index).end; child = m_schema.at(child).end)
            if (at++ == branch) {
                if (++m_types > m.budget.limits().depth)
                    return in.fail(tr("a type of the schema contains itself without end"));
                value(in, child);
                --m_types;
                return;
            }
        in.fail(tr("a union has no branch %1").arg(branch));
    }
    void record(Cursor &in, quint32 index)
    {
        const quint32 fields = indexOf(index, "fields"_L1);
        if (fields == 0)
            return in.fail(tr("a record of the schema has no fields"));
        if (!m.out.open(Kind::Object))
            return;
        for (quint32 field = fields + 1; field < m_schema.at(fields).end && in.ok() && m.out.ok();
             field = m_schema.at(field).end) {
            const auto name = TreeNode(m_schema, field).member("name"_L1);
            m.out.name(name ? name->text() : QString());
            deeper(in, field, "type"_L1);
        }
        m.out.close();
    }
    void enumeration(Cursor &in, quint32 index)
    {
        const qint64 number = unzigzag(in.varint());
        const quint32 symbols = indexOf(index, "symbols"_L1);
        qint64 at = 0;
        if (symbols != 0)
            for (quint32 child = symbols + 1; child < m_schema.at(symbols).end; child = m_schema.at(child).end)
                if (at++ == number)
                    return m.out.string(m_schema.at(child).text);
        in.fail(tr("an enum has no symbol %1").arg(number));
    }
    void array(Cursor &in, quint32 index)
    {
        if (!m.out.open(Kind::Array))
            return;
        for (qint64 count = blockCount(in); count > 0 && in.ok() && m.out.ok(); count = blockCount(in))
            for (; count > 0 && in.ok() && m.out.ok(); --count)
                deeper(in, index, "items"_L1);
        m.out.close();
    }
    void map(Cursor &in, quint32 index)
    {
        if (!m.out.open(Kind::Map))
            return;
        for (qint64 count = blockCount(in); count > 0 && in.ok() && m.out.ok(); count = blockCount(in))
            for (; count > 0 && in.ok() && m.out.ok(); --count) {
                m.out.utf8(bytesAt(in));
                deeper(in, index, "values"_L1);
            }
        m.out.close();
    }

    StructureReading &m;
    QByteArray m_schemaText, m_codec;
    FormatTree m_schema;
    QHash<QString, quint32> m_named;
    int m_types = 0;
};

} // namespace

void readAvro(StructureReading &reading)
{
    AvroReader(reading).run();
}

} // namespace slotscope
