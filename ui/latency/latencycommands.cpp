// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/latency/latencycommands.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/models/latencywords.h"
#include "core/models/nodewords.h"
#include "core/models/roundtripmodel.h"
#include "core/slowlog/slowlogreader.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/pagecards.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"

#include <QComboBox>
#include <QDateTime>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int commandRow = 26, barsHeight = 190, labelHeight = 20, widestBar = 64;

} // namespace

CommandBars::CommandBars(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setAccessibleName(tr("Calls by execution time"));
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void CommandBars::setLatency(const QString &name, const CommandLatency &latency)
{
    m_name = name;
    m_latency = latency;
    QWidget::update();
}

void CommandBars::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const ThemeTokens &tokens = m_theme.tokens();
    painter.setFont(Theme::smallFont());
    painter.setPen(tokens.muted);
    const QRectF area = QRectF(rect()).adjusted(16, 8, -16, -8);
    if (m_latency.buckets.isEmpty()) {
        painter.drawText(area, Qt::AlignCenter, m_name.isEmpty() ? tr("Choose a command above.") : tr("No calls"));
        return;
    }
    qint64 most = 1;
    for (const qint64 count : m_latency.buckets)
        most = std::max(most, count);
    const double width = std::min<double>(widestBar * 2, area.width() / double(m_latency.buckets.size()));
    const double full = area.height() - 2 * labelHeight;
    double left = area.left();
    for (auto each = m_latency.buckets.constBegin(); each != m_latency.buckets.constEnd(); ++each) {
        const double height = std::max(2.0, full * double(each.value()) / double(most));
        const double barWidth = std::min<double>(widestBar, width - 6);
        const QRectF bar(left + (width - barWidth) / 2, area.bottom() - labelHeight - height, barWidth, height);
        painter.fillRect(bar, tokens.accentMark);
        painter.setPen(tokens.text);
        painter.drawText(QRectF(left, bar.top() - labelHeight, width, labelHeight), Qt::AlignCenter,
                         shortCount(each.value()));
        painter.setPen(tokens.muted);
        painter.drawText(QRectF(left, area.bottom() - labelHeight, width, labelHeight), Qt::AlignCenter,
                         u"≤ "_s + timeText(each.key()));
        left += width;
    }
}

LatencyCommands::LatencyCommands(const Theme &theme, const RoundTripModel &nodes, QWidget *parent)
    : QWidget(parent)
    , m_nodes(nodes)
    , m_node(new QComboBox(this))
    , m_note(mutedLabel(this))
    , m_mark(new QPushButton(tr("Measure from now"), this))
    , m_unmark(new QPushButton(tr("Since the start"), this))
    , m_table(new TableView(theme, this))
    , m_bars(new CommandBars(theme, this))
{
    using Column = CommandLatencyModel::Column;
    m_node->setObjectName(u"commandsNode"_s);
    m_node->setAccessibleName(tr("Node"));
    m_node->setMaximumWidth(180);
    m_mark->setObjectName(u"mark"_s);
    m_mark->setToolTip(tr("Counts only commands that run after this moment"));
    m_unmark->setObjectName(u"unmark"_s);
    m_unmark->setProperty("quiet", true);
    m_unmark->hide();
    m_table->setAccessibleName(tr("By command"));
    m_table->setSource(&m_model);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->sortByColumn(int(Column::Calls), Qt::DescendingOrder);
    dressPageTable(m_table, commandRow, int(Column::Name),
                   {{int(Column::Calls), 220},
                    {int(Column::P50), 110},
                    {int(Column::P99), 110},
                    {int(Column::P999), 110},
                    {int(Column::Longest), 110}});
    QFrame *tableCard = pageCard(this);
    layOutCard(tableCard, {pageCardTitle(tr("By command"), tableCard), m_note, m_node, m_unmark, m_mark}, m_note)
        ->addWidget(m_table, 1);
    QFrame *barsCard = pageCard(this);
    barsCard->setFixedHeight(barsHeight);
    auto *barsLayout = new QVBoxLayout(barsCard);
    barsLayout->addWidget(m_bars);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(tableCard, 1);
    layout->addWidget(barsCard);
    connect(m_node, &QComboBox::activated, this, &LatencyCommands::updateFigures);
    connect(m_mark, &QPushButton::clicked, this, &LatencyCommands::mark);
    connect(m_unmark, &QPushButton::clicked, this, &LatencyCommands::unmark);
    connect(m_table, &TableView::rowChosen, this, &LatencyCommands::showChosen);
    refreshNodes();
}

