// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/loadform.h"

#include "core/base/text.h"
#include "core/load/loadcommand.h"
#include "ui/operations/consent.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/spokenview.h"
#include "ui/shared/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QVBoxLayout>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

LoadForm::LoadForm(QWidget *parent) : QWidget(parent), m_layout(new QVBoxLayout(this)), m_rows(new QFormLayout)
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setAccessibleName(tr("What the load test does"));
    m_fields = new QWidget(scroll);
    scroll->setWidget(m_fields);
    auto *fields = new QVBoxLayout(m_fields);
    fields->setContentsMargins(16, 12, 16, 8);
    fields->setSpacing(8);
    m_rows->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_rows->setVerticalSpacing(8);
    makeRows();
    fields->addLayout(m_rows);
    m_replicas = new QCheckBox(tr("Reads go to replicas"), m_fields);
    m_fill = new QCheckBox(tr("First write the keys to be read"), m_fields);
    m_fill->setChecked(true);
    m_keep = new QCheckBox(tr("Keep the keys"), m_fields);
    for (QCheckBox *box : {m_replicas, m_fill, m_keep}) {
        fields->addWidget(box);
        connect(box, &QCheckBox::toggled, this, &LoadForm::update);
    }
    fields->addStretch(1);
    m_layout->addWidget(scroll, 1);
    makeFoot();
    connect(m_start, &QPushButton::clicked, this, &LoadForm::startRequested);
    connect(m_stop, &QPushButton::clicked, this, &LoadForm::stopRequested);
    for (QLineEdit *field : {m_mix, m_size, m_prefix})
        connect(field, &QLineEdit::textChanged, this, &LoadForm::update);
    connect(m_distribution, &QComboBox::currentTextChanged, this, &LoadForm::update);
    update();
}

