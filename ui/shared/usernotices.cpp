// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/usernotices.h"

#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/theme.h"
#include "ui/shared/trayentry.h"

#include <QApplication>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
UserNotices::UserNotices(const Theme &theme, QWidget *window, QBoxLayout *place)
    : QObject(window), m_theme(theme), m_window(window), m_place(place), m_tray(new TrayEntry(theme, this))
{
    connect(m_tray, &TrayEntry::messageChosen, this, [this] {
        m_window->activateWindow();
        if (m_show)
            m_show();
    });
}

void UserNotices::tell(const QString &title, const QString &text, const std::function<void()> &show)
{
    m_show = show;
    QApplication::alert(m_window);
    if (TrayEntry::canTell()) {
        m_tray->tell(title, text);
        return;
    }
    if (!m_card)
        makeCard();
    m_title->setText(title);
    m_text->setText(text);
    m_card->setAccessibleName(title + u": "_s + text);
    m_room->show();
}

void UserNotices::makeCard()
{
    m_room = new QWidget(m_window);
    m_card = new QFrame(m_room);
    m_card->setObjectName(u"notice"_s);
    m_card->setProperty("card", true);
    auto *mark = plainLabel(u"▲"_s, "warn", m_card);
    m_title = plainLabel({}, nullptr, m_card);
    m_title->setFont(Theme::strongFont());
    m_text = wrappedLabel({}, nullptr, m_card);
    auto *close = new QToolButton(m_card);
    close->setIcon(themedIcon(u"close"_s, m_theme));
    close->setIconSize({14, 14});
    close->setToolTip(tr("Close the notice"));
    close->setAccessibleName(tr("Close the notice"));
    auto *show = new QPushButton(tr("Show"), m_card);
    show->setObjectName(u"noticeShow"_s);
    auto *words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(m_title);
    words->addWidget(m_text);
    auto *layout = new QHBoxLayout(m_card);
    layout->setContentsMargins(14, 6, 10, 6);
    layout->setSpacing(10);
    layout->addWidget(mark, 0, Qt::AlignTop);
    layout->addLayout(words, 1);
    layout->addWidget(show);
    layout->addWidget(close);
    auto *outer = new QVBoxLayout(m_room);
    outer->setContentsMargins(16, 0, 16, 8);
    outer->addWidget(m_card);
    m_place->addWidget(m_room);
    connect(close, &QToolButton::clicked, m_room, &QWidget::hide);
    connect(show, &QPushButton::clicked, this, [this] {
        m_room->hide();
        if (m_show)
            m_show();
    });
}

QString UserNotices::text() const
{
    return m_card && m_card->isVisible() ? m_text->text() : QString();
}

} // namespace slotscope
