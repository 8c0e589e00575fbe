// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of a plan's steps, as far as they are known before.
#include "core/operations/plan/plan.h"

#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/cluster/nodestable.h"

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Host and port of a node, as command arguments.
std::pair<QByteArray, QByteArray> wordsOf(const NodeRef &node)
{
    return {hostOfAddress(node.address).toUtf8(), node.address.mid(node.address.lastIndexOf(u':') + 1).toUtf8()};
}

/// Appends the commands that precede the first slot of a pair.
void appendBeginning(QList<StepCommand> &list, const NodeRef &source, const NodeRef &target, const Command &meet)
{
    if (!meet.isEmpty())
        list.append({source, meet});
    const auto [host, port] = wordsOf(target);
    for (const Command &probe : probesOfSource(host, port))
        list.append({source, probe});
    for (const Command &probe : probesOfTarget())
        list.append({target, probe});
}

/// Appends commands for keys of a slot on a node that does not own it.
void appendForeign(QList<StepCommand> &list, const PlanStep &step, int slot)
{
    const QByteArray number = QByteArray::number(slot);
    const NodeRef &holder = step.nodes[0], &owner = step.nodes[1];
    list.append({holder, commandOf("CLUSTER", "SETSLOT", number, "IMPORTING", owner.id)});
    list.append({holder, commandOf("CLUSTER", "GETKEYSINSLOT", number, "1000")});
    const auto [host, port] = wordsOf(owner);
    if (step.kind == PlanStep::Kind::GatherKeys) {
        list.append({holder, commandOf("MIGRATE", host, port, "", "0", "150", "KEYS", "…")});
        return;
    }
    list.append({holder, commandOf("ASKING")});
    list.append({holder, commandOf("UNLINK", "…")});
}

/// Appends the commands of one slot's classic move, in order.
void appendMove(QList<StepCommand> &list, const SlotMove &move, int slot)
{
    const QByteArray number = QByteArray::number(slot);
    const auto [host, port] = wordsOf(move.target);
    list.append({move.target, commandOf("CLUSTER", "SETSLOT", number, "IMPORTING", move.source.id)});
    list.append({move.source, commandOf("CLUSTER", "SETSLOT", number, "MIGRATING", move.target.id)});
    list.append({move.source, commandOf("CLUSTER", "GETKEYSINSLOT", number, "1000")});
    list.append({move.source, commandOf("MIGRATE", host, port, "", "0", "150", "KEYS", "…")});
    list.append({move.target, commandOf("CLUSTER", "SETSLOT", number, "NODE", move.target.id)});
    list.append({move.source, commandOf("CLUSTER", "SETSLOT", number, "NODE", move.target.id)});
}

/// Appends the commands that the probe of a drill sends repeatedly.
void appendProbe(QList<StepCommand> &list, const PlanStep &step)
{
    for (const NodeRef &node : step.nodes) {
        if (step.mode == u"away") {
            list.append({node, commandOf("SET", "slotscope:drill:…", "…", "EX", "3600")});
            list.append({node, commandOf("GET", "slotscope:drill:…")});
            list.append({node, commandOf("WAIT", "…", "500")});
        } else if (step.mode == u"end") {
            list.append({node, commandOf("MGET", "slotscope:drill:…")});
            list.append({node, commandOf("UNLINK", "slotscope:drill:…")});
        }
    }
}

StepCommand atomicMove(const SlotMove &move)
{
    Command command = commandOf("CLUSTER", "MIGRATESLOTS", "SLOTSRANGE");
    for (const SlotRange &range : move.slots.ranges())
        command << QByteArray::number(range.first) << QByteArray::number(range.last);
    command << "NODE"_ba << move.target.id;
    return {move.source, command};
}

StepCommand atomicImport(const SlotMove &move)
{
    Command command = commandOf("CLUSTER", "MIGRATION", "IMPORT");
    for (const SlotRange &range : move.slots.ranges())
        command << QByteArray::number(range.first) << QByteArray::number(range.last);
    return {move.target, command};
}

} // namespace

