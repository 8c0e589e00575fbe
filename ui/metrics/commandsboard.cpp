// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/commandsboard.h"

#include "core/base/text.h"
#include "core/base/whendone.h"
#include "core/models/nodewords.h"
#include "ui/metrics/plotcanvas.h"
#include "ui/metrics/plotspec.h"
#include "ui/metrics/plottickers.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/pagecontext.h"
#include "ui/shared/theme.h"

#include <QComboBox>
#include <QDateTime>
#include <QHeaderView>
#include <QPainter>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <QtConcurrent/QtConcurrentRun>

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int commandsAskMs = 1000, commandPoints = 300;
constexpr int sortRole = Qt::UserRole, shardRole = Qt::UserRole + 1;
constexpr qint64 leastShown = 20'000;
enum CommandColumn { CommandName, CallsColumn, PerCallColumn, BusyColumn, FailedColumn, RejectedColumn };

/// Sorts by the number, not by its text.
class CommandItem final : public QTreeWidgetItem
{
public:
    using QTreeWidgetItem::QTreeWidgetItem;
    bool operator<(const QTreeWidgetItem &other) const override
    {
        const int column = treeWidget()->sortColumn();
        if (column == CommandName)
            return text(column) > other.text(column); // names ascending while numbers are sorted in descending order
        return data(column, sortRole).toDouble() < other.data(column, sortRole).toDouble();
    }
};

QString commandFigure(double value, int digits)
{
    if (std::isnan(value))
        return u"–"_s;
    return value >= 1000 || value == 0 ? groupedNumber(qint64(std::llround(value)))
                                       : QString::number(value, 'f', value >= 100 ? 0 : digits);
}

QIcon lineMark(const QColor &colour)
{
    QPixmap pixmap(12, 12);
    pixmap.fill(Qt::transparent);
    if (colour.isValid()) {
        QPainter painter(&pixmap);
        painter.fillRect(QRect(0, 5, 12, 3), colour);
    }
    return pixmap;
}

} // namespace

CommandsBoard::CommandsBoard(PageContext &context, QWidget *parent)
    : QWidget(parent)
    , m_context(context)
    , m_where(new QComboBox(this))
    , m_note(new ElidedLabel({}, Qt::ElideRight, this))
    , m_canvas(new PlotCanvas(this))
    , m_table(new QTreeWidget(this))
{
    layOut();
    dress();
    m_timer.setInterval(commandsAskMs);
    connect(&m_timer, &QTimer::timeout, this, &CommandsBoard::ask);
    connect(m_where, &QComboBox::currentIndexChanged, this, &CommandsBoard::ask);
    connect(&context, &PageContext::doorChanged, this, &CommandsBoard::takeDoor);
    connect(&context.theme(), &Theme::changed, this, [this] {
        dress();
        draw();
    });
    takeDoor();
}

CommandsBoard::~CommandsBoard() = default;

void CommandsBoard::layOut()
{
    m_where->setAccessibleName(tr("Commands of"));
    m_note->setProperty("tone", u"muted"_s);
    m_canvas->setAccessibleName(tr("Commands per second over time, the most frequent ones"));
    m_canvas->setMinimumHeight(150);
    m_canvas->axisRect()->setAutoMargins(QCP::msNone);
    m_canvas->axisRect()->setMargins({64, 10, 12, 24});
    m_canvas->xAxis->setTicker(timeTicker());
    m_canvas->yAxis->setTicker(numberTicker(PlotSpec::Scale::Number));
    m_table->setHeaderLabels(
        {tr("Command"), tr("Calls/s"), tr("µs per call"), tr("Time, %"), tr("Failed/s"), tr("Rejected/s")});
    m_table->setRootIsDecorated(false);
    m_table->setUniformRowHeights(true);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setAccessibleName(tr("Commands"));
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(CallsColumn, Qt::DescendingOrder);
    m_table->header()->setStretchLastSection(false);
    m_table->header()->setSectionResizeMode(CommandName, QHeaderView::Stretch);
    m_table->headerItem()->setToolTip(BusyColumn, tr("Of one core, all nodes together"));
    m_table->headerItem()->setToolTip(FailedColumn, tr("The command ran and replied with an error"));
    m_table->headerItem()->setToolTip(
        RejectedColumn, tr("The command did not run: wrong number of arguments, no memory, no permission"));
    for (int column = CallsColumn; column <= RejectedColumn; ++column) {
        m_table->header()->resizeSection(column, 110);
        m_table->headerItem()->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    }
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_where);
    head->addWidget(m_note, 1);
    const auto card = [this](QWidget *inside) {
        auto *frame = new QFrame(this);
        frame->setProperty("card", true);
        auto *layout = new QVBoxLayout(frame);
        layout->setContentsMargins(1, 1, 1, 1);
        layout->addWidget(inside);
        return frame;
    };
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addLayout(head);
    layout->addWidget(card(m_canvas), 2);
    layout->addWidget(card(m_table), 3);
}

