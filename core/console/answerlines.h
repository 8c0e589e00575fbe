// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/protocol/value.h"

#include <QStringList>

#include <memory>
#include <vector>

namespace slotscope {

/// How an answer is displayed.
enum class AnswerView : quint8 {
    Cli, ///< as printed by redis-cli on a terminal
    Raw, ///< text without quotes, as redis-cli prints the reply to INFO
    Tree,
    Table,
    Json,
    Bytes,
};

/// Traverses an answer line by line, and can be copied in any position. The value must outlive it.
class LineCursor
{
    Q_DISABLE_COPY_MOVE(LineCursor)
public:
    LineCursor() = default;
    virtual ~LineCursor() = default;
    /// Appends the next line; returns false at the end. With `line` null, only skips it.
    [[nodiscard]] virtual bool next(QByteArray *line) = 0;
    [[nodiscard]] virtual std::unique_ptr<LineCursor> copy() const = 0;
};
[[nodiscard]] std::unique_ptr<LineCursor> lineCursor(const Value &value, AnswerView view);

/// An answer as numbered lines, of which any range can be read, so that a list of a million elements is never converted
/// to text completely. Line positions are determined in small steps, to keep the program responsive.
class AnswerLines final
{
public:
    /// Longer words are shortened to this many bytes, followed by their length.
    static constexpr qsizetype longestWord = 4096;
    /// Number of lines processed per call of findMore().
    static constexpr qint64 atOnce = 100'000;

    AnswerLines(std::shared_ptr<const Value> value, AnswerView view);

    /// Finds the starts of further lines of the text; returns false when all lines have been found.
    bool findMore();
    [[nodiscard]] bool isWhole() const { return m_isWhole; }
    [[nodiscard]] qint64 count() const { return m_count; } ///< number of lines known so far
    [[nodiscard]] QStringList read(qint64 first, int most) const;

private:
    static constexpr qint64 spacing = 1024;
    std::shared_ptr<const Value> m_value;
    std::vector<std::unique_ptr<LineCursor>> m_marks; ///< position of every spacing-th line
    std::unique_ptr<LineCursor> m_end; ///< position after the last known line
    qint64 m_count = 0;
    bool m_isWhole = false;
};

/// Whether redis-cli shows the reply to this command as text without quotes: INFO, CLIENT LIST, CLUSTER NODES, ….
[[nodiscard]] bool isShownRaw(const QByteArrayList &command);

/// Separates the cells of a table row.
inline constexpr QChar cellSeparator(0x1f);

} // namespace slotscope
