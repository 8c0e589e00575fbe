// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/sidesplit.h"

#include "ui/shared/theme.h"

#include <QSplitter>
#include <QVBoxLayout>

namespace slotscope {
namespace {

constexpr int panelWidth = 376;
constexpr int narrowBelow = 960; ///< in px of the page, not of the window

} // namespace

SideSplit::SideSplit(QWidget *main, QFrame *panel, QWidget *parent)
    : QWidget(parent), m_splitter(new QSplitter(Qt::Horizontal, this)), m_panel(panel), m_narrowBelow(narrowBelow)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_splitter);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(16);
    m_splitter->addWidget(main);
    m_splitter->addWidget(panel);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
    m_splitter->setSizes({10000, panelWidth});
    main->setMinimumWidth(320);
    panel->setMinimumWidth(300);
    panel->hide();
}

void SideSplit::setPanelShown(bool shown)
{
    m_shown = shown;
    place();
}

void SideSplit::setNarrowBelow(int pixels)
{
    m_narrowBelow = pixels;
}

QByteArray SideSplit::saveState() const
{
    return m_narrow ? m_state : m_shown ? m_splitter->saveState() : QByteArray();
}

void SideSplit::restoreState(const QByteArray &state)
{
    m_state = state;
    if (!m_narrow && !state.isEmpty())
        m_splitter->restoreState(state);
}

void SideSplit::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    const bool narrow = width() < m_narrowBelow;
    if (narrow != m_narrow) {
        m_narrow = narrow;
        if (narrow) {
            if (m_shown && isVisible() && m_state.isEmpty())
                m_state = m_splitter->saveState();
            m_panel->setParent(this);
        } else {
            m_splitter->addWidget(m_panel);
            if (m_state.isEmpty() || !m_splitter->restoreState(m_state))
                m_splitter->setSizes({width() - panelWidth, panelWidth});
            m_state.clear();
        }
        setStyleProperty(m_panel, "overlay", narrow);
        Q_EMIT narrowChanged(narrow);
    }
    place();
}

void SideSplit::place()
{
    if (m_narrow) {
        const int panel = std::min(panelWidth, width() - 40);
        m_panel->setGeometry(width() - panel, 0, panel, height());
        m_panel->raise();
    }
    m_panel->setVisible(m_shown);
}

} // namespace slotscope
