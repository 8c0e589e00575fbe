// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/trayentry.h"

#include "ui/shared/badge.h"
#include "ui/shared/icons.h"
#include "ui/shared/theme.h"

#include <QMenu>
#include <QPainter>
#include <QSystemTrayIcon>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int iconSize = 64; // in px; the desktop scales it
constexpr double dotPart = 0.45; // share of the icon's size

/// Rank of a tone by severity.
int rankOf(Tone tone)
{
    return tone == Tone::Bad ? 2 : tone == Tone::Warning ? 1 : 0;
}

} // namespace

TrayEntry::TrayEntry(const Theme &theme, QObject *parent) : QObject(parent), m_theme(theme)
{
    connect(&theme, &Theme::changed, this, &TrayEntry::updateIcon);
}

TrayEntry::~TrayEntry() = default;

bool TrayEntry::canTell()
{
    return QSystemTrayIcon::isSystemTrayAvailable() && QSystemTrayIcon::supportsMessages();
}

void TrayEntry::makeIcon()
{
    if (m_icon)
        return;
    m_menu = std::make_unique<QMenu>();
    m_icon = new QSystemTrayIcon(this);
    m_icon->setContextMenu(m_menu.get());
    connect(m_icon, &QSystemTrayIcon::messageClicked, this, &TrayEntry::messageChosen);
    connect(m_icon, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
        if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick)
            Q_EMIT windowRequested();
    });
    updateIcon();
}

void TrayEntry::setWanted(bool wanted)
{
    m_isWanted = wanted;
    if (wanted)
        makeIcon();
    if (m_icon)
        m_icon->setVisible(wanted);
}

void TrayEntry::setConnections(const QList<Connection> &connections)
{
    if (connections == m_connections)
        return;
    m_connections = connections;
    updateIcon();
}

void TrayEntry::tell(const QString &title, const QString &text)
{
    makeIcon();
    m_icon->show();
    m_icon->showMessage(title, text, QSystemTrayIcon::Warning);
}

QString TrayEntry::toolTip() const
{
    QStringList lines{u"Slotscope"_s};
    for (const Connection &connection : m_connections)
        lines.append(u"%1: %2"_s.arg(connection.title, connection.word));
    return lines.join(u'\n');
}

void TrayEntry::updateIcon()
{
    if (!m_icon)
        return;
    QPixmap picture = logoIcon().pixmap({iconSize, iconSize});
    const auto worst = std::ranges::max_element(m_connections, {},
                                                [](const Connection &connection) { return rankOf(connection.tone); });
    if (worst != m_connections.cend() && rankOf(worst->tone) > 0) {
        QPainter painter(&picture);
        painter.setRenderHint(QPainter::Antialiasing);
        const double size = iconSize * dotPart;
        const QRectF dot(picture.width() / picture.devicePixelRatio() - size - 1, iconSize - size - 1, size, size);
        painter.setPen(QPen(Qt::white, 3));
        painter.setBrush(toneColours(m_theme.tokens(), worst->tone).text);
        if (worst->tone == Tone::Bad)
            painter.drawRect(dot); // the shape also differs, not only the colour
        else
            painter.drawPolygon(QPolygonF({QPointF(dot.center().x(), dot.top()), dot.bottomRight(), dot.bottomLeft()}));
    }
    m_icon->setIcon(QIcon(picture));
    m_icon->setToolTip(toolTip());
    m_menu->clear();
    for (qsizetype i = 0; i < m_connections.size(); ++i)
        m_menu->addAction(u"%1: %2"_s.arg(m_connections[i].title, m_connections[i].word).replace(u'&', u"&&"_s), this,
                          [this, index = int(i)] { Q_EMIT connectionChosen(index); });
    if (!m_connections.isEmpty())
        m_menu->addSeparator();
    m_menu->addAction(tr("Show the window"), this, &TrayEntry::windowRequested);
    m_menu->addAction(tr("Quit"), this, &TrayEntry::quitRequested);
}

} // namespace slotscope
