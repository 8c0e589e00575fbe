// SPDX-License-Identifier: GPL-3.0-or-later
// The building half of MetricsPage: its head, the choice of lines, the plots, what is exported.
#include "core/base/text.h"
#include "ui/metrics/commandsboard.h"
#include "ui/metrics/metricspage.h"
#include "ui/metrics/sourcesdialog.h"
#include "ui/metrics/thresholdsdialog.h"
#include "ui/metrics/timelane.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/exporting.h"
#include "ui/shared/icons.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"

#include <QDateTime>
#include <QMenu>
#include <QPainter>
#include <QPixmap>
#include <QPushButton>

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr size_t mostChips = 12;
constexpr int wideWidth = 1700, chipSize = 10;
constexpr int narrowMetrics = 1180; ///< page width in px
constexpr size_t mostNarrowNodes = 3, mostNarrowShards = 8; ///< chips on a narrow page

QIcon colourIcon(const QColor &colour, bool filled)
{
    QPixmap pixmap(chipSize, chipSize);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour, 1.5));
    painter.setBrush(filled ? QBrush(colour) : QBrush());
    painter.drawRoundedRect(QRectF(1, 1, chipSize - 2, chipSize - 2), 2, 2);
    return pixmap;
}

/// Formats a number as a CSV cell.
QByteArray numberCell(double value)
{
    return std::isnan(value) ? QByteArray() : QByteArray::number(value, 'g', 10);
}

/// What a page hands to the page that replaces it.
struct HandedRecord
{
    std::shared_ptr<Remote<MetricsRecorder>> recorder;
    std::shared_ptr<MetricsBook> book;
};

} // namespace

QWidget *MetricsPage::makeHead()
{
    auto *head = new QWidget(this);
    QLabel *title = plainLabel(tr("Metrics"), nullptr, head);
    title->setFont(Theme::titleFont());
    m_subtitle = new ElidedLabel({}, Qt::ElideRight, head);
    m_subtitle->setProperty("tone", u"muted"_s);
    m_back = new QPushButton(head);
    m_back->setToolTip(tr("Back to now (Esc)"));
    m_back->hide();
    m_spans =
        new SegmentedControl({tr("5 min"), tr("15 min"), tr("1 h"), tr("3 h"), tr("6 h"), tr("24 h"), tr("7 d")}, head);
    m_spans->setAccessibleName(tr("Time shown"));
    m_live = new QPushButton(tr("Live"), head);
    m_live->setObjectName(u"live"_s);
    m_live->setCheckable(true);
    m_live->setProperty("toggle", true);
    m_live->setToolTip(tr("New values every second (Space)"));
    QPushButton *exporter = exportButton(context().theme(), head, [this](QMenu *menu) { fillExportMenu(menu); });
    exporter->setObjectName(u"export"_s);
    auto *compare = new QPushButton(tr("Compare…"), head);
    compare->setObjectName(u"compare"_s);
    auto *compareMenu = new QMenu(compare);
    connect(compareMenu, &QMenu::aboutToShow, this, [this, compareMenu] { fillCompareMenu(compareMenu); });
    compare->setMenu(compareMenu);
    auto *layout = new QHBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(title);
    layout->addWidget(m_subtitle, 1);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_back, m_spans, m_live, compare, exporter})
        layout->addWidget(widget);
    connect(m_spans, &SegmentedControl::currentChanged, this, [this] {
        m_commands->setSpan(span());
        setLive(true);
    });
    connect(m_live, &QPushButton::clicked, this, [this](bool on) {
        if (on)
            setLive(true);
        else
            showRange(m_picture.from, m_picture.to);
    });
    connect(m_back, &QPushButton::clicked, this, [this] { setLive(true); });
    return head;
}

