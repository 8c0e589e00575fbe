// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/console/commanddocs.h"
#include "core/console/errorhelp.h"
#include "core/session/clustersession.h"

namespace slotscope {

/// A key that a bounded search found.
struct KeyProposal
{
    QByteArray key, type; ///< type empty: not asked
    qint64 length = -1; ///< elements, or bytes of a string; -1: not asked
};
struct KeyProposals
{
    QList<KeyProposal> keys;
    bool isWhole = false; ///< every key was looked at: there are no others
    qint64 milliseconds = 0;
};

/// What helps with typing: the servers' own words about their commands, names of keys, what an error means. Over the
/// session's shared links; reads only. On the session's thread.
class ConsoleHelp final
{
    Q_DISABLE_COPY_MOVE(ConsoleHelp)
public:
    static constexpr int keySearchMs = 200;
    static constexpr int mostKeys = 50;

    explicit ConsoleHelp(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

    /// COMMAND DOCS, read once per version of server; what is built in where that is refused.
    [[nodiscard]] QCoro::Task<Result<CommandDocsPtr>> docs() const;
    /// Keys that begin so, found within keySearchMs by a few SCANs; types and lengths of the first ones.
    [[nodiscard]] QCoro::Task<Result<KeyProposals>> keysLike(QByteArray beginning) const;
    [[nodiscard]] QCoro::Task<Result<ErrorHelp>> explain(QByteArray serverError, Command command, QByteArray nodeId,
                                                         QString user) const;
    /// The keys of a command, by COMMAND's own account.
    [[nodiscard]] QCoro::Task<Result<QByteArrayList>> keysOf(Command command) const;

    /// Flags and rights of a command, as COMMAND tells them.
    [[nodiscard]] QCoro::Task<Result<CommandSpec>> spec(Command command) const;

private:
    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
