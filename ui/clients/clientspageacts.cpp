// SPDX-License-Identifier: GPL-3.0-or-later
// What ClientsPage says of what it heard, and what it does when asked.
#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/whendone.h"
#include "core/models/nodewords.h"
#include "core/models/tableexport.h"
#include "core/slowlog/slowlogreader.h"
#include "ui/clients/clientspage.h"
#include "ui/shared/consentedcall.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/exporting.h"
#include "ui/shared/nodenotice.h"
#include "ui/shared/rowsview.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"
#include "ui/shared/twolinedelegate.h"

#include <QClipboard>
#include <QDateTime>
#include <QFrame>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>
#include <QStackedWidget>

#include <numeric>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int mostGroupsShown = 300, mostNamed = 12;
constexpr qint64 noticeableUnread = 1 << 20; // in bytes of unread replies

QString groupTitleOf(const ClientsModel::Group &group)
{
    using Kind = ClientsModel::Group::Kind;
    switch (group.kind) {
    case Kind::NotTold: return ClientsPage::tr("not reported");
    case Kind::Ours: return ClientsPage::tr("slotscope");
    case Kind::Replication: return ClientsPage::tr("replication links");
    case Kind::Told: break;
    }
    return toDisplay(group.name);
}

/// "127.0.0.1:7001", or "127.0.0.1:7001 (3), 127.0.0.1:7002 (1)": the nodes that confirmed it.
QString killedOn(const std::vector<KilledClient> &killed)
{
    QMap<QString, int> nodes;
    for (const KilledClient &each : killed)
        if (each.outcome == KilledClient::Outcome::Killed)
            ++nodes[each.nodeName];
    QStringList names;
    for (auto node = nodes.constBegin(); node != nodes.constEnd() && names.size() < mostNamed; ++node)
        names.append(nodes.size() == 1 ? node.key() : u"%1 (%2)"_s.arg(node.key(), groupedNumber(*node)));
    if (nodes.size() > names.size())
        names.append(
            counted(nodes.size() - names.size(), ClientsPage::tr("1 more node"), ClientsPage::tr("%1 more nodes")));
    return names.join(u", "_s);
}

} // namespace

void ClientsPage::updateAll()
{
    updateGroups();
    updateHead();
    updateNotice();
    updateFinding();
    updateSelection();
    m_stack->setCurrentIndex(m_readAt == 0 || !context().door() ? 1 : 0);
}

void ClientsPage::updateGroups()
{
    const QSignalBlocker quiet(m_groups);
    m_shownGroups = m_model.groups();
    const int left = int(m_shownGroups.size()) - mostGroupsShown;
    if (left > 0)
        m_shownGroups.resize(mostGroupsShown);
    const int rows = int(m_shownGroups.size()) + 1 + (left > 0 ? 1 : 0);
    while (m_groups->count() > rows)
        delete m_groups->takeItem(m_groups->count() - 1);
    while (m_groups->count() < rows)
        m_groups->addItem(new QListWidgetItem);
    const auto fill = [this](int row, const QString &title, const QString &subtitle, const QString &count) {
        QListWidgetItem *item = m_groups->item(row);
        item->setData(TwoLineDelegate::TitleRole, title);
        item->setData(TwoLineDelegate::SubtitleRole, subtitle);
        item->setData(TwoLineDelegate::TrailingRole, count);
        item->setData(Qt::AccessibleTextRole, u"%1, %2, %3"_s.arg(title, count, subtitle));
    };
    qint64 memory = 0;
    int current = 0;
    for (size_t i = 0; i < m_shownGroups.size(); ++i) {
        const ClientsModel::Group &group = m_shownGroups[i];
        memory += group.memory;
        fill(int(i) + 1, groupTitleOf(group),
             counted(group.hosts, tr("1 address"), tr("%1 addresses")) + u" · "_s + byteSize(group.memory),
             groupedNumber(group.clients));
        if (m_group && *m_group == group)
            current = int(i) + 1;
    }
    fill(0, tr("All"), byteSize(memory), groupedNumber(m_model.total()));
    if (left > 0)
        fill(rows - 1, counted(left, tr("1 more"), tr("%1 more")), tr("the search finds their clients"), {});
    // the chosen group is empty now; it stays chosen, so that no other group is shown in its place
    if (m_group && current == 0) {
        m_groups->clearSelection();
        m_groups->setCurrentRow(-1);
    } else {
        m_groups->setCurrentRow(current);
    }
}

