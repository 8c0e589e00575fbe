// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/java.h"

#include "core/formats/charset.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

enum Code : quint8 {
    CodeNull = 0x70,
    CodeReference = 0x71,
    CodeClassDescription = 0x72,
    CodeObject = 0x73,
    CodeString = 0x74,
    CodeArray = 0x75,
    CodeClass = 0x76,
    CodeBlock = 0x77,
    CodeEnd = 0x78,
    CodeReset = 0x79,
    CodeLongBlock = 0x7a,
    CodeException = 0x7b,
    CodeLongString = 0x7c,
    CodeProxy = 0x7d,
    CodeEnum = 0x7e,
};

enum ClassFlag : quint8 { WriteMethod = 1, Serializable = 2, Externalizable = 4, BlockData = 8 };

constexpr quint32 firstHandle = 0x7e0000;

} // namespace

void JavaReader::run()
{
    if (m.in.big<quint16>() != 0xaced || m.in.big<quint16>() != 5)
        return m.in.failAt(0, tr("this is not Java serialization data of version 5"));
    std::vector<Id> roots;
    while (m.in.ok() && !m.in.atEnd())
        roots.push_back(content());
    if (!m.in.ok())
        return;
    if (roots.size() == 1)
        return m_graph.show(roots[0]);
    const Id all = m_graph.list("stream");
    for (const Id root : roots)
        m_graph.append(all, root);
    m_graph.show(all);
}

JavaReader::Id JavaReader::failed(const QString &words)
{
    m.in.fail(words);
    return m_graph.null();
}

JavaReader::Id JavaReader::content()
{
    if (m_depth >= m.budget.limits().depth)
        return failed(tr("it is nested deeper than %1 levels").arg(m.budget.limits().depth));
    const qsizetype at = m.in.at();
    const quint8 code = m.in.u8();
    if (!m.in.ok())
        return m_graph.null();
    ++m_depth;
    const Id id = read(code, at);
    --m_depth;
    return id;
}

JavaReader::Id JavaReader::read(quint8 code, qsizetype at)
{
    switch (code) {
    case CodeNull: return m_graph.null();
    case CodeReference: return reference();
    case CodeObject: return object();
    case CodeArray: return array();
    case CodeEnum: return enumeration();
    case CodeBlock: return block(m.in.u8());
    case CodeLongBlock: return block(m.in.big<quint32>());
    case CodeString: return string(m.in.take(m.in.big<quint16>()));
    case CodeLongString: return string(m.in.take(m.in.big<quint64>()));
    case CodeClass: {
        const int type = classDescription();
        const Id made = m_graph.object();
        m_graph.put(made, u"$class"_s, m_graph.text(className(type)));
        m_handles.push_back({.value = made});
        return made;
    }
    case CodeClassDescription:
    case CodeProxy: {
        m.in.seek(at);
        const int type = classDescription();
        return m_graph.text(className(type), "class_description");
    }
    case CodeReset: m_handles.clear(); return content();
    default: m.in.failAt(at, tr("%1 is not a type code of Java serialization").arg(code)); return m_graph.null();
    }
}

JavaReader::Id JavaReader::reference()
{
    const quint32 handle = m.in.big<quint32>() - firstHandle;
    if (handle >= m_handles.size())
        return failed(tr("it refers to object %1, but there are %2").arg(handle).arg(m_handles.size()));
    if (m_handles[handle].value != FormatGraph::none)
        return m_handles[handle].value;
    return m_graph.text(className(m_handles[handle].type), "class_description");
}

QString JavaReader::className(int type) const
{
    return type < 0 ? QString() : m_classes[size_t(type)].name;
}

/// Reads a class and returns its index; -1 for none, or after an error.
int JavaReader::classDescription()
{
    const qsizetype at = m.in.at();
    if (m_depth >= m.budget.limits().depth) {
        m.in.fail(tr("it is nested deeper than %1 levels").arg(m.budget.limits().depth));
        return -1;
    }
    ++m_depth;
    int type = -1;
    switch (m.in.u8()) {
    case CodeNull: break;
    case CodeReference: {
        const quint32 handle = m.in.big<quint32>() - firstHandle;
        if (m.in.ok() && (handle >= m_handles.size() || m_handles[handle].type < 0))
            m.in.failAt(at, tr("it refers to class %1, which does not exist").arg(handle));
        type = m.in.ok() ? m_handles[handle].type : -1;
        break;
    }
    case CodeClassDescription: type = newClass(); break;
    case CodeProxy: type = proxyClass(); break;
    default: m.in.failAt(at, tr("a class is missing"));
    }
    --m_depth;
    return type;
}

