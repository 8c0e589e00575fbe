// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/health/healthpanel.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "ui/health/healthcard.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QTimer>
#include <QToolButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int healthPanelWidth = 460;
constexpr int panelMargin = 12;

} // namespace

HealthPanel::HealthPanel(const Theme &theme, QWidget *anchor, QWidget *host)
    : Overlay(host)
    , m_theme(theme)
    , m_anchor(anchor)
    , m_title(plainLabel(tr("Health"), nullptr, this))
    , m_summary(plainLabel({}, "muted", this))
    , m_calmIcon(new QLabel(this))
    , m_calmTitle(plainLabel({}, nullptr, this))
    , m_calmText(plainLabel({}, "muted", this))
    , m_copy(new QPushButton(tr("Copy all"), this))
    , m_scroll(new QScrollArea(this))
    , m_content(new QWidget(m_scroll))
    , m_calm(new QWidget(m_content))
    , m_layout(new QVBoxLayout(m_content))
{
    setAccessibleName(tr("Health"));
    auto *calm = new QVBoxLayout(m_calm);
    calm->setContentsMargins(24, 20, 24, 20);
    calm->setSpacing(6);
    m_calmTitle->setFont(Theme::strongFont());
    m_calmText->setWordWrap(true);
    for (QLabel *label : {m_calmIcon, m_calmTitle, m_calmText}) {
        label->setAlignment(Qt::AlignCenter);
        calm->addWidget(label);
    }
    m_layout->setContentsMargins(12, 12, 12, 12);
    m_layout->setSpacing(8);
    m_layout->addWidget(m_calm);
    m_layout->addStretch();
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::StrongFocus);
    m_scroll->setWidget(m_content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(0);
    layout->addWidget(makeHead());
    layout->addWidget(m_scroll, 1);
    connect(&theme, &Theme::changed, this, &HealthPanel::refresh);
}

QWidget *HealthPanel::makeHead()
{
    auto *head = new QFrame(this);
    head->setObjectName(u"overlayHead"_s);
    m_title->setFont(Theme::titleFont());
    m_copy->setToolTip(tr("Copy all findings as text"));
    m_copy->setProperty("quiet", true);
    m_copy->setAutoDefault(false);
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(toText()); });
    auto *close = new QToolButton(head);
    close->setIcon(themedIcon(u"close"_s, m_theme));
    close->setToolTip(tr("Close (Esc)"));
    close->setAccessibleName(tr("Close"));
    connect(close, &QToolButton::clicked, this, &HealthPanel::closeOver);
    auto *layout = new QHBoxLayout(head);
    layout->setContentsMargins(20, 10, 12, 10);
    layout->setSpacing(10);
    layout->addWidget(m_title);
    layout->addWidget(m_summary, 1);
    layout->addWidget(m_copy);
    layout->addWidget(close);
    return head;
}

void HealthPanel::setConnection(ConnectionView *view)
{
    if (m_view == view)
        return;
    if (m_view)
        m_view->disconnect(this);
    m_view = view;
    if (view) {
        connect(view, &ConnectionView::changed, this, [this] {
            if (isOpen())
                refresh();
        });
    }
    if (isOpen() && !view)
        closeOver();
    else if (isOpen())
        refresh();
}

void HealthPanel::aboutToOpen()
{
    refresh();
    m_scroll->setFocus();
}

QRect HealthPanel::placeIn(const QRect &host) const
{
    const QPoint below = m_anchor->mapTo(parentWidget(), QPoint(m_anchor->width(), m_anchor->height() + 14));
    const int width = std::min(healthPanelWidth, host.width() - 2 * panelMargin);
    const int top = std::clamp(below.y(), panelMargin, host.height() / 2);
    const int wanted = layout()->itemAt(0)->sizeHint().height() + m_content->layout()->heightForWidth(width - 14) + 8;
    const int height = std::min(std::max(wanted, 160), host.height() - top - 3 * panelMargin);
    return {std::clamp(below.x() - width, panelMargin, std::max(panelMargin, host.width() - width - panelMargin)), top,
            width, height};
}

