// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/bignumber.h"
#include "core/formats/forms.h"

#include "core/base/text.h"

#include <QDateTime>

#include <cmath>
#include <limits>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;
using Kind = FormatNode::Kind;

namespace {

class BsonWriter
{
public:
    void document(const TreeNode &node)
    {
        const qsizetype start = m_out.bytes.size();
        m_out.little(qint32(0));
        qsizetype index = 0;
        const bool pairs = node.tag() == u"map";
        for (const TreeNode &child : (pairs ? node.children().first() : node).children()) {
            if (!m_out.ok())
                return;
            if (pairs) {
                const QList<TreeNode> both = child.children();
                if (both.size() != 2 || !both[0].isString())
                    return m_out.fail(tr("the keys of a BSON document must be texts"));
                element(both[0].text().toUtf8(), both[1]);
            } else {
                element(node.kind() == Kind::Array ? QByteArray::number(index++) : child.name().toUtf8(), child);
            }
        }
        m_out.u8(0);
        if (m_out.bytes.size() - start > std::numeric_limits<qint32>::max())
            return m_out.fail(tr("a BSON document holds at most 2 GB"));
        qToLittleEndian(qint32(m_out.bytes.size() - start), m_out.bytes.data() + start);
    }
    [[nodiscard]] StructureWriter &out() { return m_out; }

private:
    void begin(quint8 type, const QByteArray &name)
    {
        if (name.contains('\0'))
            m_out.fail(tr("a name in BSON cannot contain a zero byte"));
        m_out.u8(type);
        m_out.bytes += name + '\0';
    }
    void text(const QByteArray &utf8)
    {
        m_out.little(qint32(utf8.size() + 1));
        m_out.bytes += utf8 + '\0';
    }

    void element(const QByteArray &name, const TreeNode &node)
    {
        switch (node.kind()) {
        case Kind::Null: begin(0x0a, name); break;
        case Kind::Bool:
            begin(0x08, name);
            m_out.u8(node.text() == u"true" ? 1 : 0);
            break;
        case Kind::Number: number(name, node); break;
        case Kind::String:
            begin(0x02, name);
            text(node.text().toUtf8());
            break;
        case Kind::Array:
            begin(0x04, name);
            document(node);
            break;
        default: object(name, node); break;
        }
    }
    void number(const QByteArray &name, const TreeNode &node)
    {
        const auto integer = node.isInteger() ? toInteger(node.text().toLatin1()) : std::nullopt;
        if (node.isInteger() && (!integer || *integer != qint32(*integer)))
            return m_out.fail(
                tr("%1 does not fit into an int32; write {\"$long\": %1} for an int64").arg(node.text().left(40)));
        if (!integer)
            return real(name, node.text());
        begin(0x10, name);
        m_out.little(qint32(*integer));
    }
    void real(const QByteArray &name, const QString &digits)
    {
        bool ok = true;
        const double infinity = std::numeric_limits<double>::infinity();
        const double value = digits == u"NaN" ? std::nan("")
            : digits.endsWith(u"Infinity")    ? (digits.startsWith(u'-') ? -infinity : infinity)
                                              : digits.toDouble(&ok);
        if (!ok || (std::isinf(value) && !digits.endsWith(u"Infinity")))
            return m_out.fail(tr("%1 is not a number that a double can hold").arg(digits.left(40)));
        begin(0x01, name);
        m_out.little(std::isnan(value) ? 0x7ff8000000000000 : std::bit_cast<quint64>(value));
    }

