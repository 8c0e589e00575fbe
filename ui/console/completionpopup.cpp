// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/completionpopup.h"

#include "ui/shared/typebadge.h"
#include "ui/shared/theme.h"

#include <QMouseEvent>
#include <QPainter>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int popupRow = 26, popupFoot = 28, popupWidth = 410, popupRows = 8;

} // namespace

CompletionPopup::CompletionPopup(const Theme &theme, QWidget *parent) : QFrame(parent), m_theme(theme)
{
    setObjectName(u"completion"_s);
    setFocusPolicy(Qt::NoFocus);
    hide();
}

void CompletionPopup::propose(const QList<Proposal> &proposals, const QString &foot, const QRect &anchor)
{
    m_proposals = proposals;
    m_foot = foot;
    m_current = 0;
    if (proposals.isEmpty()) {
        hide();
        return;
    }
    const int rows = std::min(int(proposals.size()), popupRows);
    const int width = std::min(popupWidth, parentWidget()->width() - 16);
    const int height = rows * popupRow + popupFoot + 8;
    int top = anchor.top() - height - 4;
    if (top < 0)
        top = std::min(anchor.bottom() + 4, std::max(0, parentWidget()->height() - height));
    setGeometry(std::clamp(anchor.left() - 12, 4, std::max(4, parentWidget()->width() - width - 4)), top, width,
                height);
    raise();
    show();
    update();
}

int CompletionPopup::firstShown() const
{
    return std::clamp(m_current - popupRows + 1, 0, std::max(0, int(m_proposals.size()) - popupRows));
}

void CompletionPopup::move(int by)
{
    const int count = int(m_proposals.size());
    if (count > 0)
        m_current = ((m_current + by) % count + count) % count;
    update();
}

void CompletionPopup::take()
{
    if (m_current >= m_proposals.size())
        return;
    const QByteArray text = m_proposals[m_current].text;
    hide();
    Q_EMIT taken(text);
}

void CompletionPopup::mousePressEvent(QMouseEvent *event)
{
    const int row = (int(event->position().y()) - 4) / popupRow + firstShown();
    if (row >= 0 && row < m_proposals.size()) {
        m_current = row;
        take();
    }
}

void CompletionPopup::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const ThemeTokens &tokens = m_theme.tokens();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(tokens.line2);
    painter.setBrush(tokens.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
    const int first = firstShown();
    for (int i = 0; i < popupRows && first + i < m_proposals.size(); ++i) {
        const Proposal &each = m_proposals[first + i];
        QRect row(4, 4 + i * popupRow, width() - 8, popupRow);
        if (first + i == m_current)
            painter.fillRect(row, tokens.sel);
        row.adjust(8, 0, -8, 0);
        if (!each.type.isEmpty()) {
            paintTypeBadge(painter, QRect(row.left(), row.center().y() - 8, 18, 18), each.type, m_theme);
            row.setLeft(row.left() + 26);
        }
        painter.setFont(Theme::smallFont());
        int right = row.right();
        if (!each.mark.isEmpty()) {
            painter.setPen(each.isMarkGood ? tokens.ok : tokens.warn);
            painter.drawText(QRect(row.left(), row.top(), right - row.left(), popupRow),
                             Qt::AlignRight | Qt::AlignVCenter, each.mark);
            right -= 76;
        }
        const int detail = std::min(painter.fontMetrics().horizontalAdvance(each.detail), (right - row.left()) / 2);
        painter.setPen(tokens.muted);
        painter.drawText(QRect(right - detail, row.top(), detail, popupRow), Qt::AlignRight | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(each.detail, Qt::ElideRight, detail + 1));
        painter.setFont(Theme::monoFont());
        painter.setPen(tokens.text);
        const QRect text(row.left(), row.top(), right - detail - 12 - row.left(), popupRow);
        painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                         painter.fontMetrics().elidedText(each.shown, Qt::ElideMiddle, text.width()));
    }
    const QRect foot(12, height() - popupFoot, width() - 24, popupFoot);
    painter.setPen(tokens.line);
    painter.drawLine(1, foot.top(), width() - 2, foot.top());
    painter.setFont(Theme::smallFont());
    painter.setPen(tokens.muted);
    painter.drawText(foot, Qt::AlignLeft | Qt::AlignVCenter, tr("Tab inserts it · Esc closes"));
    painter.drawText(foot, Qt::AlignRight | Qt::AlignVCenter, m_foot);
}

} // namespace slotscope
