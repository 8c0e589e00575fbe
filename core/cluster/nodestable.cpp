// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cluster/nodestable.h"

#include "core/cluster/parse.h"

#include <algorithm>

namespace slotscope {

namespace {

constexpr qsizetype maximumTable = 64 * 1024 * 1024;
constexpr qsizetype maximumId = 64; // it is 40 in every version so far
constexpr qsizetype maximumAddress = 1024;
constexpr qsizetype unreadableKept = 4;

struct FlagWord
{
    const char *word;
    NodeFlags flag;
};
const FlagWord flagWords[] = {
    {"master", NodeFlag::Primary},    {"slave", NodeFlag::Replica},
    {"myself", NodeFlag::Myself},     {"fail", NodeFlag::Failed},
    {"fail?", NodeFlag::MaybeFailed}, {"handshake", NodeFlag::Handshake},
    {"noaddr", NodeFlag::NoAddress},  {"nofailover", NodeFlag::NoFailover},
    {"primary", NodeFlag::Primary},   {"replica", NodeFlag::Replica},
    {"noflags", NodeFlags()},
};

bool isId(QByteArrayView text)
{
    return !text.isEmpty() && text.size() <= maximumId && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
}

bool isPrintable(QByteArrayView text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

bool isOddHost(QByteArrayView host)
{
    return !std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-'
            || c == '_' || c == ':' || c == '%';
    });
}

bool readPort(QByteArrayView text, quint16 &port)
{
    const std::optional<quint64> number = toUnsigned(text);
    if (!number || *number > 0xffff)
        return false;
    port = quint16(*number);
    return true;
}

/// "host:port[@busPort][,hostname[,key=value…]]"
bool readAddress(QByteArrayView text, AnnouncedAddress &address)
{
    if (text.size() > maximumAddress)
        return false;
    QByteArrayView endpoint = takeUntil(text, ',');
    const QByteArrayView hostname = takeUntil(text, ',');
    if (!hostname.contains('='))
        address.hostname = isPrintable(hostname) ? latin(hostname) : QString();
    QByteArrayView busPort = endpoint;
    endpoint = takeUntil(busPort, '@');
    if (!busPort.isEmpty() && !readPort(busPort, address.busPort))
        return false;
    const qsizetype colon = endpoint.lastIndexOf(':');
    if (colon < 0 || !readPort(endpoint.sliced(colon + 1), address.port))
        return false;
    QByteArrayView host = endpoint.first(colon);
    if (host.startsWith('[') && host.endsWith(']') && host.size() > 1)
        host = host.sliced(1, host.size() - 2);
    address.isOdd = isOddHost(host);
    address.host = isPrintable(host) ? latin(host) : toDisplay(host);
    return true;
}

/// Reads the flags. Unknown ones come from newer servers and are ignored.
bool readFlags(QByteArrayView text, NodeFlags &flags)
{
    if (text.isEmpty())
        return false;
    while (!text.isEmpty()) {
        const QByteArrayView word = takeUntil(text, ',');
        for (const FlagWord &known : flagWords) {
            if (word == known.word) {
                flags |= known.flag;
                break;
            }
        }
    }
    return !(flags.testFlag(NodeFlag::Primary) && flags.testFlag(NodeFlag::Replica));
}

bool areFlags(QByteArrayView text)
{
    if (text.isEmpty())
        return false;
    while (!text.isEmpty()) {
        const QByteArrayView word = takeUntil(text, ',');
        if (std::none_of(std::begin(flagWords), std::end(flagWords),
                         [word](const FlagWord &known) { return word == known.word; }))
            return false;
    }
    return true;
}

/// Cuts the address off the rest of a line. An address set by cluster-announce-… may contain blanks, so it ends where
/// valid flags begin.
QByteArrayView takeAddress(QByteArrayView &rest)
{
    const qsizetype usual = rest.indexOf(' ');
    if (usual < 0 || rest.first(usual).contains(':'))
        return takeUntil(rest, ' ');
    for (qsizetype end = usual; end >= 0 && end < maximumAddress; end = rest.indexOf(' ', end + 1)) {
        QByteArrayView after = rest.sliced(end + 1);
        if (!areFlags(takeUntil(after, ' ')))
            continue;
        const QByteArrayView address = rest.first(end);
        rest = rest.sliced(end + 1);
        return address;
    }
    return takeUntil(rest, ' ');
}

/// "[93->-id]" or "[77-<-id]"
bool readOpenSlot(QByteArrayView token, OpenSlot &open)
{
    if (!token.startsWith('[') || !token.endsWith(']'))
        return false;
    token = token.sliced(1, token.size() - 2);
    const qsizetype dash = token.indexOf('-');
    if (dash < 0 || token.size() < dash + 4)
        return false;
    const QByteArrayView arrow = token.sliced(dash, 3);
    const std::optional<quint64> slot = toUnsigned(token.first(dash));
    const QByteArrayView peer = token.sliced(dash + 3);
    if (!slot || *slot >= quint64(slotCount) || !isId(peer) || (arrow != "->-" && arrow != "-<-"))
        return false;
    open = {quint16(*slot), arrow == "->-", peer.toByteArray()};
    return true;
}

bool readSlots(QByteArrayView text, NodeLine &line)
{
    while (!text.isEmpty()) {
        QByteArrayView token = takeUntil(text, ' ');
        if (token.isEmpty())
            continue;
        if (token.startsWith('[')) {
            OpenSlot open;
            if (!readOpenSlot(token, open) || line.openSlots.size() >= 2 * slotCount)
                return false;
            line.openSlots.append(open);
            continue;
        }
        const bool single = !token.contains('-');
        const std::optional<quint64> first = toUnsigned(takeUntil(token, '-'));
        const std::optional<quint64> last = single ? first : toUnsigned(token);
        if (!first || !last || *first > *last || *last >= quint64(slotCount))
            return false;
        line.slots.add(SlotRange{quint16(*first), quint16(*last)});
    }
    return true;
}

size_t mixed(size_t hash, size_t value)
{
    hash ^= value + 0x9e3779b97f4a7c15ULL + (hash << 6) + (hash >> 2);
    return hash * 0xff51afd7ed558ccdULL;
}

} // namespace

