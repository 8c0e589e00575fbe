// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/drillview.h"

#include "core/base/text.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QHeaderView>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QTableWidget>
#include <QToolTip>
#include <QVBoxLayout>

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int laneHeight = 106, stripTop = 40, stripHeight = 16, dotsHeight = 40, labelRows = 2, labelHeight = 14;
constexpr int axisHeight = 24, sideMargin = 8, rightMargin = 12 + sideMargin;
constexpr double mostLatencyMs = 10'000; // upper end of the logarithmic scale of the dots

QString laneName(const DrillLaneReport &lane)
{
    return lane.control ? DrillView::tr("Shard %1 · control").arg(lane.shard)
                        : DrillView::tr("Shard %1").arg(lane.shard);
}

/// Distance of the time labels, 1, 2, 5, 10 … seconds, for at most a dozen labels.
qint64 tickLength(qint64 range)
{
    for (qint64 unit = 1000;; unit *= 10)
        for (const qint64 step : {unit, 2 * unit, 5 * unit})
            if (range / step <= 12)
                return step;
}

} // namespace

DrillPicture::DrillPicture(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Time line of the drill"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void DrillPicture::setReport(const DrillReportPtr &report)
{
    m_report = report;
    m_marks.clear();
    m_from = -1000;
    m_to = 1000;
    if (report) {
        m_to = std::max<qint64>(m_to, report->endedAt);
        for (const DrillLaneReport &lane : report->lanes) {
            if (!lane.buckets.isEmpty())
                m_from = std::min(m_from, lane.buckets.constFirst().at);
            m_marks += phasesOf(*report, lane);
        }
    }
    m_current = std::min<int>(m_current, int(m_marks.size()) - 1);
    updateGeometry();
    setMinimumHeight(sizeHint().height());
    update();
}

QSize DrillPicture::sizeHint() const
{
    const int lanes = m_report ? int(m_report->lanes.size()) : 1;
    return {480, lanes * laneHeight + axisHeight};
}

int DrillPicture::left() const
{
    const QFontMetrics metrics(Theme::smallFont());
    int width = 60;
    if (m_report)
        for (const DrillLaneReport &lane : m_report->lanes)
            width = std::max(width, metrics.horizontalAdvance(laneName(lane)));
    return sideMargin + width + 12;
}

double DrillPicture::xOf(qint64 at) const
{
    const int begin = left();
    return begin + double(at - m_from) * (width() - begin - rightMargin) / double(std::max<qint64>(1, m_to - m_from));
}

void DrillPicture::paintLane(QPainter &painter, const DrillLaneReport &lane, int top) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    painter.setPen(tokens.text);
    painter.drawText(QRect(sideMargin, top + stripTop, left() - 8 - sideMargin, stripHeight),
                     Qt::AlignVCenter | Qt::AlignLeft, laneName(lane));
    painter.setPen(tokens.faint);
    painter.drawText(QRect(sideMargin, top + stripTop + stripHeight + 4, left() - 8 - sideMargin, dotsHeight),
                     Qt::AlignBottom | Qt::AlignLeft, tr("reply time"));
    painter.setPen(Qt::NoPen);
    for (const DrillBucket &bucket : lane.buckets) {
        if (bucket.due == 0)
            continue;
        const double x = xOf(bucket.at), end = xOf(bucket.at + DrillBucket::lengthMs);
        const bool all = bucket.served == bucket.due, none = bucket.served == 0;
        // not only the colour differs: unserved time is drawn with half the height
        const QColor colour = all ? tokens.ok : none ? tokens.errorMark : tokens.warnMark;
        const double height = all ? stripHeight : none ? stripHeight / 2.0 : stripHeight * 0.75;
        painter.fillRect(QRectF(x, top + stripTop + stripHeight - height, std::max(1.0, end - x), height), colour);
        if (bucket.worstMs < 0)
            continue;
        const double share = std::log10(1.0 + bucket.worstMs) / std::log10(1.0 + mostLatencyMs);
        const double y = top + stripTop + stripHeight + 4 + dotsHeight * (1.0 - std::min(1.0, share));
        painter.fillRect(QRectF(x, y, 2, 2), bucket.worstMs > 100 ? tokens.warnMark : tokens.mutedMark);
    }
}

