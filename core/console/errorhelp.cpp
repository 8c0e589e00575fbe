// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/console/errorhelp.h"

#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/cluster/slot.h"
#include "core/net/uri.h"
#include "core/protocol/redirect.h"

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

QString ownerName(const ClusterView *view, int slot)
{
    if (!view || view->owner[size_t(slot)] == ClusterView::noOwner)
        return {};
    return view->nodes[size_t(view->owner[size_t(slot)])].name;
}

QList<ErrorHelp::KeyRow> rowsOf(const QByteArrayList &keys, const ClusterView *view)
{
    constexpr qsizetype most = 100;
    QList<ErrorHelp::KeyRow> rows;
    for (const QByteArray &key : keys.mid(0, most)) {
        ErrorHelp::KeyRow row;
        row.key = key;
        row.slot = slotOfKey(key);
        const int owner = view ? view->owner[size_t(row.slot)] : ClusterView::noOwner;
        if (owner != ClusterView::noOwner) {
            const NodeState &node = view->nodes[size_t(owner)];
            row.nodeId = node.id;
            row.nodeName = node.name;
            row.colour = node.shard < 0 ? -1 : view->shards[size_t(node.shard)].colour;
        }
        rows.append(row);
    }
    return rows;
}

void explainCrossSlot(ErrorHelp &help, const Command &command, const ClusterView *view, const CommandTable *table)
{
    const auto keys = table ? table->keysOf(command) : Result<QByteArrayList>(QByteArrayList());
    if (keys)
        help.keys = rowsOf(*keys, view);
    QSet<int> slots;
    for (const ErrorHelp::KeyRow &row : std::as_const(help.keys))
        slots.insert(row.slot);
    help.instead = dividedBySlot(command);
    help.text = slots.size() > 1 ? tr("A command may use keys of one slot only; these keys are in %1. Keys with the "
                                      "same part in braces, such as {cart:1}:items and {cart:1}:total, share a slot.")
                                       .arg(slots.size())
                                 : tr("A command may use keys of one slot only.");
}

/// Explains NOPERM. Redis 7: "NOPERM this user has no permissions to run the 'get' command", "… User x has no
/// permissions to access one of the keys used as arguments", "… the channels …".
void explainPermission(ErrorHelp &help, const QByteArray &error, const Command &command, const CommandTable *table)
{
    if (error.contains("channel")) {
        const QByteArray channel = command.value(1);
        help.right = '&' + channel;
        help.text = tr("The ACL does not let this user access the channel.");
    } else if (error.contains("key")) {
        const auto keys = table ? table->keysOf(command) : Result<QByteArrayList>(command.mid(1, 1));
        const QByteArray key = keys && !keys->isEmpty() ? keys->front() : command.value(1);
        help.right = '~' + key;
        help.text = tr("The ACL does not let this user access at least one of the keys.");
    } else {
        const qsizetype begin = error.indexOf('\'');
        const qsizetype end = error.indexOf('\'', begin + 1);
        QByteArray name =
            begin >= 0 && end > begin ? error.mid(begin + 1, end - begin - 1) : command.value(0).toLower();
        help.right = '+' + name;
        help.text = tr("The ACL does not let this user run this command.");
    }
    help.grant = u"ACL SETUSER <user> %1"_s.arg(QString::fromLatin1(quoted(help.right)));
}

void explainRedirect(ErrorHelp &help, const QByteArray &error, const ClusterView *view)
{
    const auto redirect = parseRedirect(error);
    if (!redirect)
        return;
    const QString address = Endpoint{.host = redirect->host, .port = redirect->port, .socketPath = {}}.toString();
    const QString owner = ownerName(view, redirect->slot);
    if (redirect->kind == Redirect::Kind::Ask) {
        help.text = tr("Slot %1 is being migrated to %2, and this key has already been moved. With “Follow redirects”, "
                       "the command is sent there after ASKING.")
                        .arg(redirect->slot)
                        .arg(address);
        return;
    }
    help.text = tr("The key is in slot %1, which is on %2. With “Follow redirects” the command is sent there, but not "
                   "within MULTI: all keys of a transaction must be on one node.")
                    .arg(redirect->slot)
                    .arg(address);
    if (!owner.isEmpty() && owner != address)
        help.text += u' ' + tr("According to the last topology read, the owner is %1.").arg(owner);
}

