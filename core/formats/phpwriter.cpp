// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/forms.h"
#include "core/formats/phpreal.h"

#include "core/base/text.h"

#include <cmath>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;
using Kind = FormatNode::Kind;

namespace {

class PhpWriter
{
public:
    void value(const TreeNode &node)
    {
        if (!m_out.ok())
            return;
        switch (node.kind()) {
        case Kind::Null: m_out.bytes += "N;"; break;
        case Kind::Bool: m_out.bytes += node.text() == u"true" ? "b:1;" : "b:0;"; break;
        case Kind::Number: number(node); break;
        case Kind::String: string(node.text().toUtf8()); break;
        case Kind::Array: members(node, false); break;
        default: object(node); break;
        }
    }
    /// Writes name|value name|value …
    void session(const TreeNode &root)
    {
        const bool pairs = root.tag() == u"map";
        for (const TreeNode &child : (pairs ? root.children().first() : root).children()) {
            const QList<TreeNode> both = child.children();
            if (pairs && (both.size() != 2 || !both[0].isString()))
                return m_out.fail(tr("the names in PHP session data must be texts"));
            const QByteArray name = pairs ? both[0].text().toUtf8() : child.name().toUtf8();
            if (name.contains('|'))
                return m_out.fail(tr("a name in PHP session data cannot contain “|”"));
            m_out.bytes += name + '|';
            value(pairs ? both[1] : child);
        }
    }
    [[nodiscard]] StructureWriter &out() { return m_out; }

private:
    void string(const QByteArray &bytes)
    {
        m_out.bytes += "s:" + QByteArray::number(bytes.size()) + ":\"" + bytes + "\";";
    }
    void number(const TreeNode &node)
    {
        const auto integer = node.isInteger() ? toInteger(node.text().toLatin1()) : std::nullopt;
        if (integer && node.text() != u"-0") {
            m_out.bytes += "i:" + QByteArray::number(*integer) + ';';
            return;
        }
        bool ok = false;
        const double real = node.text().toDouble(&ok);
        if ((node.isInteger() && node.text() != u"-0") || !ok || std::isinf(real))
            return m_out.fail(tr("PHP has no number such as %1").arg(node.text().left(40)));
        m_out.bytes += "d:" + phpReal(real) + ';';
    }

    static QByteArray propertyName(const QString &name)
    {
        const qsizetype end = name.indexOf(u") "_s);
        if (name.startsWith(u"protected "_s))
            return QByteArray("\0*\0", 3) + name.sliced(10).toUtf8();
        if (name.startsWith(u"private("_s) && end > 0)
            return '\0' + name.sliced(8, end - 8).toUtf8() + '\0' + name.sliced(end + 2).toUtf8();
        return name.toUtf8();
    }
    void key(const TreeNode &node, bool property)
    {
        const auto hex = node.tag() == u"string" ? fromHex(node.children().first().text()) : std::nullopt;
        if (node.isInteger() && toInteger(node.text().toLatin1()))
            m_out.bytes += "i:" + node.text().toLatin1() + ';';
        else if (node.isString())
            string(property ? propertyName(node.text()) : node.text().toUtf8());
        else if (hex)
            string(*hex);
        else
            m_out.fail(tr("a key in PHP must be an integer or a text"));
    }
    /// Writes count:{…}, preceded by "a:" for an array.
    void members(const TreeNode &node, bool properties)
    {
        const bool pairs = node.tag() == u"map";
        const QList<TreeNode> children = (pairs ? node.children().first() : node).children();
        m_out.bytes += (properties ? "" : "a:") + QByteArray::number(children.size()) + ":{";
        qsizetype index = 0;
        for (const TreeNode &child : children) {
            const QList<TreeNode> both = child.children();
            if (pairs && both.size() != 2)
                return m_out.fail(tr("{\"$map\": …} needs pairs of key and value"));
            if (pairs)
                key(both[0], properties);
            else if (node.kind() == Kind::Array)
                m_out.bytes += "i:" + QByteArray::number(index++) + ';';
            else
                string(properties ? propertyName(child.name()) : child.name().toUtf8());
            value(pairs ? both[1] : child);
        }
        m_out.bytes += '}';
    }

