// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisreport.h"
#include "core/analysis/keyrecord.h"
#include "core/keys/delimiters.h"

#include <QHash>

namespace slotscope {

/// Collects the biggest of all offered keys.
class BiggestKeys
{
public:
    static constexpr qsizetype longestListed = 64 * 1024; ///< limit for the length of a name
    explicit BiggestKeys(size_t most) : m_most(most) { }
    /// Fast if the key is not among the biggest.
    void offer(qint64 number, const KeyRecord &record)
    {
        if (m_keys.size() < m_most || number > m_keys.front().number)
            put(number, record);
    }
    [[nodiscard]] QList<ReportKey> sorted() const; ///< biggest first; equal ones sorted by name

private:
    struct Entry
    {
        qint64 number = 0;
        ReportKey key;
    };
    void put(qint64 number, const KeyRecord &record);

    size_t m_most;
    std::vector<Entry> m_keys; ///< a heap, with the smallest in front
};

/// Sums of nested namespaces in limited memory. If there are too many, the namespaces with the most children are not
/// divided further; the remaining sums are exact. Pure.
class NamespaceTree
{
public:
    static constexpr size_t standardMost = 100'000;

    explicit NamespaceTree(const Delimiters &delimiters, size_t most = standardMost);
    /// `isJustOver` marks a hash slightly too large for a listpack.
    void add(const KeyRecord &record, bool isJustOver);
    [[nodiscard]] size_t count() const { return m_nodes.size(); } ///< including the first one, which contains all
    /// The biggest namespaces, parents before their children.
    [[nodiscard]] QList<ReportNamespace> biggest(qsizetype most) const;

private:
    static constexpr size_t keysKept = 3; ///< number of keys stored per namespace

    struct Node
    {
        ReportNamespace part;
        BiggestKeys biggest{keysKept};
        size_t children = 0;
        bool isClosed = false; ///< gets no more children
    };
    void count(Node &node, const KeyRecord &record, bool isJustOver);
    int makeChild(int parent, QByteArrayView name);
    void makeRoom();
    void closeAll(const std::vector<bool> &closing);

    Delimiters m_delimiters;
    size_t m_most;
    std::vector<Node> m_nodes; ///< parents before children
    QHash<QByteArray, int> m_byName;
    bool m_isFull = false; ///< no further namespaces are added
};

} // namespace slotscope