    void object(const QByteArray &name, const TreeNode &node)
    {
        const QString tag = node.tag();
        if (tag.isEmpty() || tag == u"map") {
            begin(0x03, name);
            return document(node);
        }
        const TreeNode content = node.children().first();
        if (tag == u"float")
            real(name, content.text());
        else if (tag == u"undefined" || tag == u"minKey" || tag == u"maxKey")
            begin(tag == u"undefined" ? 0x06 : tag == u"minKey" ? 0xff : 0x7f, name);
        else if (tag == u"code" || tag == u"symbol") {
            begin(tag == u"code" ? 0x0d : 0x0e, name);
            text(content.text().toUtf8());
        } else if (tag == u"long" || tag == u"date_ms" || tag == u"time")
            wide(name, tag, content.text());
        else if (tag == u"oid" || tag == u"uuid" || tag == u"decimal_bits" || tag == u"float_bits")
            raw(name, tag, content.text());
        else if (tag == u"decimal")
            decimal(name, content.text());
        else
            pair(name, tag, content.children());
    }
    void wide(const QByteArray &name, const QString &tag, const QString &digits)
    {
        std::optional<qint64> value = toInteger(digits.toLatin1());
        if (tag == u"time") {
            const QDateTime time = QDateTime::fromString(digits, Qt::ISODateWithMs);
            value = time.isValid() ? std::optional(time.toMSecsSinceEpoch()) : std::nullopt;
        }
        if (!value)
            return m_out.fail(tr("{\"$%1\": …} does not accept “%2”").arg(tag, digits.left(40)));
        begin(tag == u"long" ? 0x12 : 0x09, name);
        m_out.little(*value);
    }
    void raw(const QByteArray &name, const QString &tag, QString hex)
    {
        const auto bytes = fromHex(tag == u"uuid" ? hex.remove(u'-') : hex);
        const qsizetype length = tag == u"oid" ? 12 : tag == u"float_bits" ? 8 : 16;
        if (!bytes || bytes->size() != length)
            return m_out.fail(tr("{\"$%1\": …} needs %2 hex digits").arg(tag).arg(length * 2));
        begin(tag == u"oid" ? 0x07 : tag == u"uuid" ? 0x05 : tag == u"float_bits" ? 0x01 : 0x13, name);
        if (tag == u"uuid") {
            m_out.little(qint32(16));
            m_out.u8(4);
        }
        QByteArray data = *bytes;
        if (tag == u"float_bits")
            std::reverse(data.begin(), data.end());
        m_out.bytes += data;
    }
    void decimal(const QByteArray &name, const QString &digits)
    {
        const bool negative = digits.startsWith(u'-');
        QString plain = digits.sliced(negative ? 1 : 0);
        const qsizetype point = plain.indexOf(u'.');
        const qsizetype places = point < 0 ? 0 : plain.size() - point - 1;
        const QByteArray magnitude = bigMagnitude(plain.remove(u'.').toLatin1()).rightJustified(16, '\0');
        const bool digitsOnly =
            !plain.isEmpty() && std::all_of(plain.begin(), plain.end(), [](QChar c) { return c >= u'0' && c <= u'9'; });
        if (!digitsOnly || plain.size() > 40 || bigDigits(magnitude).size() > 34)
            return m_out.fail(tr("“%1” is not a decimal of at most 34 digits").arg(digits.left(60)));
        QByteArray data = magnitude;
        std::reverse(data.begin(), data.end());
        const auto high = qFromLittleEndian<quint64>(data.data() + 8) | quint64(6176 - places) << 49
            | (negative ? quint64(1) << 63 : 0);
        qToLittleEndian(high, data.data() + 8);
        begin(0x13, name);
        m_out.bytes += data;
    }
    /// Writes a value that consists of two parts.
    void pair(const QByteArray &name, const QString &tag, const QList<TreeNode> &parts)
    {
        if (parts.size() != 2)
            return m_out.fail(tr("BSON has no {\"$%1\": …} of this form").arg(tag));
        const QByteArray first = parts[0].text().toUtf8(), second = parts[1].text().toUtf8();
        const auto hex = fromHex(parts[1].text());
        if (tag == u"binary" && hex && fromHex(parts[0].text()) && fromHex(parts[0].text())->size() == 1) {
            begin(0x05, name);
            m_out.little(qint32(hex->size()));
            m_out.bytes += *fromHex(parts[0].text()) + *hex;
        } else if (tag == u"regex" && !first.contains('\0') && !second.contains('\0')) {
            begin(0x0b, name);
            m_out.bytes += first + '\0' + second + '\0';
        } else if (tag == u"timestamp" && toUnsigned(first) && toUnsigned(second)
                   && (*toUnsigned(first) | *toUnsigned(second)) <= 0xffffffff) {
            begin(0x11, name);
            m_out.little(quint32(*toUnsigned(second)));
            m_out.little(quint32(*toUnsigned(first)));
        } else if (tag == u"dbPointer" && hex && hex->size() == 12) {
            begin(0x0c, name);
            text(first);
            m_out.bytes += *hex;
        } else {
            m_out.fail(tr("BSON has no {\"$%1\": …} of this form").arg(tag));
        }
    }

    StructureWriter m_out;
};

} // namespace

Result<QByteArray> writeBson(const FormatTree &tree)
{
    const TreeNode root(tree, 0);
    if (root.kind() != Kind::Object || (!root.tag().isEmpty() && root.tag() != u"map"))
        return failure(Error::Code::Parse, tr("BSON text must be a document: {…}"));
    BsonWriter writer;
    writer.document(root);
    return writer.out().result();
}

} // namespace slotscope
