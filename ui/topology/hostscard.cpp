// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/hostscard.h"

#include "core/models/nodewords.h"
#include "ui/shared/badge.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"
#include "ui/topology/cardpainter.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int leastHostWidth = 80, mostHostWidth = 200, inset = 16;

QString shardList(const ClusterView &view, const QList<int> &shards)
{
    constexpr qsizetype most = 5;
    QStringList numbers;
    for (const int shard : shards)
        numbers.append(QString::number(view.shards[size_t(shard)].number));
    if (numbers.size() > most)
        numbers = numbers.mid(0, most) + QStringList{u"…"_s};
    return numbers.join(u", "_s);
}

} // namespace

HostsCard::HostsCard(const Theme &theme, QWidget *parent)
    : QFrame(parent), m_theme(theme), m_verdict(plainLabel({}, nullptr, this))
{
    setProperty("card", true);
    setMouseTracking(true);
    setAccessibleName(tr("Hosts"));
    auto *title = plainLabel(tr("Hosts"), nullptr, this);
    title->setFont(Theme::strongFont());
    auto *head = new QHBoxLayout;
    head->addWidget(title);
    head->addWidget(m_verdict, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(inset, 10, inset, 0);
    layout->addLayout(head);
    layout->addStretch();
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    hide();
}

void HostsCard::setView(const ClusterViewPtr &view)
{
    m_view = view;
    m_losses = view && view->cluster ? hostLosses(*view) : std::vector<HostLoss>();
    std::stable_sort(m_losses.begin(), m_losses.end(), [](const HostLoss &a, const HostLoss &b) {
        return std::pair(a.isSurvived(), a.bareShards.isEmpty()) < std::pair(b.isSurvived(), b.bareShards.isEmpty());
    });
    fill();
}

void HostsCard::setRoom(int pixels)
{
    m_rows = std::max(0, (pixels - headHeight - foot) / rowHeight);
    fill();
}

void HostsCard::fill()
{
    const int rows = std::min(m_rows, int(m_losses.size()));
    m_verdict->setText(verdict());
    setStyleProperty(m_verdict, "tone", m_verdict->text().startsWith(u'✓') ? u"ok"_s : u"warn"_s);
    setAccessibleDescription(lines().join(u". "_s));
    setVisible(isWanted() && rows > 0);
    update();
}

QString HostsCard::verdict() const
{
    const auto lost =
        std::count_if(m_losses.begin(), m_losses.end(), [](const HostLoss &loss) { return !loss.isSurvived(); });
    const int unserved = m_view ? m_view->uncovered.count() + m_view->unserved.count() : 0;
    if (lost == 0 && unserved > 0)
        return tr("▲ %n slot(s) are not served now; the failure of any host adds no further ones", nullptr, unserved);
    if (lost == 0)
        return tr("✓ if any one host fails, all slots that are served now are still served");
    return tr("▲ %n of them cannot fail without loss of slots", nullptr, int(lost));
}

QString HostsCard::wordsOf(const HostLoss &loss) const
{
    QStringList parts;
    if (!loss.lostShards.isEmpty())
        parts.append(
            loss.hasMajority
                ? tr("no node serves shard %1").arg(shardList(*m_view, loss.lostShards))
                : tr("no node serves shard %1: half or more of the primaries would be gone, so no replica is elected")
                      .arg(shardList(*m_view, loss.lostShards)));
    constexpr qsizetype mostNamed = 2;
    for (const HostLoss::Successor &each : loss.successors.mid(0, mostNamed))
        parts.append(tr("%1 can take over shard %2")
                         .arg(m_view->nodes[size_t(each.node)].name)
                         .arg(m_view->shards[size_t(each.shard)].number));
    if (loss.successors.size() > mostNamed)
        parts.append(tr("%n more shard(s) taken over", nullptr, int(loss.successors.size() - mostNamed)));
    if (!loss.bareShards.isEmpty())
        parts.append(tr("no replica left for shard %1").arg(shardList(*m_view, loss.bareShards)));
    return parts.isEmpty() ? tr("no slot changes its owner") : parts.join(u"; "_s);
}

QStringList HostsCard::lines() const
{
    QStringList all;
    for (int i = 0; i < std::min(m_rows, int(m_losses.size())); ++i)
        all.append(tr("%1: if it fails, %2").arg(m_losses[size_t(i)].host, wordsOf(m_losses[size_t(i)])));
    return all;
}

int HostsCard::rowAt(int y) const
{
    const int row = y < headHeight ? -1 : (y - headHeight) / rowHeight;
    return row < std::min(m_rows, int(m_losses.size())) ? row : -1;
}

void HostsCard::paintEvent(QPaintEvent *event)
{
    QFrame::paintEvent(event);
    QPainter painter(this);
    for (int row = 0; m_view && row < std::min(m_rows, int(m_losses.size())); ++row)
        paintRow(painter, row);
}

void HostsCard::paintRow(QPainter &painter, int row) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    const HostLoss &loss = m_losses[size_t(row)];
    const QRect line(1, headHeight + row * rowHeight, width() - 2, rowHeight);
    if (row == m_hovered)
        painter.fillRect(line, tokens.raised);
    painter.setPen(tokens.line);
    painter.drawLine(line.topLeft(), line.topRight());
    painter.setFont(Theme::monoFont());
    painter.setPen(tokens.text);
    int hostWidth = leastHostWidth;
    for (const HostLoss &each : m_losses)
        hostWidth = std::clamp(painter.fontMetrics().horizontalAdvance(each.host) + 12, hostWidth, mostHostWidth);
    drawElided(painter, QRect(line.left() + inset, line.top(), hostWidth, rowHeight), loss.host, Qt::ElideMiddle);
    const int middle = line.left() + std::max(inset + hostWidth + 160, line.width() * 46 / 100);
    int x = line.left() + inset + hostWidth + 10;
    for (qsizetype i = 0; i < loss.nodes.size(); ++i) {
        const NodeState &node = m_view->nodes[size_t(loss.nodes[i])];
        const QString port = u':' + QString::number(node.address.port);
        const int width = 14 + 26 + 6 + painter.fontMetrics().horizontalAdvance(port) + 14;
        if (x + width > middle - 30) {
            painter.setPen(tokens.muted);
            painter.drawText(QRect(x, line.top(), 40, rowHeight), int(Qt::AlignVCenter),
                             u"+%1"_s.arg(loss.nodes.size() - i));
            break;
        }
        painter.setPen(Qt::NoPen);
        painter.setBrush(shardColour(m_view->shards[size_t(node.shard)].colour));
        painter.setRenderHint(QPainter::Antialiasing);
        painter.drawRoundedRect(QRectF(x, line.center().y() - 4, 9, 9), 2, 2);
        const bool isDown = node.condition == NodeCondition::Failed;
        paintBadge(painter, QRect(x + 14, line.center().y() - 8, 24, 17),
                   isDown             ? u"✕"_s
                       : node.primary ? u"P"_s
                                      : u"R"_s,
                   isDown             ? Tone::Bad
                       : node.primary ? Tone::Accent
                                      : Tone::Neutral,
                   tokens);
        painter.setFont(Theme::monoFont());
        painter.setPen(tokens.muted);
        painter.drawText(QRect(x + 44, line.top(), width, rowHeight), int(Qt::AlignVCenter), port);
        x += width;
    }
    painter.setFont(Theme::textFont());
    const QString lead = tr("If it fails:");
    painter.setPen(tokens.muted);
    const int leadWidth = painter.fontMetrics().horizontalAdvance(lead) + 6;
    painter.drawText(QRect(middle, line.top(), leadWidth, rowHeight), int(Qt::AlignVCenter), lead);
    painter.setPen(loss.isSurvived() ? tokens.text : tokens.warn);
    drawElided(painter, QRect(middle + leadWidth, line.top(), line.right() - inset - middle - leadWidth, rowHeight),
               wordsOf(loss), Qt::ElideRight);
}

void HostsCard::mousePressEvent(QMouseEvent *event)
{
    if (const int row = rowAt(event->pos().y()); row >= 0 && event->button() == Qt::LeftButton)
        Q_EMIT hostChosen(m_view->nodes[size_t(m_losses[size_t(row)].nodes.constFirst())].id);
}

void HostsCard::mouseMoveEvent(QMouseEvent *event)
{
    const int row = rowAt(event->pos().y());
    setToolTip(row < 0 ? QString() : plainToolTip(lines().value(row)));
    setCursor(row < 0 ? Qt::ArrowCursor : Qt::PointingHandCursor);
    if (std::exchange(m_hovered, row) != row)
        update();
}

void HostsCard::leaveEvent(QEvent *event)
{
    QFrame::leaveEvent(event);
    m_hovered = -1;
    update();
}

} // namespace slotscope
