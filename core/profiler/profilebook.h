// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/commandtable.h"
#include "core/profiler/profilertypes.h"

#include <QHash>

#include <array>
#include <deque>
#include <memory>

namespace slotscope {

/// Statistics over the MONITOR lines of several nodes. All lines are counted, the newest stored, and a limited number
/// of groups distinguished. Times are from our own clock. Pure.
class ProfileBook
{
public:
    struct Bounds
    {
        size_t kept = 20'000; ///< number of lines stored
        size_t groups = 5000; ///< number of groups of each kind
        int readPerSecond = 0; ///< 0: all
    };
    static constexpr qsizetype mostOfArgument = 256; ///< bytes stored of an argument
    static constexpr qsizetype mostArguments = 16, mostOfLine = 1024;
    static constexpr size_t mostSeconds = 300;

    ProfileBook(size_t nodes, Bounds bounds);

    /// Needed to find keys; without it, key prefixes are unknown.
    void setCommands(std::shared_ptr<const CommandTable> commands) { m_commands = std::move(commands); }
    void begin(qint64 now) { m_begun = now; }
    /// Counts a line. Returns true if it should be parsed and passed to take() or oddLine(); otherwise it is dropped.
    [[nodiscard]] bool count(int node, qsizetype bytes, qint64 now);
    void take(int node, MonitorLine line);
    void oddLine() { ++m_odd; }

    /// Everything except the state of connections.
    [[nodiscard]] ProfileSnapshot look(const ProfileLook &look, qint64 now) const;
    /// Stored lines that match the filter, newest first.
    [[nodiscard]] std::vector<ProfileLine> newest(const ProfileFilter &filter, size_t most) const;
    [[nodiscard]] quint64 lines() const { return m_lines; }
    [[nodiscard]] quint64 linesOf(int node) const { return m_byNode[size_t(node)]; }

private:
    /// What is known about a command by its name.
    struct Known
    {
        QByteArray name; ///< empty for a container command (such as CONFIG): only its subcommands have a name here
        int keyAt = 0; ///< index of its first key; 0: none, -1: varies, -2: unknown
    };
    struct Tally
    {
        QHash<QByteArray, ProfileGroup> groups;
        quint64 unnamed = 0;
    };
    [[nodiscard]] const Known &knownOf(const QByteArray &word);
    [[nodiscard]] QByteArray prefixOf(const Command &command, const Known &known) const;
    void add(ProfileBy by, const QByteArray &name, int node);
    [[nodiscard]] ProfileGroups groups(ProfileBy by, size_t most) const;

    Bounds m_bounds;
    std::shared_ptr<const CommandTable> m_commands;
    QHash<QByteArray, Known> m_known;
    std::array<Tally, profileGroupings> m_tallies;
    std::deque<ProfileLine> m_kept;
    std::deque<ProfileSecond> m_seconds;
    std::vector<quint64> m_byNode;
    qint64 m_begun = 0, m_window = -1;
    int m_readInWindow = 0;
    quint64 m_lines = 0, m_dropped = 0, m_odd = 0, m_bytes = 0, m_letGo = 0;
};

/// Name of a line's group; for Node the index of its node.
[[nodiscard]] QByteArray groupOf(const ProfileLine &line, ProfileBy by);
[[nodiscard]] bool isMeant(const ProfileLine &line, const ProfileFilter &filter);

} // namespace slotscope
