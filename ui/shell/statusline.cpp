// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/statusline.h"

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "ui/shared/theme.h"

#include <QPainter>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int briefMs = 6000;
constexpr int lineMargin = 16;
constexpr int spacing = 22;
constexpr int ageWidth = 170;

QFont plainFont()
{
    return Theme::smallFont();
}

QFont strongFont()
{
    QFont font = Theme::smallFont();
    font.setWeight(QFont::DemiBold);
    return font;
}

/// Sums over all nodes.
struct Sums
{
    int up = 0;
    qint64 ops = 0, used = 0, maximum = 0;
    bool opsKnown = false, usedKnown = false, limited = true;
    QList<double> roundTrips;
    QString product;

    explicit Sums(const ClusterView &view)
    {
        for (const NodeState &node : view.nodes)
            add(node);
        std::sort(roundTrips.begin(), roundTrips.end());
    }

    void add(const NodeState &node)
    {
        up += node.reach.state == Reach::State::Ready ? 1 : 0;
        if (node.reach.state == Reach::State::Ready && node.reach.roundTripMs >= 0)
            roundTrips.append(node.reach.roundTripMs);
        if (!node.currentInfo())
            return;
        const ServerInfo &info = *node.info;
        if (info.opsPerSecond) {
            ops += *info.opsPerSecond;
            opsKnown = true;
        }
        if (node.primary && info.usedMemory) {
            used += *info.usedMemory;
            maximum += info.maxMemory.value_or(0);
            limited = limited && info.maxMemory.value_or(0) > 0;
            usedKnown = true;
        }
        if (product.isEmpty() && !info.product.isEmpty()) {
            product = toDisplay(info.product) + u' ' + toDisplay(info.version);
            product[0] = product.at(0).toUpper();
        }
    }
};

} // namespace

StatusLine::StatusLine(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(u"statusLine"_s);
    setFixedHeight(28);
    m_clock.setInterval(200);
    connect(&m_clock, &QTimer::timeout, this, &StatusLine::updateAge);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    m_briefEnd.setSingleShot(true);
    m_briefEnd.setInterval(briefMs);
    connect(&m_briefEnd, &QTimer::timeout, this, [this] {
        m_brief.clear();
        setAccessibleDescription(text());
        update();
    });
}

void StatusLine::tellBriefly(const QString &text)
{
    m_brief = text;
    m_briefEnd.start();
    setAccessibleDescription(text);
    update();
}

void StatusLine::setCorner(QWidget *corner)
{
    m_corner = corner;
    corner->setParent(this);
    corner->installEventFilter(this);
    placeCorner();
}

void StatusLine::placeCorner()
{
    if (!m_corner)
        return;
    m_corner->resize(m_corner->sizeHint().expandedTo(QSize(0, 0)));
    m_corner->move(width() - lineMargin - m_corner->width(), (height() + 1 - m_corner->height()) / 2);
    update();
}

int StatusLine::rightEdge() const
{
    return m_corner && !m_corner->isHidden() && m_corner->width() > 1 ? m_corner->x() - spacing : width() - lineMargin;
}

void StatusLine::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    placeCorner();
}

bool StatusLine::eventFilter(QObject *watched, QEvent *event)
{
    const QEvent::Type type = event->type();
    if (watched == m_corner
        && (type == QEvent::ShowToParent || type == QEvent::HideToParent || type == QEvent::Resize
            || type == QEvent::LayoutRequest))
        placeCorner();
    return QWidget::eventFilter(watched, event);
}

void StatusLine::setConnection(const ConnectionView *view)
{
    setAccessibleName(tr("Status"));
    m_left.clear();
    m_right.clear();
    m_heardAt = view && view->view() ? heardAt(*view->view()) : 0;
    m_isSilent = m_heardAt > 0 && Sums(*view->view()).up == 0;
    if (m_heardAt > 0) {
        m_left = itemsOf(*view->view());
        if (const QString product = Sums(*view->view()).product; !product.isEmpty())
            m_right.append({.before = product, .strong = {}, .after = {}});
        m_clock.start();
    } else {
        m_clock.stop();
    }
    setAccessibleDescription(text());
    update();
}

