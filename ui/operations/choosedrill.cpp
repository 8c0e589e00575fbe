// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/choosedrill.h"

#include "core/cluster/hostloss.h"
#include "ui/shared/nodechoice.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/spokenview.h"
#include "ui/shared/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSpinBox>

#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

ChooseDrill::ChooseDrill(const Theme &theme, const OperationDraft &draft, QWidget *parent)
    : ChoosePage(theme, parent)
    , m_wanted(draft.nodeId)
    , m_what(new SegmentedControl({tr("One shard"), tr("A whole host")}, this))
    , m_way(new SegmentedControl({tr("Failover"), tr("CLIENT PAUSE"), tr("DEBUG SLEEP"), tr("Own commands")}, this))
    , m_primary(new NodeCombo(ownsSlots, {}, this))
    , m_host(new QComboBox(this))
    , m_seconds(new QSpinBox(this))
    , m_stop(new QLineEdit(this))
    , m_start(new QLineEdit(this))
    , m_back(new QCheckBox(tr("Afterwards, restore the previous layout"), this))
{
    m_what->setObjectName(u"what"_s);
    m_way->setObjectName(u"way"_s);
    m_primary->setObjectName(u"primary"_s);
    m_host->setObjectName(u"host"_s);
    m_seconds->setObjectName(u"seconds"_s);
    m_stop->setObjectName(u"stop"_s);
    m_start->setObjectName(u"start"_s);
    m_back->setObjectName(u"back"_s);
    m_what->setAccessibleName(tr("What fails"));
    m_way->setAccessibleName(tr("Method"));
    m_seconds->setRange(0, mostDrillMs / 1000);
    m_seconds->setSuffix(tr(" s"));
    m_seconds->setSpecialValueText(tr("long enough"));
    m_stop->setFont(Theme::monoFont());
    m_start->setFont(Theme::monoFont());
    m_stop->setPlaceholderText(u"systemctl stop redis@{port}"_s);
    m_start->setPlaceholderText(u"systemctl start redis@{port}"_s);
    m_back->setChecked(true);
    if (!draft.host.isEmpty()) {
        m_what->setCurrent(1);
        m_hosts = {draft.host};
        m_host->addItem(draft.host);
    }
    makeRows();
    updateForm();
}

void ChooseDrill::makeRows()
{
    addRow(tr("What"), m_what);
    addRow(tr("Primary"), m_primary, tr("The shard whose primary is made unavailable."));
    addRow(tr("Host"), m_host, tr("All nodes on it are made unavailable at once."));
    addRow(tr("How"), m_way);
    m_words = addText({});
    addRow(tr("For"), m_seconds, tr("0: long enough for an election; for a pause, five seconds."));
    addRow(tr("Stop with"), m_stop,
           tr("Runs on this computer, without a shell. {host}, {port} and {id} are replaced by those of the node."));
    addRow(tr("Start with"), m_start, tr("Runs at the end, even if the drill is stopped or fails."));
    addRow(tr("Afterwards"), m_back);
    addSpring();
    for (SegmentedControl *control : {m_what, m_way})
        connect(control, &SegmentedControl::currentChanged, this, [this] {
            updateForm();
            Q_EMIT changed();
        });
    connect(m_primary, &NodeCombo::nodeChanged, this, &ChoosePage::changed);
    connect(m_host, &QComboBox::currentTextChanged, this, &ChoosePage::changed);
    connect(m_seconds, &QSpinBox::valueChanged, this, &ChoosePage::changed);
    connect(m_stop, &QLineEdit::textChanged, this, &ChoosePage::changed);
    connect(m_start, &QLineEdit::textChanged, this, &ChoosePage::changed);
    connect(m_back, &QCheckBox::toggled, this, &ChoosePage::changed);
}

DrillWay ChooseDrill::way() const
{
    return DrillWay(m_way->current());
}

void ChooseDrill::updateForm()
{
    const bool ofHost = m_what->current() == 1;
    m_primary->setEnabled(!ofHost);
    m_host->setEnabled(ofHost);
    const bool own = way() == DrillWay::OwnCommand;
    m_stop->setEnabled(own);
    m_start->setEnabled(own);
    m_seconds->setEnabled(way() != DrillWay::Failover);
    m_back->setEnabled(way() != DrillWay::Pause);
    switch (way()) {
    case DrillWay::Failover:
        m_words->setText(tr("The gentlest method: a replica is told to take over. Nothing fails and nothing is lost; "
                            "the drill measures what clients notice of a planned failover."));
        break;
    case DrillWay::Pause:
        m_words->setText(tr("The server delays its clients. The cluster bus keeps working, so no replica takes over: "
                            "this rehearses clients that wait. The pause cannot be ended early."));
        break;
    case DrillWay::DebugSleep:
        m_words->setText(tr("▲ The whole server stalls, as if it hung. The other nodes notice it after the node "
                            "timeout and elect a replica. The server must permit DEBUG."));
        break;
    case DrillWay::OwnCommand:
        m_words->setText(tr("▲ A real outage: your command stops the server, and another one starts it again. A server "
                            "without persistence comes back empty and copies everything."));
        break;
    }
    const bool earnest = way() == DrillWay::DebugSleep || own;
    setStyleProperty(m_words, "tone", earnest ? u"warn"_s : u"muted"_s);
}

void ChooseDrill::setView(const ClusterViewPtr &view)
{
    ChoosePage::setView(view);
    if (view && !m_wanted.isEmpty()) {
        const NodeState *node = view->node(std::exchange(m_wanted, {}));
        if (node && node->shard >= 0 && view->shards[size_t(node->shard)].primary >= 0)
            m_primary->setNode(view->nodes[size_t(view->shards[size_t(node->shard)].primary)].id);
    }
    m_primary->setView(view);
    const QStringList hosts = view ? hostNamesOf(*view) : QStringList();
    if (hosts == m_hosts || hosts.isEmpty())
        return;
    m_hosts = hosts;
    const QString text = m_host->currentText();
    const QSignalBlocker blocker(m_host);
    m_host->clear();
    m_host->addItems(hosts);
    m_host->setCurrentText(text.isEmpty() ? hosts.value(0) : text);
}

OperationRequest ChooseDrill::request() const
{
    DrillSpec spec;
    if (m_what->current() == 1)
        spec.host = m_host->currentText();
    else
        spec.nodeId = m_primary->node();
    spec.way = way();
    spec.milliseconds = spec.way == DrillWay::Failover ? 0 : m_seconds->value() * 1000;
    if (spec.way == DrillWay::OwnCommand) {
        spec.stop = localWords(m_stop->text()).value_or(QStringList());
        spec.start = localWords(m_start->text()).value_or(QStringList());
    }
    spec.back = m_back->isChecked();
    return DrillRequest{.spec = spec};
}

QString ChooseDrill::missing() const
{
    if (m_what->current() == 0 && m_primary->node().isEmpty())
        return tr("Choose the shard whose primary is made unavailable.");
    if (m_what->current() == 1 && m_host->currentText().isEmpty())
        return tr("Choose the host that is made unavailable.");
    if (way() == DrillWay::OwnCommand && (m_stop->text().trimmed().isEmpty() || m_start->text().trimmed().isEmpty()))
        return tr("Enter both commands: one that stops the server, one that starts it.");
    if (way() == DrillWay::OwnCommand)
        for (const QString &line : {m_stop->text(), m_start->text()})
            if (const auto words = localWords(line); !words)
                return tr("A command is not valid: %1.").arg(words.error().detail);
    return {};
}

} // namespace slotscope