QWidget *MetricsPage::makeTools()
{
    auto *tools = new QWidget(this);
    m_groups = new SegmentedControl({tr("Sum"), tr("Shards"), tr("Nodes")}, tools);
    m_groups->setAccessibleName(tr("One line per"));
    m_groups->setCurrent(int(m_group));
    m_replicasChip = new QPushButton(tr("Replicas"), tools);
    m_replicasChip->setCheckable(true);
    m_replicasChip->setProperty("toggle", true);
    m_replicasChip->hide();
    m_hint = new ElidedLabel(tr("Drag zooms · Shift and wheel pans · click pins"), Qt::ElideRight, tools);
    m_hint->setProperty("tone", u"muted"_s);
    m_hint->setAllOrNothing(true);
    m_hint->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_byCommand = new QPushButton(themedIcon(u"console"_s, context().theme()), tr("By command"), tools);
    m_byCommand->setObjectName(u"byCommand"_s);
    m_byCommand->setCheckable(true);
    m_byCommand->setProperty("toggle", true);
    m_byCommand->setToolTip(tr("Which commands the servers run (INFO commandstats)"));
    connect(m_byCommand, &QPushButton::clicked, this, &MetricsPage::showCommands);
    auto *plots = new QPushButton(themedIcon(u"list"_s, context().theme()), tr("Plots…"), tools);
    plots->setObjectName(u"plots"_s);
    auto *menu = new QMenu(plots);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] { fillPlotsMenu(menu); });
    plots->setMenu(menu);
    m_chipRow = new QHBoxLayout;
    m_chipRow->setSpacing(8);
    auto *layout = new QHBoxLayout(tools);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_groups);
    layout->addLayout(m_chipRow);
    layout->addWidget(m_replicasChip);
    layout->addWidget(m_hint, 1);
    layout->addStretch(); // in place of the hint on a narrow page
    auto *sources = new QPushButton(themedIcon(u"clock"_s, context().theme()), tr("Sources…"), tools);
    sources->setObjectName(u"sources"_s);
    sources->setToolTip(tr("Values from before Slotscope was started, from Prometheus"));
    connect(sources, &QPushButton::clicked, this, &MetricsPage::editSources);
    auto *limits = new QPushButton(themedIcon(u"warning"_s, context().theme()), tr("Thresholds…"), tools);
    limits->setObjectName(u"thresholds"_s);
    limits->setToolTip(tr("Limits that are checked while Slotscope is open"));
    connect(limits, &QPushButton::clicked, this, &MetricsPage::editThresholds);
    layout->addWidget(m_byCommand);
    layout->addWidget(sources);
    layout->addWidget(limits);
    layout->addWidget(plots);
    connect(m_groups, &SegmentedControl::currentChanged, this, [this](int group) {
        m_group = MetricGroup(group);
        m_picture.hidden.clear();
        ask();
    });
    connect(m_replicasChip, &QPushButton::toggled, this, [this](bool on) {
        m_replicas = on;
        ask();
    });
    return tools;
}

/// On a narrow page some buttons show only their icons, and the hint goes, so that nothing is cut.
void MetricsPage::fitTools()
{
    const bool isNarrow = width() < narrowMetrics;
    for (const auto &[name, label] : {std::pair("export", tr("Export")),
                                      {"byCommand", tr("By command")},
                                      {"sources", tr("Sources…")},
                                      {"thresholds", tr("Thresholds…")},
                                      {"plots", tr("Plots…")}}) {
        auto *button = findChild<QPushButton *>(QLatin1String(name));
        button->setText(isNarrow ? QString() : label);
        button->setAccessibleName(label);
        if (button->toolTip().isEmpty())
            button->setToolTip(label);
    }
    m_subtitle->setVisible(!isNarrow || m_to == 0); // the button back needs its room
    m_hint->setVisible(!isNarrow || m_pinned || m_byCommand->isChecked());
}