void HealthPanel::refresh()
{
    const bool ready = m_view && m_view->view() && m_view->state() != SessionState::Failed;
    m_summary->setText(summary());
    if (ready)
        updateCards(*m_view->view());
    else
        qDeleteAll(std::exchange(m_cards, {}));
    m_copy->setVisible(!m_cards.isEmpty());
    m_calm->setVisible(m_cards.isEmpty());
    if (m_cards.isEmpty())
        updateCalm();
    m_layout->activate();
    place();
}

QString HealthPanel::summary() const
{
    if (!m_view || !m_view->view())
        return {};
    int errors = 0, warnings = 0, notes = 0;
    for (const Finding &finding : m_view->view()->findings)
        ++(finding.severity == Severity::Error ? errors : finding.severity == Severity::Warning ? warnings : notes);
    QStringList parts;
    if (errors > 0)
        parts << tr("%n error(s)", nullptr, errors);
    if (warnings > 0)
        parts << tr("%n warning(s)", nullptr, warnings);
    if (notes > 0)
        parts << tr("%n note(s)", nullptr, notes);
    return parts.join(u" · "_s);
}

/// Updates cards in place, so that scroll position and focus are kept.
void HealthPanel::updateCards(const ClusterView &view)
{
    while (m_cards.size() > view.findings.size())
        delete m_cards.takeLast();
    while (m_cards.size() < view.findings.size()) {
        auto *card = new HealthCard(m_content);
        connect(card, &HealthCard::nodeChosen, this, [this](const QByteArray &id) {
            closeOver();
            Q_EMIT nodeRequested(id);
        });
        connect(card, &HealthCard::operationChosen, this, [this](const OperationDraft &draft) {
            closeOver();
            Q_EMIT operationRequested(m_view, draft);
        });
        connect(card, &HealthCard::slotsChosen, this, [this](const SlotSet &slotSet) {
            closeOver();
            Q_EMIT slotsRequested(slotSet);
        });
        m_layout->insertWidget(m_layout->count() - 1, card);
        m_cards.append(card);
    }
    for (qsizetype i = 0; i < m_cards.size(); ++i)
        m_cards.at(i)->setFinding(view.findings.at(i), view);
    for (HealthCard *card : std::as_const(m_cards))
        card->setReadOnly(m_view->isReadOnly() || !m_view->door());
}

void HealthPanel::updateCalm()
{
    const bool ready = m_view && m_view->view() && m_view->state() == SessionState::Ready;
    const QColor colour = ready ? m_theme.tokens().ok : m_theme.tokens().muted;
    m_calmIcon->setPixmap(tintedPixmap(ready ? u"check"_s : u"unplugged"_s, colour, 32, devicePixelRatioF()));
    if (!ready) {
        const Error error = m_view && m_view->door() ? m_view->door()->error() : Error();
        const bool connecting = m_view && m_view->state() == SessionState::Connecting;
        m_calmTitle->setText(connecting ? tr("Connecting") : tr("No connection"));
        m_calmText->setText(connecting || !m_view || !m_view->door() ? tr("No data about the cluster yet.")
                                                                     : describe(error) + u'\n' + advice(error));
        return;
    }
    const ClusterView &view = *m_view->view();
    m_calmTitle->setText(tr("No problems"));
    const QString nodes = tr("%n node(s) agree", nullptr, view.observers);
    m_calmText->setText(!view.cluster ? tr("A standalone server: it answers.")
                                      : tr("%1; all %2 slots are covered, every replica is linked to its primary.")
                                            .arg(nodes, groupedNumber(view.covered.count())));
}

QString HealthPanel::toText() const
{
    QStringList blocks;
    if (!m_view || !m_view->view())
        return {};
    const ClusterView &view = *m_view->view();
    for (const Finding &finding : view.findings) {
        QStringList lines{severityWord(finding.severity).toUpper() + u": "_s + finding.title, finding.explanation,
                          finding.advice};
        QStringList nodes;
        for (const QByteArray &id : finding.nodes) {
            const NodeState *node = view.node(id);
            nodes << (node ? node->name + u' ' : QString()) + QString::fromLatin1(id);
        }
        if (!nodes.isEmpty())
            lines << tr("Nodes: %1").arg(nodes.join(u", "_s));
        if (!finding.slots.isEmpty())
            lines << tr("Slots: %1").arg(finding.slots.toString());
        lines.removeAll(QString());
        blocks << lines.join(u'\n');
    }
    return blocks.join(u"\n\n"_s) + u'\n';
}

} // namespace slotscope
