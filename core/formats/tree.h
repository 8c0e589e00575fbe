// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/limits.h"

#include <QList>
#include <QString>

#include <vector>

namespace slotscope {

/// One member of a structure.
struct FormatNode
{
    enum class Kind : quint8 {
        Null,
        Bool,
        Number, ///< text: its exact digits, as JSON writes numbers
        String,
        Bytes, ///< text: hex
        Array,
        Object, ///< children with names
        Map, ///< children are key, value, key, value, …: keys may be anything
    };

    Kind kind = Kind::Null;
    bool list = false; ///< a map whose keys are 0, 1, 2, …: written as an array
    bool badText = false; ///< a string that is no valid text: text holds its bytes in hex
    quint32 parent = 0;
    quint32 end = 0; ///< index after its last descendant
    const char *tag = nullptr; ///< a static word: written as {"$tag": …}
    QString name; ///< as member of an object, or the key of a map's value for people
    QString text;
};

/// A structure as one list in reading order: node 0 is the root, its descendants follow, so nothing recurses.
class FormatTree
{
public:
    std::vector<FormatNode> nodes;

    [[nodiscard]] bool isEmpty() const { return nodes.empty(); }
    [[nodiscard]] const FormatNode &at(quint32 index) const { return nodes[index]; }
    /// Indexes of the children; of a map only the values, whose names are their keys.
    [[nodiscard]] QList<quint32> childrenOf(quint32 index) const;
    /// "object", "uint", "bytes", or the class of an object.
    [[nodiscard]] QString typeWord(quint32 index) const;
};

/// Builds a tree in reading order. After a bound is passed all calls do nothing, and ok() is false.
class TreeBuilder
{
public:
    using Kind = FormatNode::Kind;

    explicit TreeBuilder(FormatBudget &budget) : m_budget(budget) { }

    [[nodiscard]] bool ok() const { return m_ok; }
    [[nodiscard]] bool tooDeep() const { return m_tooDeep; }
    /// The name of the next node.
    TreeBuilder &name(const QString &text);

    void leaf(Kind kind, const QString &text = {}, const char *tag = nullptr);
    void null(const char *tag = nullptr) { leaf(Kind::Null, {}, tag); }
    void boolean(bool value) { leaf(Kind::Bool, value ? QStringLiteral("true") : QStringLiteral("false")); }
    void integer(qint64 value, const char *tag = nullptr) { leaf(Kind::Number, QString::number(value), tag); }
    void natural(quint64 value, const char *tag = nullptr) { leaf(Kind::Number, QString::number(value), tag); }
    /// Shortest text that reads back as the same double, with a point; NaN and infinities as {"$float": "NaN"}.
    void real(double value);
    void real32(float value);
    void string(const QString &text, const char *tag = nullptr) { leaf(Kind::String, text, tag); }
    /// UTF-8, or where it is none {"$string": hex}.
    void utf8(QByteArrayView bytes, const char *tag = nullptr);
    void bytes(QByteArrayView bytes, const char *tag = nullptr);

    /// False where it is too deep: then nothing was opened.
    bool open(Kind kind, const char *tag = nullptr);
    void close();
    /// What is open now is a map whose keys are 0, 1, 2, …
    void markList() { m_tree.nodes[m_open.back()].list = true; }
    [[nodiscard]] int depth() const { return int(m_open.size()); }
    /// Index of the node that comes next.
    [[nodiscard]] quint32 next() const { return quint32(m_tree.nodes.size()); }
    [[nodiscard]] FormatTree &tree() { return m_tree; }
    /// Closes what is open and gives the tree.
    [[nodiscard]] FormatTree take();

private:
    bool add(Kind kind, const QString &text, const char *tag);

    FormatBudget &m_budget;
    FormatTree m_tree;
    std::vector<quint32> m_open;
    QString m_name;
    bool m_ok = true;
    bool m_tooDeep = false;
};

/// The digits of a double, "1.0" and never "1"; not for NaN and infinities.
[[nodiscard]] QString realText(double value);
[[nodiscard]] QString real32Text(float value);

} // namespace slotscope
