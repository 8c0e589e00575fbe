// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QMetaType>

#include <variant>
#include <vector>

namespace slotscope {

/// One RESP2 or RESP3 value. Maps and attributes are flat lists: key, value, key, value. Cheap to move.
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
    /// `format` is the three-letter prefix ("txt", "mkd"), which is not part of the text.
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
    /// Whether it is a simple, bulk or verbatim string.
    [[nodiscard]] bool isString() const
    {
        return m_type == Type::SimpleString || m_type == Type::BulkString || m_type == Type::VerbatimString;
    }
    [[nodiscard]] bool isAggregate() const { return std::holds_alternative<List>(m_data); }

    /// Bytes of a string, error, big number or double as received; empty for other types.
    [[nodiscard]] const QByteArray &bytes() const;
    /// Value of an integer or boolean; 0 for other types.
    [[nodiscard]] qint64 toInteger() const;
    [[nodiscard]] double toDouble() const;
    /// Items of an aggregate (for a map, alternating keys and values); empty for other types.
    [[nodiscard]] const List &items() const;
    [[nodiscard]] List &items();
    /// First word of an error ("MOVED", "WRONGTYPE"); empty for other types.
    [[nodiscard]] QByteArray errorCode() const;
    /// Three-letter format of a verbatim string; empty for other types.
    [[nodiscard]] QByteArray verbatimFormat() const;
    /// The value for a string key in a map, or in an array of key, value pairs (RESP2); nullptr if missing.
    [[nodiscard]] const Value *find(QByteArrayView key) const;

    friend bool operator==(const Value &, const Value &);

private:
    friend class Reader; // builds values in place, so that a million items need not be moved one by one
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
    char m_format[3] = {}; ///< for a verbatim string
    /// a double is stored as text, so that it stays exact
    std::variant<std::monostate, qint64, QByteArray, List> m_data;
};

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::Value)