size_t claimHashOf(const NodeLine &line)
{
    const NodeFlags shared =
        line.flags & (NodeFlag::Primary | NodeFlag::Replica | NodeFlag::Failed | NodeFlag::MaybeFailed);
    size_t hash = qHash(line.id, size_t(7));
    hash = mixed(hash, qHash(line.address.host, size_t(11)));
    hash = mixed(hash, line.address.port);
    hash = mixed(hash, size_t(shared.toInt()));
    hash = mixed(hash, qHash(line.primaryId, size_t(13)));
    if (line.flags.testFlag(NodeFlag::Primary))
        hash = mixed(hash, size_t(line.configEpoch));
    for (const SlotRange &range : line.slots.ranges())
        hash = mixed(hash, size_t(range.first) << 16 | range.last);
    return hash ^ (hash >> 31);
}

namespace {

/// Reads one line. Returns null, or what is wrong with the line.
const char *readLine(QByteArrayView text, NodeLine &line)
{
    const QByteArrayView id = takeUntil(text, ' ');
    if (!isId(id))
        return QT_TRANSLATE_NOOP("slotscope", "this is not a line of CLUSTER NODES");
    line.id = id.toByteArray();
    if (!readAddress(takeAddress(text), line.address))
        return QT_TRANSLATE_NOOP("slotscope", "this is not an address");
    if (!readFlags(takeUntil(text, ' '), line.flags))
        return QT_TRANSLATE_NOOP("slotscope", "these are not the flags of a node");
    const QByteArrayView primary = takeUntil(text, ' ');
    if (primary != "-" && !isId(primary))
        return QT_TRANSLATE_NOOP("slotscope", "this is not the id of a primary");
    if (primary != "-")
        line.primaryId = primary.toByteArray();
    const std::optional<qint64> ping = toInteger(takeUntil(text, ' '));
    const std::optional<qint64> pong = toInteger(takeUntil(text, ' '));
    const std::optional<quint64> epoch = toUnsigned(takeUntil(text, ' '));
    if (!ping || !pong || !epoch)
        return QT_TRANSLATE_NOOP("slotscope", "these are not the ping times and epoch of a node");
    line.pingSent = *ping;
    line.pongReceived = *pong;
    line.configEpoch = *epoch;
    const QByteArrayView link = takeUntil(text, ' ');
    if (link != "connected" && link != "disconnected")
        return QT_TRANSLATE_NOOP("slotscope", "this is not a link state");
    line.linkConnected = link == "connected";
    if (!readSlots(text, line))
        return QT_TRANSLATE_NOOP("slotscope", "these are not the slots of a node");
    line.claimHash = claimHashOf(line);
    return nullptr;
}

} // namespace

QString AnnouncedAddress::toString() const
{
    const bool ipv6 = host.contains(QLatin1Char(':'));
    return (ipv6 ? QLatin1Char('[') + host + QLatin1Char(']') : host) + QLatin1Char(':') + QString::number(port);
}

QString hostOfAddress(const QString &address)
{
    const QString host = address.left(address.lastIndexOf(u':'));
    return host.startsWith(u'[') && host.endsWith(u']') ? host.mid(1, host.size() - 2) : host;
}

const NodeLine *NodesTable::find(QByteArrayView id) const
{
    const auto found = std::find_if(lines.begin(), lines.end(), [id](const NodeLine &line) { return line.id == id; });
    return found == lines.end() ? nullptr : &*found;
}

Result<NodesTable> parseClusterNodes(QByteArrayView text)
{
    if (text.size() > maximumTable)
        return failure(
            parseError(QT_TRANSLATE_NOOP("slotscope", "the reply of CLUSTER NODES is larger than 64 MB"), text));
    NodesTable table;
    std::optional<Error> wrongFirst;
    table.lines.reserve(size_t(std::count(text.begin(), text.end(), '\n')) + 1);
    while (!text.isEmpty()) {
        const QByteArrayView line = takeLine(text);
        if (line.isEmpty() || line.startsWith("vars ")) // nodes.conf has a last line with variables
            continue;
        NodeLine &node = table.lines.emplace_back();
        if (const char *wrong = readLine(line, node)) {
            table.lines.pop_back();
            const Error error = parseError(wrong, line);
            if (table.unreadable.size() < unreadableKept)
                table.unreadable.append(error.detail);
            if (!wrongFirst)
                wrongFirst = error;
            continue;
        }
        const int index = int(table.lines.size()) - 1;
        const bool self = node.flags.testFlag(NodeFlag::Myself);
        if (self && table.myself >= 0)
            return failure(parseError(
                QT_TRANSLATE_NOOP("slotscope", "two lines are marked as the answering node (myself)"), line));
        if (self)
            table.myself = index;
        const bool aside = node.flags.testAnyFlags(NodeFlag::Handshake | NodeFlag::NoAddress);
        if (aside || (!self && !node.linkConnected))
            table.notable.append(index);
        // skip nodes in handshake: only this observer knows them, under a temporary id
        if (!node.flags.testFlag(NodeFlag::Handshake))
            table.digest += node.claimHash;
    }
    if (table.lines.empty())
        return failure(wrongFirst ? *wrongFirst
                                  : parseError(QT_TRANSLATE_NOOP("slotscope", "CLUSTER NODES lists no node"), text));
    return table;
}

} // namespace slotscope
