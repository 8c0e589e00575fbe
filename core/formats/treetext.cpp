// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/treetext.h"

#include "core/formats/jsonwalker.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;
using Kind = FormatNode::Kind;

namespace {

constexpr int mostTreeIndented = 64; // limit for indentation levels

/// Writes a tree without recursion, with an explicit stack of open containers.
class TreeWriter
{
public:
    TreeWriter(const FormatTree &tree, qsizetype limit) : m_tree(tree), m_limit(limit) { }

    bool write()
    {
        for (quint32 index = 0; index < m_tree.nodes.size(); ++index) {
            closeBefore(index);
            if (m_out.size() > m_limit)
                return false;
            if (!m_open.empty() && m_open.back().key && m_tree.at(m_open.back().index).list)
                m_open.back().key = false; // keys of a list are implied by the order
            else
                begin(index);
        }
        closeBefore(quint32(m_tree.nodes.size()));
        return true;
    }
    QByteArray &out() { return m_out; }

private:
    struct Open
    {
        quint32 index;
        bool pairs; ///< a map whose keys are not all plain strings
        bool key = true;
        bool any = false;
        QByteArray close;
    };

    void newLine()
    {
        m_out += '\n';
        m_out.append(qsizetype(2) * std::min(m_depth, mostTreeIndented), ' ');
    }

    void closeBefore(quint32 index)
    {
        while (!m_open.empty() && m_tree.at(m_open.back().index).end <= index) {
            const Open open = m_open.back();
            m_open.pop_back();
            --m_depth;
            if (open.any)
                newLine();
            m_out += open.close;
            valueEnded();
        }
    }

    /// Called after a value in the open container was written.
    void valueEnded()
    {
        if (m_open.empty())
            return;
        Open &open = m_open.back();
        if (m_tree.at(open.index).kind != Kind::Map)
            return;
        const bool list = m_tree.at(open.index).list;
        if (open.pairs)
            m_out += open.key ? ", " : "]";
        else if (open.key && !list)
            m_out += ": ";
        open.key = !open.key;
    }

    void separate(const FormatNode &node)
    {
        if (m_open.empty())
            return;
        Open &open = m_open.back();
        const Kind kind = m_tree.at(open.index).kind;
        if (kind == Kind::Map && !open.key && !m_tree.at(open.index).list)
            return;
        m_out += open.any ? "," : "";
        newLine();
        open.any = true;
        if (kind == Kind::Object)
            m_out += jsonQuoted(node.name) + ": ";
        else if (open.pairs)
            m_out += '[';
    }

    bool needsPairs(quint32 map) const
    {
        bool first = true;
        for (quint32 key = map + 1; key < m_tree.at(map).end;) {
            const FormatNode &node = m_tree.at(key);
            if (node.kind != Kind::String || node.tag != nullptr || (first && node.text.startsWith(u'$')))
                return true;
            first = false;
            const quint32 value = node.end;
            if (value >= m_tree.at(map).end)
                return true;
            key = m_tree.at(value).end;
        }
        return false;
    }

    void begin(quint32 index)
    {
        const FormatNode &node = m_tree.at(index);
        separate(node);
        QByteArray close;
        const auto wrap = [&](const char *tag) {
            m_out += "{\"$" + QByteArray(tag) + "\": ";
            close += '}';
        };
        if (node.tag != nullptr)
            wrap(node.tag);
        else if (node.kind == Kind::Bytes)
            wrap("bytes");
        switch (node.kind) {
        case Kind::Null: m_out += "null"; break;
        case Kind::Bool:
        case Kind::Number: m_out += node.text.toUtf8(); break;
        case Kind::String:
        case Kind::Bytes: m_out += jsonQuoted(node.text); break;
        default: open(index, close); return;
        }
        m_out += close;
        valueEnded();
    }

    void open(quint32 index, const QByteArray &close)
    {
        const FormatNode &node = m_tree.at(index);
        const bool pairs = node.kind == Kind::Map && !node.list && needsPairs(index);
        const bool brackets = node.kind == Kind::Array || node.list || pairs;
        if (pairs && node.tag == nullptr)
            m_out += "{\"$map\": ";
        m_out += brackets ? '[' : '{';
        m_open.push_back(
            {.index = index,
             .pairs = pairs,
             .close = (brackets ? "]" : "}") + QByteArray(pairs && node.tag == nullptr ? "}" : "") + close});
        ++m_depth;
    }

