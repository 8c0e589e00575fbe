// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/keysizes.h"
#include "core/session/clustersession.h"

#include <QPointer>

#include <optional>

namespace slotscope {

/// The sizes of all keys of a cluster, as its primaries count them. Immutable, for any thread.
struct ClusterKeySizes
{
    struct Node
    {
        QByteArray id;
        QString name;
        KeySizes sizes; ///< isTold false: see the others
        bool isUnsupported = false; ///< the server has no INFO keysizes
        std::optional<Error> error; ///< why else it tells nothing
    };
    QList<Node> nodes; ///< primaries with slots; without cluster mode: the server
    KeySizes all; ///< of those that told
    qint64 readAt = 0; ///< ms since 1970

    [[nodiscard]] int told() const; ///< nodes
    /// Each primary told, and everything that it told was understood.
    [[nodiscard]] bool isWhole() const;
    /// No primary has INFO keysizes: there is nothing to be mended, the sizes come from an analysis.
    [[nodiscard]] bool isUnsupported() const;
};
using ClusterKeySizesPtr = std::shared_ptr<const ClusterKeySizes>;

/// "INFO keysizes of 3 of 3 primaries · all keys · as of 14:05:10"
[[nodiscard]] QString keySizesSource(const ClusterKeySizes &sizes);
/// What is not in the figures and why, a line each: nodes that told nothing (the right that the user lacks, as ACL
/// SETUSER takes it), lines that are not understood, keys that no server counts. `user` empty: the default one.
[[nodiscard]] QStringList keySizesLacks(const ClusterKeySizes &sizes, const QString &user);

/// Asks every primary for the sizes of its keys: one INFO each, no key is read. A service for Remote; lives on the
/// session's thread.
class KeySizesReader final
{
public:
    explicit KeySizesReader(QPointer<ClusterSession> session) : m_session(std::move(session)) { }
    /// Error where there is no view or no primary yet, or the session ends; what single nodes say is in the result.
    [[nodiscard]] QCoro::Task<Result<ClusterKeySizesPtr>> read() const;

private:
    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
