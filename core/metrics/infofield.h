// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHash>

#include <optional>
#include <vector>

namespace slotscope {

/// A numeric field of INFO or CLUSTER INFO that the user records and plots in addition to the metrics.
struct InfoField
{
    QByteArray name; ///< "used_cpu_sys"; a part of a line is "cmdstat_get.calls", "db0.keys"
    bool perSecond = false; ///< its increase per second instead of its value
    /// "used_cpu_sys/s", "connected_slaves"; "total_forks/raw" for the value of a counter.
    [[nodiscard]] QByteArray text() const;
    friend bool operator==(const InfoField &, const InfoField &) = default;
};
using InfoFields = std::vector<InfoField>;
inline constexpr size_t mostInfoFields = 24; ///< maximum number of recorded fields

/// Parses the format of InfoField::text(). A name without a suffix means per second if it is a counter. nullopt if it
/// is no name of a field.
[[nodiscard]] std::optional<InfoField> readInfoField(QByteArrayView text);
/// The same for several with commas in between: valid ones, once each, at most mostInfoFields.
[[nodiscard]] InfoFields readInfoFields(const QList<QByteArray> &texts);

/// All fields of both, once each; there may be more than mostInfoFields.
[[nodiscard]] InfoFields joined(InfoFields fields, const InfoFields &others);
/// Whether a field is one of CLUSTER INFO, rather than of INFO.
[[nodiscard]] bool isOfClusterInfo(QByteArrayView name);

/// Whether a field only counts up while the server runs, judged by its name.
[[nodiscard]] bool countsUp(QByteArrayView name);
/// Whether several nodes are combined by maximum, because a sum makes no sense: ages, shares, what a node says of the
/// whole cluster.
[[nodiscard]] bool isLargest(const InfoField &field);
enum class InfoUnit : quint8 { Number, Bytes, Percent };
[[nodiscard]] InfoUnit unitOf(const InfoField &field);

/// A numeric field as a node reported it.
struct InfoFigure
{
    QByteArray section; ///< "CPU", "Stats"; empty if the reply has no sections
    QByteArray name;
    double value = 0;
    int nodes = 1; ///< number of nodes that report it
};
using InfoFigures = std::vector<InfoFigure>;
inline constexpr size_t mostInfoFigures = 20'000; ///< maximum number of fields of all nodes together
/// The numeric fields of a reply of INFO or CLUSTER INFO, in its order, at most mostInfoFigures.
[[nodiscard]] InfoFigures infoFigures(QByteArrayView reply);
/// Adds what another node reported, up to mostInfoFigures: new fields after those of the same section, known ones are
/// counted.
void addFigures(InfoFigures &figures, const InfoFigures &others);
/// The values of these fields in a reply; a missing one is left out.
[[nodiscard]] QHash<QByteArray, double> valuesIn(QByteArrayView reply, const InfoFields &fields);

} // namespace slotscope
