// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cluster/clusterinfo.h"

#include "core/cluster/parse.h"
#include "core/protocol/print.h"

#include <QHashFunctions>

#include <limits>

namespace slotscope {

namespace {

constexpr size_t maximumLinks = 1000 * 1000;

struct CountField
{
    const char *name;
    int ClusterInfo::*field;
};
const CountField countFields[] = {
    {"cluster_slots_assigned", &ClusterInfo::slotsAssigned}, {"cluster_slots_ok", &ClusterInfo::slotsOk},
    {"cluster_slots_pfail", &ClusterInfo::slotsMaybeFailed}, {"cluster_slots_fail", &ClusterInfo::slotsFailed},
    {"cluster_known_nodes", &ClusterInfo::knownNodes},       {"cluster_size", &ClusterInfo::size},
};

/// Reads one field. Returns false if the value of a known field is not of the expected form.
bool readField(QByteArrayView key, QByteArrayView value, ClusterInfo &info)
{
    for (const CountField &count : countFields) {
        if (key != count.name)
            continue;
        const std::optional<quint64> number = toUnsigned(value);
        if (!number || *number > quint64(std::numeric_limits<int>::max()))
            return false;
        info.*count.field = int(*number);
        return true;
    }
    if (key == "cluster_current_epoch" || key == "cluster_my_epoch") {
        const std::optional<quint64> number = toUnsigned(value);
        (key == "cluster_my_epoch" ? info.myEpoch : info.currentEpoch) = number.value_or(0);
        return number.has_value();
    }
    return true;
}

bool readLink(const Value &item, ClusterLink &link)
{
    const Value *direction = item.find("direction");
    const Value *node = item.find("node");
    if (!direction || !node || node->bytes().isEmpty() || (direction->bytes() != "to" && direction->bytes() != "from"))
        return false;
    link.outgoing = direction->bytes() == "to";
    link.nodeId = node->bytes();
    if (const Value *events = item.find("events"))
        link.events = events->bytes();
    const auto number = [&item](QByteArrayView key) {
        const Value *value = item.find(key);
        return value ? value->toInteger() : qint64(0);
    };
    link.createdAt = number("create-time");
    link.sendBufferAllocated = number("send-buffer-allocated");
    link.sendBufferUsed = number("send-buffer-used");
    return true;
}

} // namespace

size_t ClusterInfo::digest() const
{
    return qHashMulti(size_t(0), stateOk, slotsAssigned, slotsOk, slotsMaybeFailed, slotsFailed, knownNodes, size,
                      currentEpoch, myEpoch);
}

Result<ClusterInfo> parseClusterInfo(QByteArrayView text)
{
    ClusterInfo info;
    bool stateSeen = false;
    const QByteArrayView whole = text;
    while (!text.isEmpty()) {
        const QByteArrayView line = takeLine(text);
        if (line.isEmpty())
            continue;
        QByteArrayView value = line;
        const QByteArrayView key = takeUntil(value, ':');
        if (key.size() == line.size())
            return failure(parseError(QT_TRANSLATE_NOOP("slotscope", "this is not a line of CLUSTER INFO"), line));
        if (key == "cluster_state") {
            if (value != "ok" && value != "fail")
                return failure(parseError(QT_TRANSLATE_NOOP("slotscope", "this is not a cluster state"), line));
            stateSeen = true;
            info.stateOk = value == "ok";
        } else if (!readField(key, value, info)) {
            return failure(parseError(QT_TRANSLATE_NOOP("slotscope", "this is not a number"), line));
        }
    }
    if (!stateSeen)
        return failure(parseError(QT_TRANSLATE_NOOP("slotscope", "CLUSTER INFO contains no cluster_state"), whole));
    return info;
}

Result<QList<ClusterLink>> parseClusterLinks(const Value &reply)
{
    if (!reply.isAggregate() || reply.items().size() > maximumLinks)
        return failure(parseError(QT_TRANSLATE_NOOP("slotscope", "this is not a list of links"), reply.bytes()));
    QList<ClusterLink> links;
    links.reserve(qsizetype(reply.items().size()));
    for (const Value &item : reply.items()) {
        if (!readLink(item, links.emplaceBack()))
            return failure(parseError(QT_TRANSLATE_NOOP("slotscope", "this is not a link"), printForTerminal(item)));
    }
    return links;
}

} // namespace slotscope
