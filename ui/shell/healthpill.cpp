// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/healthpill.h"

#include "core/models/nodewords.h"
#include "ui/shared/badge.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QPainter>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

HealthPill::HealthPill(const Theme &theme, QWidget *parent) : QAbstractButton(parent), m_theme(theme)
{
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    hide();
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void HealthPill::setConnection(const ConnectionView *view)
{
    setVisible(view != nullptr);
    if (!view)
        return;
    QString text;
    QStringList titles;
    if (view->state() != SessionState::Ready || !view->view()) {
        const bool connecting = view->state() == SessionState::Connecting;
        text = connecting ? tr("Connecting") : tr("No connection");
        m_tone = connecting ? Tone::Muted : Tone::Bad;
    } else {
        const ClusterView &cluster = *view->view();
        for (const Finding &finding : cluster.findings)
            titles.append(finding.title);
        const bool down = !cluster.uncovered.isEmpty() && cluster.cluster;
        const Severity health = cluster.health();
        const bool degraded = health == Severity::Warning || health == Severity::Error;
        m_tone = down ? Tone::Bad : degraded ? Tone::Warning : Tone::Good;
        text = down ? tr("Down") : degraded ? tr("Degraded") : tr("Healthy");
        if (!titles.isEmpty())
            text += u" · "_s
                + (!down && !degraded ? counted(titles.size(), tr("1 note"), tr("%1 notes"))
                                      : counted(titles.size(), tr("1 finding"), tr("%1 findings")));
    }
    setToolTip(plainToolTip(titles.join(u'\n')));
    setAccessibleName(tr("Health: %1").arg(text));
    setAccessibleDescription(titles.join(u", "_s));
    if (text != this->text()) {
        setText(text);
        updateGeometry();
    }
    update();
}

QSize HealthPill::sizeHint() const
{
    return {QFontMetrics(Theme::strongFont()).horizontalAdvance(text()) + 42, 28};
}

void HealthPill::paintEvent(QPaintEvent *)
{
    const ThemeTokens &tokens = m_theme.tokens();
    const ToneColours colours = toneColours(tokens, m_tone);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(hasFocus() ? QPen(colours.text, 1) : QPen(Qt::NoPen));
    painter.setBrush(underMouse() ? mixed(colours.background, colours.text, 0.12) : colours.background);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), height() / 2.0, height() / 2.0);
    const QPointF mark(18, height() / 2.0);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.text);
    if (m_tone == Tone::Warning)
        painter.drawPolygon(QPolygonF({mark + QPointF(0, -5.5), mark + QPointF(6, 4.5), mark + QPointF(-6, 4.5)}));
    else if (m_tone == Tone::Bad)
        painter.drawRect(QRectF(mark.x() - 4.5, mark.y() - 4.5, 9, 9));
    else
        painter.drawEllipse(mark, 4.5, 4.5);
    painter.setFont(Theme::strongFont());
    painter.setPen(colours.text);
    painter.drawText(rect().adjusted(29, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, text());
}

} // namespace slotscope