int JavaReader::newClass()
{
    if (!m.budget.takeNode())
        m.in.fail(tr("it contains too many classes"));
    const int type = int(m_classes.size());
    m_classes.emplace_back();
    m_classes.back().name = modified(m.in.take(m.in.big<quint16>()));
    m_classes.back().uid = m.in.big<qint64>();
    m_handles.push_back({.value = FormatGraph::none, .type = type});
    m_classes.back().flags = m.in.u8();
    fieldsOf(type);
    (void)annotations();
    setParent(type, classDescription());
    return type;
}

/// Sets a class's parent, unless it would become its own ancestor or have too many.
void JavaReader::setParent(int type, int parent)
{
    int steps = 0;
    for (int at = parent; at >= 0; at = m_classes[size_t(at)].parent)
        if (at == type || ++steps > m.budget.limits().depth)
            return m.in.fail(tr("the class hierarchy of %1 is circular or too deep").arg(className(type)));
    m_classes[size_t(type)].parent = parent;
}

int JavaReader::proxyClass()
{
    const int type = int(m_classes.size());
    m_classes.emplace_back();
    m_classes.back().flags = Serializable;
    m_handles.push_back({.value = FormatGraph::none, .type = type});
    QStringList names;
    const auto count = m.in.big<quint32>();
    for (quint32 i = 0; i < count && m.in.ok(); ++i)
        names += modified(m.in.take(m.in.big<quint16>()));
    m_classes[size_t(type)].name = u"proxy of "_s + names.join(u", "_s);
    (void)annotations();
    setParent(type, classDescription());
    return type;
}

void JavaReader::fieldsOf(int type)
{
    const auto count = m.in.big<quint16>();
    for (int i = 0; i < count && m.in.ok(); ++i) {
        Field field{.type = char(m.in.u8()), .name = modified(m.in.take(m.in.big<quint16>()))};
        if (field.type == 'L' || field.type == '[')
            (void)content(); // the field's type, as a string
        else if (m.in.ok() && !QByteArrayView("BCDFIJSZ").contains(field.type))
            m.in.fail(tr("a field has the unknown type %1").arg(int(field.type)));
        m_classes[size_t(type)].fields.push_back(field);
    }
}

/// Decodes modified UTF-8: NUL as C0 80, characters above U+FFFF as two surrogates.
QString JavaReader::modified(QByteArrayView text)
{
    QString out;
    for (qsizetype at = 0; at < text.size(); ++at) {
        const auto byte = [&](qsizetype offset) {
            return at + offset < text.size() ? uchar(text[at + offset]) : uchar(0);
        };
        const uchar first = byte(0);
        if (first < 0x80) {
            out += QLatin1Char(char(first));
        } else if ((first & 0xe0) == 0xc0 && (byte(1) & 0xc0) == 0x80) {
            out += QChar(char16_t((first & 0x1f) << 6 | (byte(1) & 0x3f)));
            ++at;
        } else if ((first & 0xf0) == 0xe0 && (byte(1) & 0xc0) == 0x80 && (byte(2) & 0xc0) == 0x80) {
            out += QChar(char16_t((first & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f)));
            at += 2;
        } else {
            m.in.fail(tr("a text is not in Java's modified UTF-8"));
            return {};
        }
    }
    return out;
}

JavaReader::Id JavaReader::string(QByteArrayView text)
{
    const Id id = m_graph.text(modified(text));
    m_handles.push_back({.value = id});
    return id;
}

JavaReader::Id JavaReader::block(quint32 length)
{
    const Id id = m_graph.bytes(m.in.take(length));
    m_graph.at(id).tag = "block";
    m_graph.at(id).role = blockRole;
    return id;
}

JavaReader::Content JavaReader::annotations()
{
    Content content;
    while (m.in.ok()) {
        if (m.in.left() > 0 && m.in.peek() == CodeEnd) {
            m.in.u8();
            break;
        }
        const Id value = this->content();
        content.values.push_back(value);
        if (content.block == FormatGraph::none && m_graph.at(value).role == blockRole)
            content.block = value;
    }
    return content;
}

