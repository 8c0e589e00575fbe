// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/connectiontabs.h"

#include "ui/shared/badge.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/theme.h"

#include <QContextMenuEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

Tone markTone(const ConnectionView &view)
{
    switch (view.state()) {
    case SessionState::Ready: break;
    case SessionState::Connecting: return view.isFailing() ? Tone::Bad : Tone::Muted;
    default: return Tone::Bad;
    }
    const Severity health = view.view() ? view.view()->health() : Severity::Ok;
    return health == Severity::Error ? Tone::Bad : health == Severity::Warning ? Tone::Warning : Tone::Good;
}

constexpr qsizetype mostAlertsTold = 12;

QString alertsToolTip(const QList<NodeAlert> &alerts)
{
    QStringList lines;
    for (const NodeAlert &alert : alerts.mid(0, mostAlertsTold))
        lines.append(u"▲ "_s + alert.words);
    if (alerts.size() > mostAlertsTold)
        lines.append(ConnectionTabs::tr("and %n more", nullptr, int(alerts.size() - mostAlertsTold)));
    return alerts.isEmpty() ? QString() : plainToolTip(lines.join(u'\n'));
}

} // namespace

ConnectionTabs::ConnectionTabs(const Theme &theme, QWidget *parent) : QTabBar(parent), m_theme(theme)
{
    retranslate();
    setDrawBase(false);
    setExpanding(false);
    setMovable(false);
    setUsesScrollButtons(true);
    setElideMode(Qt::ElideMiddle);
    setMouseTracking(true);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ConnectionTabs::setTab(int index, const ConnectionView &view)
{
    const TabInfo before = infoOf(index);
    const Tone tagTone = view.environment().kind == Environment::Kind::Production ? Tone::Bad
        : view.environment().kind == Environment::Kind::Staging                   ? Tone::Warning
                                                                                  : Tone::Good;
    const QList<NodeAlert> &alerts = view.context().alerts();
    const TabInfo info{.tag = view.environment().tag,
                       .tone = markTone(view),
                       .tagTone = tagTone,
                       .alerts = alerts.isEmpty() ? QString() : u"▲ "_s + QString::number(alerts.size())};
    setTabData(index, QVariantList{info.tag, int(info.tone), int(info.tagTone), info.alerts});
    if (const QString told = alertsToolTip(alerts); told != tabToolTip(index))
        setTabToolTip(index, told);
    // the width of the tab changes
    if (tabText(index) != view.title() || info.tag != before.tag || info.alerts != before.alerts)
        setTabText(index, view.title());
    else if (info != before)
        update();
}

ConnectionTabs::TabInfo ConnectionTabs::infoOf(int index) const
{
    const QVariantList parts = tabData(index).toList();
    if (parts.size() < 4)
        return {};
    return {parts.at(0).toString(), Tone(parts.at(1).toInt()), Tone(parts.at(2).toInt()), parts.at(3).toString()};
}

int ConnectionTabs::badgesWidth(const TabInfo &info)
{
    int width = 0;
    for (const QString &badge : {info.tag, info.alerts})
        width += badge.isEmpty() ? 0 : 8 + badgeSize(badge).width();
    return width;
}

QSize ConnectionTabs::tabSizeHint(int index) const
{
    const int text = std::min(QFontMetrics(Theme::strongFont()).horizontalAdvance(tabText(index)), 220);
    return {18 + 10 + 8 + text + badgesWidth(infoOf(index)) + 8 + 24 + 12, 44};
}

void ConnectionTabs::retranslate()
{
    setAccessibleName(tr("Connections"));
    for (int i = 0; i < count(); ++i)
        if (QWidget *close = tabButton(i, QTabBar::RightSide)) {
            close->setToolTip(tr("Close the connection (Ctrl+W)"));
            close->setAccessibleName(tr("Close the connection"));
        }
}

void ConnectionTabs::tabInserted(int index)
{
    QTabBar::tabInserted(index);
    auto *close = new QToolButton(this);
    close->setIcon(themedIcon(u"close"_s, m_theme));
    close->setIconSize({14, 14});
    close->setFixedSize(22, 22);
    close->setFocusPolicy(Qt::NoFocus);
    connect(close, &QToolButton::clicked, this, [this, close] {
        for (int i = 0; i < count(); ++i) {
            if (tabButton(i, QTabBar::RightSide) == close)
                Q_EMIT tabCloseRequested(i);
        }
    });
    setTabButton(index, QTabBar::RightSide, close);
    retranslate();
}

/// Opened by the keyboard, the menu is for the current tab.
void ConnectionTabs::contextMenuEvent(QContextMenuEvent *event)
{
    const bool isByMouse = event->reason() == QContextMenuEvent::Mouse;
    const int index = isByMouse ? tabAt(event->pos()) : currentIndex();
    if (index >= 0)
        Q_EMIT menuRequested(index, isByMouse ? event->globalPos() : mapToGlobal(tabRect(index).bottomLeft()));
}

void ConnectionTabs::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    for (int index = 0; index < count(); ++index)
        paintTab(painter, index);
}

void ConnectionTabs::paintTab(QPainter &painter, int index) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    const TabInfo info = infoOf(index);
    const bool current = index == currentIndex();
    const QRect tab = tabRect(index);
    if (current)
        painter.fillRect(tab, tokens.bg);
    painter.fillRect(QRect(tab.right(), tab.top(), 1, tab.height()), tokens.line);
    if (current)
        painter.fillRect(QRect(tab.left(), tab.top(), tab.width(), 2), tokens.accent);
    const QPointF mark(tab.left() + 22, tab.center().y() + 1);
    painter.setPen(Qt::NoPen);
    painter.setBrush(toneColours(tokens, info.tone).text);
    if (info.tone == Tone::Warning || info.tone == Tone::Bad)
        painter.drawPolygon(QPolygonF({mark + QPointF(0, -5.5), mark + QPointF(5.5, 4.5), mark + QPointF(-5.5, 4.5)}));
    else
        painter.drawEllipse(mark, 4.5, 4.5);
    const QRect text(tab.left() + 36, tab.top(), tab.width() - 36 - 38 - badgesWidth(info), tab.height());
    painter.setFont(current ? Theme::strongFont() : Theme::textFont());
    painter.setPen(current ? tokens.text : tokens.muted);
    const QString shown = painter.fontMetrics().elidedText(tabText(index), Qt::ElideMiddle, text.width());
    painter.drawText(text, Qt::AlignVCenter | Qt::AlignLeft, shown);
    int x = text.left() + painter.fontMetrics().horizontalAdvance(shown) + 8;
    for (const auto &[words, tone] : {std::pair(info.tag, info.tagTone), {info.alerts, Tone::Warning}}) {
        if (words.isEmpty())
            continue;
        QRect badge(QPoint(x, 0), badgeSize(words));
        badge.moveTop(tab.center().y() - badge.height() / 2 + 1);
        paintBadge(painter, badge, words, tone, tokens);
        x = badge.right() + 9;
    }
    if (current && hasFocus()) {
        painter.setPen(QPen(tokens.accent, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(tab).adjusted(4.5, 6.5, -4.5, -4.5), 4, 4);
    }
}

void ConnectionTabs::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() == Qt::MiddleButton) {
        if (const int index = tabAt(event->pos()); index >= 0)
            Q_EMIT tabCloseRequested(index);
        return;
    }
    QTabBar::mouseReleaseEvent(event);
}

} // namespace slotscope
