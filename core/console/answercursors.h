// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/console/answerlines.h"

#include <optional>

namespace slotscope {

/// A list, map or set being traversed.
struct OpenAggregate
{
    const Value *value = nullptr;
    size_t next = 0; ///< index of the next item
    qsizetype indent = 0; ///< column where its items start
    qsizetype width = 0; ///< number of digits of the item numbers
};

/// Produces the lines of printForTerminal().
class CliCursor final : public LineCursor
{
public:
    explicit CliCursor(const Value &value) : CliCursor(&value) { }
    explicit CliCursor(const Value *begun) : m_begun(begun) { }
    [[nodiscard]] bool next(QByteArray *line) override;
    [[nodiscard]] std::unique_ptr<LineCursor> copy() const override;

private:
    bool goDown(const Value *value, QByteArray *line);
    bool finishLeaf(QByteArray *line);
    void beginItem(QByteArray *line);

    const Value *m_begun; ///< the value that starts on the next line
    std::vector<OpenAggregate> m_open;
    const Value *m_leaf = nullptr; ///< a text of several lines in progress
    qsizetype m_leafAt = 0;
};

/// Produces the lines of a text, unchanged.
class TextCursor final : public LineCursor
{
public:
    explicit TextCursor(const Value &value) : m_text(&value.bytes()) { }
    [[nodiscard]] bool next(QByteArray *line) override;
    [[nodiscard]] std::unique_ptr<LineCursor> copy() const override;

private:
    const QByteArray *m_text;
    qsizetype m_at = 0;
};

/// Produces one line per value with its type, followed by the values inside it.
class TreeCursor final : public LineCursor
{
public:
    explicit TreeCursor(const Value &value) : TreeCursor(&value) { }
    explicit TreeCursor(const Value *begun) : m_begun(begun) { }
    [[nodiscard]] bool next(QByteArray *line) override;
    [[nodiscard]] std::unique_ptr<LineCursor> copy() const override;

private:
    const Value *m_begun;
    std::vector<OpenAggregate> m_open;
};

/// Produces the lines of replyToJson(), indented.
class JsonCursor final : public LineCursor
{
public:
    explicit JsonCursor(const Value &value) : JsonCursor(&value) { }
    explicit JsonCursor(const Value *begun) : m_begun(begun) { }
    [[nodiscard]] bool next(QByteArray *line) override;
    [[nodiscard]] std::unique_ptr<LineCursor> copy() const override;

private:
    struct Open
    {
        OpenAggregate at;
        bool isObject = false;
        bool isPairs = false; ///< a map with keys that are not strings: written as a list of pairs
    };
    void begin(const Value &value, QByteArray *line);
    void writePair(const Open &open, QByteArray *line) const;
    const Value *m_begun;
    std::vector<Open> m_open;
};

/// Produces the bytes of each string in hexadecimal, sixteen per line, below a heading.
class BytesCursor final : public LineCursor
{
public:
    explicit BytesCursor(const Value &value) : BytesCursor(&value) { }
    explicit BytesCursor(const Value *begun) : m_begun(begun) { }
    [[nodiscard]] bool next(QByteArray *line) override;
    [[nodiscard]] std::unique_ptr<LineCursor> copy() const override;

private:
    const Value *m_begun;
    std::vector<OpenAggregate> m_open;
    const Value *m_leaf = nullptr;
    qsizetype m_leafAt = 0;
};

/// Produces one row per item; the first line contains the column names. Cells are joined by cellSeparator.
class TableCursor final : public LineCursor
{
public:
    explicit TableCursor(const Value &value);
    [[nodiscard]] bool next(QByteArray *line) override;
    [[nodiscard]] std::unique_ptr<LineCursor> copy() const override;

private:
    enum class Shape : quint8 { One, List, Pairs, Lists, Maps };
    TableCursor(const TableCursor &other, int);
    void writeRow(const Value &item, QByteArray *line) const;
    const Value *m_value;
    Shape m_shape = Shape::One;
    std::shared_ptr<const QByteArrayList> m_columns;
    size_t m_at = 0;
    bool m_hasHeader = false; ///< the first line was returned
};

/// A value on one line, shortened if long: "(integer) 1", a quoted string, "(array of 3)".
[[nodiscard]] QByteArray shortText(const Value &value);
/// The text of a value in a table cell: printable text without quotes.
[[nodiscard]] QByteArray cellText(const Value &value);

} // namespace slotscope
