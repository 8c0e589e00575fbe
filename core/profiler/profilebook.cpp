// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiler/profilebook.h"

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr qint64 windowMs = 100;
constexpr qsizetype mostKnownCommands = 2000;
constexpr qsizetype longestPrefix = 64;
const QByteArray noKey = "(no key)"_ba, noPrefix = "(no prefix)"_ba, keyNotKnown = "(key not known)"_ba;
const QByteArray scripts = "(scripts)"_ba;

bool holdsWord(QByteArrayView bytes, const QByteArray &word)
{
    return std::search(bytes.begin(), bytes.end(), word.begin(), word.end(),
                       [](char left, char right) {
                           const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; };
                           return lower(left) == lower(right);
                       })
        != bytes.end();
}

/// Limits a line's memory, whatever was sent.
void cutLine(MonitorLine &line)
{
    qsizetype room = ProfileBook::mostOfLine;
    for (qsizetype i = 0; i < line.command.size(); ++i) {
        if (i == ProfileBook::mostArguments || room == 0) {
            line.command.resize(i);
            line.isCut = true;
            return;
        }
        QByteArray &word = line.command[i];
        const qsizetype most = std::min(room, ProfileBook::mostOfArgument);
        if (word.size() > most) {
            word = word.left(most);
            line.isCut = true;
        }
        room -= word.size();
    }
}

QByteArray commandWords(const Command &command)
{
    return commandName(command).toUtf8();
}

} // namespace

ProfileBook::ProfileBook(size_t nodes, Bounds bounds) : m_bounds(bounds), m_byNode(nodes) { }

bool ProfileBook::count(int node, qsizetype bytes, qint64 now)
{
    ++m_lines;
    m_bytes += quint64(bytes);
    ++m_byNode[size_t(node)];
    const qint64 second = (now - m_begun) / 1000;
    if (m_seconds.empty() || m_seconds.back().second != second) {
        m_seconds.push_back({second, std::vector<quint64>(m_byNode.size())});
        if (m_seconds.size() > mostSeconds)
            m_seconds.pop_front();
    }
    ++m_seconds.back().byNode[size_t(node)];
    if (m_bounds.readPerSecond == 0)
        return true;
    const qint64 window = now / windowMs;
    if (std::exchange(m_window, window) != window)
        m_readInWindow = 0;
    if (m_readInWindow >= std::max(1, m_bounds.readPerSecond / int(1000 / windowMs))) {
        ++m_dropped;
        return false;
    }
    ++m_readInWindow;
    return true;
}

const ProfileBook::Known &ProfileBook::knownOf(const QByteArray &word)
{
    const auto found = m_known.constFind(word);
    if (found != m_known.constEnd())
        return *found;
    if (m_known.size() >= mostKnownCommands) // more names than any server has
        m_known.clear();
    Known known;
    const Command alone{word}, withOther{word, "X"_ba};
    if (commandName(alone) == commandName(withOther))
        known.name = commandWords(alone);
    const CommandSpec *spec = m_commands ? m_commands->find(alone) : nullptr;
    if (!m_commands)
        known.keyAt = -2;
    else if (!spec || spec->hasFlag("movablekeys") || known.name.isEmpty())
        known.keyAt = -1;
    else
        known.keyAt = std::max(0, spec->firstKey);
    return *m_known.insert(word, known);
}

QByteArray ProfileBook::prefixOf(const Command &command, const Known &known) const
{
    QByteArray key;
    if (known.keyAt == -2)
        return keyNotKnown;
    if (known.keyAt == 0)
        return noKey;
    if (known.keyAt > 0) {
        if (known.keyAt >= command.size())
            return noKey;
        key = command[known.keyAt];
    } else {
        const Result<QByteArrayList> keys = m_commands->keysOf(command);
        if (!keys)
            return keyNotKnown;
        if (keys->isEmpty())
            return noKey;
        key = keys->front();
    }
    const qsizetype end = key.indexOf(':');
    return end < 0 ? noPrefix : key.left(std::min(end, longestPrefix)) + ":*";
}

void ProfileBook::add(ProfileBy by, const QByteArray &name, int node)
{
    Tally &tally = m_tallies[size_t(by)];
    auto found = tally.groups.find(name);
    if (found == tally.groups.end()) {
        if (size_t(tally.groups.size()) >= m_bounds.groups) {
            ++tally.unnamed;
            return;
        }
        found = tally.groups.insert(name, {name, 0, std::vector<quint64>(m_byNode.size())});
    }
    ++found->lines;
    ++found->byNode[size_t(node)];
}

