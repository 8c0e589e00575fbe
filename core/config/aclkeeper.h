// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/aclusers.h"
#include "core/session/clustersession.h"

namespace slotscope {

/// An entry of ACL LOG: what was refused.
struct AclLogEntry
{
    QByteArray nodeId;
    QString nodeName;
    qint64 count = 0;
    QByteArray reason; ///< "auth", "command", "key", "channel", "db"
    QByteArray object; ///< the command, key or channel
    QByteArray user, address, context;
    qint64 at = 0; ///< ms since 1970: the last time
};

/// The refused of all nodes, newest first.
struct AclLog
{
    std::vector<AclLogEntry> entries;
    QList<Error> problems; ///< nodes that told nothing
};

/// Reads and changes the users of nodes. ACLs are of each node: a cluster does not spread them. On the session's
/// thread.
class AclKeeper final
{
    Q_DISABLE_COPY_MOVE(AclKeeper)
public:
    explicit AclKeeper(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

    /// Error only where there is no session any more, or no such node.
    [[nodiscard]] QCoro::Task<Result<NodeUsers>> read(QByteArray nodeId);
    /// ACL SETUSER on these nodes. A password goes as its SHA-256, so that no log of a server holds it; null: as it
    /// was.
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> set(QByteArrayList nodeIds, QByteArray user,
                                                            QByteArrayList rules, QByteArray password,
                                                            bool keepsPasswords, UserConsent consent);
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> remove(QByteArrayList nodeIds, QByteArray user,
                                                               UserConsent consent);
    /// Gives these nodes the user as the source has it, its passwords included.
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> copy(QByteArray source, QByteArrayList nodeIds, QByteArray user,
                                                             UserConsent consent);
    /// ACL SAVE: to the file of users.
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> save(QByteArrayList nodeIds, UserConsent consent);
    /// ACL DRYRUN: "OK", or why not, of each node (Redis 7.0 and later).
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> dryRun(QByteArrayList nodeIds, QByteArray user,
                                                               Command command);
    [[nodiscard]] QCoro::Task<Result<AclLog>> log(QByteArrayList nodeIds);
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> resetLog(QByteArrayList nodeIds, UserConsent consent);

private:
    QPointer<ClusterSession> m_session;
};

/// "#" and the SHA-256: how ACL SETUSER takes a password without being told it.
[[nodiscard]] QByteArray aclPasswordHash(const QByteArray &password);

} // namespace slotscope