/// Converts "[[Ljava.lang.String;" to "String[][]".
QString JavaReader::arrayName(const QString &type)
{
    static const QHash<QChar, QString> basic{{u'B', u"byte"_s},  {u'C', u"char"_s},   {u'D', u"double"_s},
                                             {u'F', u"float"_s}, {u'I', u"int"_s},    {u'J', u"long"_s},
                                             {u'S', u"short"_s}, {u'Z', u"boolean"_s}};
    qsizetype levels = 0;
    while (levels < type.size() && type[levels] == u'[')
        ++levels;
    const QString element = type.sliced(levels);
    QString name = element.startsWith(u'L') ? element.sliced(1).chopped(1)
                                            : basic.value(element.left(1).isEmpty() ? QChar() : element[0]);
    if (name.startsWith(u"java.lang."_s))
        name = name.sliced(10);
    return name + u"[]"_s.repeated(int(levels));
}

JavaReader::Id JavaReader::array()
{
    const int type = classDescription();
    const QString name = className(type);
    const Id made = m_graph.object();
    m_handles.push_back({.value = made});
    const auto count = m.in.big<quint32>();
    if (m.in.ok() && (count > quint64(m.in.left()) || name.size() < 2))
        return failed(tr("an array of %1 elements does not fit into the data").arg(count));
    const Id items = m_graph.list();
    m_graph.put(made, u"$array"_s, m_graph.text(arrayName(name)));
    m_graph.put(made, u"items"_s, items);
    for (quint32 i = 0; i < count && m.in.ok(); ++i)
        m_graph.append(items, fieldValue(char(name[1].unicode())));
    return made;
}

JavaReader::Id JavaReader::enumeration()
{
    const int type = classDescription();
    const Id made = m_graph.object();
    m_handles.push_back({.value = made});
    m_graph.put(made, u"$enum"_s, m_graph.text(className(type)));
    m_graph.put(made, u"name"_s, content());
    return made;
}

JavaReader::Id JavaReader::fieldValue(char type)
{
    switch (type) {
    case 'B': return m_graph.integer(m.in.big<qint8>());
    case 'C': return m_graph.text(QString(QChar(m.in.big<quint16>())));
    case 'D': return m_graph.real(m.in.bigDouble());
    case 'F': {
        FormatGraph::Value value;
        const float number = m.in.bigFloat();
        value.kind = number - number == 0 ? FormatGraph::Kind::Real32 : FormatGraph::Kind::Real;
        value.real = double(number);
        return m_graph.add(std::move(value));
    }
    case 'I': return m_graph.integer(m.in.big<qint32>());
    case 'J': return m_graph.integer(m.in.big<qint64>());
    case 'S': return m_graph.integer(m.in.big<qint16>());
    case 'Z': return m_graph.boolean(m.in.u8() != 0);
    default: return content();
    }
}

JavaReader::Id JavaReader::object()
{
    const int type = classDescription();
    const Id made = m_graph.object();
    m_handles.push_back({.value = made});
    const QString name = className(type);
    m_graph.put(made, u"$object"_s, m_graph.text(name));
    if (type >= 0 && !name.startsWith(u"java."_s))
        m_graph.put(made, u"serialVersionUID"_s, m_graph.integer(m_classes[size_t(type)].uid));
    const Id fields = m_graph.object();
    Content annotation;
    objectData(fields, type, annotation);
    if (m.in.ok())
        present(made, fields, name, annotation);
    return made;
}

/// Reads the fields of each class, topmost class first, each followed by what its writeObject wrote.
void JavaReader::objectData(Id fields, int type, Content &annotation)
{
    std::vector<int> line;
    for (int at = type; at >= 0; at = m_classes[size_t(at)].parent)
        line.push_back(at);
    for (auto at = line.rbegin(); at != line.rend() && m.in.ok(); ++at) {
        if (!m.budget.takeNode())
            return m.in.fail(tr("it contains too many values"));
        const quint8 flags = m_classes[size_t(*at)].flags;
        if ((flags & Serializable) != 0) {
            for (size_t i = 0; i < m_classes[size_t(*at)].fields.size() && m.in.ok(); ++i) {
                const Field field = m_classes[size_t(*at)].fields[i];
                m_graph.put(fields, field.name, fieldValue(field.type));
            }
        } else if ((flags & Externalizable) != 0 && (flags & BlockData) == 0) {
            return m.in.fail(tr("%1 uses an old custom format whose length is unknown").arg(className(*at)));
        }
        if ((flags & (WriteMethod | BlockData)) == 0 || ((flags & Serializable) != 0 && (flags & WriteMethod) == 0))
            continue;
        Content more = annotations();
        annotation.values.insert(annotation.values.end(), more.values.begin(), more.values.end());
        if (annotation.block == FormatGraph::none)
            annotation.block = more.block;
    }
}

void readJava(StructureReading &reading)
{
    JavaReader(reading).run();
}

} // namespace slotscope