    void object(const TreeNode &node)
    {
        const QString tag = node.tag();
        if (tag.isEmpty() || tag == u"map")
            return members(node, false);
        const TreeNode content = node.children().first();
        if (tag == u"float")
            real(content.text());
        else if (tag == u"string")
            hex(content.text());
        else if (tag == u"ref" || tag == u"reference")
            reference(tag, content.text());
        else if (tag == u"enum" && node.member("name"_L1))
            enumeration(content.text() + u':' + node.member("name"_L1)->text());
        else if (tag == u"object" && node.member("props"_L1))
            properties(content.text().toUtf8(), *node.member("props"_L1));
        else if (tag == u"object" && node.member("data"_L1))
            custom(content.text().toUtf8(), *node.member("data"_L1));
        else
            m_out.fail(tr("PHP cannot serialize {\"$%1\": …} of this form").arg(tag));
    }
    void real(const QString &text)
    {
        bool ok = text == u"NAN" || text == u"NaN" || text.endsWith(u"INF") || text.endsWith(u"Infinity");
        if (!ok)
            (void)text.toDouble(&ok);
        if (!ok || text.contains(u';'))
            return m_out.fail(tr("“%1” is not a number").arg(text.left(40)));
        const QByteArray digits = text == u"NaN" ? QByteArray("NAN")
            : text.endsWith(u"Infinity")         ? QByteArray(text.startsWith(u'-') ? "-INF" : "INF")
                                                 : text.toLatin1();
        m_out.bytes += "d:" + digits + ';';
    }
    void hex(const QString &text)
    {
        const auto bytes = fromHex(text);
        if (!bytes)
            return m_out.fail(tr("“%1” is not a hex text").arg(text.left(40)));
        string(*bytes);
    }
    void reference(const QString &tag, const QString &text)
    {
        const auto number = toUnsigned(text.toLatin1());
        if (!number || *number == 0)
            return m_out.fail(tr("a reference needs the number of a value, from 1"));
        m_out.bytes += (tag == u"ref" ? "r:" : "R:") + QByteArray::number(*number) + ';';
    }
    void enumeration(const QString &both)
    {
        const QByteArray name = both.toUtf8();
        m_out.bytes += "E:" + QByteArray::number(name.size()) + ":\"" + name + "\";";
    }
    void className(char type, const QByteArray &name)
    {
        m_out.bytes += type + QByteArray(":") + QByteArray::number(name.size()) + ":\"" + name + "\":";
    }
    void properties(const QByteArray &name, const TreeNode &props)
    {
        className('O', name);
        members(props, true);
    }
    void custom(const QByteArray &name, const TreeNode &data)
    {
        const auto bytes = data.isString() ? std::optional(data.text().toUtf8())
            : data.tag() == u"string"      ? fromHex(data.children().first().text())
                                           : std::nullopt;
        if (!bytes)
            return m_out.fail(tr("the data of %1 must be a text").arg(QString::fromUtf8(name)));
        className('C', name);
        m_out.bytes += QByteArray::number(bytes->size()) + ":{" + *bytes + '}';
    }

    StructureWriter m_out;
};

} // namespace

Result<QByteArray> writePhp(const FormatTree &tree)
{
    PhpWriter writer;
    writer.value(TreeNode(tree, 0));
    return writer.out().result();
}

Result<QByteArray> writePhpSession(const FormatTree &tree)
{
    PhpWriter writer;
    const TreeNode root(tree, 0);
    if (root.kind() != Kind::Object)
        return failure(Error::Code::Parse, tr("a session is an object of names and values"));
    writer.session(root);
    return writer.out().result();
}

} // namespace slotscope
