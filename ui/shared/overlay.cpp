// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/overlay.h"

#include <QApplication>
#include <QGraphicsDropShadowEffect>
#include <QKeyEvent>
#include <QMouseEvent>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

Overlay::Overlay(QWidget *host) : QFrame(host), m_host(host)
{
    setObjectName(u"overlay"_s);
    setAttribute(Qt::WA_StyledBackground);
    setFocusPolicy(Qt::ClickFocus);
    setAttribute(Qt::WA_NoMousePropagation); // otherwise a click inside would reach the window and count as outside
    auto *shadow = new QGraphicsDropShadowEffect(this);
    shadow->setBlurRadius(40);
    shadow->setOffset(0, 10);
    shadow->setColor(QColor(0, 0, 0, 110));
    setGraphicsEffect(shadow);
    hide();
}

void Overlay::openOver()
{
    if (!isVisible()) {
        m_before = m_host->focusWidget();
        qApp->installEventFilter(this);
    }
    aboutToOpen();
    place();
    show();
    raise();
}

void Overlay::closeOver()
{
    if (!isVisible())
        return;
    qApp->removeEventFilter(this);
    hide();
    if (m_before)
        m_before->setFocus();
    Q_EMIT closed();
}

void Overlay::toggle()
{
    if (isVisible())
        closeOver();
    else
        openOver();
}

void Overlay::place()
{
    setGeometry(placeIn(m_host->rect()));
}

bool Overlay::event(QEvent *event)
{
    const bool key = event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress;
    if (key && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape) {
        if (event->type() == QEvent::KeyPress)
            closeOver();
        event->accept();
        return true;
    }
    return QFrame::event(event);
}

bool Overlay::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_host && event->type() == QEvent::Resize) {
        place();
    } else if (event->type() == QEvent::MouseButtonPress) {
        auto *widget = qobject_cast<QWidget *>(watched);
        const bool beside = widget && widget->window() == m_host && widget != this && !isAncestorOf(widget)
            && !m_openers.contains(widget);
        if (beside)
            closeOver();
    }
    return QFrame::eventFilter(watched, event);
}

/// Tab stays inside the panel.
bool Overlay::focusNextPrevChild(bool next)
{
    QWidget *at = focusWidget() ? focusWidget() : this;
    for (QWidget *widget = next ? at->nextInFocusChain() : at->previousInFocusChain(); widget != at;
         widget = next ? widget->nextInFocusChain() : widget->previousInFocusChain()) {
        if (isAncestorOf(widget) && widget->isVisible() && widget->isEnabled()
            && (widget->focusPolicy() & Qt::TabFocus)) {
            widget->setFocus(next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
            return true;
        }
    }
    return true;
}

} // namespace slotscope
