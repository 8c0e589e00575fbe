// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/latency/doctorcard.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/models/latencyeventmodel.h"
#include "core/models/latencywords.h"
#include "core/models/roundtripmodel.h"
#include "core/slowlog/slowlogreader.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/pagecards.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"

#include <QClipboard>
#include <QComboBox>
#include <QDateTime>
#include <QGuiApplication>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

DoctorCard::DoctorCard(const Theme &theme, const RoundTripModel &nodes, const LatencyEventModel &events,
                       QWidget *parent)
    : QFrame(parent)
    , m_nodes(nodes)
    , m_events(events)
    , m_choice(new QComboBox(this))
    , m_which(new SegmentedControl({tr("Latency"), tr("Memory")}, this))
    , m_finding(new QFrame(this))
    , m_findingText(wrappedLabel({}, nullptr, m_finding))
    , m_slowlog(new QPushButton(tr("Slow log of this node"), m_finding))
    , m_wordsTitle(new ElidedLabel({}, Qt::ElideRight, this))
    , m_copy(new QPushButton(themedIcon(u"copy"_s, theme), {}, this))
    , m_words(new QPlainTextEdit(this))
{
    setProperty("card", true);
    m_choice->setObjectName(u"doctorNode"_s);
    m_choice->setAccessibleName(tr("Node to diagnose"));
    m_choice->setMaximumWidth(132);
    m_which->setAccessibleName(tr("Kind of diagnosis"));
    m_finding->setProperty("finding", u"warn"_s);
    m_slowlog->setObjectName(u"toSlowlog"_s);
    m_copy->setProperty("quiet", true);
    m_copy->setToolTip(tr("Copy"));
    m_copy->setAccessibleName(tr("Copy the diagnosis"));
    m_wordsTitle->setProperty("tone", u"muted"_s);
    m_words->setReadOnly(true);
    m_words->setFont(Theme::monoFont());
    m_words->setTabChangesFocus(true);
    m_words->setAccessibleName(tr("Original text of the server"));
    auto *findingLayout = new QVBoxLayout(m_finding);
    findingLayout->setContentsMargins(12, 10, 12, 10);
    findingLayout->addWidget(m_findingText);
    findingLayout->addWidget(m_slowlog, 0, Qt::AlignLeft);
    auto *head = new QHBoxLayout;
    head->addWidget(m_wordsTitle, 1);
    head->addWidget(m_copy);
    auto *body = new QVBoxLayout;
    body->setContentsMargins(14, 0, 14, 14);
    body->setSpacing(10);
    body->addWidget(m_finding);
    body->addLayout(head);
    body->addWidget(m_words, 1);
    m_which->setMinimumWidth(m_which->sizeHint().width());
    QVBoxLayout *layout = layOutCard(this, {pageCardTitle(tr("Doctor"), this), m_choice, m_which}, m_choice);
    layout->addLayout(body, 1);
    connect(m_choice, &QComboBox::activated, this,
            [this] { Q_EMIT nodeChosen(m_choice->currentData().toByteArray()); });
    connect(m_which, &SegmentedControl::currentChanged, this, &DoctorCard::updateWords);
    connect(m_slowlog, &QPushButton::clicked, this, [this] { Q_EMIT slowlogRequested(m_node); });
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(words()); });
    refresh();
}

void DoctorCard::forget()
{
    m_doctors.reset();
    refresh();
}

void DoctorCard::setNode(const QByteArray &nodeId)
{
    if (m_node != nodeId)
        m_doctors.reset();
    m_node = nodeId;
    refresh();
}

void DoctorCard::take(const QByteArray &nodeId, const Result<NodeDoctors> &doctors)
{
    if (nodeId != m_node)
        return;
    m_doctors = doctors;
    m_readAt = QDateTime::currentMSecsSinceEpoch();
    updateWords();
}

void DoctorCard::refresh()
{
    fillNodes();
    updateFinding();
    updateWords();
}

void DoctorCard::fillNodes()
{
    const QByteArrayList ids = m_nodes.nodes();
    bool isSame = m_choice->count() == ids.size();
    for (int i = 0; isSame && i < ids.size(); ++i)
        isSame = m_choice->itemData(i).toByteArray() == ids[i] && m_choice->itemText(i) == m_nodes.nameOf(ids[i]);
    if (!isSame) {
        m_choice->clear();
        for (const QByteArray &id : ids)
            m_choice->addItem(m_nodes.nameOf(id), id);
    }
    m_choice->setCurrentIndex(int(ids.indexOf(m_node)));
}

/// Shows the longest latency of all events that the node's monitor recorded.
void DoctorCard::updateFinding()
{
    const NodeLatency *heard = m_events.heardOf(m_node);
    const NodeLatencyEvent *worst = nullptr;
    for (size_t i = 0; heard && i < heard->events.size(); ++i)
        if (!worst || heard->events[i].event.longest > worst->event.longest)
            worst = &heard->events[i];
    m_finding->setVisible(worst || (heard && (heard->problem || heard->threshold == 0)));
    m_slowlog->setVisible(worst && worst->event.name == "command");
    if (!heard)
        return;
    if (!worst) {
        m_findingText->setText(heard->problem ? describe(*heard->problem)
                                              : tr("The latency monitor of this node is off: it records nothing."));
        setStyleProperty(m_finding, "finding", u"warn"_s);
        return;
    }
    const qint64 ago = QDateTime::currentMSecsSinceEpoch() - worst->at;
    const QString meaning = eventMeaning(worst->event.name);
    m_findingText->setText(tr("%1 blocked the server for at most %2 ms; most recently for %3 ms, %4.%5")
                               .arg(toDisplay(worst->event.name), groupedNumber(worst->event.longest),
                                    groupedNumber(worst->event.latest), agoText(ago),
                                    meaning.isEmpty() ? QString() : tr(" Meaning: %1.").arg(meaning)));
    setStyleProperty(m_finding, "finding",
                     roundTripTone(worst->event.longest * 1000) == Tone::Bad ? u"error"_s : u"warn"_s);
}

void DoctorCard::updateWords()
{
    QString text;
    if (m_node.isEmpty()) {
        text = tr("Choose a node above.");
    } else if (!m_doctors) {
        text = u"…"_s;
    } else if (!*m_doctors) {
        text = describe((*m_doctors).error());
    } else {
        const bool isLatency = m_which->current() == 0;
        const Result<QByteArray> &said = isLatency ? (*m_doctors)->latency : (*m_doctors)->memory;
        const QString prompt = m_nodes.nameOf(m_node) + (isLatency ? u"> LATENCY DOCTOR\n"_s : u"> MEMORY DOCTOR\n"_s);
        if (said) {
            text = prompt + QString::fromUtf8(*said).trimmed();
        } else {
            text = prompt + describe(said.error());
            if (const QByteArray right = missingRight(said.error()); !right.isEmpty())
                text += u'\n' + tr("It needs %1.").arg(QString::fromLatin1(right));
        }
    }
    m_wordsTitle->setText(m_doctors ? tr("Original text of the server, read at %1")
                                          .arg(QDateTime::fromMSecsSinceEpoch(m_readAt).toString(u"HH:mm:ss"_s))
                                    : tr("Original text of the server"));
    if (m_words->toPlainText() != text)
        m_words->setPlainText(text);
}

QString DoctorCard::words() const
{
    return m_words->toPlainText();
}

QString DoctorCard::findingText() const
{
    return m_finding->isHidden() ? QString() : m_findingText->text();
}

} // namespace slotscope