void LoadForm::makeRows()
{
    m_mix = new QLineEdit(u"get=9, set=1"_s, this);
    m_mix->setToolTip(tr("Commands with their weights. Known: %1; or lines with {key}, {value}, {number}.")
                          .arg(QString::fromLatin1(LoadCommand::knownNames().join(", "))));
    addRow(tr("Commands"), m_mix);
    m_rate = number(tr("Requests per second"), 0, LoadSpec::mostRate, 0);
    m_rate->setSpecialValueText(tr("as many as possible"));
    m_rate->setSingleStep(1000);
    m_seconds = number(tr("Seconds"), 0, LoadSpec::mostSeconds, 30);
    m_seconds->setSpecialValueText(tr("until all are sent"));
    m_count = number(tr("Requests"), 0, 2'000'000'000, 0);
    m_count->setSpecialValueText(tr("no limit"));
    m_warmUp = number(tr("Warm-up, seconds"), 0, 3600, 2);
    m_clients = number(tr("Connections"), 1, LoadSpec::mostClients, 50);
    m_pipeline = number(tr("Pipeline"), 1, LoadSpec::mostPipeline, 1);
    m_size = new QLineEdit(u"64"_s, this);
    m_size->setToolTip(tr("Value size in bytes: 64, or 64-1024, or 4k."));
    addRow(tr("Size of values"), m_size);
    m_keys = number(tr("Keys per type"), 1, int(LoadSpec::mostKeys), 100'000);
    m_distribution = new QComboBox(this);
    m_distribution->setEditable(true);
    m_distribution->addItems({u"uniform"_s, u"zipf:1"_s, u"sequential"_s});
    addRow(tr("Order of keys"), m_distribution);
    m_tags = number(tr("Hash tags"), 0, 1'000'000, 0);
    m_tags->setSpecialValueText(tr("none"));
    m_prefix = new QLineEdit(this);
    m_prefix->setPlaceholderText(u"slotscope:load:"_s);
    m_prefix->setToolTip(tr("The number of the run and a colon are added, so that no other keys are touched."));
    addRow(tr("Prefix of keys"), m_prefix);
}

void LoadForm::makeFoot()
{
    auto *foot = new QWidget(this);
    m_foot = new QVBoxLayout(foot);
    m_foot->setContentsMargins(16, 8, 16, 16);
    m_foot->setSpacing(8);
    m_layout->addWidget(foot);
    m_problem = plainLabel({}, "muted", foot);
    m_problem->setWordWrap(true);
    m_problem->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_foot->addWidget(m_problem);
    m_start = new QPushButton(tr("Start the load test"), foot);
    m_start->setProperty("primary", true);
    m_stop = new QPushButton(tr("Stop"), foot);
    m_foot->addWidget(m_start);
    m_foot->addWidget(m_stop);
}

void LoadForm::addRow(const QString &label, QWidget *field)
{
    auto *text = plainLabel(label, nullptr, this);
    text->setBuddy(field);
    nameField(field, label);
    m_rows->addRow(text, field);
}

QSpinBox *LoadForm::number(const QString &label, int least, int most, int value)
{
    auto *field = new QSpinBox(this);
    field->setRange(least, most);
    field->setValue(value);
    field->setGroupSeparatorShown(true);
    field->setButtonSymbols(QAbstractSpinBox::NoButtons);
    addRow(label, field);
    connect(field, &QSpinBox::valueChanged, this, &LoadForm::update);
    return field;
}

Result<LoadSpec> LoadForm::spec() const
{
    LoadSpec spec;
    const auto mix = parseLoadMix(m_mix->text().toUtf8());
    if (!mix)
        return failure(mix.error());
    spec.mix = *mix;
    spec.rate = m_rate->value();
    spec.seconds = m_seconds->value();
    spec.count = m_count->value();
    spec.warmUpSeconds = m_warmUp->value();
    spec.clients = m_clients->value();
    spec.pipeline = m_pipeline->value();
    spec.keys = m_keys->value();
    spec.tags = m_tags->value();
    spec.prefix = m_prefix->text().toUtf8();
    spec.replicas = m_replicas->isChecked();
    spec.fill = m_fill->isChecked();
    spec.keep = m_keep->isChecked();
    if (const Result<> size = parseLoadSize(m_size->text().toUtf8(), spec); !size)
        return failure(size.error());
    if (const Result<> order = parseLoadDistribution(m_distribution->currentText().toUtf8(), spec); !order)
        return failure(order.error());
    if (const Result<> good = checkedLoad(spec); !good)
        return failure(good.error());
    return spec;
}

void LoadForm::setSpec(const LoadSpec &spec)
{
    m_mix->setText(QString::fromUtf8(loadMixText(spec.mix)));
    m_rate->setValue(int(spec.rate));
    m_seconds->setValue(spec.seconds);
    m_count->setValue(int(std::min<qint64>(spec.count, m_count->maximum())));
    m_warmUp->setValue(spec.warmUpSeconds);
    m_clients->setValue(spec.clients);
    m_pipeline->setValue(spec.pipeline);
    m_keys->setValue(int(spec.keys));
    m_tags->setValue(spec.tags);
    m_size->setText(spec.leastBytes == spec.mostBytesOfValue
                        ? QString::number(spec.leastBytes)
                        : u"%1-%2"_s.arg(spec.leastBytes).arg(spec.mostBytesOfValue));
    m_distribution->setCurrentText(QString::fromLatin1(loadDistributionText(spec)));
    m_replicas->setChecked(spec.replicas);
    m_fill->setChecked(spec.fill);
    m_keep->setChecked(spec.keep);
}

void LoadForm::setConnection(const QString &title, const Environment &environment)
{
    delete m_consent;
    m_consent = nullptr;
    if (environment.kind == Environment::Kind::Production) {
        m_consent = new Consent(title, environment, true, false, this);
        m_foot->insertWidget(m_foot->indexOf(m_start), m_consent);
        setTabOrder(m_keep, m_consent->field());
        setTabOrder(m_consent->field(), m_start);
        connect(m_consent, &Consent::changed, this, &LoadForm::update);
    }
    update();
}

bool LoadForm::hasConsent() const
{
    return !m_consent || m_consent->isGiven();
}

void LoadForm::setRunning(bool running, bool stopping)
{
    m_running = running;
    m_stop->setText(stopping ? tr("Keep the remaining keys") : tr("Stop"));
    update();
}

void LoadForm::setReason(const QString &reason)
{
    m_reason = reason;
    update();
}

QString LoadForm::problem() const
{
    return m_problem->text();
}

void LoadForm::update()
{
    const auto wanted = spec();
    const QString problem = !m_reason.isEmpty() ? m_reason : wanted ? QString() : wanted.error().detail;
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    m_start->setVisible(!m_running);
    m_start->setEnabled(problem.isEmpty() && hasConsent());
    m_stop->setVisible(m_running);
}

} // namespace slotscope