void ClientsPage::updateHead()
{
    int blocked = 0, answered = 0, heard = 0;
    qint64 memory = 0;
    for (const ClientsModel::Group &group : m_model.groups())
        memory += group.memory;
    for (int row = 0; row < m_model.rowCount(); ++row)
        blocked += m_model.lineAt(row)->hasFlag('b') && !m_model.isGone(row) ? 1 : 0;
    for (const NodeClients &node : m_model.heard()) {
        ++heard;
        answered += node.problem ? 0 : 1;
    }
    QStringList parts;
    const QString nodes = answered == heard ? counted(heard, tr("1 node"), tr("%1 nodes"))
                                            : tr("%1 of %2 nodes").arg(answered).arg(heard);
    parts.append(tr("%1 on %2").arg(groupedNumber(m_model.total()), nodes));
    if (blocked > 0)
        parts.append(tr("%1 blocked").arg(groupedNumber(blocked)));
    parts.append(tr("%1 of buffers").arg(byteSize(memory)));
    if (m_readAt > 0)
        parts.append(tr("read at %1").arg(QDateTime::fromMSecsSinceEpoch(m_readAt).toString(u"hh:mm:ss"_s)));
    m_subtitle->setText(parts.join(u" · "_s));
    const QString shown = counted(m_model.rowCount(), tr("1 client"), tr("%1 clients"));
    m_tableTitle->setText(m_group ? u"%1 · %2"_s.arg(groupTitleOf(*m_group), shown) : shown);
    m_showAll->setVisible(m_group.has_value());
}

/// Shows pauses, nodes that did not reply, and the ACL permission that is missing.
void ClientsPage::updateNotice()
{
    QStringList pauses;
    QList<NodeNotice::Problem> problems;
    m_paused.clear();
    for (const NodeClients &node : m_model.heard()) {
        if (!node.pausedActions.isEmpty()) {
            m_paused = node.nodeId;
            pauses.append(tr("%1 still delays %2 for %3 (CLIENT PAUSE).")
                              .arg(node.nodeName,
                                   node.pausedActions == "write" ? tr("write commands") : tr("all commands"),
                                   duration(node.pausedMs)));
        }
        if (node.problem)
            problems.append({node.nodeName, *node.problem});
    }
    m_notice->setProblems(problems, m_feed.nodes().size(), tr("%1 does not list its clients: the user lacks %2."),
                          pauses);
    m_unpause->setVisible(!m_paused.isEmpty());
}

/// Warns about shown clients that have not read their replies, which take memory of the server.
void ClientsPage::updateFinding()
{
    int clients = 0;
    qint64 bytes = 0;
    QByteArray host;
    bool isOneHost = true;
    for (int row = 0; row < m_model.rowCount(); ++row) {
        const ClientLine *line = m_model.lineAt(row);
        if (line->replyBytes == 0 || line->isServer() || line->isOurs() || m_model.isGone(row))
            continue;
        isOneHost = isOneHost && (clients == 0 || host == clientHost(line->address));
        host = clientHost(line->address);
        ++clients;
        bytes += line->replyBytes;
    }
    m_finding->setVisible(bytes >= noticeableUnread);
    const QString who = counted(clients, tr("1 client"), tr("%1 clients"));
    m_findingText->setText(tr("%1 of replies are waiting on the servers: %2 did not read them.")
                               .arg(byteSize(bytes), isOneHost ? tr("%1 of %2").arg(who, toDisplay(host)) : who));
    m_selectUnread->setText(counted(clients, tr("Select 1 shown"), tr("Select %1 shown")));
}

void ClientsPage::updateSelection()
{
    const std::vector<ClientToKill> clients = m_model.checkedClients();
    m_selectionBar->setVisible(!clients.empty());
    QSet<QByteArray> nodes, hosts;
    for (const ClientToKill &each : clients) {
        nodes.insert(each.nodeId);
        hosts.insert(clientHost(each.address));
    }
    QStringList parts{counted(qint64(clients.size()), tr("1 client selected"), tr("%1 clients selected")),
                      counted(nodes.size(), tr("on 1 node"), tr("on %1 nodes"))};
    if (hosts.size() == 1)
        parts.append(tr("all of %1").arg(toDisplay(*hosts.begin())));
    else
        parts.append(counted(hosts.size(), tr("1 address"), tr("%1 addresses")));
    if (const qint64 bytes = m_model.checkedUnreadBytes(); bytes > 0)
        parts.append(tr("%1 of unread replies are lost").arg(byteSize(bytes)));
    m_selectionText->setText(parts.join(u" · "_s));
    m_kill->setText(tr("Kill %1…").arg(groupedNumber(qint64(clients.size()))));
    m_selectAll->setText(clients.empty() ? tr("Select all") : tr("Select none"));
}

