// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/analysis/analysisdialog.h"

#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "ui/shared/typebadge.h"
#include "ui/shared/elidedlabel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int analysisDialogWidth = 520;
constexpr qint64 keysASecond = 120'000; // measured for an analysis of three nodes; only used for a rough estimate

} // namespace

AnalysisDialog::AnalysisDialog(const AnalysisRequest &last, const ClusterViewPtr &view, QWidget *parent)
    : QDialog(parent)
    , m_last(last)
    , m_view(view)
    , m_source(new QComboBox(this))
    , m_type(new QComboBox(this))
    , m_pattern(new QLineEdit(this))
    , m_slots(new QLineEdit(this))
    , m_delimiters(new QLineEdit(this))
    , m_database(new QSpinBox(this))
    , m_samples(new QSpinBox(this))
    , m_ceiling(new QSpinBox(this))
    , m_heat(new QSpinBox(this))
    , m_idle(new QCheckBox(tr("Read how long each key was not used (with an LFU policy: how often)"), this))
    , m_values(new QCheckBox(tr("Read some strings of each namespace to test how well they compress"), this))
    , m_touch(new QCheckBox(tr("Read lengths even if that marks keys as used (before Redis 7.2)"), this))
    , m_cost(wrappedLabel({}, "muted", this))
    , m_problem(wrappedLabel({}, "error", this))
    , m_start(new QPushButton(tr("Analyse"), this))
{
    setObjectName(u"analysisDialog"_s);
    setWindowTitle(tr("Analyse keys"));
    setMinimumWidth(analysisDialogWidth);
    makeFields();
    layOut();
    fillSources();
    fill(last);
    check();
}

void AnalysisDialog::makeFields()
{
    m_pattern->setPlaceholderText(tr("all keys; session:* for some"));
    m_slots->setPlaceholderText(tr("all slots; 0-5460,7000 for some"));
    m_type->addItem(tr("all types"), QByteArray());
    for (const QByteArray &type : {"string"_ba, "hash"_ba, "list"_ba, "set"_ba, "zset"_ba, "stream"_ba})
        m_type->addItem(QString::fromLatin1(type), type);
    m_database->setRange(0, 1'000'000);
    m_samples->setRange(1, 1000);
    m_ceiling->setRange(1, 10'000);
    m_ceiling->setSuffix(tr(" ms"));
    m_heat->setRange(0, 3600);
    m_heat->setSuffix(tr(" s"));
    m_heat->setSpecialValueText(tr("do not measure"));
    m_samples->setToolTip(tr("Elements of a key that MEMORY USAGE samples: sizes of larger keys are estimates"));
    m_ceiling->setToolTip(
        tr("If a server takes longer for its keys, the next batch is smaller, and the server gets a pause"));
    m_delimiters->setToolTip(tr("Characters that divide names into namespaces; separate several by spaces"));
    m_start->setProperty("primary", true);
    m_start->setDefault(true);
    for (QLineEdit *field : {m_pattern, m_slots, m_delimiters})
        connect(field, &QLineEdit::textChanged, this, &AnalysisDialog::check);
    connect(m_source, &QComboBox::currentIndexChanged, this, &AnalysisDialog::check);
    connect(m_idle, &QCheckBox::toggled, this, &AnalysisDialog::check);
    connect(m_start, &QPushButton::clicked, this, &QDialog::accept);
}

void AnalysisDialog::layOut()
{
    auto *fields = new QFormLayout;
    fields->setHorizontalSpacing(12);
    fields->setVerticalSpacing(8);
    const auto row = [&](const QString &name, QWidget *field) {
        field->setAccessibleName(name);
        fields->addRow(plainLabel(name, "muted", this), field);
    };
    row(tr("Read from"), m_source);
    row(tr("Database"), m_database);
    row(tr("Name pattern"), m_pattern);
    row(tr("Type"), m_type);
    row(tr("Slots"), m_slots);
    row(tr("Delimiters"), m_delimiters);
    row(tr("Samples per key"), m_samples);
    row(tr("Busy time per batch"), m_ceiling);
    row(tr("Slot load, measured for"), m_heat);
    auto *close = new QPushButton(tr("Cancel"), this);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(close);
    buttons->addWidget(m_start);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 20, 20, 16);
    layout->setSpacing(12);
    layout->addLayout(fields);
    layout->addWidget(m_idle);
    layout->addWidget(m_values);
    layout->addWidget(m_touch);
    layout->addWidget(m_cost);
    layout->addWidget(m_problem);
    layout->addLayout(buttons);
}

