// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QMetaType>

#include <variant>
#include <vector>

namespace slotscope {

/// One RESP2 or RESP3 value. A map, an attribute is a flat list: key, value, key, value. Cheap to move.
class Value
{
public:
    enum class Type : quint8 {
        Null,
        SimpleString,
        BulkString,
        VerbatimString,
        Integer,
        Double,
        BigNumber,
        Boolean,
        Array,
        Map,
        Set,
        Attribute,
        Push,
        Error,
    };
    using List = std::vector<Value>;

    Value() = default;
    [[nodiscard]] static Value simple(QByteArray text) { return {Type::SimpleString, std::move(text)}; }
    [[nodiscard]] static Value bulk(QByteArray bytes) { return {Type::BulkString, std::move(bytes)}; }
    /// `format` is the three-letter prefix ("txt", "mkd"), kept apart from the text.
    [[nodiscard]] static Value verbatim(QByteArray text, QByteArrayView format);
    [[nodiscard]] static Value integer(qint64 number) { return {Type::Integer, number}; }
    [[nodiscard]] static Value real(double number, QByteArray text);
    [[nodiscard]] static Value bigNumber(QByteArray digits) { return {Type::BigNumber, std::move(digits)}; }
    [[nodiscard]] static Value boolean(bool truth) { return {Type::Boolean, qint64(truth)}; }
    [[nodiscard]] static Value error(QByteArray text) { return {Type::Error, std::move(text)}; }
    [[nodiscard]] static Value aggregate(Type type, List items) { return {type, std::move(items)}; }

    [[nodiscard]] Type type() const { return m_type; }
    [[nodiscard]] bool isNull() const { return m_type == Type::Null; }
    [[nodiscard]] bool isError() const { return m_type == Type::Error; }
    /// A simple, bulk or verbatim string.
    [[nodiscard]] bool isString() const
    {
        return m_type == Type::SimpleString || m_type == Type::BulkString || m_type == Type::VerbatimString;
    }
    [[nodiscard]] bool isAggregate() const { return std::holds_alternative<List>(m_data); }

    /// Bytes of a string, an error, a big number or a double as sent; empty for the rest.
    [[nodiscard]] const QByteArray &bytes() const;
    /// Number of an integer or a boolean; 0 for the rest.
    [[nodiscard]] qint64 toInteger() const;
    [[nodiscard]] double toDouble() const;
    /// Items of an aggregate (a map's keys and values in turn); empty for the rest.
    [[nodiscard]] const List &items() const;
    [[nodiscard]] List &items();
    /// First word of an error ("MOVED", "WRONGTYPE"); empty for the rest.
    [[nodiscard]] QByteArray errorCode() const;
    /// Three-letter format of a verbatim string; empty for the rest.
    [[nodiscard]] QByteArray verbatimFormat() const;
    /// Value behind a string key of a map, or of an array of key, value pairs (RESP2); nullptr where absent.
    [[nodiscard]] const Value *find(QByteArrayView key) const;

    friend bool operator==(const Value &, const Value &);

private:
    friend class Reader; // builds in place: a reply of a million items is not moved item by item
    template <typename T, typename... Arguments>
    void become(Type type, Arguments &&...arguments)
    {
        m_type = type;
        m_data.emplace<T>(std::forward<Arguments>(arguments)...);
    }

    Value(Type type, QByteArray bytes) : m_type(type), m_data(std::move(bytes)) { }
    Value(Type type, qint64 number) : m_type(type), m_data(number) { }
    Value(Type type, List items) : m_type(type), m_data(std::move(items)) { }

    Type m_type = Type::Null;
    char m_format[3] = {}; ///< of a verbatim string
    std::variant<std::monostate, qint64, QByteArray, List> m_data; ///< a double keeps its text: exact, printed as sent
};

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::Value)