void MetricsPage::editSources()
{
    auto *dialog = new SourcesDialog(*m_history, *m_keeper, context().theme(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MetricsPage::editThresholds()
{
    auto *dialog = new ThresholdsDialog(*m_thresholds, context(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

/// Number of nodes that are connected now; the record also contains nodes of earlier times.
int MetricsPage::answering() const
{
    const ClusterViewPtr &view = context().view();
    return view ? int(std::count_if(view->nodes.cbegin(), view->nodes.cend(),
                                    [](const NodeState &node) { return node.reach.state == Reach::State::Ready; }))
                : std::numeric_limits<int>::max();
}

void MetricsPage::updateHead()
{
    const MetricsWindow &window = m_picture.window;
    QStringList words;
    if (window.nodes > 0 && m_to > 0)
        words.append(tr("values of %1 of %2 nodes").arg(window.nodesTold).arg(window.nodes));
    else if (window.nodes > 0)
        words.append(tr("%1 of %2 nodes").arg(std::min(window.nodesTold, answering())).arg(window.nodes));
    if (m_picture.query.to > 0)
        words.append(window.step > 1000 ? tr("one value per %1").arg(duration(window.step)) : tr("every second"));
    if (m_picture.earlierBy > 0) {
        const QString range = rangeWords(m_picture.from - m_picture.earlierBy, m_picture.to - m_picture.earlierBy);
        words.append(m_picture.earlier.lines.empty() ? tr("no data for %1").arg(range) : tr("dashed: %1").arg(range));
    }
    m_subtitle->setText(words.join(u" · "_s));
    const QSignalBlocker blocker(m_live);
    m_live->setChecked(m_isLive);
    m_back->setVisible(m_to > 0);
    m_spans->setAside(m_to > 0);
    if (m_to > 0) {
        const QString form = m_to - m_from > 86'400'000 ? tr("d MMM HH:mm") : u"HH:mm:ss"_s;
        const QString from = QDateTime::fromMSecsSinceEpoch(m_from).toString(form);
        const QString to = QDateTime::fromMSecsSinceEpoch(m_to).toString(form);
        m_back->setText(width() < narrowMetrics ? tr("%1, %2  ×").arg(from, duration(m_to - m_from))
                                                : tr("%1 – %2  ×").arg(from, to));
    }
    m_hint->setText(
        m_byCommand->isChecked() ? tr("Esc: back to the plots")
            : m_pinned
            ? tr("Pinned at %1 · Esc unpins").arg(QDateTime::fromMSecsSinceEpoch(*m_pinned).toString(u"HH:mm:ss"_s))
            : tr("Drag zooms · Shift and wheel pans · click pins"));
    fitTools();
}

QString MetricsPage::subtitle() const
{
    return m_subtitle->text();
}

/// Updates the chips that show and hide each line; lines without a chip are only counted.
void MetricsPage::updateChips()
{
    const auto &lines = m_picture.window.lines;
    const bool byCommand = m_byCommand->isChecked();
    m_replicasChip->setVisible(m_group == MetricGroup::Nodes && !byCommand);
    const bool isNarrow = width() < narrowMetrics, areNodes = m_group == MetricGroup::Nodes;
    const size_t most = !isNarrow ? mostChips : areNodes ? mostNarrowNodes : mostNarrowShards;
    const bool some = !byCommand && m_group != MetricGroup::Sum && lines.size() <= most;
    const qsizetype wanted = some ? qsizetype(lines.size()) : 0;
    while (m_chips.size() > wanted)
        delete m_chips.takeLast();
    while (m_chips.size() < wanted) {
        auto *chip = new QPushButton(this);
        chip->setProperty("chip", true);
        m_chipRow->addWidget(chip);
        connect(chip, &QPushButton::clicked, this, [this, chip] {
            const QString key = chip->property("line").toString();
            if (!m_picture.hidden.remove(key))
                m_picture.hidden.insert(key);
            updateAll();
        });
        m_chips.append(chip);
    }
    const bool isShort = width() < wideWidth && (wanted > 3 || (isNarrow && areNodes));
    for (qsizetype i = 0; i < wanted; ++i) {
        const MetricLine &line = lines[size_t(i)];
        const QString key = lineKey(line);
        const bool shown = !m_picture.hidden.contains(key);
        QPushButton *chip = m_chips[i];
        const QString name = line.name.isEmpty() ? context().title() : line.name;
        const QString shortName = areNodes ? name.mid(name.lastIndexOf(u':'))
            : isNarrow && line.shard > 0   ? QString::number(line.shard)
                                           : name;
        chip->setText(isShort ? shortName : name);
        chip->setToolTip(plainToolTip(line.isReplica ? tr("%1, a replica").arg(name) : name));
        chip->setIcon(colourIcon(lineColour(line, context().theme()), shown));
        chip->setProperty("line", key);
        chip->setAccessibleName(shown ? tr("%1, shown").arg(name) : tr("%1, hidden").arg(name));
    }
}

void MetricsPage::fillExportMenu(QMenu *menu)
{
    menu->clear();
    const QString name = tr("metrics-%1").arg(QDateTime::currentDateTime().toString(u"yyyyMMdd-HHmmss"_s));
    menu->addAction(tr("Shown data as CSV…"), this, [this, name] { saveBytes(this, name, u"csv"_s, csv()); });
    if (m_byCommand->isChecked())
        return;
    menu->addAction(tr("All plots, as a picture (PNG)…"), this,
                    [this, name] { saveImage(this, name, m_board->toImage()); });
    QMenu *svg = menu->addMenu(tr("One plot, as SVG"));
    for (MetricPlot *plot : m_board->plots())
        if (m_board->shown().contains(plot->spec().id))
            svg->addAction(plot->spec().title, this, [this, plot, name] {
                saveBytes(this, name + u'-' + plot->spec().id, u"svg"_s, plot->svg());
            });
}

QByteArray MetricsPage::csv() const
{
    if (m_byCommand->isChecked())
        return m_commands->csv();
    const MetricsWindow &window = m_picture.window;
    QByteArray text = "time,line,node,metric,value\r\n";
    for (int i = 0; i < window.buckets; ++i) {
        const QByteArray time =
            QDateTime::fromMSecsSinceEpoch(window.timeOf(i)).toUTC().toString(Qt::ISODateWithMs).toUtf8();
        for (const MetricLine &line : window.lines) {
            QByteArray name = (line.name.isEmpty() ? tr("Sum") : line.name).toUtf8();
            name.replace('"', "\"\"");
            for (size_t m = 0; m < m_picture.query.metrics.size(); ++m)
                text += time + ",\"" + name + "\"," + line.node + ',' + metricName(m_picture.query.metrics[m]) + ','
                    + numberCell(line.values[m][size_t(i)]) + "\r\n";
            for (size_t f = 0; f < m_picture.query.fields.size(); ++f)
                text += time + ",\"" + name + "\"," + line.node + ',' + m_picture.query.fields[f].text() + ','
                    + numberCell(line.values[m_picture.query.metrics.size() + f][size_t(i)]) + "\r\n";
        }
    }
    return text;
}

std::any MetricsPage::handOver()
{
    return m_recorder ? std::any(HandedRecord{m_recorder, m_book}) : std::any();
}

void MetricsPage::takeOver(const std::any &handed)
{
    if (const auto *record = std::any_cast<HandedRecord>(&handed)) {
        ++m_generation;
        m_recorder = record->recorder;
        m_book = record->book;
        useBook();
    }
}

} // namespace slotscope