void ProfileBook::take(int node, MonitorLine line)
{
    redact(line);
    ProfileLine kept;
    const Known known = knownOf(line.command.front());
    kept.prefix = prefixOf(line.command, known);
    kept.arguments = line.command.size();
    kept.node = node;
    const QByteArray name = known.name.isEmpty() ? commandWords(line.command) : known.name;
    cutLine(line);
    kept.line = std::move(line);
    add(ProfileBy::CommandAndPrefix, name + ' ' + kept.prefix, node);
    add(ProfileBy::CommandName, name, node);
    add(ProfileBy::KeyPrefix, kept.prefix, node);
    add(ProfileBy::Client, groupOf(kept, ProfileBy::Client), node);
    add(ProfileBy::Node, QByteArray::number(node), node);
    if (m_kept.size() >= m_bounds.kept) {
        m_kept.pop_front();
        ++m_letGo;
    }
    m_kept.push_back(std::move(kept));
}

ProfileGroups ProfileBook::groups(ProfileBy by, size_t most) const
{
    const Tally &tally = m_tallies[size_t(by)];
    std::vector<const ProfileGroup *> all;
    all.reserve(size_t(tally.groups.size()));
    for (const ProfileGroup &group : tally.groups)
        all.push_back(&group);
    const auto end = all.begin() + std::ptrdiff_t(std::min(most, all.size()));
    std::partial_sort(all.begin(), end, all.end(), [](const ProfileGroup *left, const ProfileGroup *right) {
        return left->lines != right->lines ? left->lines > right->lines : left->name < right->name;
    });
    ProfileGroups told;
    told.unnamedLines = tally.unnamed;
    for (auto each = all.begin(); each != end; ++each)
        told.groups.push_back(**each);
    for (auto each = end; each != all.end(); ++each) {
        ++told.others;
        told.otherLines += (*each)->lines;
    }
    return told;
}

std::vector<ProfileLine> ProfileBook::newest(const ProfileFilter &filter, size_t most) const
{
    std::vector<ProfileLine> lines;
    for (auto each = m_kept.rbegin(); each != m_kept.rend() && lines.size() < most; ++each)
        if (filter.isEmpty() || isMeant(*each, filter))
            lines.push_back(*each);
    return lines;
}

ProfileSnapshot ProfileBook::look(const ProfileLook &look, qint64 now) const
{
    ProfileSnapshot snapshot;
    snapshot.milliseconds = now - m_begun;
    snapshot.lines = m_lines;
    snapshot.dropped = m_dropped;
    snapshot.odd = m_odd;
    snapshot.bytes = m_bytes;
    snapshot.kept = m_kept.size();
    snapshot.letGo = m_letGo;
    snapshot.seconds.assign(m_seconds.begin(), m_seconds.end());
    const qint64 last = snapshot.milliseconds / 1000 - 1; // the last complete second
    for (const ProfileSecond &second : m_seconds)
        if (second.second == last)
            for (const quint64 lines : second.byNode)
                snapshot.linesOfLastSecond += lines;
    snapshot.groups = groups(look.by, look.mostGroups);
    snapshot.newest = newest(look.filter, look.mostLines);
    return snapshot;
}

QByteArray groupOf(const ProfileLine &line, ProfileBy by)
{
    switch (by) {
    case ProfileBy::CommandAndPrefix: return commandWords(line.line.command) + ' ' + line.prefix;
    case ProfileBy::CommandName: return commandWords(line.line.command);
    case ProfileBy::KeyPrefix: return line.prefix;
    case ProfileBy::Client: return line.line.source == MonitorLine::Source::Script ? scripts : line.line.client;
    case ProfileBy::Node: return QByteArray::number(line.node);
    }
    return {};
}

bool isMeant(const ProfileLine &line, const ProfileFilter &filter)
{
    for (const QByteArray &word : filter.words) {
        const bool isThere = holdsWord(line.line.client, word)
            || std::any_of(line.line.command.begin(), line.line.command.end(),
                           [&](const QByteArray &each) { return holdsWord(each, word); });
        if (!isThere)
            return false;
    }
    return filter.group.isEmpty() || groupOf(line, filter.by) == filter.group;
}

} // namespace slotscope