void CommandsBoard::dress()
{
    const ThemeTokens &tokens = m_context.theme().tokens();
    m_canvas->setBackground(tokens.surface);
    for (QCPAxis *axis : {m_canvas->xAxis, m_canvas->yAxis}) {
        axis->setBasePen(Qt::NoPen);
        axis->setTickPen(Qt::NoPen);
        axis->setSubTicks(false);
        axis->setTickLabelFont(Theme::smallFont());
        axis->setTickLabelColor(tokens.muted);
        axis->grid()->setPen(QPen(tokens.grid, 1));
        axis->grid()->setZeroLinePen(axis == m_canvas->yAxis ? QPen(tokens.line2, 1) : QPen(Qt::NoPen));
    }
}

void CommandsBoard::takeDoor()
{
    ++m_generation;
    m_isAsking = false;
    m_reader.reset();
    m_book.reset();
    m_window = {};
    m_read = {};
    if (SessionDoor *door = m_context.door()) {
        m_book = std::make_shared<CommandBook>();
        m_reader = std::make_unique<Remote<CommandsReader>>(*door);
        read(isVisible());
    }
    fillTable();
    updateNote();
}

void CommandsBoard::read(bool on)
{
    if (m_reader)
        m_reader->tell([book = on ? m_book : nullptr](CommandsReader &reader) { reader.readInto(book); });
    if (on)
        m_timer.start();
    else
        m_timer.stop();
}

void CommandsBoard::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    fillWhere();
    read(true);
    ask();
}

void CommandsBoard::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    read(false);
}

void CommandsBoard::fillWhere()
{
    const QVariant chosen = m_where->currentData(), shard = m_where->currentData(shardRole);
    const QSignalBlocker blocker(m_where);
    m_where->clear();
    m_where->addItem(tr("All primaries"), QByteArray());
    if (const ClusterViewPtr &view = m_context.view()) {
        for (const ShardState &each : view->shards) {
            if (view->shards.size() < 2)
                break;
            m_where->addItem(shardTitle(each), QByteArray());
            m_where->setItemData(m_where->count() - 1, each.number, shardRole);
        }
        for (const NodeState &node : view->nodes)
            if (!node.id.isEmpty())
                m_where->addItem(node.name, node.id);
    }
    for (int i = 0; i < m_where->count(); ++i)
        if (m_where->itemData(i) == chosen && m_where->itemData(i, shardRole) == shard)
            m_where->setCurrentIndex(i);
}

void CommandsBoard::setSpan(qint64 milliseconds)
{
    m_span = milliseconds;
    ask();
}

CommandsQuery CommandsBoard::query() const
{
    CommandsQuery query;
    query.to = QDateTime::currentMSecsSinceEpoch();
    query.from = query.to - m_span;
    query.points = commandPoints;
    query.node = m_where->currentData().toByteArray();
    query.shard = m_where->currentData(shardRole).toInt();
    return query;
}

/// Sums up the nodes in another thread, one request at a time.
void CommandsBoard::ask()
{
    if (m_isAsking || !m_book || !m_reader || !isVisible())
        return;
    m_isAsking = true;
    const CommandsQuery asked = query();
    m_to = asked.to;
    whenDone(m_reader->call<CommandsRead>([](CommandsReader &reader) { return reader.lastRead(); }), this,
             [this, generation = m_generation](const Result<CommandsRead> &last) {
                 if (generation == m_generation && last)
                     m_read = *last;
             });
    whenDone(QtConcurrent::run([book = m_book, asked] { return book->window(asked); }), this,
             [this, generation = m_generation](const CommandsWindow &window) {
                 if (generation != m_generation)
                     return;
                 m_isAsking = false;
                 take(window);
             });
}

void CommandsBoard::take(const CommandsWindow &window)
{
    m_window = window;
    if (m_where->count() < 2)
        fillWhere();
    fillTable();
    draw();
    updateNote();
}

