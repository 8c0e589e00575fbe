// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/slowlog/thresholddialog.h"

#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "core/models/thresholdmodel.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int dialogWidth = 460;
constexpr double greatestThreshold = 1e15; // far beyond useful values, and exact as a double

QString typedForm(SlowlogKind kind, std::optional<qint64> threshold)
{
    if (!threshold)
        return {};
    if (*threshold < 0)
        return ThresholdDialog::tr("off");
    if (kind == SlowlogKind::Slow && *threshold % 1000 == 0)
        return u"%1 ms"_s.arg(*threshold / 1000);
    return kind == SlowlogKind::Slow ? u"%1 us"_s.arg(*threshold) : u"%1 B"_s.arg(*threshold);
}

} // namespace

std::optional<qint64> typedThreshold(SlowlogKind kind, const QString &text)
{
    const QString typed = text.trimmed().toLower();
    if (typed == ThresholdDialog::tr("off").toLower() || typed == u"off"_s || typed == u"-1"_s)
        return -1;
    static const QRegularExpression form(u"^(\\d+(?:[.,]\\d+)?)\\s*([a-zµ]*)$"_s);
    const QRegularExpressionMatch match = form.match(typed);
    if (!match.hasMatch())
        return std::nullopt;
    static const QHash<QString, double> times{{u""_s, 1}, {u"us"_s, 1}, {u"µs"_s, 1}, {u"ms"_s, 1000}, {u"s"_s, 1e6}};
    static const QHash<QString, double> sizes{
        {u""_s, 1}, {u"b"_s, 1}, {u"kb"_s, 1024}, {u"mb"_s, 1024.0 * 1024}, {u"gb"_s, 1024.0 * 1024 * 1024}};
    const QHash<QString, double> &units = kind == SlowlogKind::Slow ? times : sizes;
    if (!units.contains(match.captured(2)))
        return std::nullopt;
    const double number = match.captured(1).replace(u',', u'.').toDouble() * units.value(match.captured(2));
    return number <= greatestThreshold ? std::optional(qint64(std::llround(number))) : std::nullopt;
}

ThresholdDialog::ThresholdDialog(const ThresholdModel &model, SlowlogChanges &changes, const QByteArray &nodeId,
                                 QWidget *parent)
    : QDialog(parent)
    , m_model(model)
    , m_changes(changes)
    , m_kind(model.kind())
    , m_scope(new QComboBox(this))
    , m_threshold(new QLineEdit(this))
    , m_capacity(new QLineEdit(this))
    , m_meaning(wrappedLabel({}, "muted", this))
    , m_outcome(wrappedLabel({}, nullptr, this))
    , m_set(new QPushButton(this))
{
    setObjectName(u"thresholdDialog"_s);
    setWindowTitle(tr("Thresholds of the log"));
    setMinimumWidth(dialogWidth);
    m_set->setProperty("primary", true);
    m_set->setDefault(true);
    m_scope->setAccessibleName(tr("On"));
    m_threshold->setAccessibleName(tr("Log entries above"));
    m_capacity->setAccessibleName(tr("Keep"));
    m_outcome->hide();
    auto *close = new QPushButton(tr("Close"), this);
    auto *fields = new QGridLayout;
    fields->setHorizontalSpacing(12);
    fields->setVerticalSpacing(10);
    const auto row = [&](int line, const QString &label, QWidget *field) {
        fields->addWidget(plainLabel(label, "muted", this), line, 0);
        fields->addWidget(field, line, 1);
    };
    row(0, tr("On"), m_scope);
    row(1, m_kind == SlowlogKind::Slow ? tr("Log durations over") : tr("Log sizes over"), m_threshold);
    row(2, tr("Keep entries"), m_capacity);
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
    fillScope(nodeId);
    takeScope();
    connect(m_scope, &QComboBox::currentIndexChanged, this, &ThresholdDialog::takeScope);
    connect(m_threshold, &QLineEdit::textChanged, this, &ThresholdDialog::check);
    connect(m_capacity, &QLineEdit::textChanged, this, &ThresholdDialog::check);
    connect(m_set, &QPushButton::clicked, this, &ThresholdDialog::send);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    m_threshold->setFocus();
    m_threshold->selectAll();
}