void DrillPicture::paintMarks(QPainter &painter, const DrillLaneReport &lane, int top) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    const QFontMetrics metrics(painter.font());
    double freeFrom[labelRows] = {};
    for (const DrillPhase &phase : phasesOf(*m_report, lane)) {
        const double x = xOf(phase.at);
        const bool current = m_current >= 0 && hasFocus() && m_marks.value(m_current).at == phase.at
            && m_marks.value(m_current).title == phase.title;
        painter.setPen(QPen(current ? tokens.accent : tokens.muted, current ? 2 : 1));
        painter.drawLine(QPointF(x, top + stripTop - 8), QPointF(x, top + laneHeight - 8));
        if (phase.since < phase.at) { // the event happened within this interval
            painter.setPen(QPen(tokens.muted, 1, Qt::DotLine));
            painter.drawLine(QPointF(xOf(phase.since), top + stripTop - 6), QPointF(x, top + stripTop - 6));
        }
        const double textWidth = metrics.horizontalAdvance(phase.title);
        const double at =
            std::clamp<double>(x - textWidth / 2, left(), std::max<double>(left(), width() - sideMargin - textWidth));
        int row = 0;
        while (row < labelRows && at < freeFrom[row])
            ++row;
        if (row == labelRows && !current)
            continue; // omitted in the picture; the table has all of them
        row = std::min(row, labelRows - 1);
        painter.setPen(current ? tokens.accent : tokens.text);
        painter.drawText(QPointF(at, top + labelHeight * (row + 1) - 2), phase.title);
        freeFrom[row] = at + textWidth + 8;
    }
}

void DrillPicture::paintAxis(QPainter &painter, int top) const
{
    painter.setPen(m_theme.tokens().muted);
    painter.drawLine(QPointF(left(), top + 0.5), QPointF(width() - rightMargin, top + 0.5));
    const qint64 step = tickLength(m_to - m_from);
    for (qint64 at = (m_from / step) * step; at <= m_to; at += step) {
        if (at < m_from)
            continue;
        const double x = xOf(at);
        painter.drawLine(QPointF(x, top), QPointF(x, top + 4));
        const QString text = tr("%1 s").arg((at > 0 ? u"+"_s : QString()) + QString::number(at / 1000));
        const double half = painter.fontMetrics().horizontalAdvance(text) / 2.0 + 1;
        const double middle = std::min(x, width() - sideMargin - half);
        painter.drawText(QRectF(middle - half, top + 5, 2 * half, 16), Qt::AlignHCenter | Qt::AlignTop, text);
    }
}

void DrillPicture::paintEvent(QPaintEvent *)
{
    if (!m_report)
        return;
    QPainter painter(this);
    painter.setFont(Theme::smallFont());
    int top = 0;
    for (const DrillLaneReport &lane : m_report->lanes) {
        paintLane(painter, lane, top);
        paintMarks(painter, lane, top);
        top += laneHeight;
    }
    paintAxis(painter, top);
    if (hasFocus()) {
        painter.setPen(m_theme.tokens().accent);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void DrillPicture::keyPressEvent(QKeyEvent *event)
{
    const int step = event->key() == Qt::Key_Right ? 1 : event->key() == Qt::Key_Left ? -1 : 0;
    if (step == 0 || m_marks.isEmpty()) {
        QWidget::keyPressEvent(event);
        return;
    }
    m_current = std::clamp(m_current + step, 0, int(m_marks.size()) - 1);
    update();
    tellPart(this);
}

QString DrillPicture::spokenPart() const
{
    if (m_current < 0 || m_current >= m_marks.size())
        return {};
    const DrillPhase &phase = m_marks[m_current];
    return tr("%1, %2, %3").arg(drillTime(phase.at), phase.title, phase.detail);
}

bool DrillPicture::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip || !m_report)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const int row = help->pos().y() / laneHeight;
    QString text;
    if (row < m_report->lanes.size()) {
        for (const DrillPhase &phase : phasesOf(*m_report, m_report->lanes[row]))
            if (std::abs(xOf(phase.at) - help->pos().x()) < 5)
                text = tr("%1 %2: %3").arg(drillTime(phase.at), phase.title, phase.detail);
        for (const DrillBucket &bucket : m_report->lanes[row].buckets)
            if (text.isEmpty() && help->pos().x() >= xOf(bucket.at)
                && help->pos().x() < xOf(bucket.at + DrillBucket::lengthMs))
                text = tr("%1: %2 of %3 writes were acknowledged")
                           .arg(drillTime(bucket.at))
                           .arg(bucket.served)
                           .arg(bucket.due);
    }
    QToolTip::showText(help->globalPos(), text.toHtmlEscaped(), this);
    return true;
}

