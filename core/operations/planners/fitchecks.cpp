// SPDX-License-Identifier: GPL-3.0-or-later
// Whether one node can take what another one has: as its replica, or as the new owner of its keys.
#include "core/operations/planners/fitchecks.h"

#include "core/base/text.h"
#include "core/base/tr.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Whether `reader` accepts DUMP payloads of `writer`: a server refuses payload versions newer than its own.
bool readsDumpsOf(const NodeFacts &reader, const NodeFacts &writer)
{
    if (!writer.payload || reader.payloadRelaxed)
        return true;
    if (reader.payload)
        return *reader.payload >= *writer.payload;
    constexpr int newestWithoutFunctions = 9; // newest payload version before 7.0
    return !reader.capabilitiesKnown || reader.functions || *writer.payload <= newestWithoutFunctions;
}

QString formText(const NodeFacts &node)
{
    return node.payload ? QString::number(*node.payload) : tr("9 or lower");
}

} // namespace

LoginFit loginFit(const NodeFacts &replica, const NodeFacts &primary, QString *why)
{
    if (!replica.login || !primary.users)
        return LoginFit::Unknown;
    const auto wrong = [why](const QString &text) {
        if (why)
            *why = text;
        return LoginFit::Wrong;
    };
    const ReplicationLogin &login = *replica.login;
    const QByteArray name = login.user.isEmpty() || login.passwordHash.isEmpty() ? "default"_ba : login.user;
    const AclUser user = primary.users->value(name);
    if (login.passwordHash.isEmpty()) // without masterauth, the replica sends no AUTH
        return user.on && user.noPassword ? LoginFit::Fits
                                          : wrong(tr("it has no masterauth, but the primary requires a password"));
    if (!user.on)
        return wrong(tr("its masteruser is %1, and the primary does not let that user log in").arg(toDisplay(name)));
    if (user.noPassword)
        return login.user.isEmpty() ? wrong(tr("it has a masterauth, but the primary has no password: it refuses AUTH"))
                                    : LoginFit::Fits;
    return user.passwordHashes.contains(login.passwordHash)
        ? LoginFit::Fits
        : wrong(tr("its masterauth is not the password that the primary requires"));
}

void checkReplication(PlanDraft &draft, const NodeRef &replica, const NodeRef &primary, PlanCheck::Verdict severity)
{
    const NodeFacts &there = draft.factsOf(replica), &here = draft.factsOf(primary);
    QString why;
    switch (loginFit(there, here, &why)) {
    case LoginFit::Fits: break;
    case LoginFit::Wrong:
        draft.check(severity, tr("%1 cannot log in to %2: %3").arg(replica.address, primary.address, why),
                    tr("The replica would not receive the data. First set masterauth (and masteruser) on the replica "
                       "with redis-cli: CONFIG SET, then CONFIG REWRITE. Slotscope's plans contain no passwords."));
        break;
    case LoginFit::Unknown:
        draft.warn(tr("It is not known whether %1 can log in to %2").arg(replica.address, primary.address),
                   tr("The user may not run CONFIG GET masterauth or ACL LIST. If masterauth is not the password that "
                      "the primary requires, the replica does not receive the data."));
        break;
    }
    if (!readsDumpsOf(there, here))
        draft.check(severity, tr("%1 cannot read the data of %2").arg(replica.address, primary.address),
                    tr("%2 writes RDB version %3, but %1 is older and reads only up to version %4. Upgrade %1 first.")
                        .arg(replica.address, primary.address, formText(here), formText(there)));
}

bool keysFit(const PlanDraft &draft, const NodeRef &source, const NodeRef &target)
{
    const NodeFacts &from = draft.factsOf(source), &to = draft.factsOf(target);
    const NodeState *node = draft.view.node(source.id);
    const bool enough = !to.databases || !node || !node->info || node->info->highestDatabase < *to.databases;
    return enough && readsDumpsOf(to, from);
}

void checkKeysFit(PlanDraft &draft, const NodeRef &source, const NodeRef &target)
{
    const NodeFacts &from = draft.factsOf(source), &to = draft.factsOf(target);
    const NodeState *node = draft.view.node(source.id);
    const int highest = node && node->info ? node->info->highestDatabase : 0;
    if (to.databases && highest >= *to.databases)
        draft.refuse(tr("%1 has keys in database %2, but %3 has only %4")
                         .arg(source.address)
                         .arg(highest)
                         .arg(target.address)
                         .arg(*to.databases == 1 ? tr("database 0") : tr("0 to %1").arg(*to.databases - 1)),
                     tr("The target cannot take these keys. Set cluster-databases in its configuration to at least %1 "
                        "and restart it, or choose another target.")
                         .arg(highest + 1));
    else if (!to.databases && highest > 0)
        draft.warn(tr("It is not known how many databases %1 has").arg(target.address),
                   tr("%1 has keys in database %2. If the target lacks a database, the operation stops.")
                       .arg(source.address)
                       .arg(highest));
    else if (to.databases && from.databases && *to.databases < *from.databases)
        draft.warn(tr("%1 has %2 databases, but %3 has %4")
                       .arg(source.address)
                       .arg(*from.databases)
                       .arg(target.address)
                       .arg(*to.databases),
                   tr("A key that is written to a database that the target lacks cannot be moved, and the operation "
                      "stops there."));
    if (!readsDumpsOf(to, from))
        draft.refuse(tr("%1 cannot read the values of %2").arg(target.address, source.address),
                     tr("%2 dumps values in RDB version %3, but %1 reads only up to version %4: it is older, or a "
                        "different product. Upgrade %1 first, or choose another target.")
                         .arg(target.address, source.address, formText(from), formText(to)));
}

} // namespace slotscope
