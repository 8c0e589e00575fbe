// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/aclusers.h"
#include "core/session/clustersession.h"

namespace slotscope {

/// An entry of ACL LOG, which describes a refusal.
struct AclLogEntry
{
    QByteArray nodeId;
    QString nodeName;
    qint64 count = 0;
    QByteArray reason; ///< "auth", "command", "key", "channel", "db"
    QByteArray object; ///< the refused command, key or channel
    QByteArray user, address, context;
    qint64 at = 0; ///< time of the last occurrence in ms since 1970
};

/// The refusals of all nodes, newest first.
struct AclLog
{
    std::vector<AclLogEntry> entries;
    QList<Error> problems; ///< errors of nodes without data
};

/// Reads and changes ACL users. Each node has its own: a cluster does not replicate them. On the session's thread.
class AclKeeper final
{
    Q_DISABLE_COPY_MOVE(AclKeeper)
public:
    explicit AclKeeper(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

    /// Error only if the session has ended, or there is no such node.
    [[nodiscard]] QCoro::Task<Result<NodeUsers>> read(QByteArray nodeId);
    /// Runs ACL SETUSER on these nodes. A password is sent as SHA-256, so that it does not appear in server logs; null
    /// keeps the present one.
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> set(QByteArrayList nodeIds, QByteArray user,
                                                            QByteArrayList rules, QByteArray password,
                                                            bool keepsPasswords, UserConsent consent);
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> remove(QByteArrayList nodeIds, QByteArray user,
                                                               UserConsent consent);
    /// Gives these nodes the user as defined on the source node, including its passwords.
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> copy(QByteArray source, QByteArrayList nodeIds, QByteArray user,
                                                             UserConsent consent);
    /// Runs ACL SAVE, which writes the ACL file.
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> save(QByteArrayList nodeIds, UserConsent consent);
    /// Runs ACL DRYRUN on each node: "OK", or the reason for a refusal (Redis 7.0 and later).
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> dryRun(QByteArrayList nodeIds, QByteArray user,
                                                               Command command);
    [[nodiscard]] QCoro::Task<Result<AclLog>> log(QByteArrayList nodeIds);
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> resetLog(QByteArrayList nodeIds, UserConsent consent);

private:
    QPointer<ClusterSession> m_session;
};

/// Returns "#" with the SHA-256, the form in which ACL SETUSER accepts a hashed password.
[[nodiscard]] QByteArray aclPasswordHash(const QByteArray &password);

} // namespace slotscope
