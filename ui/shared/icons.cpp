// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/icons.h"

#include "ui/shared/theme.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QPointer>
#include <QSvgRenderer>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

void renderTinted(QPainter *painter, const QString &name, const QColor &colour, const QRectF &rect)
{
    QFile file(u":/slotscope/icons/"_s + name + u".svg"_s);
    if (!file.open(QIODevice::ReadOnly))
        return;
    QByteArray text = file.readAll();
    text.replace("#000000"_ba, colour.name().toLatin1());
    QSvgRenderer renderer(text);
    renderer.render(painter, rect);
}

/// Reads the colour from the theme at each painting, so that icons follow a change of the theme.
class ThemedIconEngine final : public QIconEngine
{
public:
    ThemedIconEngine(QString name, const Theme &theme) : m_name(std::move(name)), m_theme(&theme) { }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override
    {
        renderTinted(painter, m_name, colourFor(mode, state), rect);
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        return tintedPixmap(m_name, colourFor(mode, state), size.width(), 1.0);
    }

    [[nodiscard]] QIconEngine *clone() const override { return new ThemedIconEngine(*this); }

private:
    [[nodiscard]] QColor colourFor(QIcon::Mode mode, QIcon::State state) const
    {
        const ThemeTokens &tokens = m_theme ? m_theme->tokens() : lightTokens();
        if (mode == QIcon::Disabled)
            return tokens.faint;
        if (state == QIcon::On)
            return tokens.accent;
        return mode == QIcon::Active || mode == QIcon::Selected ? tokens.text : tokens.muted;
    }

    QString m_name;
    QPointer<const Theme> m_theme;
};

} // namespace

QIcon themedIcon(const QString &name, const Theme &theme)
{
    return QIcon(new ThemedIconEngine(name, theme));
}

QPixmap tintedPixmap(const QString &name, const QColor &colour, int size, qreal devicePixelRatio)
{
    const int pixels = qRound(size * devicePixelRatio);
    const QString key = u"slotscope/%1/%2/%3"_s.arg(name, colour.name()).arg(pixels);
    QPixmap pixmap;
    if (!QPixmapCache::find(key, &pixmap)) {
        pixmap = QPixmap(pixels, pixels);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        painter.setRenderHint(QPainter::Antialiasing);
        renderTinted(&painter, name, colour, QRectF(0, 0, pixels, pixels));
        painter.end();
        QPixmapCache::insert(key, pixmap);
    }
    pixmap.setDevicePixelRatio(devicePixelRatio);
    return pixmap;
}

QIcon logoIcon()
{
    return QIcon(u":/slotscope/icons/logo.svg"_s);
}

} // namespace slotscope
