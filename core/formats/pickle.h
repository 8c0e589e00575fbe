// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/graph.h"

#include <QHash>
#include <QSet>
#include <QStringList>

#include <deque>

namespace slotscope {

/// Interprets functions and classes in a pickle: known harmless ones become values (a set, a date, a decimal), all
/// others stay calls and objects.
class PickleObjects
{
public:
    using Id = FormatGraph::Id;

    PickleObjects(FormatGraph &graph, StructureReading &reading) : m_graph(graph), m(reading) { }

    Id global(const QString &module, const QString &name);
    Id call(Id function, Id arguments);
    Id object(Id type, Id arguments, Id keywords);
    void build(Id target, Id state);
    /// The container that "append" and "set item" add to: the list or dict itself, or a member of an object.
    Id itemsOf(Id target);
    Id elementsOf(Id target);
    [[nodiscard]] QStringList calls() const { return m_calls.values(); }

private:
    Id member(Id object, const QString &name, FormatGraph::Kind kind);
    Id knownCall(const QString &name, const std::vector<Id> &arguments);
    Id latin1Bytes(const std::vector<Id> &arguments);
    Id copied(const char *tag, const std::vector<Id> &arguments);
    Id dateTime(const QString &name, const std::vector<Id> &arguments);
    bool numpyState(Id target, Id state);
    Id numpyElement(const QString &dtype, QByteArrayView bytes);
    Id numpyData(const QString &dtype, QByteArrayView bytes, const QList<qint64> &shape);
    Id numpyShape(const QList<qint64> &shape);
    Id numpyScalar(const std::vector<Id> &arguments);
    [[nodiscard]] QString zone(Id id);
    [[nodiscard]] QString nameOf(Id global);
    [[nodiscard]] std::vector<Id> elements(Id list);
    [[nodiscard]] QByteArray bytesOf(Id id);

    /// Stores bytes that are not part of the input. They count against the limits, because repeated calls on a long
    /// text would otherwise grow without limit.
    Id keep(const QByteArray &bytes);

    FormatGraph &m_graph;
    StructureReading &m;
    QSet<QString> m_calls;
    std::deque<QByteArray> m_made;
};

class PickleMachine
{
public:
    explicit PickleMachine(StructureReading &reading);
    void run();

private:
    using Id = FormatGraph::Id;

    // Each of these returns whether the opcode belongs to its group.
    bool simple(char opcode);
    bool text(char opcode);
    bool container(char opcode);
    bool object(char opcode);

    void push(Id id) { m_stack.push_back(id); }
    Id pop();
    Id top();
    std::vector<Id> popToMark();
    QByteArrayView line();
    void tuple(const std::vector<Id> &values);
    void tupleOf(int count);
    void setItems(const std::vector<Id> &items);
    void appendAll(const std::vector<Id> &values);
    void remember(quint64 slot);
    void recall(quint64 slot);
    void digits(bool isLong);
    void bigNumber(quint64 length);
    void quotedText();
    QString unescaped(QByteArrayView text, bool raw);
    void global(const QString &module, const QString &name);
    void call();
    void newObject(bool keywords);
    void build();

    StructureReading &m;
    FormatGraph m_graph;
    PickleObjects m_objects;
    std::vector<Id> m_stack;
    std::vector<size_t> m_marks;
    QHash<quint64, Id> m_memo;
};

} // namespace slotscope
