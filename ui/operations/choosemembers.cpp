// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/choosemembers.h"

#include "core/net/addresslist.h"
#include "ui/operations/migrationfields.h"
#include "ui/shared/nodechoice.h"
#include "ui/shared/operationmenu.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"

#include <QCheckBox>
#include <QLineEdit>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

bool anyNode(const ClusterView &, const NodeState &)
{
    return true;
}

} // namespace

ChooseJoin::ChooseJoin(const Theme &theme, const OperationDraft &draft, QWidget *parent)
    : ChoosePage(theme, parent)
    , m_meet(draft.operation == Operation::Meet)
    , m_address(new QLineEdit(draft.host, this))
    , m_role(new SegmentedControl({tr("Primary"), tr("Replica"), tr("New shard")}, this))
    , m_primary(new NodeCombo(isPrimary, tr("The primary with the fewest replicas"), this))
    , m_rebalance(new QCheckBox(tr("Give it its share of the slots in the same operation"), this))
{
    m_address->setObjectName(u"address"_s);
    m_address->setFont(Theme::monoFont());
    m_address->setPlaceholderText(m_meet ? tr("host:port") : tr("host:port host:port-port …"));
    addRow(tr("Address"), m_address,
           m_meet ? tr("Only introduces the node: it stays an empty primary. Refused if the node knows another "
                       "cluster: MEET would merge the two permanently.")
                  : tr("An empty server in cluster mode that knows no other node; or several of them."));
    m_role->setObjectName(u"role"_s);
    m_rebalance->setObjectName(u"rebalance"_s);
    m_role->setVisible(!m_meet);
    m_primary->setVisible(!m_meet);
    m_rebalance->setVisible(!m_meet);
    if (!m_meet) {
        addRow(tr("As"), m_role, tr("A new shard: the first address becomes its primary, the others its replicas."));
        addRow(tr("Replica of"), m_primary);
        addRow(tr("Slots"), m_rebalance,
               tr("Otherwise the primary starts without slots: a rebalance can give it some later."));
        m_primary->setNode(draft.targetId);
        m_role->setCurrent(draft.targetId.isEmpty() ? 0 : 1);
    }
    addSpring();
    connect(m_address, &QLineEdit::textChanged, this, [this] {
        updateForm();
        Q_EMIT changed();
    });
    connect(m_role, &SegmentedControl::currentChanged, this, [this] {
        updateForm();
        Q_EMIT changed();
    });
    connect(m_primary, &NodeCombo::nodeChanged, this, &ChoosePage::changed);
    connect(m_rebalance, &QCheckBox::toggled, this, &ChoosePage::changed);
    updateForm();
}

QList<Endpoint> ChooseJoin::endpoints(QString *problem) const
{
    QList<Endpoint> list;
    const QStringList words = m_meet ? QStringList{m_address->text().trimmed()} : addressesIn(m_address->text());
    for (const QString &word : words) {
        const auto endpoint = Endpoint::parse(word);
        if (problem && problem->isEmpty() && !word.isEmpty()) {
            if (!endpoint)
                *problem = tr("“%1” is not host:port.").arg(word);
            else if (list.contains(*endpoint))
                *problem = tr("%1 is in the list twice: remove one.").arg(word);
        }
        if (endpoint)
            list.append(*endpoint);
    }
    return list;
}

void ChooseJoin::updateForm()
{
    m_primary->setEnabled(m_role->current() == 1);
    m_rebalance->setEnabled(m_role->current() != 1);
    QString problem;
    (void)endpoints(&problem);
    setStyleProperty(m_address, "wrong", !problem.isEmpty());
}

void ChooseJoin::setView(const ClusterViewPtr &view)
{
    ChoosePage::setView(view);
    m_primary->setView(view);
}

OperationRequest ChooseJoin::request() const
{
    const QList<Endpoint> nodes = endpoints();
    const Endpoint endpoint = nodes.value(0);
    if (m_meet)
        return MeetRequest{.endpoint = endpoint};
    AddNodeRequest request;
    request.endpoint = endpoint;
    request.more = nodes.mid(1);
    request.asReplica = m_role->current() == 1;
    request.asShard = m_role->current() == 2;
    request.rebalance = !request.asReplica && m_rebalance->isChecked();
    if (request.asReplica)
        request.replicaOf = m_primary->node();
    return request;
}

QString ChooseJoin::missing() const
{
    if (m_address->text().trimmed().isEmpty())
        return tr("Enter the address of the node.");
    QString problem;
    (void)endpoints(&problem);
    return problem;
}

