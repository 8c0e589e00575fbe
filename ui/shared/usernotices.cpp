// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/usernotices.h"

#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/theme.h"
#include "ui/shared/trayentry.h"

#include <QApplication>
#include <QEvent>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int noticeWidth = 440, noticeMargin = 16, noticeFoot = 44; ///< above the status line

} // namespace

UserNotices::UserNotices(const Theme &theme, QWidget *window)
    : QObject(window), m_theme(theme), m_window(window), m_tray(new TrayEntry(theme, this))
{
    window->installEventFilter(this);
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
    m_card->show();
    place();
    m_card->raise();
}

void UserNotices::makeCard()
{
    m_card = new QFrame(m_window);
    m_card->setObjectName(u"notice"_s);
    m_card->setProperty("card", true);
    m_card->setFixedWidth(noticeWidth);
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
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(mark);
    head->addWidget(m_title, 1);
    head->addWidget(close);
    auto *foot = new QHBoxLayout;
    foot->addStretch();
    foot->addWidget(show);
    auto *layout = new QVBoxLayout(m_card);
    layout->setContentsMargins(14, 8, 10, 10);
    layout->setSpacing(6);
    layout->addLayout(head);
    layout->addWidget(m_text);
    layout->addLayout(foot);
    connect(close, &QToolButton::clicked, m_card, &QWidget::hide);
    connect(show, &QPushButton::clicked, this, [this] {
        m_card->hide();
        if (m_show)
            m_show();
    });
}

void UserNotices::place()
{
    const int high = m_card->layout()->totalHeightForWidth(noticeWidth);
    m_card->setGeometry(m_window->width() - noticeWidth - noticeMargin, m_window->height() - high - noticeFoot,
                        noticeWidth, high);
}

QString UserNotices::text() const
{
    return m_card && m_card->isVisible() ? m_text->text() : QString();
}

bool UserNotices::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_window && event->type() == QEvent::Resize && m_card && m_card->isVisible())
        place();
    return QObject::eventFilter(watched, event);
}

} // namespace slotscope
