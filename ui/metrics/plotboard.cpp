// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/plotboard.h"

#include "ui/shared/icons.h"

#include <QGridLayout>
#include <QPushButton>
#include <QTimer>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int twoColumnsBelow = 970, fourColumnsFrom = 1670; ///< in px of the board's width
constexpr int mostPlotColumns = 4;

} // namespace

PlotBoard::PlotBoard(const Theme &theme, QWidget *parent)
    : QScrollArea(parent)
    , m_theme(theme)
    , m_specs(plotSpecs())
    , m_board(new QWidget(this))
    , m_grid(new QGridLayout(m_board))
    , m_add(new QPushButton(themedIcon(u"plus"_s, theme), tr("Add plot…"), m_board))
{
    m_add->setObjectName(u"addPlot"_s);
    m_add->setProperty("flat", true);
    m_add->setToolTip(tr("Plot any other field of INFO or CLUSTER INFO"));
    connect(m_add, &QPushButton::clicked, this, &PlotBoard::plotWanted);
    for (const PlotSpec &spec : std::as_const(m_specs))
        if (spec.shownFirst)
            m_shown.append(spec.id);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Plots"));
    m_board->setObjectName(u"board"_s);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(8);
    setWidget(m_board);
}

void PlotBoard::makePlots()
{
    if (!m_plots.isEmpty())
        return;
    for (const PlotSpec &spec : std::as_const(m_specs))
        m_plots.append(makePlot(spec));
    arrange();
}

MetricPlot *PlotBoard::makePlot(const PlotSpec &spec)
{
    auto *plot = new MetricPlot(spec, m_theme, m_board);
    connect(plot, &MetricPlot::pointed, this, &PlotBoard::pointed);
    connect(plot, &MetricPlot::pinned, this, &PlotBoard::pinned);
    connect(plot, &MetricPlot::rangeChosen, this, &PlotBoard::rangeChosen);
    connect(plot, &MetricPlot::wholeRangeWanted, this, &PlotBoard::wholeRangeWanted);
    connect(plot, &MetricPlot::panned, this, &PlotBoard::panned);
    return plot;
}

void PlotBoard::setFields(const InfoFields &fields)
{
    m_specs = plotSpecs();
    const qsizetype usual = m_specs.size();
    for (const InfoField &field : fields)
        m_specs.append(plotSpecOf(field));
    QStringList ids;
    for (const PlotSpec &spec : std::as_const(m_specs))
        ids.append(spec.id);
    m_shown.removeIf([&ids](const QString &id) { return !ids.contains(id); });
    if (m_plots.isEmpty())
        return;
    QList<MetricPlot *> before = m_plots.mid(usual);
    m_plots.resize(usual);
    for (const PlotSpec &spec : m_specs.mid(usual)) {
        const auto known = std::find_if(before.begin(), before.end(),
                                        [&spec](MetricPlot *plot) { return plot->spec().id == spec.id; });
        m_plots.append(known == before.end() ? makePlot(spec) : *known);
        if (known != before.end())
            before.erase(known);
    }
    for (MetricPlot *plot : before) {
        m_undrawn.removeAll(plot);
        delete plot;
    }
    arrange();
}

void PlotBoard::arrange()
{
    const int columns = width() < twoColumnsBelow ? 2 : width() < fourColumnsFrom ? 3 : mostPlotColumns;
    while (m_grid->count() > 0)
        delete m_grid->takeAt(0);
    int at = 0;
    const int shown = int(m_shown.size());
    for (MetricPlot *plot : std::as_const(m_plots)) {
        const bool isShown = m_shown.contains(plot->spec().id);
        plot->setVisible(isShown);
        if (!isShown)
            continue;
        plot->setShowsTimes(at + columns >= shown);
        m_grid->addWidget(plot, at / columns, at % columns);
        ++at;
    }
    m_grid->addWidget(m_add, (at + columns - 1) / columns, 0, 1, columns, Qt::AlignLeft);
    for (int column = 0; column < mostPlotColumns; ++column)
        m_grid->setColumnStretch(column, column < columns ? 1 : 0);
}

void PlotBoard::setShown(const QStringList &ids)
{
    m_shown = ids;
    arrange();
}

void PlotBoard::setPicture(const MetricsPicture &picture)
{
    m_picture = &picture;
    const bool isDrawing = !m_undrawn.isEmpty();
    for (MetricPlot *plot : std::as_const(m_plots)) {
        if (!m_shown.contains(plot->spec().id))
            continue;
        plot->setPicture(picture);
        if (!m_undrawn.contains(plot))
            m_undrawn.append(plot);
    }
    if (!isDrawing)
        QTimer::singleShot(0, this, &PlotBoard::drawNext);
}

void PlotBoard::drawNext()
{
    if (m_undrawn.isEmpty())
        return;
    m_undrawn.takeFirst()->draw();
    QTimer::singleShot(0, this, &PlotBoard::drawNext);
}

void PlotBoard::updateMoment()
{
    for (MetricPlot *plot : std::as_const(m_plots))
        if (m_shown.contains(plot->spec().id))
            plot->updateMoment();
}

MetricPlot *PlotBoard::plot(const QString &id) const
{
    for (MetricPlot *plot : m_plots)
        if (plot->spec().id == id)
            return plot;
    return nullptr;
}

QImage PlotBoard::toImage() const
{
    return m_board->grab().toImage();
}

void PlotBoard::showEvent(QShowEvent *event)
{
    QScrollArea::showEvent(event);
    makePlots();
    if (m_picture)
        setPicture(*m_picture);
}

void PlotBoard::resizeEvent(QResizeEvent *event)
{
    QScrollArea::resizeEvent(event);
    arrange();
}

} // namespace slotscope