/// The question shows the addresses. The commands use ids and are sent only for clients that are still the same.
void ClientsPage::askToKill(const std::vector<ClientToKill> &clients)
{
    if (clients.empty() || context().isReadOnly())
        return;
    QMap<QByteArray, int> hosts;
    QSet<QByteArray> nodes;
    for (const ClientToKill &each : clients) {
        ++hosts[clientHost(each.address)];
        nodes.insert(each.nodeId);
    }
    QStringList lines;
    const bool areFew = clients.size() <= size_t(mostNamed);
    for (const ClientToKill &each : clients)
        if (areFew)
            lines.append(tr("%1, id %2").arg(toDisplay(each.address), QString::number(each.id)));
    for (auto each = hosts.constBegin(); !areFew && each != hosts.constEnd() && lines.size() < mostNamed; ++each)
        lines.append(u"%1: %2"_s.arg(toDisplay(each.key()), groupedNumber(each.value())));
    if (!areFew && hosts.size() > lines.size())
        lines.append(counted(hosts.size() - lines.size(), tr("and 1 more address"), tr("and %1 more addresses")));
    auto *question = new QMessageBox(QMessageBox::Warning, tr("Kill"),
                                     counted(qint64(clients.size()), tr("Close the connection of 1 client?"),
                                             tr("Close the connections of %1 clients?")),
                                     QMessageBox::NoButton, this);
    question->setObjectName(u"killQuestion"_s);
    question->setTextFormat(Qt::PlainText);
    question->setAttribute(Qt::WA_DeleteOnClose);
    const QString where = context().target().environment == EnvironmentKind::Production
        ? tr("%1 is marked as production.").arg(context().title()) + u"\n\n"_s
        : QString();
    question->setInformativeText(where
                                 + tr("%2\n\nConnected to %1. The node and id identify a client: one that has already "
                                      "left is not confused with another. Most clients reconnect at once.")
                                       .arg(counted(nodes.size(), tr("1 node"), tr("%1 nodes")), lines.join(u'\n')));
    QPushButton *cancel = question->addButton(tr("Cancel"), QMessageBox::RejectRole);
    const QPushButton *agree =
        question->addButton(tr("Kill %1").arg(groupedNumber(qint64(clients.size()))), QMessageBox::DestructiveRole);
    question->setDefaultButton(cancel);
    connect(question, &QMessageBox::finished, this, [this, question, agree, clients] {
        // this question counts as the confirmation for production; the command gate still applies
        if (question->clickedButton() == agree)
            sendKill(clients, UserConsent::Given);
    });
    question->open();
}

void ClientsPage::sendKill(const std::vector<ClientToKill> &clients, UserConsent consent)
{
    if (!m_feed.service()) {
        m_notice->tell(tr("There is no connection."), true);
        return;
    }
    m_kill->setEnabled(false);
    whenDone(m_feed.service()->call<std::vector<KilledClient>>(
                 [clients, consent](ClientsReader &reader) { return reader.kill(clients, consent); }),
             this, [this](const Killed &killed) {
                 takeRights();
                 if (killed)
                     takeKilled(*killed);
                 else
                     m_notice->tell(describe(killed.error()), true);
                 m_feed.readNow();
             });
}

