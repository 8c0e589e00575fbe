// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/forms.h"

#include <vector>

namespace slotscope {

/// Values of formats with back references, which may contain each other in any way, including cycles. Displayed as a
/// tree in which each container occurs once; further occurrences become {"$ref": path}.
class FormatGraph
{
public:
    using Id = int;
    static constexpr Id none = -1;

    enum class Kind : quint8 { Null, Bool, Number, Real, Real32, String, Bytes, List, Map, Object };

    struct Member
    {
        QString name; ///< name of an object's member
        Id key = none; ///< key of a map's member
        Id value = none;
    };

    struct Value
    {
        Kind kind = Kind::Null;
        const char *tag = nullptr;
        QString text; ///< digits or a text
        double real = 0;
        QByteArrayView bytes; ///< part of the input: text (UTF-8) if `text` is empty, or bytes
        std::vector<Member> members;
        int role = 0; ///< meaning assigned by the format's reader
    };

    explicit FormatGraph(StructureReading &reading) : m(reading) { }

    /// Returns the null value if a limit is exceeded; reading has then failed.
    Id add(Value value);
    Id null() { return add({}); }
    Id boolean(bool value);
    Id integer(qint64 value) { return digits(QString::number(value)); }
    Id digits(const QString &text, const char *tag = nullptr);
    Id real(double value);
    Id text(const QString &text, const char *tag = nullptr);
    Id utf8(QByteArrayView text);
    Id bytes(QByteArrayView bytes);
    Id list(const char *tag = nullptr);
    Id map(const char *tag = nullptr);
    Id object();

    [[nodiscard]] Value &at(Id id) { return m_values[size_t(id)]; }
    [[nodiscard]] bool has(Id id) const { return id >= 0 && size_t(id) < m_values.size(); }
    void append(Id list, Id value) { join(list, {.name = {}, .key = none, .value = value}); }
    void put(Id map, Id key, Id value) { join(map, {.name = {}, .key = key, .value = value}); }
    void put(Id object, const QString &name, Id value) { join(object, {.name = name, .key = none, .value = value}); }
    [[nodiscard]] QString textOf(Id id);

    /// Writes the graph to the reading's tree.
    void show(Id root);

private:
    void join(Id container, Member member);
    void showMembers(Id id);
    void showOne(Id id);
    [[nodiscard]] QString pathOf(quint32 node);

    StructureReading &m;
    std::vector<Value> m_values;
    std::vector<qint64> m_shownAt; ///< index of its node; -1: not written yet
    int m_references = 0;
    qsizetype m_members = 0;
};

} // namespace slotscope
