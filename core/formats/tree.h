// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/limits.h"

#include <QList>
#include <QString>

#include <vector>

namespace slotscope {

/// One node of a structure.
struct FormatNode
{
    enum class Kind : quint8 {
        Null,
        Bool,
        Number, ///< `text` has its exact digits, in JSON syntax
        String,
        Bytes, ///< `text` in hex
        Array,
        Object, ///< children have names
        Map, ///< children are key, value, key, value, …; keys may be of any type
    };

    Kind kind = Kind::Null;
    bool list = false; ///< a map with the keys 0, 1, 2, …: written as an array
    bool badText = false; ///< a string that is not valid text: `text` contains its bytes in hex
    quint32 parent = 0;
    quint32 end = 0; ///< index after its last descendant
    const char *tag = nullptr; ///< a static string: written as {"$tag": …}
    QString name; ///< name of an object's member; for a map's value, its key as text
    QString text;
};

/// A structure as a flat list in reading order: node 0 is the root, followed by its descendants, so no recursion is
/// needed.
class FormatTree
{
public:
    std::vector<FormatNode> nodes;

    [[nodiscard]] bool isEmpty() const { return nodes.empty(); }
    [[nodiscard]] const FormatNode &at(quint32 index) const { return nodes[index]; }
    /// Indices of the children; for a map only the values, whose names are their keys.
    [[nodiscard]] QList<quint32> childrenOf(quint32 index) const;
    /// "object", "uint", "bytes", or the class of an object.
    [[nodiscard]] QString typeWord(quint32 index) const;
};

/// Builds a tree in reading order. After a limit is exceeded, calls do nothing and ok() is false.
class TreeBuilder
{
public:
    using Kind = FormatNode::Kind;

    explicit TreeBuilder(FormatBudget &budget) : m_budget(budget) { }

    [[nodiscard]] bool ok() const { return m_ok; }
    [[nodiscard]] bool tooDeep() const { return m_tooDeep; }
    /// Sets the name of the next node.
    TreeBuilder &name(const QString &text);

    void leaf(Kind kind, const QString &text = {}, const char *tag = nullptr);
    void null(const char *tag = nullptr) { leaf(Kind::Null, {}, tag); }
    void boolean(bool value) { leaf(Kind::Bool, value ? QStringLiteral("true") : QStringLiteral("false")); }
    void integer(qint64 value, const char *tag = nullptr) { leaf(Kind::Number, QString::number(value), tag); }
    void natural(quint64 value, const char *tag = nullptr) { leaf(Kind::Number, QString::number(value), tag); }
    /// Adds a double in the shortest form that reads back equal, with a decimal point; NaN and infinities as {"$float":
    /// "NaN"}.
    void real(double value);
    void real32(float value);
    void string(const QString &text, const char *tag = nullptr) { leaf(Kind::String, text, tag); }
    /// Adds UTF-8 text; invalid UTF-8 as {"$string": hex}.
    void utf8(QByteArrayView bytes, const char *tag = nullptr);
    void bytes(QByteArrayView bytes, const char *tag = nullptr);

    /// Opens a container; returns false, without opening, if it is nested too deeply.
    bool open(Kind kind, const char *tag = nullptr);
    void close();
    /// Marks the open map as having the keys 0, 1, 2, …
    void markList() { m_tree.nodes[m_open.back()].list = true; }
    [[nodiscard]] int depth() const { return int(m_open.size()); }
    /// Index of the next node.
    [[nodiscard]] quint32 next() const { return quint32(m_tree.nodes.size()); }
    [[nodiscard]] FormatTree &tree() { return m_tree; }
    /// Closes everything open and returns the tree.
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

/// Formats a double as "1.0", never "1"; not for NaN and infinities.
[[nodiscard]] QString realText(double value);
[[nodiscard]] QString real32Text(float value);

} // namespace slotscope