void ThresholdDialog::fillScope(const QByteArray &nodeId)
{
    const QByteArrayList ids = m_model.nodes();
    m_scope->addItem(counted(ids.size(), tr("this node"), tr("all %1 nodes")), QByteArray());
    for (int row = 0; row < ids.size(); ++row)
        m_scope->addItem(m_model.index(row, int(ThresholdModel::Column::Node)).data().toString(), ids[row]);
    m_scope->setCurrentIndex(nodeId.isEmpty() ? 0 : int(ids.indexOf(nodeId)) + 1);
}

void ThresholdDialog::takeScope()
{
    const QByteArray node = m_scope->currentData().toByteArray();
    const NodeSlowlog *log = m_model.heardOf(node);
    std::optional<qint64> threshold = m_model.usualThreshold(), capacity = m_model.usualCapacity();
    if (!node.isEmpty()) {
        threshold = log ? log->threshold : std::nullopt;
        capacity = log ? log->capacity : std::nullopt;
    }
    m_thresholdWas = node.isEmpty() ? QString() : typedForm(m_kind, threshold);
    m_capacityWas = capacity ? QString::number(*capacity) : QString();
    m_threshold->setText(typedForm(m_kind, threshold));
    m_capacity->setText(m_capacityWas);
    const qsizetype nodes = node.isEmpty() ? m_model.nodes().size() : 1;
    m_set->setText(counted(nodes, tr("Set on 1 node"), tr("Set on %1 nodes")));
    check();
}

void ThresholdDialog::check()
{
    const auto threshold = typedThreshold(m_kind, m_threshold->text());
    const auto capacity = toInteger(m_capacity->text().trimmed().toUtf8());
    const bool isCapacityFine = m_capacity->text().isEmpty() || (capacity && *capacity >= 0);
    setStyleProperty(m_threshold, "wrong", !threshold);
    setStyleProperty(m_capacity, "wrong", !isCapacityFine);
    m_set->setEnabled(threshold && isCapacityFine && !m_sending);
    const QByteArray setting = wordsOf(m_kind).thresholdSetting;
    if (!threshold)
        m_meaning->setText(m_kind == SlowlogKind::Slow
                               ? tr("A time such as 10 ms, 500 us or 1.5 s; 0 logs everything; off disables it.")
                               : tr("A size such as 64 KB or 1 MB; 0 logs everything; off disables it."));
    else
        m_meaning->setText(tr("CONFIG SET %1 %2. It is lost when the server restarts, unless CONFIG REWRITE saves it.")
                               .arg(QString::fromLatin1(setting))
                               .arg(*threshold));
}

void ThresholdDialog::send()
{
    const SlowlogWords words = wordsOf(m_kind);
    QList<QPair<QByteArray, QByteArray>> settings;
    if (m_threshold->text() != m_thresholdWas)
        settings.append({words.thresholdSetting, QByteArray::number(*typedThreshold(m_kind, m_threshold->text()))});
    if (const QString capacity = m_capacity->text().trimmed(); !capacity.isEmpty() && capacity != m_capacityWas)
        settings.append({words.lengthSetting, capacity.toUtf8()});
    if (settings.isEmpty()) {
        accept();
        return;
    }
    m_sending = true;
    check();
    sendNext(std::move(settings), {});
}

/// Sends one setting after the other; continues only if the previous one succeeded on all nodes.
void ThresholdDialog::sendNext(QList<QPair<QByteArray, QByteArray>> settings, const QStringList &outcomes)
{
    const auto [setting, value] = settings.takeFirst();
    m_changes.set(m_scope->currentData().toByteArray(), setting, value, this,
                  [self = QPointer<ThresholdDialog>(this), settings, outcomes,
                   setting = setting](const SlowlogChanges::Replies &replies) {
                      if (!self)
                          return;
                      Q_EMIT self->changed();
                      QStringList told = outcomes;
                      told.append(QString::fromLatin1(setting) + u": "_s + outcomeText(replies));
                      if (isDoneEverywhere(replies) && !settings.isEmpty()) {
                          self->sendNext(settings, told);
                          return;
                      }
                      self->m_sending = false;
                      self->m_outcome->setText(told.join(u'\n'));
                      setStyleProperty(self->m_outcome, "tone", isDoneEverywhere(replies) ? u"ok"_s : u"error"_s);
                      self->m_outcome->show();
                      self->check();
                  });
}

QString ThresholdDialog::outcome() const
{
    return m_outcome->text();
}

} // namespace slotscope
