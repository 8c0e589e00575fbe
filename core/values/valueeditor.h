// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"
#include "core/values/edit.h"

#include <QPointer>

namespace slotscope {

/// What an edit replaced: enough to take it back.
struct FormerValue
{
    QByteArray key;
    int database = -1;
    std::optional<QByteArray> before; ///< as DUMP gave it; nothing: there was no key
    std::optional<QByteArray> after; ///< as DUMP gives it now
    qint64 ttlMs = -1; ///< before, at `at`; -1: for ever
    qint64 ttlAfterMs = -1; ///< after the edit, at `at`
    qint64 at = 0; ///< Clock ms
};

/// What came of an edit.
struct EditOutcome
{
    bool isDone = false; ///< false: a check did not hold, and nothing was changed
    /// Where it is not done: what each check's command says now, in their order; nothing: a null.
    QList<std::optional<QByteArray>> now;
    std::vector<Value> replies; ///< of the commands, in their order
    std::optional<FormerValue> former; ///< where the edit asked for it, and the user has the right to DUMP
    QString node; ///< "host:port" of the node that did it
};

/// Changes keys: each edit in one MULTI under WATCH, over a connection of its own to the key's node, after the gate was
/// asked about each command. Nothing is sent twice: where the answer to EXEC is lost, the error says that it may have
/// been done. A service for Remote; lives on the session's thread.
class ValueEditor final
{
public:
    explicit ValueEditor(QPointer<ClusterSession> session) : m_session(std::move(session)) { }
    /// Database of all edits from now on; -1: the connection's.
    void setDatabase(int database) { m_database = database; }

    [[nodiscard]] QCoro::Task<Result<EditOutcome>> apply(Edit edit, UserConsent consent);
    /// Puts the former value and time to live back, where value and time to live are still what the edit made of them,
    /// and the former time is not over.
    [[nodiscard]] QCoro::Task<Result<EditOutcome>> takeBack(FormerValue former, UserConsent consent);
    /// Copies a key to a new name, in whatever slot, and compares the copy; with `removesOld` the old one goes when the
    /// copy was found equal and nobody changed the old one meanwhile. Refused where the name is taken. Time to live
    /// stays. Error::NotWhole where the copy could not be found equal: the old key is kept then.
    [[nodiscard]] QCoro::Task<Result<>> copy(QByteArray key, QByteArray name, bool removesOld, UserConsent consent);

private:
    QPointer<ClusterSession> m_session;
    int m_database = -1;
};

} // namespace slotscope