QString plainHelp(const QByteArray &code, const QByteArray &error)
{
    if (code == "CLUSTERDOWN")
        return error.contains("not served")
            ? tr("No node serves the slot of this key. The Topology page shows which slots have no owner.")
            : tr("This node considers the cluster to be down: some slots have no owner, or it reaches too few "
                 "primaries (cluster-require-full-coverage).");
    if (code == "TRYAGAIN")
        return tr("The slot is being migrated, and the keys are spread over both nodes. The error stops when all of "
                  "them have arrived.");
    if (code == "READONLY")
        return tr("This node is a replica: writes go to its primary. Send to the cluster, or to the primary.");
    if (code == "NOAUTH")
        return tr("The server requires a password first: AUTH user password.");
    if (code == "WRONGPASS")
        return tr("The user name or the password is wrong, or the user is disabled. Slotscope stores neither.");
    if (code == "OOM")
        return tr("The server has reached maxmemory, and its maxmemory-policy lets it evict nothing (more). Reads and "
                  "deletes still work.");
    if (code == "MISCONF")
        return tr("The last save to disk failed, so the server refuses writes (stop-writes-on-bgsave-error). Check the "
                  "disk, and rdb_last_bgsave_status in INFO.");
    if (code == "BUSY")
        return tr("The server is busy with a script or function and serves nothing else. SCRIPT KILL or FUNCTION KILL "
                  "stops it if it has not written yet; send that to this node.");
    if (code == "LOADING")
        return tr("The server is loading its data from disk. INFO persistence shows the remaining time "
                  "(loading_eta_seconds).");
    if (code == "MASTERDOWN")
        return tr("The replica has lost the link to its primary, and replica-serve-stale-data is set to no.");
    if (code == "WRONGTYPE")
        return tr("The key has another type than this command works on. TYPE shows it.");
    if (code == "EXECABORT")
        return tr("The server refused a command of the transaction when it was queued, so no command ran.");
    if (code == "NOSCRIPT")
        return tr("This node does not know the script: each node has a script cache of its own. Load it there with "
                  "SCRIPT LOAD, or use EVAL.");
    if (code == "NOREPLICAS")
        return tr("Fewer replicas are connected than min-replicas-to-write requires.");
    return {};
}

} // namespace

QList<Command> dividedBySlot(const Command &command)
{
    static const QByteArrayList byKey{"MGET", "DEL", "UNLINK", "EXISTS", "TOUCH"};
    const QByteArray name = command.value(0).toUpper();
    const qsizetype step = name == "MSET" ? 2 : byKey.contains(name) ? 1 : 0;
    if (step == 0 || (command.size() - 1) % step != 0)
        return {};
    QList<Command> divided;
    QHash<int, qsizetype> indexOf;
    for (qsizetype i = 1; i < command.size(); i += step) {
        const int slot = slotOfKey(command[i]);
        if (!indexOf.contains(slot)) {
            indexOf.insert(slot, divided.size());
            divided.append(Command{command[0]});
        }
        divided[indexOf.value(slot)].append(command.mid(i, step));
    }
    return divided.size() > 1 ? divided : QList<Command>();
}

ErrorHelp explainError(const QByteArray &serverError, const Command &command, const ClusterView *view,
                       const CommandTable *table)
{
    ErrorHelp help;
    const QByteArray code = serverError.left(serverError.indexOf(' '));
    if (code == "CROSSSLOT")
        explainCrossSlot(help, command, view, table);
    else if (code == "NOPERM")
        explainPermission(help, serverError, command, table);
    else if (code == "MOVED" || code == "ASK")
        explainRedirect(help, serverError, view);
    else
        help.text = plainHelp(code, serverError);
    if (help.text.isEmpty() && serverError.startsWith("ERR unknown command"))
        help.text = tr("This server does not know the command, or the command was renamed there.");
    if (help.text.isEmpty() && serverError.startsWith("ERR SELECT is not allowed in cluster mode"))
        help.text = tr("A cluster has only database 0 (Valkey 9: as many databases as cluster-databases sets).");
    return help;
}

} // namespace slotscope