QList<Command> probesOfSource(const QByteArray &targetHost, const QByteArray &targetPort)
{
    return {commandOf("MIGRATE", targetHost, targetPort, "slotscope:rights", "0", "x"),
            commandOf("CLUSTER", "GETKEYSINSLOT", "16384", "1"), commandOf("CLUSTER", "SETSLOT", "16384", "STABLE")};
}

QList<Command> probesOfTarget()
{
    return {commandOf("CLUSTER", "SETSLOT", "16384", "STABLE"),
            commandOf("RESTORE-ASKING", "slotscope:rights", "0", "x")};
}

QList<StepCommand> commandsOf(const PlanStep &step, int maximum)
{
    QList<StepCommand> list = step.commands.mid(0, maximum);
    for (const SlotMove &move : step.moves) {
        if (step.mode == u"migrateslots" || step.mode == u"import") {
            list.append(step.mode == u"import" ? atomicImport(move) : atomicMove(move));
            continue;
        }
        appendBeginning(list, move.source, move.target, move.meet);
        for (const SlotRange &range : move.slots.ranges())
            for (int slot = range.first; slot <= range.last && list.size() < maximum; ++slot)
                appendMove(list, move, slot);
    }
    const bool foreign = step.kind == PlanStep::Kind::GatherKeys || step.kind == PlanStep::Kind::DeleteKeys;
    if (foreign && step.nodes.size() == 2) {
        appendBeginning(list, step.nodes[0], step.nodes[1], {});
        for (const SlotRange &range : step.slots.ranges())
            for (int slot = range.first; slot <= range.last && list.size() < maximum; ++slot)
                appendForeign(list, step, slot);
    }
    if (step.kind == PlanStep::Kind::Failover && !step.nodes.isEmpty()) {
        Command command = commandOf("CLUSTER", "FAILOVER");
        if (!step.mode.isEmpty())
            command << step.mode.toLatin1();
        list.append({step.nodes.front(), command});
    }
    if (step.kind == PlanStep::Kind::CopyFunctions && step.nodes.size() == 2) {
        list.append({step.nodes[0], commandOf("FUNCTION", "DUMP")});
        list.append({step.nodes[1], commandOf("FUNCTION", "RESTORE", "…")});
    }
    if (step.kind == PlanStep::Kind::Drill)
        appendProbe(list, step);
    if (step.kind == PlanStep::Kind::Backup)
        for (const NodeRef &node : step.nodes)
            list.append({node, commandOf("SYNC")});
    return list.mid(0, maximum);
}

qint64 commandCountOf(const PlanStep &step)
{
    if (step.kind == PlanStep::Kind::MoveSlots)
        return step.mode.isEmpty() ? -1 : step.moves.size();
    if (step.kind == PlanStep::Kind::GatherKeys || step.kind == PlanStep::Kind::DeleteKeys)
        return -1;
    return commandsOf(step, std::numeric_limits<int>::max()).size();
}

QString shellQuoted(const QByteArray &word)
{
    static const QByteArray plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:,=@%+"_ba;
    if (!word.isEmpty() && std::all_of(word.begin(), word.end(), [](char c) { return plain.contains(c); }))
        return QString::fromLatin1(word);
    if (word == "…"_ba)
        return u"…"_s;
    if (terminalSafe(word, LineBreaks::Quote) == word && !word.contains('\t')) // all characters are printable
        return u'\'' + QString::fromUtf8(QByteArray(word).replace("'", "'\\''")) + u'\'';
    QString text = u"$'"_s;
    for (const char c : word)
        text += u"\\x%1"_s.arg(uint(uchar(c)), 2, 16, QLatin1Char('0'));
    return text + u'\'';
}

QString shellLine(const StepCommand &command)
{
    const QString &address = command.node.address;
    const auto quotedText = [](const QString &text) { return shellQuoted(text.toUtf8()); };
    QString line = address.startsWith(u'/')
        ? u"redis-cli -s "_s + quotedText(address)
        : u"redis-cli -h %1 -p %2"_s.arg(quotedText(hostOfAddress(address)),
                                         quotedText(address.mid(address.lastIndexOf(u':') + 1)));
    for (const QByteArray &word : command.command)
        line += u' ' + shellQuoted(word);
    return line;
}

} // namespace slotscope
