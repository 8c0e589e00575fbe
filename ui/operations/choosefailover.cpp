// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/choosefailover.h"

#include "core/cluster/hostloss.h"
#include "core/models/nodewords.h"
#include "ui/shared/nodechoice.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"
#include "ui/shared/spokenview.h"

#include <QComboBox>
#include <QSignalBlocker>

#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

/// Returns the replica that answers and has most of the data; null if no replica answers.
const NodeState *bestReplica(const ClusterView &view, const QByteArray &primary)
{
    const NodeState *best = nullptr;
    for (const NodeState &node : view.nodes) {
        if (node.primary || node.primaryId != primary || node.condition != NodeCondition::Ok)
            continue;
        if (!best || node.lagBytes.value_or(0) < best->lagBytes.value_or(0))
            best = &node;
    }
    return best;
}

} // namespace

ChooseFailover::ChooseFailover(const Theme &theme, const OperationDraft &draft, QWidget *parent)
    : ChoosePage(theme, parent)
    , m_wanted(draft.nodeId)
    , m_replica(new NodeCombo(
          [this](const ClusterView &view, const NodeState &node) {
              return isReplica(view, node) && (m_primary.isEmpty() || node.primaryId == m_primary);
          },
          {}, this))
    , m_mode(new SegmentedControl({tr("Graceful"), tr("FORCE"), tr("TAKEOVER")}, this))
{
    m_replica->setObjectName(u"replica"_s);
    m_mode->setObjectName(u"mode"_s);
    m_shard = addRow(tr("New primary"), m_replica, u" "_s);
    addRow(tr("How"), m_mode);
    m_words = addText({});
    addSpring();
    connect(m_replica, &NodeCombo::nodeChanged, this, [this] {
        updateWords();
        Q_EMIT changed();
    });
    connect(m_mode, &SegmentedControl::currentChanged, this, [this] {
        updateWords();
        Q_EMIT changed();
    });
    updateWords();
}

void ChooseFailover::setView(const ClusterViewPtr &view)
{
    ChoosePage::setView(view);
    if (view && !m_wanted.isEmpty())
        takeDraft();
    m_replica->setView(view);
    updateWords();
}

/// The draft may name the replica that takes over, or the primary that hands over.
void ChooseFailover::takeDraft()
{
    const NodeState *node = view()->node(std::exchange(m_wanted, {}));
    if (!node)
        return;
    if (!node->primary) {
        m_replica->setNode(node->id);
        return;
    }
    m_primary = node->id;
    if (const NodeState *best = bestReplica(*view(), m_primary))
        m_replica->setNode(best->id);
    if (node->condition == NodeCondition::Failed || node->condition == NodeCondition::Unreachable)
        m_mode->setCurrent(int(FailoverRequest::Mode::Force));
}

void ChooseFailover::updateWords()
{
    static constexpr const char *tones[] = {"muted", "warn", "error"};
    const int mode = m_mode->current();
    QString words =
        tr("The primary pauses writes until the replica has all of them, then hands over. Nothing is lost; clients see "
           "a pause of about a second and redirects. If it does not succeed within 5 s, the primary stays.");
    if (mode == 1)
        words = tr("▲ For a primary that does not answer. The replica asks the other primaries to vote without waiting "
                   "for the old primary: writes that were not replicated are lost.");
    else if (mode == 2)
        words = tr("✕ The last resort when most primaries are gone. There is no vote; unreplicated writes are lost, "
                   "and if the old primary still runs on the other side of a network partition, both accept writes "
                   "until those of one side are discarded.");
    m_words->setText(words);
    setStyleProperty(m_words, "tone", QString::fromLatin1(tones[mode]));
    const NodeState *node = view() ? view()->node(m_replica->node()) : nullptr;
    const NodeState *primary = node ? view()->node(node->primaryId) : nullptr;
    m_shard->setText(
        primary
            ? tr("%1 takes over from %2, %3.").arg(shardWord(*view(), *node), primary->name, stateWord(*primary).text)
            : tr("Only replicas can take over."));
}

OperationRequest ChooseFailover::request() const
{
    return FailoverRequest{.replicaId = m_replica->node(), .mode = FailoverRequest::Mode(m_mode->current())};
}

QString ChooseFailover::missing() const
{
    return m_replica->node().isEmpty() ? tr("Choose the replica that becomes the primary.") : QString();
}

ChooseRolling::ChooseRolling(const Theme &theme, const OperationDraft &draft, QWidget *parent)
    : ChoosePage(theme, parent)
    , m_form(new SegmentedControl({tr("Free a host or zone"), tr("Restore preferred primaries")}, this))
    , m_host(new QComboBox(this))
    , m_preferred(new NodeChecks([](const ClusterView &, const NodeState &node) { return node.shard >= 0; }, this))
{
    m_host->setObjectName(u"host"_s);
    m_host->setEditable(true);
    m_host->setEditText(draft.host);
    nameField(m_host, tr("Host or zone"));
    m_preferred->setAccessibleName(tr("Preferred primaries"));
    m_host->setMaximumHeight(32);
    addRow(tr("Purpose"), m_form,
           tr("The shards follow one another, each is verified before the next one. Every failover is graceful."));
    addRow(tr("Host"), m_host, tr("Every primary on this host hands over to its best replica elsewhere."));
    addRow(tr("Primaries"), m_preferred,
           tr("Each of these nodes becomes the primary of its shard again if it is a replica now."));
    addSpring();
    connect(m_form, &SegmentedControl::currentChanged, this, [this] {
        updateForm();
        Q_EMIT changed();
    });
    connect(m_host, &QComboBox::editTextChanged, this, &ChoosePage::changed);
    connect(m_preferred, &NodeChecks::nodesChanged, this, &ChoosePage::changed);
    updateForm();
}

void ChooseRolling::updateForm()
{
    m_host->setEnabled(m_form->current() == 0);
    m_preferred->setEnabled(m_form->current() == 1);
}

void ChooseRolling::setView(const ClusterViewPtr &view)
{
    ChoosePage::setView(view);
    m_preferred->setView(view);
    const QStringList hosts = view ? hostNamesOf(*view) : QStringList();
    if (hosts == m_hosts)
        return;
    m_hosts = hosts;
    const QString text = m_host->currentText();
    const QSignalBlocker blocker(m_host);
    m_host->clear();
    m_host->addItems(hosts);
    m_host->setEditText(text.isEmpty() ? hosts.value(0) : text);
}

OperationRequest ChooseRolling::request() const
{
    RollingFailoverRequest request;
    if (m_form->current() == 0)
        request.awayFromHost = m_host->currentText().trimmed();
    else
        request.preferred = m_preferred->nodes();
    return request;
}

QString ChooseRolling::missing() const
{
    if (m_form->current() == 0)
        return m_host->currentText().trimmed().isEmpty() ? tr("Enter the host to be freed.") : QString();
    return m_preferred->nodes().isEmpty() ? tr("Choose the nodes that shall be primaries.") : QString();
}

} // namespace slotscope