DrillView::DrillView(const Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_picture(new DrillPicture(theme, this))
    , m_table(new QTableWidget(0, 5, this))
    , m_words(new QWidget(this))
    , m_wordsLayout(new QVBoxLayout(m_words))
{
    m_table->setProperty("boxed", true);
    m_table->setAccessibleName(tr("Events of the drill"));
    m_table->setHorizontalHeaderLabels({tr("Shard"), tr("Time"), tr("Within"), tr("What"), tr("Detail")});
    m_table->verticalHeader()->hide();
    m_table->setShowGrid(false);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setTabKeyNavigation(false);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_wordsLayout->setContentsMargins(0, 0, 0, 0);
    m_wordsLayout->setSpacing(2);
    auto *title = plainLabel(tr("Time line"), nullptr, this);
    title->setFont(Theme::strongFont());
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(title);
    layout->addWidget(m_words);
    layout->addWidget(m_picture);
    layout->addWidget(m_table);
    hide();
}

void DrillView::setReport(const DrillReportPtr &report)
{
    if (report == m_report)
        return;
    m_report = report;
    m_picture->setReport(report);
    if (report) {
        showConclusions();
        showTable();
    }
    setVisible(report != nullptr);
}

void DrillView::showConclusions()
{
    const QList<DrillConclusion> all = conclusionsOf(*m_report);
    QStringList lines;
    for (const DrillConclusion &one : all)
        lines.append((one.kind == DrillConclusion::Kind::Good      ? u"✓ "_s
                          : one.kind == DrillConclusion::Kind::Bad ? u"✕ "_s
                                                                   : u"· "_s)
                     + one.text);
    if (lines == m_lines)
        return;
    m_lines = lines;
    while (QLayoutItem *item = m_wordsLayout->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (qsizetype i = 0; i < all.size(); ++i) {
        const char *tone = all[i].kind == DrillConclusion::Kind::Bad ? "error" : nullptr;
        QLabel *label = plainLabel(lines[i], tone, m_words);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        m_wordsLayout->addWidget(label);
    }
}

void DrillView::showTable()
{
    QList<QStringList> rows;
    for (const DrillLaneReport &lane : m_report->lanes)
        for (const DrillPhase &phase : phasesOf(*m_report, lane))
            rows.append({QString::number(lane.shard), drillTime(phase.at),
                         phase.at > phase.since ? drillSpan(phase.at - phase.since) : QString(), phase.title,
                         phase.detail});
    m_table->setRowCount(int(rows.size()));
    for (int row = 0; row < rows.size(); ++row)
        for (int column = 0; column < rows[row].size(); ++column) {
            QTableWidgetItem *item = m_table->item(row, column);
            if (!item) {
                item = new QTableWidgetItem;
                m_table->setItem(row, column, item);
            }
            if (item->text() != rows[row][column])
                item->setText(rows[row][column]);
        }
    constexpr int shown = 10;
    const int rowHeight = m_table->verticalHeader()->defaultSectionSize();
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height()
                            + std::clamp(int(rows.size()), 1, shown) * rowHeight + 6);
    constexpr int headPadding = 12;
    for (int column = 0; column < 4; ++column) {
        m_table->resizeColumnToContents(column);
        m_table->setColumnWidth(column, m_table->columnWidth(column) + headPadding);
    }
}

QString DrillView::text() const
{
    return m_lines.join(u'\n');
}

} // namespace slotscope
