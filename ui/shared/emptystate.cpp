// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/emptystate.h"

#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/theme.h"

#include <QPushButton>
#include <QVBoxLayout>

namespace slotscope {
namespace {

constexpr int textWidth = 460;

} // namespace

EmptyState::EmptyState(const Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_icon(new QLabel(this))
    , m_title(plainLabel({}, nullptr, this))
    , m_text(plainLabel({}, "muted", this))
    , m_buttons(new QHBoxLayout)
{
    m_title->setFont(Theme::titleFont());
    m_text->setWordWrap(true);
    m_text->setFixedWidth(textWidth);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(8);
    layout->addStretch(2);
    for (QLabel *label : {m_icon, m_title, m_text}) {
        label->setAlignment(Qt::AlignCenter);
        layout->addWidget(label, 0, Qt::AlignHCenter);
    }
    layout->addSpacing(8);
    m_buttons->setSpacing(8);
    m_buttons->setAlignment(Qt::AlignCenter);
    layout->addLayout(m_buttons);
    layout->addStretch(3);
    connect(&theme, &Theme::changed, this, &EmptyState::updateIcon);
}

void EmptyState::setContent(const QString &icon, const QString &title, const QString &text)
{
    if (icon == m_iconName && title == m_title->text() && text == m_text->text())
        return; // unchanged; this is called for every view of the cluster
    m_iconName = icon;
    m_title->setText(title);
    m_text->setText(text);
    m_text->setFixedHeight(std::max(0, m_text->heightForWidth(textWidth)));
    m_text->setVisible(!text.isEmpty());
    setAccessibleName(title);
    m_icon->setAccessibleName(title);
    setAccessibleDescription(text);
    updateIcon();
}

QPushButton *EmptyState::addAction(const QString &text, bool primary)
{
    auto *button = new QPushButton(text, this);
    button->setProperty("primary", primary);
    m_buttons->addWidget(button);
    return button;
}

QString EmptyState::title() const
{
    return m_title->text();
}

void EmptyState::updateIcon()
{
    m_icon->setPixmap(m_iconName.isEmpty() ? QPixmap()
                                           : tintedPixmap(m_iconName, m_theme.tokens().faint, 40, devicePixelRatioF()));
}

} // namespace slotscope
