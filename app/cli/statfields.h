// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/cluster/clusterview.h"
#include "core/metrics/metricsbook.h"

#include <QJsonObject>

namespace slotscope::cli {

/// Parses "used_cpu_sys,total_forks/raw".
[[nodiscard]] Result<InfoFields> readStatFields(const QString &value);
/// The fields that no node has reported.
[[nodiscard]] InfoFields fieldsNotTold(const InfoFields &fields, const MetricsBook &book);

/// The latest values of the fields of all nodes.
class StatFields final
{
public:
    StatFields(const InfoFields &fields, const MetricsBook &book);

    [[nodiscard]] QStringList titles() const;
    [[nodiscard]] QStringList cellsOf(const QByteArray &node) const; ///< in the order of titles(); "–" if unknown
    [[nodiscard]] QJsonObject jsonOf(const QByteArray &node) const; ///< null if unknown

private:
    InfoFields m_fields;
    QHash<QByteArray, QHash<QByteArray, double>> m_values; ///< by node id and field
};

} // namespace slotscope::cli