    const FormatTree &m_tree;
    qsizetype m_limit;
    QByteArray m_out;
    std::vector<Open> m_open;
    int m_depth = 0;
};

/// Reads JSON into a builder until the end or a limit.
void build(JsonWalker &walker, TreeBuilder &builder)
{
    while (const auto event = walker.next()) {
        if (!builder.ok())
            return;
        switch (event->kind) {
        case JsonEvent::Kind::BeginObject: builder.open(Kind::Object); break;
        case JsonEvent::Kind::BeginArray: builder.open(Kind::Array); break;
        case JsonEvent::Kind::EndObject:
        case JsonEvent::Kind::EndArray: builder.close(); break;
        case JsonEvent::Kind::Name: builder.name(jsonStringValue(event->token)); break;
        case JsonEvent::Kind::String: builder.string(jsonStringValue(event->token)); break;
        case JsonEvent::Kind::Number: builder.leaf(Kind::Number, QString::fromLatin1(event->token)); break;
        case JsonEvent::Kind::Word: {
            const bool boolean = event->token == "true" || event->token == "false";
            builder.leaf(boolean                      ? Kind::Bool
                             : event->token == "null" ? Kind::Null
                                                      : Kind::Number,
                         event->token == "null" ? QString() : QString::fromLatin1(event->token));
        }
        }
    }
}

} // namespace

QString treeToText(const FormatTree &tree, qsizetype limit, bool *truncated)
{
    TreeWriter writer(tree, limit);
    *truncated = !writer.write();
    return QString::fromUtf8(writer.out());
}

Result<FormatTree> textToTree(const QString &text, FormatBudget &budget)
{
    const QByteArray utf8 = text.toUtf8();
    JsonWalker walker(utf8);
    TreeBuilder builder(budget);
    build(walker, builder);
    if (const auto problem = walker.problem())
        return failure(Error::Code::Parse,
                       tr("line %1, column %2: %3").arg(problem->line).arg(problem->column).arg(problem->words));
    if (!builder.ok())
        return failure(Error::Code::LimitExceeded, tr("the text is too large or too deeply nested to be encoded"));
    return builder.take();
}

std::shared_ptr<const FormatTree> jsonTree(QByteArrayView text, FormatBudget &budget, bool several, bool *cut)
{
    JsonWalker walker(text, several ? JsonWalker::Texts::Several : JsonWalker::Texts::One);
    TreeBuilder builder(budget);
    if (several)
        builder.open(Kind::Array);
    build(walker, builder);
    *cut = !builder.ok();
    FormatTree tree = builder.take();
    return tree.isEmpty() ? nullptr : std::make_shared<const FormatTree>(std::move(tree));
}

QList<TreeNode> TreeNode::children() const
{
    QList<TreeNode> all;
    for (quint32 child = m_index + 1; child < node().end; child = m_tree->at(child).end)
        all += TreeNode(*m_tree, child);
    return all;
}

QString TreeNode::tag() const
{
    if (kind() != Kind::Object || node().end == m_index + 1)
        return {};
    const QString &first = m_tree->at(m_index + 1).name;
    return first.startsWith(u'$') ? first.sliced(1) : QString();
}

std::optional<TreeNode> TreeNode::member(QLatin1StringView name) const
{
    for (quint32 child = m_index + 1; child < node().end; child = m_tree->at(child).end)
        if (m_tree->at(child).name == name)
            return TreeNode(*m_tree, child);
    return std::nullopt;
}

bool TreeNode::isInteger() const
{
    return kind() == Kind::Number && !text().contains(u'.') && !text().contains(u'e') && !text().contains(u'E');
}

std::optional<QByteArray> fromHex(const QString &text)
{
    const QByteArray hex = text.toLatin1();
    const QByteArray bytes = QByteArray::fromHex(hex);
    if (bytes.toHex() != hex.toLower())
        return std::nullopt;
    return bytes;
}

} // namespace slotscope