void AnalysisDialog::fillSources()
{
    m_source->addItem(tr("all primaries"));
    m_source->addItem(tr("one replica of each shard"));
    if (!m_view)
        return;
    for (const NodeState &node : m_view->nodes) {
        if (node.shard < 0)
            continue;
        const QString shard = shardTitle(m_view->shards[size_t(node.shard)]);
        m_source->addItem(node.isReplica() ? tr("only %1 (replica, %2)").arg(node.name, shard)
                                           : tr("only %1 (primary, %2)").arg(node.name, shard),
                          node.id);
    }
}

void AnalysisDialog::fill(const AnalysisRequest &request)
{
    using From = ScanRequest::From;
    if (request.scan.from == From::Replicas)
        m_source->setCurrentIndex(1);
    else if (request.scan.from == From::OneNode)
        m_source->setCurrentIndex(std::max(0, m_source->findData(request.scan.nodeId)));
    m_pattern->setText(QString::fromUtf8(request.scan.pattern));
    m_type->setCurrentIndex(std::max(0, m_type->findData(request.scan.type)));
    m_slots->setText(request.scan.slotsOnly ? request.scan.slotsOnly->toString() : QString());
    QStringList words;
    for (const QByteArray &delimiter : request.delimiters)
        words += QString::fromUtf8(delimiter);
    m_delimiters->setText(words.join(u' '));
    m_database->setValue(request.scan.database);
    m_samples->setValue(request.samples);
    m_ceiling->setValue(request.scan.ceilingMs);
    m_heat->setValue(request.heatMs / 1000);
    m_idle->setChecked(request.asksIdle);
    m_values->setChecked(request.triesValues);
    m_touch->setChecked(request.touches);
}

AnalysisRequest AnalysisDialog::request() const
{
    AnalysisRequest request = m_last;
    const QByteArray node = m_source->currentData().toByteArray();
    request.scan.nodeId = node;
    request.scan.from = !node.isEmpty() ? ScanRequest::From::OneNode
        : m_source->currentIndex() == 1 ? ScanRequest::From::Replicas
                                        : ScanRequest::From::Primaries;
    request.scan.database = m_database->value();
    request.scan.pattern = m_pattern->text().toUtf8();
    request.scan.type = m_type->currentData().toByteArray();
    request.scan.slotsOnly.reset();
    if (const QString typed = m_slots->text().trimmed(); !typed.isEmpty())
        if (const auto set = SlotSet::parse(typed.toLatin1()))
            request.scan.slotsOnly = *set;
    request.scan.ceilingMs = m_ceiling->value();
    request.delimiters.clear();
    const QStringList words = m_delimiters->text().split(u' ', Qt::SkipEmptyParts);
    for (const QString &word : words)
        request.delimiters.append(word.toUtf8());
    request.samples = m_samples->value();
    request.heatMs = m_heat->value() * 1000;
    request.asksIdle = m_idle->isChecked();
    request.triesValues = m_values->isChecked();
    request.touches = m_touch->isChecked();
    return request;
}

QString AnalysisDialog::problem() const
{
    const QString typed = m_slots->text().trimmed();
    if (!typed.isEmpty() && !SlotSet::parse(typed.toLatin1()))
        return tr("Write slots as numbers and ranges: 0-5460,7000");
    return {};
}

/// Estimates the cost from what is known about the nodes that will be read.
QString AnalysisDialog::costText() const
{
    qint64 keys = 0;
    int nodes = 0;
    const AnalysisRequest chosen = request();
    for (const NodeState &node : m_view ? m_view->nodes : std::vector<NodeState>()) {
        const bool isRead = chosen.scan.from == ScanRequest::From::OneNode ? node.id == chosen.scan.nodeId
                                                                           : node.primary && !node.slots.isEmpty();
        const NodeObservation *observed = isRead ? m_view->observationOf(node.id) : nullptr;
        if (observed && observed->info && observed->info->keys)
            keys += *observed->info->keys;
        nodes += isRead ? 1 : 0;
    }
    const int questions = 5 + (m_idle->isChecked() ? 1 : 0);
    if (keys == 0)
        return tr("Each key costs its node a share of a SCAN call and %1 short commands.").arg(questions);
    return tr("≈ %1 keys on %2 nodes: a SCAN of all names and up to %3 short commands per key, pipelined; about %4 if "
              "the servers keep up. Nothing is changed, and if the server supports CLIENT NO-TOUCH, no key is marked "
              "as used.")
        .arg(groupedNumber(keys))
        .arg(nodes)
        .arg(questions)
        .arg(roughDuration(std::max<qint64>(1000, keys * 1000 / keysASecond)));
}

void AnalysisDialog::check()
{
    const QString wrong = problem();
    m_problem->setText(wrong);
    m_problem->setVisible(!wrong.isEmpty());
    m_start->setEnabled(wrong.isEmpty());
    m_cost->setText(costText());
}

} // namespace slotscope
