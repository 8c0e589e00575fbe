// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/migrationfields.h"

#include "ui/shared/elidedlabel.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"
#include "ui/shared/spokenview.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QSpinBox>
#include <QToolButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

QSpinBox *spinBox(int least, int most, int value, const QString &suffix, QWidget *parent)
{
    auto *box = new QSpinBox(parent);
    box->setRange(least, most);
    box->setValue(value);
    box->setSuffix(suffix);
    box->setGroupSeparatorShown(true);
    box->setKeyboardTracking(false);
    box->setMaximumWidth(180);
    return box;
}

} // namespace

QSpinBox *callTimeoutBox(QWidget *parent)
{
    QSpinBox *box = spinBox(0, MigrationOptions::mostCallTimeoutMs, 0, MigrationFields::tr(" ms"), parent);
    box->setSpecialValueText(MigrationFields::tr("automatic"));
    return box;
}

QString callTimeoutHint()
{
    return MigrationFields::tr("For each step of a MIGRATE. Automatic: 45 % of the node timeout, at most 5 s. A huge "
                               "key may need more, but less than cluster-node-timeout.");
}

MigrationFields::MigrationFields(QWidget *parent)
    : QWidget(parent)
    , m_fold(new QToolButton(this))
    , m_content(new QWidget(this))
    , m_method(new SegmentedControl({tr("Automatic"), tr("Classic"), tr("Atomic")}, m_content))
    , m_throttle(spinBox(0, 10'000'000, 0, tr(" keys/s"), m_content))
    , m_latency(spinBox(0, 10'000, 0, tr(" ms"), m_content))
    , m_batch(spinBox(16, 1'000'000, 4096, tr(" KB"), m_content))
    , m_timeout(callTimeoutBox(m_content))
    , m_busy(new QComboBox(m_content))
    , m_replicas(new QCheckBox(tr("The target's replicas must have the keys before a slot is handed over"), m_content))
{
    m_fold->setText(tr("Advanced"));
    m_fold->setCheckable(true);
    m_fold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_fold->setArrowType(Qt::RightArrow);
    connect(m_fold, &QToolButton::toggled, this, [this](bool open) {
        m_fold->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
        m_content->setVisible(open);
    });
    makeFields();
    m_content->hide();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_fold, 0, Qt::AlignLeft);
    layout->addWidget(m_content);
    connect(m_method, &SegmentedControl::currentChanged, this, &MigrationFields::changed);
    for (QSpinBox *box : {m_throttle, m_latency, m_batch, m_timeout})
        connect(box, &QSpinBox::valueChanged, this, &MigrationFields::changed);
    connect(m_busy, &QComboBox::currentIndexChanged, this, &MigrationFields::changed);
    connect(m_replicas, &QCheckBox::toggled, this, &MigrationFields::changed);
}

void MigrationFields::makeFields()
{
    auto *grid = new QGridLayout(m_content);
    grid->setContentsMargins(0, 4, 0, 0);
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(4);
    grid->setColumnMinimumWidth(0, 104);
    grid->setColumnStretch(1, 1);
    m_throttle->setSpecialValueText(tr("no limit"));
    m_latency->setSpecialValueText(tr("no limit"));
    m_busy->addItems({tr("Stop and ask"), tr("Keep the source's value"), tr("Keep the target's value")});
    m_busy->setMaximumWidth(260);
    m_replicas->setChecked(true);
    addRow(tr("Method"), m_method,
           tr("Automatic: atomic migration if both nodes support it (Valkey 9, Redis 8.4), otherwise key by key."));
    addRow(tr("Throttle"), m_throttle, tr("For the whole operation. A lower rate disturbs other clients less."));
    addRow(tr("Latency ceiling"), m_latency, tr("Slows down while PING takes longer than this on one of the nodes."));
    addRow(tr("Batch"), m_batch, tr("The target size of one MIGRATE; a bigger key is moved alone."));
    addRow(tr("MIGRATE timeout"), m_timeout, callTimeoutHint());
    addRow(tr("Key on both nodes"), m_busy,
           tr("If a key exists on source and target with different values. The other value is lost."));
    addRow(tr("Replicas"), m_replicas, {});
}

void MigrationFields::addRow(const QString &label, QWidget *field, const QString &hint)
{
    auto *grid = static_cast<QGridLayout *>(m_content->layout());
    const int row = grid->rowCount();
    auto *name = plainLabel(label, "muted", m_content);
    name->setMinimumHeight(30);
    name->setBuddy(field);
    nameField(field, label);
    grid->addWidget(name, row, 0, Qt::AlignTop);
    grid->addWidget(field, row, 1, Qt::AlignLeft);
    if (hint.isEmpty())
        return;
    auto *below = plainLabel(hint, "faint", m_content);
    below->setFont(Theme::smallFont());
    below->setWordWrap(true);
    grid->addWidget(below, row + 1, 1);
}

void MigrationFields::setOptions(const MigrationOptions &options)
{
    const QSignalBlocker blocker(this);
    m_method->setCurrent(int(options.method));
    m_throttle->setValue(options.keysPerSecond);
    m_latency->setValue(options.latencyCeilingMs);
    m_batch->setValue(int(options.batchBytes / 1024));
    m_timeout->setValue(options.callTimeoutMs);
    m_busy->setCurrentIndex(int(options.busyKeys));
    m_replicas->setChecked(options.waitForReplicas);
}

MigrationOptions MigrationFields::options() const
{
    MigrationOptions options;
    options.method = MigrationMethod(m_method->current());
    options.keysPerSecond = m_throttle->value();
    options.latencyCeilingMs = m_latency->value();
    options.batchBytes = qint64(m_batch->value()) * 1024;
    options.callTimeoutMs = m_timeout->value();
    options.busyKeys = BusyKeyPolicy(m_busy->currentIndex());
    options.waitForReplicas = m_replicas->isChecked();
    return options;
}

} // namespace slotscope
