// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/nodedetail.h"

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "ui/shared/slotsunderway.h"
#include "ui/shared/badge.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/factslist.h"
#include "ui/shared/icons.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"
#include "ui/shared/findingcard.h"

#include <QHeaderView>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

NodeDetail::NodeDetail(const Theme &theme, QWidget *parent)
    : QFrame(parent)
    , m_theme(theme)
    , m_facts(new FactsList(this))
    , m_opinionHead(plainLabel(tr("How each node sees it"), nullptr, this))
    , m_table(new TableView(theme, this))
    , m_findings(new FindingList(this))
{
    setProperty("card", true);
    setAccessibleName(tr("Details of the node"));
    addFacts();
    m_opinionHead->setFont(Theme::strongFont());
    m_table->setAccessibleName(tr("How each node sees it"));
    m_table->setSource(&m_model);
    m_table->sortByColumn(0, Qt::AscendingOrder);
    for (const auto column :
         {PeerReportModel::Column::Link, PeerReportModel::Column::Epoch, PeerReportModel::Column::Slots})
        m_table->setColumnShown(int(column), false);
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_table->setColumnWidth(int(PeerReportModel::Column::Flags), 84);
    m_table->setColumnWidth(int(PeerReportModel::Column::PingSent), 104);

    auto *content = new QWidget(this);
    auto *inner = new QVBoxLayout(content);
    inner->setContentsMargins(16, 4, 16, 16);
    inner->setSpacing(12);
    inner->addWidget(m_facts);
    inner->addWidget(m_findings);
    inner->addWidget(m_opinionHead);
    inner->addWidget(m_table);
    inner->addStretch();
    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(content);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(0);
    layout->addWidget(makeHead());
    layout->addWidget(scroll);
}

QWidget *NodeDetail::makeHead()
{
    auto *head = new QWidget(this);
    m_badge = new Badge(m_theme, head);
    m_name = new ElidedLabel({}, Qt::ElideMiddle, head);
    QFont font = Theme::monoFont();
    font.setPixelSize(13);
    font.setWeight(QFont::DemiBold);
    m_name->setFont(font);
    auto *close = new QToolButton(head);
    close->setIcon(themedIcon(u"close"_s, m_theme));
    close->setToolTip(tr("Close (Esc)"));
    close->setAccessibleName(tr("Close the details"));
    connect(close, &QToolButton::clicked, this, &NodeDetail::closeRequested);
    auto *layout = new QHBoxLayout(head);
    layout->setContentsMargins(16, 10, 10, 6);
    layout->setSpacing(8);
    layout->addWidget(m_badge);
    layout->addWidget(m_name);
    layout->addWidget(close);
    return head;
}

QWidget *NodeDetail::makeAddressButton()
{
    auto *button = new QToolButton(this);
    button->setObjectName(u"mapNode"_s);
    button->setText(tr("Map it…"));
    button->setToolTip(tr("Where the node is reached from here, and another address for it"));
    connect(button, &QToolButton::clicked, this, [this] { Q_EMIT addressRequested(m_id); });
    return button;
}

void NodeDetail::addFacts()
{
    auto *copy = new QToolButton(this);
    copy->setIcon(themedIcon(u"copy"_s, m_theme));
    copy->setIconSize({14, 14});
    copy->setFixedSize(20, 18);
    copy->setToolTip(tr("Copy the node id"));
    copy->setAccessibleName(copy->toolTip());
    connect(copy, &QToolButton::clicked, this, [this] { Q_EMIT copyRequested(QString::fromLatin1(m_id)); });
    using Form = FactsList::Form;
    m_facts->addFact(u"id"_s, tr("Node id"), Form::Monospace, copy);
    m_facts->addFact(u"role"_s, tr("Role"));
    m_facts->addFact(u"since"_s, tr("Failed for"));
    m_facts->addFact(u"saidBy"_s, tr("Reported by"));
    m_facts->addFact(u"reach"_s, tr("Reachability"));
    m_facts->addFact(u"refused"_s, tr("Refused"));
    m_facts->addFact(u"announced"_s, tr("Announced"), Form::Monospace);
    m_facts->addFact(u"reached"_s, tr("Reached at"), Form::Monospace, makeAddressButton());
    m_facts->addFact(u"known"_s, tr("Known to"));
    m_facts->addFact(u"link"_s, tr("Link"));
    m_facts->addFact(u"asOf"_s, tr("Data from"));
    m_facts->addFact(u"offset"_s, tr("Offset"), Form::Monospace);
    m_facts->addFact(u"slots"_s, tr("Slots"));
    m_facts->addFact(u"open"_s, tr("Open slots"));
    m_facts->addFact(u"keys"_s, tr("Keys"));
    m_facts->addFact(u"memory"_s, tr("Memory"));
    m_facts->addFact(u"traffic"_s, tr("Load"));
    m_facts->addFact(u"version"_s, tr("Server"));
    m_facts->addFact(u"epoch"_s, tr("Epoch"));
}

void NodeDetail::setNode(const ClusterViewPtr &view, const QByteArray &id)
{
    m_view = view;
    m_id = id;
    const NodeState *node = view ? view->node(id) : nullptr;
    if (!node)
        return;
    m_model.setNode(view, id);
    setIdentity(*node);
    setHealth(*node);
    setFigures(*node);
    QList<Finding> findings;
    std::copy_if(view->findings.begin(), view->findings.end(), std::back_inserter(findings),
                 [&id](const Finding &finding) { return finding.nodes.contains(id); });
    m_findings->setFindings(findings);
    fitTable();
}

