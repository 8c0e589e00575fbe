// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisreport.h"
#include "core/analysis/keyrecord.h"
#include "core/keys/delimiters.h"

#include <QHash>

namespace slotscope {

/// The biggest keys of all that were offered.
class BiggestKeys
{
public:
    static constexpr qsizetype longestListed = 64 * 1024; ///< of a name
    explicit BiggestKeys(size_t most) : m_most(most) { }
    /// Cheap where the key is none of the biggest.
    void offer(qint64 number, const KeyRecord &record)
    {
        if (m_keys.size() < m_most || number > m_keys.front().number)
            put(number, record);
    }
    [[nodiscard]] QList<ReportKey> sorted() const; ///< biggest first; equal ones by name

private:
    struct Entry
    {
        qint64 number = 0;
        ReportKey key;
    };
    void put(qint64 number, const KeyRecord &record);

    size_t m_most;
    std::vector<Entry> m_keys; ///< a heap, the smallest in front
};

/// Sums of namespaces of any depth in bounded memory. Where there are more than it may hold, the namespaces with the
/// most children are not told apart further: what is kept is exact. Pure.
class NamespaceTree
{
public:
    static constexpr size_t standardMost = 100'000;

    explicit NamespaceTree(const Delimiters &delimiters, size_t most = standardMost);
    /// `isJustOver`: a hash that a listpack would nearly hold.
    void add(const KeyRecord &record, bool isJustOver);
    [[nodiscard]] size_t count() const { return m_nodes.size(); } ///< the first one, which holds all, included
    /// The biggest ones, parents before their children.
    [[nodiscard]] QList<ReportNamespace> biggest(qsizetype most) const;

private:
    static constexpr size_t keysKept = 3; ///< of each namespace

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
    bool m_isFull = false; ///< there will be no further ones
};

} // namespace slotscope
