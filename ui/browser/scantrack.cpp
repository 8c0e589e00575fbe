// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/scantrack.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

ScanTrack::ScanTrack(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setFixedHeight(10);
    setAccessibleName(tr("Progress of the scan"));
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ScanTrack::setProgress(const ScanProgress &progress, const QList<int> &colours)
{
    m_progress = progress;
    m_colours = colours;
    QStringList all;
    for (const ScanProgress::Node &node : progress.nodes)
        all.append(words(node));
    setAccessibleDescription(all.join(u"; "_s));
    update();
}

QRectF ScanTrack::barOf(int node) const
{
    const int count = std::max(1, int(m_progress.nodes.size()));
    const double gap = count > 40 ? 1 : 4, width = (this->width() - gap * (count - 1)) / count;
    return {node * (width + gap), 3, std::max(1.0, width), 5};
}

QString ScanTrack::words(const ScanProgress::Node &node) const
{
    QStringList parts{node.address,
                      node.expected >= 0
                          ? tr("%1 of ≈ %2 keys").arg(groupedNumber(qint64(node.seen)), groupedNumber(node.expected))
                          : tr("%1 keys").arg(groupedNumber(qint64(node.seen)))};
    if (node.error)
        parts.append(describe(*node.error));
    return parts.join(u" · "_s);
}

void ScanTrack::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    for (int i = 0; i < int(m_progress.nodes.size()); ++i) {
        const ScanProgress::Node &node = m_progress.nodes[size_t(i)];
        const QRectF bar = barOf(i);
        painter.setBrush(m_theme.tokens().grid);
        painter.drawRoundedRect(bar, 2, 2);
        const double part = node.done ? 1
            : node.expected > 0       ? std::min(1.0, double(node.seen) / double(node.expected))
                                      : 0;
        const int colour = m_colours.value(i, -1);
        painter.setBrush(node.error       ? m_theme.tokens().errorMark
                             : colour < 0 ? m_theme.tokens().accentMark
                                          : shardColour(colour));
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(), bar.width() * part, bar.height()), 2, 2);
    }
}

bool ScanTrack::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        for (int i = 0; i < int(m_progress.nodes.size()); ++i)
            if (barOf(i).adjusted(-2, -4, 2, 4).contains(help->pos()))
                QToolTip::showText(help->globalPos(), plainToolTip(words(m_progress.nodes[size_t(i)])), this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace slotscope