void ClientsPage::takeKilled(const std::vector<KilledClient> &killed)
{
    using Outcome = KilledClient::Outcome;
    int done = 0, gone = 0;
    QStringList problems;
    for (const KilledClient &each : killed) {
        done += each.outcome == Outcome::Killed ? 1 : 0;
        gone += each.outcome == Outcome::Gone ? 1 : 0;
        if (!each.problem)
            continue;
        QString line = describe(*each.problem);
        if (const QByteArray right = missingRight(*each.problem); !right.isEmpty())
            line += tr(" It needs %1.").arg(QString::fromLatin1(right));
        if (!problems.contains(line) && problems.size() < mostNamed)
            problems.append(line);
    }
    const int count = int(killed.size());
    QString told = done == 0 ? tr("%1 of %2 clients were killed.").arg(done).arg(count)
        : done < count       ? tr("%1 of %2 clients were killed: %3.").arg(done).arg(count).arg(killedOn(killed))
                             : counted(done, tr("1 client was killed, confirmed by its node: %2."),
                                       tr("%1 clients were killed, confirmed by their nodes: %2."))
                             .arg(killedOn(killed));
    QStringList parts{told};
    if (gone > 0)
        parts.append(counted(gone, tr("1 had already left."), tr("%1 had already left.")));
    m_notice->tell(parts.join(u' ') + (problems.isEmpty() ? QString() : u'\n' + problems.join(u'\n')),
                   !problems.isEmpty());
}

void ClientsPage::unpause(const QByteArray &nodeId)
{
    const auto call = [this, nodeId](UserConsent consent) -> std::optional<QFuture<NodeReplies>> {
        if (!m_feed.service())
            return std::nullopt;
        return m_feed.service()->call<QList<NodeReply>>(
            [=](ClientsReader &reader) { return reader.unpause(nodeId, consent); });
    };
    callWithConsent(context(), this, call, [this](const NodeReplies &replies) {
        if (!replies && replies.error().code == Error::Code::NeedsConsent)
            return;
        m_notice->tell(isEveryReplyGood(replies) ? tr("The pause was ended.") : repliesText(replies),
                       !isEveryReplyGood(replies));
        m_feed.readNow();
    });
}

QString ClientsPage::subtitle() const
{
    return m_subtitle->text();
}

QString ClientsPage::noticeText() const
{
    return m_notice->text();
}

QString ClientsPage::findingText() const
{
    return m_finding->isHidden() ? QString() : m_findingText->text();
}

bool ClientsPage::isFilled() const
{
    return m_model.rowCount() > 0;
}

void ClientsPage::copyCommands()
{
    QStringList lines;
    for (const ClientToKill &each : m_model.checkedClients()) {
        const QString address =
            isSocketAddress(each.address) ? QString() : u" ADDR "_s + QString::fromLatin1(quoted(each.address));
        lines.append(u"CLIENT KILL ID %1%2 # %3"_s.arg(each.id).arg(address, m_model.nameOf(each.nodeId)));
    }
    QGuiApplication::clipboard()->setText(lines.join(u'\n') + u'\n');
}

QByteArray ClientsPage::exported(bool asJson) const
{
    QList<int> rows(m_model.rowCount()), columns;
    std::iota(rows.begin(), rows.end(), 0);
    for (int column = int(ClientsModel::Column::Node); column < m_model.columnCount(); ++column)
        columns.append(column);
    return exportTable(m_model, rows, columns, asJson ? TableFormat::Json : TableFormat::Csv);
}

void ClientsPage::fillExportMenu(QMenu *menu)
{
    menu->clear();
    menu->addAction(tr("Clients as CSV…"), this, [this] { saveBytes(this, u"clients"_s, u"csv"_s, exported(false)); });
    menu->addAction(tr("Clients as JSON…"), this, [this] { saveBytes(this, u"clients"_s, u"json"_s, exported(true)); });
}

void ClientsPage::openMenu(const QPoint &position)
{
    const int row = m_table->currentIndex().row();
    const ClientLine *line = m_model.lineAt(row);
    if (!line)
        return;
    QMenu menu(this);
    menu.addAction(tr("Toggle selection"), this, &ClientsPage::toggleCurrent)->setEnabled(!m_model.isGone(row));
    menu.addAction(tr("Copy the address"), this,
                   [address = line->address] { QGuiApplication::clipboard()->setText(toDisplay(address)); });
    menu.addAction(tr("Show the node in Topology"), this, [this, node = m_model.clientAt(row).nodeId] {
        context().goTo({.page = u"topology"_s, .node = node});
    });
    menu.addSeparator();
    QAction *kill = menu.addAction(tr("Kill…"), this, [this, client = m_model.clientAt(row)] { askToKill({client}); });
    kill->setEnabled(m_kill->isEnabled() && !m_model.isGone(row) && !line->isServer());
    menu.exec(m_table->viewport()->mapToGlobal(position));
}

} // namespace slotscope
