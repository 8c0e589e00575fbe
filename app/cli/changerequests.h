// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/text.h"
#include "core/operations/plan/requests.h"
#include "core/session/clustersession.h"

#include <QCommandLineParser>

namespace slotscope::cli {

[[nodiscard]] inline QCommandLineOption callTimeoutOption()
{
    return {QStringLiteral("call-timeout"), QStringLiteral("Timeout of MIGRATE, for each step of its I/O."),
            QStringLiteral("MS")};
}

/// Arguments of one command, and the session that resolves node names.
struct Words
{
    const QCommandLineParser &parser;
    const ClusterSession *session; ///< null for create

    [[nodiscard]] QStringList positional() const { return parser.positionalArguments(); }
    [[nodiscard]] bool has(const char *name) const { return parser.isSet(QString::fromLatin1(name)); }
    [[nodiscard]] QString value(const char *name) const { return parser.value(QString::fromLatin1(name)); }
    [[nodiscard]] QStringList values(const char *name) const { return parser.values(QString::fromLatin1(name)); }
    /// Values of a list option; if the option is repeated, the lists are joined.
    [[nodiscard]] QString joined(const char *name) const { return values(name).join(QLatin1Char(',')); }
    [[nodiscard]] Result<QByteArray> node(const QString &name) const { return session->resolveNode(name); }
    [[nodiscard]] Result<QList<QByteArray>> nodes(const QString &list) const
    {
        QList<QByteArray> ids;
        for (const QString &name : list.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
            const auto id = node(name);
            if (!id)
                return failure(id.error());
            ids.append(*id);
        }
        return ids;
    }
    [[nodiscard]] Result<qint64> number(const char *name, qint64 otherwise, qint64 least, qint64 most) const
    {
        if (!has(name))
            return otherwise;
        const auto parsed = toInteger(value(name).toLatin1());
        if (!parsed || *parsed < least || *parsed > most)
            return wrong(
                QStringLiteral("--%1 needs a number from %2 to %3").arg(QLatin1StringView(name)).arg(least).arg(most));
        return *parsed;
    }
    [[nodiscard]] static tl::unexpected<Error> wrong(const QString &text)
    {
        return failure(Error::Code::InvalidArgument, text);
    }
};

/// Names a single-value option that was given twice, since only one of the values would be used. Empty: none.
[[nodiscard]] QString givenTwice(const QCommandLineParser &parser, const QList<QCommandLineOption> &options);

// Convert the arguments of each command into a request; Error::InvalidArgument explains what is wrong.
[[nodiscard]] Result<OperationRequest> createRequest(const Words &words);
[[nodiscard]] Result<OperationRequest> addNodeRequest(const Words &words);
[[nodiscard]] Result<OperationRequest> removeNodeRequest(const Words &words);
[[nodiscard]] Result<OperationRequest> replicateRequest(const Words &words);
[[nodiscard]] Result<OperationRequest> failoverRequest(const Words &words);
[[nodiscard]] Result<OperationRequest> drillRequest(const Words &words);
[[nodiscard]] Result<OperationRequest> reshardRequest(const Words &words);
[[nodiscard]] Result<OperationRequest> rebalanceRequest(const Words &words);
[[nodiscard]] Result<OperationRequest> fixRequest(const Words &words);
[[nodiscard]] Result<OperationRequest> orphansRequest(const Words &words);
[[nodiscard]] Result<OperationRequest> forgetRequest(const Words &words);
[[nodiscard]] Result<OperationRequest> resetRequest(const Words &words);
[[nodiscard]] Result<OperationRequest> meetRequest(const Words &words);
[[nodiscard]] Result<OperationRequest> configRequest(const Words &words);
[[nodiscard]] Result<OperationRequest> backupRequest(const Words &words);
[[nodiscard]] Result<OperationRequest> saveRequest(const Words &words);

} // namespace slotscope::cli