void NodeDetail::setIdentity(const NodeState &node)
{
    const StateWord state = stateWord(node);
    m_badge->setBadge(state.text, state.tone);
    m_name->setText(node.name);
    m_facts->setFact(u"id"_s, QString::fromLatin1(node.id));
    QString role = roleWord(node);
    if (const NodeState *primary = node.primary ? nullptr : m_view->node(node.primaryId))
        role = tr("replica of %1").arg(primary->name);
    if (m_view->cluster)
        role += u" · "_s + shardWord(*m_view, node).toLower();
    m_facts->setFact(u"role"_s, role);
    const QString announced = node.address.hostname.isEmpty()
        ? node.address.toString()
        : node.address.toString() + u" "_s + node.address.hostname;
    const bool answers = node.reach.state == Reach::State::Ready;
    const bool same = node.reach.address.isEmpty() || (answers && node.reach.address == node.address.toString());
    m_facts->setFact(u"announced"_s, announced);
    m_facts->setFact(u"reached"_s, same ? QString() : node.reach.address);
    m_facts->setFact(u"known"_s,
                     node.knownByAll ? QString() : tr("%1 of %2 nodes").arg(node.knownBy.size()).arg(m_view->observers),
                     "warn");
    m_facts->setFact(u"epoch"_s,
                     m_view->cluster ? tr("%1 · cluster at %2").arg(node.configEpoch).arg(m_view->currentEpoch)
                                     : QString());
}

void NodeDetail::setHealth(const NodeState &node)
{
    const qint64 failedFor = node.condition == NodeCondition::Failed ? failedForMs(*m_view, node) : -1;
    m_facts->setFact(u"since"_s, failedFor < 0 ? QString() : duration(failedFor));
    m_facts->setFact(u"saidBy"_s, saidByText(*m_view, node));
    m_facts->setFact(u"refused"_s, node.refused, "warn");
    const LinkWord link = node.primary ? LinkWord{} : linkWord(*m_view, node);
    m_facts->setFact(u"link"_s, node.condition == NodeCondition::Failed ? QString() : link.text,
                     link.tone == Tone::Bad           ? "error"
                         : link.tone == Tone::Warning ? "warn"
                                                      : "");
    QStringList open;
    const SlotSet underWay = slotsUnderWay(*m_view);
    bool strays = false;
    for (const OpenSlot &slot : node.openSlots) {
        strays = strays || !underWay.contains(slot.slot);
        const NodeState *peer = m_view->node(slot.peer);
        const QString name = peer ? peer->name : QString::fromLatin1(slot.peer.left(8));
        open.append(slot.migrating ? tr("%1 → %2").arg(slot.slot).arg(name) : tr("%1 ← %2").arg(slot.slot).arg(name));
    }
    m_facts->setFact(u"open"_s,
                     open.size() > 12 ? tr("%1 … %2 in total").arg(open.first(12).join(u'\n')).arg(open.size())
                                      : open.join(u'\n'),
                     strays ? "warn" : "");
    refreshTimes();
}

void NodeDetail::setFigures(const NodeState &node)
{
    const ServerInfo info = node.info ? *node.info : ServerInfo();
    const auto number = [](const std::optional<qint64> &value) { return value ? groupedNumber(*value) : QString(); };
    QString offset = number(node.primary ? info.primaryOffset : info.replicaOffset);
    if (!offset.isEmpty() && node.lagBytes.value_or(0) > 0)
        offset += tr("  −%1").arg(byteSize(*node.lagBytes));
    m_facts->setFact(u"offset"_s, offset);
    const QString ranges = rangesText(node.slots, 12);
    m_facts->setFact(u"slots"_s,
                     node.slots.isEmpty() ? QString() : tr("%1 · %2").arg(groupedNumber(node.slots.count()), ranges));
    m_facts->setFact(u"keys"_s, number(info.keys));
    QString memory = info.usedMemory ? byteSize(*info.usedMemory) : QString();
    if (info.usedMemory && info.maxMemory.value_or(0) > 0)
        memory = tr("%1 of %2").arg(memory, byteSize(*info.maxMemory));
    m_facts->setFact(u"memory"_s, memory);
    QStringList load;
    if (info.opsPerSecond)
        load.append(tr("%1 ops/s").arg(groupedNumber(*info.opsPerSecond)));
    if (info.connectedClients)
        load.append(counted(*info.connectedClients, tr("1 client"), tr("%1 clients")));
    m_facts->setFact(u"traffic"_s, load.join(u" · "_s));
    QString product = toDisplay(info.product);
    if (!product.isEmpty())
        product[0] = product.at(0).toUpper();
    QString version = product.isEmpty() ? QString() : product + u' ' + toDisplay(info.version);
    if (!version.isEmpty() && info.uptimeSeconds)
        version = tr("%1 · up %2").arg(version, duration(*info.uptimeSeconds * 1000));
    m_facts->setFact(u"version"_s, version);
}

void NodeDetail::refreshTimes()
{
    const NodeState *node = m_view ? m_view->node(m_id) : nullptr;
    if (!node)
        return;
    const qint64 now = steadyMs();
    m_facts->setFact(u"reach"_s, reachText(*node, now));
    const bool old = node->isInfoOld();
    m_facts->setFact(u"asOf"_s,
                     old ? tr("%1 ago, when it last answered").arg(duration(std::max<qint64>(0, now - node->infoAt)))
                         : QString());
}

void NodeDetail::fitTable()
{
    const int rows = std::min(m_model.rowCount(), 12);
    m_opinionHead->setVisible(rows > 0);
    m_table->setVisible(rows > 0);
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height()
                            + rows * m_table->verticalHeader()->defaultSectionSize() + 2);
}

} // namespace slotscope