QList<StatusLine::Item> StatusLine::itemsOf(const ClusterView &view) const
{
    const Sums sums(view);
    if (sums.up == 0 && !view.nodes.empty())
        return {{.before = {}, .strong = tr("No node answers"), .after = {}, .loud = true},
                {{}, {}, tr("%1 nodes, as of the last reply").arg(groupedNumber(qsizetype(view.nodes.size())))}};
    QList<Item> items{
        {{}, groupedNumber(sums.up), counted(qint64(view.nodes.size()), tr(" of 1 node up"), tr(" of %1 nodes up"))}};
    if (view.cluster)
        items.append(
            {tr("Slots "), groupedNumber(view.covered.count()), tr(" / %1 covered").arg(groupedNumber(slotCount))});
    if (!view.unserved.isEmpty())
        items.append(
            {.before = {}, .strong = groupedNumber(view.unserved.count()), .after = tr(" not served"), .loud = true});
    if (sums.opsKnown)
        items.append({{}, shortCount(sums.ops), tr(" ops/s")});
    if (sums.usedKnown)
        items.append(
            {tr("Memory "), byteSize(sums.used), sums.limited ? u" / "_s + byteSize(sums.maximum) : QString()});
    if (!sums.roundTrips.isEmpty()) {
        const double middle = sums.roundTrips.at(sums.roundTrips.size() / 2);
        items.append({tr("Reply time "), tr("%1 ms").arg(middle, 0, 'f', 1), {}});
    }
    return items;
}

StatusLine::Item StatusLine::ageItem() const
{
    const qint64 age = std::max<qint64>(0, steadyMs() - m_heardAt);
    if (m_isSilent)
        return {.before = tr("Last reply %1 ago").arg(roughDuration(age)), .strong = {}, .after = {}, .loud = true};
    return {tr("Data from %1 ago").arg(age < 10'000 ? tr("%1 s").arg(double(age) / 1000, 0, 'f', 1) : duration(age)),
            {},
            {}};
}

void StatusLine::updateAge()
{
    if (ageItem().before == m_ageShown || m_heardAt == 0)
        return;
    int right = rightEdge();
    for (const Item &item : m_right)
        right -= widthOf(item) + spacing;
    update(right - ageWidth, 1, ageWidth + 4, height() - 1);
}

int StatusLine::widthOf(const Item &item) const
{
    const QFontMetrics plain(plainFont());
    return plain.horizontalAdvance(item.before) + plain.horizontalAdvance(item.after)
        + QFontMetrics(strongFont()).horizontalAdvance(item.strong);
}

void StatusLine::paintItem(QPainter &painter, const Item &item, int x) const
{
    const auto draw = [&](const QString &text, const QFont &font, const QColor &colour) {
        painter.setFont(font);
        painter.setPen(colour);
        painter.drawText(QRect(x, 0, 600, height()), Qt::AlignVCenter | Qt::AlignLeft, text);
        x += painter.fontMetrics().horizontalAdvance(text);
    };
    const ThemeTokens &tokens = m_theme.tokens();
    draw(item.before, plainFont(), item.loud ? tokens.error : tokens.muted);
    draw(item.strong, strongFont(), item.loud ? tokens.error : tokens.text);
    draw(item.after, plainFont(), item.loud ? tokens.error : tokens.muted);
}

QString StatusLine::text() const
{
    QStringList parts;
    for (const Item &item : m_left + m_right)
        parts.append(item.before + item.strong + item.after);
    return parts.join(u", "_s);
}

void StatusLine::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.tokens().surface);
    painter.fillRect(QRect(0, 0, width(), 1), m_theme.tokens().line);
    int right = rightEdge();
    for (qsizetype i = m_right.size() - 1; i >= 0; --i) {
        right -= widthOf(m_right.at(i));
        paintItem(painter, m_right.at(i), right);
        right -= spacing;
    }
    if (m_heardAt > 0) {
        const Item age = ageItem();
        m_ageShown = age.before;
        right -= widthOf(age);
        paintItem(painter, age, right);
        right -= spacing;
    }
    int x = lineMargin;
    if (!m_brief.isEmpty()) {
        painter.setFont(strongFont());
        painter.setPen(m_theme.tokens().text);
        painter.drawText(QRect(x, 0, right - x, height()), Qt::AlignVCenter | Qt::AlignLeft,
                         painter.fontMetrics().elidedText(m_brief, Qt::ElideMiddle, right - x));
        return;
    }
    for (const Item &item : std::as_const(m_left)) {
        const int itemWidth = widthOf(item);
        if (x + itemWidth > right) // items that do not fit are left out; the most important ones come first
            break;
        paintItem(painter, item, x);
        x += itemWidth + spacing;
    }
}

} // namespace slotscope
