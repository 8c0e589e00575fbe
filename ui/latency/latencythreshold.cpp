// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/latency/latencythreshold.h"

#include "core/models/latencyeventmodel.h"
#include "core/models/nodewords.h"
#include "core/models/roundtripmodel.h"
#include "ui/latency/latencyfeed.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QComboBox>
#include <QGridLayout>
#include <QPointer>
#include <QPushButton>
#include <QSpinBox>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int thresholdDialogWidth = 460, usualThresholdMs = 10, greatestThresholdMs = 3'600'000;

} // namespace

LatencyThreshold::LatencyThreshold(PageContext &context, LatencyFeed &feed, const RoundTripModel &nodes,
                                   const LatencyEventModel &events, QWidget *parent)
    : QDialog(parent)
    , m_context(context)
    , m_feed(feed)
    , m_events(events)
    , m_scope(new QComboBox(this))
    , m_field(new QSpinBox(this))
    , m_meaning(wrappedLabel({}, "muted", this))
    , m_outcome(wrappedLabel({}, nullptr, this))
    , m_set(new QPushButton(this))
    , m_ids(nodes.nodes())
{
    setObjectName(u"latencyThreshold"_s);
    setWindowTitle(tr("Threshold of the latency monitor"));
    setMinimumWidth(thresholdDialogWidth);
    m_field->setRange(0, greatestThresholdMs);
    m_field->setSuffix(tr(" ms"));
    m_field->setSpecialValueText(tr("off"));
    m_field->setAccessibleName(tr("Record events longer than"));
    m_scope->setAccessibleName(tr("On"));
    m_set->setProperty("primary", true);
    m_set->setDefault(true);
    m_outcome->hide();
    m_scope->addItem(counted(m_ids.size(), tr("this node"), tr("all %1 nodes")), QByteArray());
    for (const QByteArray &id : std::as_const(m_ids))
        m_scope->addItem(nodes.nameOf(id), id);
    auto *close = new QPushButton(tr("Close"), this);
    auto *fields = new QGridLayout;
    fields->setHorizontalSpacing(12);
    fields->setVerticalSpacing(10);
    fields->addWidget(plainLabel(tr("On"), "muted", this), 0, 0);
    fields->addWidget(m_scope, 0, 1);
    fields->addWidget(plainLabel(tr("Record events longer than"), "muted", this), 1, 0);
    fields->addWidget(m_field, 1, 1);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(close);
    buttons->addWidget(m_set);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 20, 20, 16);
    layout->setSpacing(14);
    layout->addLayout(fields);
    layout->addWidget(m_meaning);
    layout->addWidget(m_outcome);
    layout->addLayout(buttons);
    connect(m_scope, &QComboBox::currentIndexChanged, this, &LatencyThreshold::takeScope);
    connect(m_field, &QSpinBox::valueChanged, this, &LatencyThreshold::takeValue);
    connect(m_set, &QPushButton::clicked, this, &LatencyThreshold::send);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    takeScope();
    m_field->setFocus();
    m_field->selectAll();
}

/// Shows the current threshold of the chosen nodes, or a usual value if there is none.
void LatencyThreshold::takeScope()
{
    const QByteArray chosen = m_scope->currentData().toByteArray();
    int value = usualThresholdMs;
    for (const QByteArray &id : std::as_const(m_ids)) {
        const NodeLatency *heard = m_events.heardOf(id);
        if ((chosen.isEmpty() || chosen == id) && heard && heard->threshold.value_or(0) > 0)
            value = int(std::min<qint64>(*heard->threshold, greatestThresholdMs));
    }
    m_field->setValue(value);
    m_set->setText(counted(chosen.isEmpty() ? m_ids.size() : 1, tr("Set on 1 node"), tr("Set on %1 nodes")));
    takeValue();
}

void LatencyThreshold::takeValue()
{
    m_meaning->setText(tr("CONFIG SET latency-monitor-threshold %1. It is lost when the server restarts, unless CONFIG "
                          "REWRITE saves it.")
                           .arg(m_field->value()));
}

void LatencyThreshold::send()
{
    m_set->setEnabled(false);
    const auto call = [feed = QPointer<LatencyFeed>(&m_feed), id = m_scope->currentData().toByteArray(),
                       value = m_field->value()](UserConsent consent) -> std::optional<QFuture<NodeReplies>> {
        if (!feed || !feed->reader())
            return std::nullopt;
        return feed->reader()->call<QList<NodeReply>>(
            [=](LatencyReader &reader) { return reader.setThreshold(id, value, consent); });
    };
    callWithConsent(m_context, this, call, [self = QPointer<LatencyThreshold>(this)](const NodeReplies &replies) {
        if (!self)
            return;
        self->m_set->setEnabled(true);
        // the user declined the confirmation
        const bool isGivenUp = !replies && replies.error().code == Error::Code::NeedsConsent;
        self->m_outcome->setText(isGivenUp ? tr("Nothing was changed.") : repliesText(replies));
        setStyleProperty(self->m_outcome, "tone",
                         isEveryReplyGood(replies) ? u"ok"_s
                             : isGivenUp           ? u"muted"_s
                                                   : u"error"_s);
        self->m_outcome->show();
        Q_EMIT self->changed();
    });
}

QString LatencyThreshold::outcome() const
{
    return m_outcome->text();
}

} // namespace slotscope
