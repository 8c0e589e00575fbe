// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/protocol/value.h"

#include <QStringList>

#include <memory>
#include <vector>

namespace slotscope {

/// How an answer is shown.
enum class AnswerView : quint8 {
    Cli, ///< as redis-cli does on a terminal
    Raw, ///< text as it is: what redis-cli does with INFO and its like
    Tree,
    Table,
    Json,
    Bytes,
};

/// Goes through an answer line by line, and may be copied where it stands. What it shows outlives it.
class LineCursor
{
    Q_DISABLE_COPY_MOVE(LineCursor)
public:
    LineCursor() = default;
    virtual ~LineCursor() = default;
    /// False at the end. `line` null: only passes over it.
    [[nodiscard]] virtual bool next(QByteArray *line) = 0;
    [[nodiscard]] virtual std::unique_ptr<LineCursor> copy() const = 0;
};
[[nodiscard]] std::unique_ptr<LineCursor> lineCursor(const Value &value, AnswerView view);

/// An answer as numbered lines, of which any window can be read: a list of a million elements is never text as a whole.
/// Where lines are is found out in pieces, so that nobody waits for it.
class AnswerLines final
{
public:
    /// Bytes of one word that are shown; what is longer says how long it is.
    static constexpr qsizetype longestWord = 4096;
    /// Lines that one call of findMore() goes over.
    static constexpr qint64 atOnce = 100'000;

    AnswerLines(std::shared_ptr<const Value> value, AnswerView view);

    /// Goes on looking for lines; false when all are known.
    bool findMore();
    [[nodiscard]] bool isWhole() const { return m_isWhole; }
    [[nodiscard]] qint64 count() const { return m_count; } ///< known so far
    [[nodiscard]] QStringList read(qint64 first, int most) const;

private:
    static constexpr qint64 spacing = 1024;
    std::shared_ptr<const Value> m_value;
    std::vector<std::unique_ptr<LineCursor>> m_marks; ///< where each spacing-th line begins
    std::unique_ptr<LineCursor> m_end; ///< behind what is known
    qint64 m_count = 0;
    bool m_isWhole = false;
};

/// redis-cli shows what this command gives as the text that it is, not in quotes: INFO, CLIENT LIST, CLUSTER NODES, ….
[[nodiscard]] bool isShownRaw(const QByteArrayList &command);

/// Cells of one row of a table are joined by this.
inline constexpr QChar cellSeparator(0x1f);

} // namespace slotscope