ChooseRemove::ChooseRemove(const Theme &theme, const OperationDraft &draft, QWidget *parent)
    : ChoosePage(theme, parent)
    , m_node(new NodeCombo(anyNode, {}, this))
    , m_more(new NodeChecks([this](const ClusterView &,
                                   const NodeState &node) { return isGoneMember(node) && node.id != m_node->node(); },
                            this))
    , m_targets(
          new NodeChecks([this](const ClusterView &view,
                                const NodeState &node) { return isPrimary(view, node) && node.id != m_node->node(); },
                         this))
    , m_ban(new QCheckBox(tr("Check again when the ban on its id has expired (a minute)"), this))
    , m_migration(new MigrationFields(this))
{
    m_node->setNode(draft.nodeId);
    addRow(tr("Node"), m_node,
           tr("Its slots move away first, its replicas get another primary, all nodes forget it, and it is reset if it "
              "runs."));
    m_more->setObjectName(u"more"_s);
    m_more->setNodes(draft.more);
    addRow(tr("Also remove"), m_more,
           tr("Nodes that do not answer and own no slots can be removed in the same operation."));
    addRow(tr("Slots to"), m_targets, tr("If none is chosen: to all other primaries in equal shares."));
    addRow(tr("Afterwards"), m_ban);
    addWide(m_migration);
    addSpring();
    connect(m_node, &NodeCombo::nodeChanged, this, [this] {
        m_targets->setView(view());
        m_more->setView(view());
        Q_EMIT changed();
    });
    connect(m_more, &NodeChecks::nodesChanged, this, &ChoosePage::changed);
    connect(m_targets, &NodeChecks::nodesChanged, this, &ChoosePage::changed);
    connect(m_ban, &QCheckBox::toggled, this, &ChoosePage::changed);
    connect(m_migration, &MigrationFields::changed, this, &ChoosePage::changed);
}

void ChooseRemove::setView(const ClusterViewPtr &view)
{
    ChoosePage::setView(view);
    m_node->setView(view);
    m_more->setView(view);
    m_targets->setView(view);
}

OperationRequest ChooseRemove::request() const
{
    RemoveNodeRequest request;
    request.nodeId = m_node->node();
    request.more = m_more->nodes();
    request.more.removeAll(request.nodeId);
    request.drainTo = m_targets->nodes();
    request.drainTo.removeAll(request.nodeId);
    request.waitForBan = m_ban->isChecked();
    request.migration = m_migration->options();
    return request;
}

QString ChooseRemove::missing() const
{
    return m_node->node().isEmpty() ? tr("Choose the node to remove.") : QString();
}

ChooseReplicate::ChooseReplicate(const Theme &theme, const OperationDraft &draft, QWidget *parent)
    : ChoosePage(theme, parent)
    , m_node(new NodeCombo([](const ClusterView &, const NodeState &node) { return node.slots.isEmpty(); }, {}, this))
    , m_primary(
          new NodeCombo([this](const ClusterView &view,
                               const NodeState &node) { return isPrimary(view, node) && node.id != m_node->node(); },
                        tr("No node: it becomes an empty primary"), this))
{
    m_node->setNode(draft.nodeId);
    m_primary->setNode(draft.targetId);
    addRow(tr("Node"), m_node, tr("Nodes that own no slots: a primary with slots cannot become a replica."));
    addRow(tr("Replica of"), m_primary,
           tr("A new primary means a full synchronization: it takes memory and network on both nodes, and the data of "
              "the replica is dropped first."));
    addSpring();
    connect(m_node, &NodeCombo::nodeChanged, this, [this] {
        m_primary->setView(view());
        Q_EMIT changed();
    });
    connect(m_primary, &NodeCombo::nodeChanged, this, &ChoosePage::changed);
}

void ChooseReplicate::setView(const ClusterViewPtr &view)
{
    ChoosePage::setView(view);
    m_node->setView(view);
    m_primary->setView(view);
}

OperationRequest ChooseReplicate::request() const
{
    return ReplicateRequest{.nodeId = m_node->node(), .primaryId = m_primary->node()};
}

QString ChooseReplicate::missing() const
{
    if (m_node->node().isEmpty())
        return tr("Choose the node.");
    return m_primary->currentIndex() < 0 ? tr("Choose its primary.") : QString();
}

ChooseNode::ChooseNode(const Theme &theme, const OperationDraft &draft, QWidget *parent)
    : ChoosePage(theme, parent)
    , m_reset(draft.operation == Operation::Reset)
    , m_node(new NodeCombo(anyNode, {}, this))
    , m_ban(new QCheckBox(tr("Check again when the ban on its id has expired (a minute)"), this))
    , m_how(new SegmentedControl({tr("Soft"), tr("Hard")}, this))
{
    m_node->setNode(draft.nodeId);
    addRow(tr("Node"), m_node,
           m_reset ? tr("The node leaves its cluster and forgets all other nodes. A node that owns slots or contains "
                        "keys is refused.")
                   : tr("Every node is told to forget it, within the minute for which its id is banned. For nodes that "
                        "are gone for good."));
    m_ban->setVisible(!m_reset);
    m_how->setVisible(m_reset);
    if (m_reset) {
        addRow(tr("How"), m_how,
               tr("Soft keeps the node id and epoch. Hard gives it a new id and epoch 0, as if it had never been in "
                  "the cluster."));
    } else {
        addRow(tr("Afterwards"), m_ban);
    }
    addSpring();
    connect(m_node, &NodeCombo::nodeChanged, this, &ChoosePage::changed);
    connect(m_ban, &QCheckBox::toggled, this, &ChoosePage::changed);
    connect(m_how, &SegmentedControl::currentChanged, this, &ChoosePage::changed);
}

void ChooseNode::setView(const ClusterViewPtr &view)
{
    ChoosePage::setView(view);
    m_node->setView(view);
}

OperationRequest ChooseNode::request() const
{
    if (m_reset)
        return ResetRequest{.nodeId = m_node->node(), .hard = m_how->current() == 1};
    return ForgetRequest{.nodeId = m_node->node(), .waitForBan = m_ban->isChecked()};
}

QString ChooseNode::missing() const
{
    return m_node->node().isEmpty() ? tr("Choose the node.") : QString();
}

} // namespace slotscope
