// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/newoperations.h"

#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QGridLayout>
#include <QPainter>
#include <QResizeEvent>
#include <QScrollArea>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int formCardWidth = 262; // minimum width

} // namespace

OperationButton::OperationButton(const Theme &theme, OperationInfo info, QWidget *parent)
    : QAbstractButton(parent), m_theme(theme), m_info(std::move(info))
{
    setObjectName(operationName(m_info.operation));
    setText(m_info.title);
    setAccessibleName(m_info.title);
    setAccessibleDescription(m_info.line);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void OperationButton::setReason(const QString &why)
{
    setEnabled(why.isEmpty());
    setToolTip(plainToolTip(why.isEmpty() ? m_info.line : why));
    setAccessibleDescription(why.isEmpty() ? m_info.line : m_info.line + u". "_s + why);
}

void OperationButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const ThemeTokens &tokens = m_theme.tokens();
    const bool under = isEnabled() && underMouse();
    painter.setPen(hasFocus() ? QPen(tokens.accent, 1) : QPen(Qt::NoPen));
    painter.setBrush(isDown() ? QBrush(tokens.line) : under ? QBrush(tokens.raised) : QBrush(Qt::NoBrush));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    const QRect area = rect().adjusted(10, 5, -10, -5);
    painter.setFont(Theme::strongFont());
    painter.setPen(!isEnabled() ? tokens.faint : under || hasFocus() ? tokens.accent : tokens.text);
    painter.drawText(QRect(area.left(), area.top(), area.width(), 18), Qt::AlignVCenter | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(m_info.title, Qt::ElideRight, area.width()));
    painter.setFont(Theme::smallFont());
    painter.setPen(isEnabled() ? tokens.muted : tokens.faint);
    painter.drawText(QRect(area.left(), area.top() + 18, area.width(), 18), Qt::AlignVCenter | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(m_info.line, Qt::ElideRight, area.width()));
}

NewOperations::NewOperations(const Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_reason(plainLabel({}, "warn", this))
    , m_reasonCard(new QFrame(this))
    , m_cardsHolder(new QWidget(this))
    , m_grid(new QGridLayout(m_cardsHolder))
{
    m_reason->setWordWrap(true);
    m_reasonCard->setProperty("finding", u"warn"_s);
    auto *reasonLayout = new QVBoxLayout(m_reasonCard);
    reasonLayout->setContentsMargins(12, 10, 12, 10);
    reasonLayout->addWidget(m_reason);
    m_reasonCard->hide();
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(16);
    using Group = OperationInfo::Group;
    for (const Group group : {Group::Grow, Group::Shrink, Group::Move, Group::FailOver, Group::Repair, Group::Keep})
        m_cards.append(makeCard(theme, group));
    auto *content = new QWidget(this);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    column->addWidget(m_reasonCard);
    column->addWidget(m_cardsHolder);
    column->addStretch(1);
    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scroll);
    arrange();
}

QFrame *NewOperations::makeCard(const Theme &theme, OperationInfo::Group group)
{
    auto *card = new QFrame(m_cardsHolder);
    card->setProperty("card", true);
    card->setAccessibleName(groupTitle(group));
    auto *title = plainLabel(groupTitle(group), "muted", card);
    QFont font = Theme::smallFont();
    font.setWeight(QFont::DemiBold);
    title->setFont(font);
    title->setContentsMargins(10, 0, 10, 2);
    auto *layout = new QVBoxLayout(card);
    layout->setContentsMargins(6, 12, 6, 8);
    layout->setSpacing(2);
    layout->addWidget(title);
    for (const OperationInfo &info : operationInfos()) {
        if (info.group != group)
            continue;
        auto *button = new OperationButton(theme, info, card);
        button->setReason({});
        connect(button, &QAbstractButton::clicked, this, [this, id = info.operation] { Q_EMIT chosen(id); });
        layout->addWidget(button);
        m_buttons.append(button);
    }
    layout->addStretch(1);
    return card;
}

void NewOperations::arrange()
{
    const int columns = std::clamp((width() + 16) / (formCardWidth + 16), 1, 3);
    if (columns == m_columns)
        return;
    for (int column = 0; column < m_columns; ++column)
        m_grid->setColumnStretch(column, 0);
    m_columns = columns;
    for (int i = 0; i < m_cards.size(); ++i)
        m_grid->addWidget(m_cards.at(i), i / columns, i % columns);
    for (int column = 0; column < columns; ++column)
        m_grid->setColumnStretch(column, 1);
}

void NewOperations::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void NewOperations::setReason(const QString &why, bool standalone)
{
    const QString needsCluster = tr("This server does not run in cluster mode.");
    m_reason->setText(why.isEmpty() ? needsCluster : why);
    m_reasonCard->setVisible(!why.isEmpty() || standalone);
    for (OperationButton *button : std::as_const(m_buttons))
        button->setReason(!why.isEmpty() ? why : standalone && button->info().clusterOnly ? needsCluster : QString());
}

OperationButton *NewOperations::button(Operation operation) const
{
    const auto it = std::find_if(m_buttons.begin(), m_buttons.end(), [operation](const OperationButton *button) {
        return button->info().operation == operation;
    });
    return it == m_buttons.end() ? nullptr : *it;
}

QString NewOperations::reason() const
{
    return m_reasonCard->isVisibleTo(this) ? m_reason->text() : QString();
}

} // namespace slotscope
