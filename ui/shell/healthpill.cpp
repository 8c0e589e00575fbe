// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/healthpill.h"

#include "core/models/nodewords.h"
#include "ui/operations/slotsunderway.h"
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
    QStringList titles;
    if (view->state() == SessionState::Ready && view->view()) {
        showCluster(*view->view());
        for (const Finding &finding : view->view()->findings)
            titles.append(finding.title);
    } else {
        const bool connecting = view->state() == SessionState::Connecting && !view->isFailing();
        m_tone = connecting ? Tone::Muted : Tone::Bad;
        m_mark = connecting ? Mark::Dot : Mark::Ring;
        setText(connecting ? tr("Connecting") : tr("No connection"));
    }
    setToolTip(plainToolTip(titles.join(u'\n')));
    setAccessibleName(tr("Health: %1").arg(text()));
    setAccessibleDescription(titles.join(u", "_s));
    updateGeometry(); // another language is as wide as it is
    update();
}

void HealthPill::showCluster(const ClusterView &cluster)
{
    const Severity worst = cluster.health();
    const bool isNew = std::any_of(cluster.findings.begin(), cluster.findings.end(),
                                   [](const Finding &finding) { return finding.kind == Finding::Kind::EmptyNode; });
    const bool down = (cluster.cluster && !isNew && !cluster.uncovered.isEmpty())
        || std::any_of(cluster.findings.begin(), cluster.findings.end(),
                       [](const Finding &finding) { return finding.kind == Finding::Kind::ClusterStateFail; });
    const auto count = std::count_if(cluster.findings.begin(), cluster.findings.end(),
                                     [worst](const Finding &finding) { return finding.severity == worst; });
    QString words;
    switch (worst) {
    case Severity::Error: words = counted(count, tr("1 error"), tr("%1 errors")); break;
    case Severity::Warning: words = counted(count, tr("1 warning"), tr("%1 warnings")); break;
    case Severity::Note:
        words = std::any_of(cluster.findings.begin(), cluster.findings.end(), isUnderWay)
            ? tr("moving slots")
            : counted(count, tr("1 note"), tr("%1 notes"));
        break;
    case Severity::Ok: break;
    }
    const bool broken = down || worst == Severity::Error;
    const bool degraded = worst == Severity::Warning;
    m_tone = broken ? Tone::Bad : degraded ? Tone::Warning : Tone::Good;
    m_mark = down ? Mark::Square : broken ? Mark::Diamond : degraded ? Mark::Triangle : Mark::Dot;
    const QString word = isNew ? tr("Empty")
        : down                 ? tr("Down")
        : broken               ? tr("Broken")
        : degraded             ? tr("Degraded")
                               : tr("Healthy");
    setText(words.isEmpty() || isNew ? word : word + u" · "_s + words);
}

QSize HealthPill::sizeHint() const
{
    const QFontMetrics metrics(Theme::strongFont());
    int widest = metrics.horizontalAdvance(text());
    for (const QString &usual : {tr("Degraded") + u" · "_s + tr("%1 warnings").arg(88), tr("No connection")})
        widest = std::max(widest, metrics.horizontalAdvance(usual));
    return {widest + 48, 28};
}

void HealthPill::paintMark(QPainter &painter, const QPointF &middle, const QColor &colour) const
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    switch (m_mark) {
    case Mark::Triangle:
        painter.drawPolygon(
            QPolygonF({middle + QPointF(0, -5.5), middle + QPointF(6, 4.5), middle + QPointF(-6, 4.5)}));
        break;
    case Mark::Diamond:
        painter.drawPolygon(QPolygonF(
            {middle + QPointF(0, -6), middle + QPointF(6, 0), middle + QPointF(0, 6), middle + QPointF(-6, 0)}));
        break;
    case Mark::Square: painter.drawRect(QRectF(middle.x() - 4.5, middle.y() - 4.5, 9, 9)); break;
    case Mark::Ring:
        painter.setPen(QPen(colour, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(middle, 4, 4);
        break;
    case Mark::Dot: painter.drawEllipse(middle, 4.5, 4.5); break;
    }
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
    const int words = QFontMetrics(Theme::strongFont()).horizontalAdvance(text());
    const double left = std::max(12.0, (width() - 17.0 - words) / 2);
    paintMark(painter, {left + 6, height() / 2.0}, colours.text);
    painter.setFont(Theme::strongFont());
    painter.setPen(colours.text);
    painter.drawText(QRectF(left + 17, 0, width() - left - 17, height()), Qt::AlignVCenter | Qt::AlignLeft, text());
}

} // namespace slotscope