void LatencyCommands::take(const NodeCommands &commands)
{
    m_heard.insert(commands.nodeId, commands);
    if (isMarked() && !m_marked.contains(commands.nodeId) && !commands.problem)
        m_marked.insert(commands.nodeId, commands); // first reply since the mark: the node is counted from here
    updateFigures();
}

void LatencyCommands::clear()
{
    m_heard.clear();
    m_marked.clear();
    m_markedAt = 0;
    updateFigures();
}

void LatencyCommands::refreshNodes()
{
    const QByteArray chosen = m_node->currentData().toByteArray();
    const QByteArrayList ids = m_nodes.nodes();
    bool isSame = m_node->count() == ids.size() + 1;
    for (int i = 0; isSame && i < ids.size(); ++i)
        isSame = m_node->itemData(i + 1).toByteArray() == ids[i] && m_node->itemText(i + 1) == m_nodes.nameOf(ids[i]);
    if (isSame)
        return;
    m_node->clear();
    m_node->addItem(tr("All nodes"), QByteArray());
    for (const QByteArray &id : ids)
        m_node->addItem(m_nodes.nameOf(id), id);
    m_node->setCurrentIndex(std::max(0, m_node->findData(chosen)));
    m_heard.removeIf([&](const auto &each) { return !ids.contains(each.key()); });
    updateFigures();
}

void LatencyCommands::setNode(const QByteArray &nodeId)
{
    m_node->setCurrentIndex(std::max(0, m_node->findData(nodeId)));
    updateFigures();
}

void LatencyCommands::mark()
{
    m_marked.clear();
    m_markedAt = QDateTime::currentMSecsSinceEpoch();
    updateFigures();
    Q_EMIT readRequested();
}

void LatencyCommands::unmark()
{
    m_marked.clear();
    m_markedAt = 0;
    updateFigures();
}

void LatencyCommands::updateFigures()
{
    const QByteArray only = m_node->currentData().toByteArray();
    CommandLatencies all;
    CommandPercentiles exact;
    int nodes = 0;
    qint64 calls = 0;
    for (auto each = m_heard.constBegin(); each != m_heard.constEnd(); ++each) {
        if (each->problem || (!only.isEmpty() && each.key() != only))
            continue;
        if (isMarked() && !m_marked.contains(each.key()))
            continue; // a request is already running
        ++nodes;
        const NodeCommands was = m_marked.value(each.key());
        const bool isSameRun = isMarked() && was.runId == each->runId;
        mergeInto(all, isSameRun ? difference(each->histogram, was.histogram) : each->histogram);
        if (!only.isEmpty() && !isMarked())
            exact = each->percentiles;
    }
    for (const CommandLatency &each : std::as_const(all))
        calls += each.calls;
    const QByteArray chosen = m_model.commandAt(m_table->currentSourceRow());
    m_model.setFigures(all, exact);
    if (!chosen.isEmpty() && m_model.rowOf(chosen) >= 0)
        m_table->selectSourceRow(m_model.rowOf(chosen));
    const QString since = isMarked()
        ? tr("since %1").arg(QDateTime::fromMSecsSinceEpoch(m_markedAt).toString(u"hh:mm:ss"_s))
        : tr("since the servers' start or CONFIG RESETSTAT");
    m_note->setText(u"%1 · %2 · %3"_s.arg(counted(calls, tr("1 call"), tr("%1 calls")),
                                          counted(nodes, tr("1 node"), tr("%1 nodes")), since));
    m_unmark->setVisible(isMarked());
    showChosen();
}

void LatencyCommands::showChosen()
{
    const int row = m_table->currentSourceRow();
    const CommandLatency *latency = m_model.at(row);
    m_bars->setLatency(toDisplay(m_model.commandAt(row)), latency ? *latency : CommandLatency());
}

QStringList LatencyCommands::problems() const
{
    QStringList lines;
    for (const NodeCommands &each : m_heard)
        if (each.problem)
            lines.append(describe(*each.problem));
    return lines;
}

QByteArray LatencyCommands::missing() const
{
    for (const NodeCommands &each : m_heard)
        if (each.problem)
            if (const QByteArray right = missingRight(*each.problem); !right.isEmpty())
                return right;
    return {};
}

} // namespace slotscope
