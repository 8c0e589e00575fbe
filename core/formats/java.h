// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/graph.h"

#include <deque>

namespace slotscope {

/// Reads a Java serialization stream. Classes are only names here: none is looked up or loaded.
class JavaReader
{
public:
    explicit JavaReader(StructureReading &reading) : m(reading), m_graph(reading) { }

    void run();

private:
    using Id = FormatGraph::Id;
    static constexpr int blockRole = 1;

    struct Field
    {
        char type;
        QString name;
    };
    struct Class
    {
        QString name;
        qint64 uid = 0;
        quint8 flags = 0;
        std::vector<Field> fields;
        int parent = -1; ///< index of its parent class; -1: none
    };
    /// What a handle refers to: a value or a class.
    struct Handle
    {
        Id value = FormatGraph::none;
        int type = -1;
    };
    struct Content
    {
        std::vector<Id> values; ///< values written by writeObject, in order
        Id block = FormatGraph::none; ///< the first of them that is block data
    };

    Id failed(const QString &words);
    Id content();
    Id read(quint8 code, qsizetype at);
    Id reference();
    int classDescription();
    int newClass();
    int proxyClass();
    void setParent(int type, int parent);
    void fieldsOf(int type);
    QString modified(QByteArrayView text);
    Id string(QByteArrayView text);
    Id array();
    Id enumeration();
    Id object();
    void objectData(Id fields, int type, Content &annotation);
    Id fieldValue(char type);
    Content annotations();
    Id block(quint32 length);
    [[nodiscard]] QString className(int type) const;
    [[nodiscard]] static QString arrayName(const QString &type);

    // shows known classes by their meaning
    void present(Id object, Id fields, const QString &name, const Content &annotation);
    void presentMap(Id object, const Content &annotation);
    bool presentNumber(Id object, Id fields, const QString &name);
    bool presentTime(Id object, Id fields, const QString &name, const Content &annotation);
    [[nodiscard]] Id fieldOf(Id fields, const QString &name);
    [[nodiscard]] qint64 numberOf(Id id);
    [[nodiscard]] QByteArray bytesOf(Id array);

    StructureReading &m;
    FormatGraph m_graph;
    std::vector<Handle> m_handles;
    std::vector<Class> m_classes;
    std::deque<QByteArray> m_made;
    int m_depth = 0;
};

} // namespace slotscope
