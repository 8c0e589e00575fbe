// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/keysizes.h"
#include "core/session/clustersession.h"

#include <QPointer>

#include <optional>

namespace slotscope {

/// The sizes of all keys of a cluster, as counted by its primaries. Immutable, usable on any thread.
struct ClusterKeySizes
{
    struct Node
    {
        QByteArray id;
        QString name;
        KeySizes sizes; ///< if isTold is false, isUnsupported or `error` gives the reason
        bool isUnsupported = false; ///< the server does not support INFO keysizes
        std::optional<Error> error; ///< any other reason for missing data
    };
    QList<Node> nodes; ///< primaries with slots or, without cluster mode, the server
    KeySizes all; ///< sum over the nodes with data
    qint64 readAt = 0; ///< ms since 1970

    [[nodiscard]] int told() const; ///< number of nodes with data
    /// Whether every primary returned data that could be parsed completely.
    [[nodiscard]] bool isWhole() const;
    /// Whether no primary supports INFO keysizes, so that only an analysis can supply sizes.
    [[nodiscard]] bool isUnsupported() const;
};
using ClusterKeySizesPtr = std::shared_ptr<const ClusterKeySizes>;

/// Describes the source: "INFO keysizes of 3 of 3 primaries · all keys · as of 14:05:10".
[[nodiscard]] QString keySizesSource(const ClusterKeySizes &sizes);
/// Describes what is missing and why, one line each: nodes without data (with the missing permission as an argument of
/// ACL SETUSER), invalid lines, keys that no server counts. `user` empty: the default user.
[[nodiscard]] QStringList keySizesLacks(const ClusterKeySizes &sizes, const QString &user);

/// Asks every primary for the sizes of its keys with one INFO each, without reading keys. A service for Remote; lives
/// on the session's thread.
class KeySizesReader final
{
public:
    explicit KeySizesReader(QPointer<ClusterSession> session) : m_session(std::move(session)) { }
    /// Error if there is no view or primary yet, or the session ends. Errors of single nodes are part of the result.
    [[nodiscard]] QCoro::Task<Result<ClusterKeySizesPtr>> read() const;

private:
    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
