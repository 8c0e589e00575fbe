// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/health/healthcard.h"

#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "ui/shared/operationmenu.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QGridLayout>
#include <QPushButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr qsizetype maximumLinks = 12;
constexpr int linkWidth = 188;

QString nameOf(const ClusterView &view, const QByteArray &id)
{
    const NodeState *node = view.node(id);
    return node && !node->name.isEmpty() ? node->name : QString::fromLatin1(id.left(12));
}

} // namespace

QString severityWord(Severity severity)
{
    switch (severity) {
    case Severity::Ok: return HealthCard::tr("ok");
    case Severity::Note: return HealthCard::tr("note");
    case Severity::Warning: return HealthCard::tr("warning");
    case Severity::Error: return HealthCard::tr("error");
    }
    return {};
}

HealthCard::HealthCard(QWidget *parent)
    : QFrame(parent)
    , m_word(plainLabel({}, nullptr, this))
    , m_title(plainLabel({}, nullptr, this))
    , m_explanation(plainLabel({}, nullptr, this))
    , m_advice(plainLabel({}, "muted", this))
    , m_more(plainLabel({}, "muted", this))
    , m_links(new QWidget(this))
    , m_acts(new QWidget(this))
    , m_grid(new QGridLayout(m_links))
{
    m_word->setFont(Theme::smallFont());
    m_title->setFont(Theme::strongFont());
    m_more->setFont(Theme::smallFont());
    m_grid->setContentsMargins(0, 2, 0, 0);
    m_grid->setHorizontalSpacing(8);
    m_grid->setVerticalSpacing(2);
    m_grid->setColumnStretch(2, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 10, 12, 10);
    layout->setSpacing(5);
    layout->addWidget(m_word);
    for (QLabel *label : {m_title, m_explanation, m_advice}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        layout->addWidget(label);
    }
    layout->addWidget(m_links);
    layout->addWidget(m_more);
    auto *acts = new QHBoxLayout(m_acts);
    acts->setContentsMargins(0, 4, 0, 0);
    acts->setSpacing(8);
    layout->addWidget(m_acts);
}

void HealthCard::setFinding(const Finding &finding, const ClusterView &view)
{
    const bool error = finding.severity == Severity::Error, warning = finding.severity == Severity::Warning;
    const QString tone = error ? u"error"_s : warning ? u"warn"_s : u"note"_s;
    setStyleProperty(this, "finding", tone);
    setStyleProperty(m_title, "tone", error || warning ? tone : QString());
    setStyleProperty(m_word, "tone", error || warning ? tone : u"muted"_s);
    m_word->setText((error ? u"✕ "_s : warning ? u"▲ "_s : u"● "_s) + severityWord(finding.severity));
    m_title->setText(finding.title);
    m_explanation->setText(finding.explanation);
    m_explanation->setVisible(!finding.explanation.isEmpty());
    m_advice->setText(finding.advice.isEmpty() ? QString() : tr("Remedy: %1").arg(finding.advice));
    m_advice->setVisible(!finding.advice.isEmpty());
    setAccessibleName(u"%1: %2"_s.arg(severityWord(finding.severity), finding.title));
    setLinks(finding, view);
    setActs(finding, view);
}

void HealthCard::setReadOnly(bool readOnly)
{
    m_acts->setEnabled(!readOnly);
    m_acts->setToolTip(readOnly ? tr("This connection is read-only.") : QString());
}

/// Adds the remedies as buttons; a wizard asks before anything is changed.
void HealthCard::setActs(const Finding &finding, const ClusterView &view)
{
    const QList<OperationAct> acts = OperationActs::ofFinding(view, finding);
    QStringList wanted;
    for (const OperationAct &act : acts)
        wanted.append(act.text + QString::fromLatin1(act.draft.nodeId) + act.draft.slots.toString());
    m_acts->setVisible(!acts.isEmpty());
    if (wanted == m_shownActs)
        return;
    m_shownActs = wanted;
    while (QLayoutItem *item = m_acts->layout()->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const OperationAct &act : acts) {
        auto *button = new QPushButton(act.text, m_acts);
        button->setObjectName(act.draft.operation ? operationName(*act.draft.operation) : QString());
        button->setAutoDefault(false);
        connect(button, &QPushButton::clicked, this, [this, draft = act.draft] { Q_EMIT operationChosen(draft); });
        m_acts->layout()->addWidget(button);
    }
    static_cast<QHBoxLayout *>(m_acts->layout())->addStretch();
}

void HealthCard::setLinks(const Finding &finding, const ClusterView &view)
{
    QStringList wanted;
    const qsizetype nodes = std::min(finding.nodes.size(), maximumLinks);
    for (qsizetype i = 0; i < nodes; ++i)
        wanted << QString::fromLatin1(finding.nodes.at(i)) + u' ' + nameOf(view, finding.nodes.at(i));
    wanted << finding.slots.toString() << QString::number(finding.nodes.size());
    if (wanted == m_shown)
        return;
    m_shown = wanted;
    while (QLayoutItem *item = m_grid->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (qsizetype i = 0; i < nodes; ++i) {
        const QByteArray id = finding.nodes.at(i);
        const QString name = nameOf(view, id);
        addLink(int(i), name, tr("Show %1 in the topology").arg(name), [this, id] { Q_EMIT nodeChosen(id); });
    }
    if (!finding.slots.isEmpty()) {
        const int count = finding.slots.count();
        const QString ranges = rangesText(finding.slots, 3);
        const QString text = count == 1 ? tr("Slot %1").arg(ranges) : tr("%n slot(s): %1", nullptr, count).arg(ranges);
        addLink(-1, text, tr("Select on the slot map: %1").arg(rangesText(finding.slots, 30)),
                [this, slotSet = finding.slots] { Q_EMIT slotsChosen(slotSet); });
    }
    m_links->setVisible(m_grid->count() > 0);
    m_more->setText(tr("and %n more node(s)", nullptr, int(finding.nodes.size() - nodes)));
    m_more->setVisible(finding.nodes.size() > nodes);
}

/// Places links in two columns; cell -1: a row of its own at the end.
void HealthCard::addLink(int cell, const QString &text, const QString &whole, const std::function<void()> &act)
{
    auto *link = new QPushButton(m_links);
    link->setProperty("link", true);
    link->setFont(Theme::monoFont());
    link->setAutoDefault(false);
    link->setCursor(Qt::PointingHandCursor);
    const int width = cell < 0 ? 2 * linkWidth : linkWidth;
    link->setText(link->fontMetrics().elidedText(text, Qt::ElideMiddle, width - 12).replace(u'&', u"&&"_s));
    link->setToolTip(whole.toHtmlEscaped());
    link->setAccessibleName(text);
    link->setMaximumWidth(width);
    connect(link, &QPushButton::clicked, this, act);
    if (cell < 0)
        m_grid->addWidget(link, m_grid->rowCount(), 0, 1, 2, Qt::AlignLeft);
    else
        m_grid->addWidget(link, cell / 2, cell % 2, Qt::AlignLeft);
}

} // namespace slotscope