void CommandsBoard::draw()
{
    m_canvas->clearPlottables();
    qint64 from = m_to - m_span;
    if (m_window.recordedFrom > 0) // a short record fills the whole plot
        from = std::max(from, std::min(m_window.recordedFrom, m_to - leastShown));
    m_canvas->xAxis->setRange(double(from), double(m_to));
    double largest = 0;
    for (size_t i = 0; i < std::min(mostLines, m_window.rows.size()); ++i) {
        QCPGraph *graph = m_canvas->addGraph();
        graph->setPen(QPen(shardColour(int(i)), 1.5));
        QVector<QCPGraphData> points;
        for (int bucket = 0; bucket < m_window.buckets; ++bucket) {
            const double value = m_window.rows[i].values[size_t(bucket)];
            points.append({double(m_window.first + bucket * m_window.step + m_window.step / 2), value});
            largest = std::isnan(value) ? largest : std::max(largest, value);
        }
        graph->data()->set(points, true);
    }
    m_canvas->yAxis->setRange(0, largest > 0 ? largest * 1.08 : 1);
    m_canvas->replot(QCustomPlot::rpQueuedReplot);
}

/// Updates rows in place, so that the selection stays.
void CommandsBoard::fillTable()
{
    m_table->setSortingEnabled(false);
    QHash<QString, QTreeWidgetItem *> items;
    for (int i = 0; i < m_table->topLevelItemCount(); ++i)
        items.insert(m_table->topLevelItem(i)->text(CommandName), m_table->topLevelItem(i));
    for (size_t i = 0; i < m_window.rows.size(); ++i) {
        const CommandRow &row = m_window.rows[i];
        const QString name = toDisplay(row.name).toUpper().replace(u'|', u' ');
        QTreeWidgetItem *item = items.take(name);
        if (!item) {
            item = new CommandItem(m_table);
            item->setText(CommandName, name);
        }
        item->setIcon(CommandName, lineMark(i < mostLines ? shardColour(int(i)) : QColor()));
        const auto cell = [item](int column, double value, int digits) {
            item->setText(column, commandFigure(value, digits));
            item->setData(column, sortRole, std::isnan(value) ? -1.0 : value);
            item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
        };
        cell(CallsColumn, row.calls, 1);
        cell(PerCallColumn, row.usecPerCall, 1);
        cell(BusyColumn, row.busy, 2);
        cell(FailedColumn, row.failed, 2);
        cell(RejectedColumn, row.rejected, 2);
        for (const int column : {FailedColumn, RejectedColumn}) {
            const double value = column == FailedColumn ? row.failed : row.rejected;
            const ThemeTokens &tokens = m_context.theme().tokens();
            item->setForeground(column, value > 0 ? tokens.warn : tokens.muted);
        }
    }
    qDeleteAll(items);
    m_table->setSortingEnabled(true);
}

void CommandsBoard::updateNote()
{
    QStringList words;
    if (m_window.recordedFrom == 0)
        words.append(tr("Waiting for two samples"));
    else
        words.append(tr("INFO commandstats since %1, including Slotscope's own INFO, PING and CLUSTER")
                         .arg(QDateTime::fromMSecsSinceEpoch(m_window.recordedFrom).toString(u"HH:mm:ss"_s)));
    if (m_window.nodes > m_window.nodesTold && m_window.recordedFrom > 0)
        words.append(tr("%1 of %2 nodes").arg(m_window.nodesTold).arg(m_window.nodes));
    if (!m_read.refused.isEmpty())
        words.append(tr("▲ %1: %2").arg(m_read.refused.mid(0, 3).join(u", "_s), m_read.why));
    m_note->setText(words.join(u" · "_s));
    setStyleProperty(m_note, "tone", m_read.refused.isEmpty() ? u"muted"_s : u"warn"_s);
}

QString CommandsBoard::note() const
{
    return m_note->text();
}

QByteArray CommandsBoard::csv() const
{
    QByteArray text = "command,calls_per_second,us_per_call,busy_percent,failed_per_second,rejected_per_second\r\n";
    const auto cell = [](double value) {
        return std::isnan(value) ? QByteArray() : QByteArray::number(value, 'g', 10);
    };
    for (const CommandRow &row : m_window.rows) {
        QByteArray name = row.name;
        name.replace('"', "\"\"");
        text += '"' + name + "\"," + cell(row.calls) + ',' + cell(row.usecPerCall) + ',' + cell(row.busy) + ','
            + cell(row.failed) + ',' + cell(row.rejected) + "\r\n";
    }
    return text;
}

} // namespace slotscope
