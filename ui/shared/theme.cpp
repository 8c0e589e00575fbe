// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/theme.h"

#include "ui/shared/spokenview.h"
#include "ui/shared/taborder.h"

#include <QApplication>
#include <QEvent>
#include <QFile>
#include <QFontDatabase>
#include <QPalette>
#include <QScopedValueRollback>
#include <QSet>
#include <QStyle>
#include <QStyleFactory>
#include <QStyleHints>
#include <QWidget>

#include <utility>

using namespace Qt::Literals::StringLiterals;

static void initSlotscopeResources()
{
    Q_INIT_RESOURCE(slotscope);
}

namespace slotscope {
namespace {

QString firstInstalled(const QStringList &families)
{
    const QStringList installed = QFontDatabase::families();
    for (const QString &family : families) {
        if (installed.contains(family))
            return family;
    }
    return {};
}

/// Returns `font` with these families before its own: each character is drawn by the first family that contains it.
QFont withFamilies(QFont font, QStringList families)
{
    families.removeAll(QString());
    font.setFamilies(families + font.families());
    return font;
}

QFont sized(QFont font, int pixels, QFont::Weight weight = QFont::Normal)
{
    font.setPixelSize(pixels);
    font.setWeight(weight);
    return font;
}

QPalette paletteOf(const ThemeTokens &t)
{
    QPalette palette(t.text, t.surface, t.raised, t.line, t.line2, t.text, t.text, t.surface, t.bg);
    palette.setColor(QPalette::Button, t.surface);
    palette.setColor(QPalette::ButtonText, t.text);
    palette.setColor(QPalette::Mid, t.line);
    palette.setColor(QPalette::Highlight, t.sel);
    palette.setColor(QPalette::HighlightedText, t.text);
    palette.setColor(QPalette::Link, t.accent);
    palette.setColor(QPalette::PlaceholderText, t.faint);
    palette.setColor(QPalette::ToolTipBase, t.raised);
    palette.setColor(QPalette::ToolTipText, t.text);
    palette.setColor(QPalette::AlternateBase, t.surface);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, t.faint);
    return palette;
}

QString styleSheetOf(const ThemeTokens &tokens)
{
    QFile file(u":/slotscope/themes/slotscope.qss"_s);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QString sheet = QString::fromUtf8(file.readAll());
    for (const auto &[name, colour] : namedTokens(tokens))
        sheet.replace(u'$' + name + u'$', colour.name());
    return sheet;
}

class StyleChangeEater final : public QObject
{
protected:
    bool eventFilter(QObject *, QEvent *event) override { return event->type() == QEvent::StyleChange; }
};

/// Widgets styled for the previous style sheet and not for the current one yet. The pointers are only compared: an
/// address may be reused by another widget, which is then styled once more.
QSet<const QWidget *> &staleWidgets()
{
    static QSet<const QWidget *> stale;
    return stale;
}

/// Styles visible widgets, parents first, because children inherit from them.
void styleTree(QWidget *widget)
{
    if (!widget->isVisible())
        return;
    staleWidgets().remove(widget);
    widget->style()->polish(widget);
    QEvent event(QEvent::StyleChange);
    QApplication::sendEvent(widget, &event);
    for (QObject *child : QObjectList(widget->children())) // a copy, because a widget may create others in response
        if (child->isWidgetType() && !static_cast<QWidget *>(child)->isWindow())
            styleTree(static_cast<QWidget *>(child));
}

/// QApplication::setStyleSheet() styles each widget as often as it has ancestors (Qt 6.4: 114,000 times for 9,000
/// widgets, 3.3 s), including those of hidden pages. Here a new style, which is what a first sheet makes, finds no
/// widget to style; visible widgets are then styled once by this code, and the others when they are shown.
void setSheet(const QString &sheet)
{
    QWidgetList styled = QApplication::allWidgets();
    styled.removeIf([](const QWidget *widget) { return !widget->testAttribute(Qt::WA_WState_Polished); });
    for (QWidget *widget : std::as_const(styled))
        widget->setAttribute(Qt::WA_WState_Polished, false);
    {
        StyleChangeEater eater;
        qApp->installEventFilter(&eater);
        qApp->setStyleSheet({});
        qApp->setStyleSheet(sheet);
    }
    for (QWidget *widget : std::as_const(styled))
        widget->setAttribute(Qt::WA_WState_Polished);
    staleWidgets() = {styled.cbegin(), styled.cend()};
    const QWidgetList windows = QApplication::topLevelWidgets();
    for (QWidget *window : windows)
        styleTree(window);
}

} // namespace

Theme::Theme(Mode mode, QObject *parent) : QObject(parent), m_mode(mode)
{
    initSlotscopeResources();
    QApplication::setStyle(QStyleFactory::create(u"Fusion"_s));
    apply();
    qApp->installEventFilter(this);
    installSpokenViews();
    orderTabsOfDialogs();
}

void Theme::setMode(Mode mode)
{
    if (mode == m_mode)
        return;
    m_mode = mode;
    apply();
    Q_EMIT changed();
}

const ThemeTokens &Theme::tokens() const
{
    if (m_highContrast)
        return m_dark ? darkContrastTokens() : lightContrastTokens();
    return m_dark ? darkTokens() : lightTokens();
}

void Theme::setHighContrast(bool on)
{
    if (std::exchange(m_highContrast, on) == on)
        return;
    apply();
    Q_EMIT changed();
}

void Theme::setStill(bool still)
{
    if (std::exchange(m_still, still) == still)
        return;
    if (still)
        m_blinkMs = QApplication::cursorFlashTime();
    QApplication::setCursorFlashTime(still ? 0 : m_blinkMs);
    Q_EMIT changed();
}

bool Theme::systemIsDark() const
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    if (const auto scheme = QGuiApplication::styleHints()->colorScheme(); scheme != Qt::ColorScheme::Unknown)
        return scheme == Qt::ColorScheme::Dark;
#endif
    QApplication::setPalette(QPalette()); // restore the platform's palette, so that it can be read
    const QPalette system = QApplication::palette();
    return system.color(QPalette::Window).lightness() < system.color(QPalette::WindowText).lightness();
}

void Theme::apply()
{
    const QScopedValueRollback guard(m_applying, true);
    m_dark = m_mode == Mode::Dark || (m_mode == Mode::System && systemIsDark());
    QApplication::setFont(textFont());
    QApplication::setPalette(paletteOf(tokens()));
    setSheet(styleSheetOf(tokens()));
}

bool Theme::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Show && watched->isWidgetType()) { // children get this event before their parents
        auto *widget = static_cast<QWidget *>(watched);
        const bool isLater = !widget->isWindow() && staleWidgets().contains(widget->parentWidget());
        if (!isLater && staleWidgets().contains(widget))
            styleTree(widget);
    }
    if (event->type() == QEvent::ThemeChange && m_mode == Mode::System && !m_applying) {
        const bool before = m_dark;
        apply();
        if (before != m_dark)
            Q_EMIT changed();
    }
    return QObject::eventFilter(watched, event);
}

QFont Theme::textFont()
{
    static const QString family = firstInstalled({u"Inter"_s});
    static const QString korean =
        firstInstalled({u"Pretendard"_s, u"Noto Sans CJK KR"_s, u"NanumBarunGothic"_s, u"NanumGothic"_s});
    // font for "▲", "◔", which would otherwise come from the Korean font
    static const QString marks = firstInstalled({u"DejaVu Sans"_s});
    const QFont font = QFontDatabase::systemFont(QFontDatabase::GeneralFont);
    return sized(family.isEmpty() ? withFamilies(font, font.families() + QStringList{marks, korean})
                                  : withFamilies(font, {family, marks, korean}),
                 13);
}

QFont Theme::strongFont()
{
    return sized(textFont(), 13, QFont::DemiBold);
}

QFont Theme::titleFont()
{
    return sized(textFont(), 16, QFont::DemiBold);
}

QFont Theme::smallFont()
{
    return sized(textFont(), 12);
}

QFont Theme::monoFont()
{
    static const QString family = firstInstalled({u"JetBrains Mono"_s, u"DejaVu Sans Mono"_s});
    static const QString korean = firstInstalled({u"D2Coding"_s, u"Noto Sans Mono CJK KR"_s, u"NanumGothicCoding"_s});
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font = withFamilies(font, family.isEmpty() ? font.families() + QStringList{korean} : QStringList{family, korean});
    font.setStyleHint(QFont::Monospace);
    return sized(font, 12);
}

void setStyleProperty(QWidget *widget, const char *name, const QVariant &value)
{
    if (widget->property(name) == value)
        return;
    widget->setProperty(name, value);
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
    widget->update();
}

} // namespace slotscope
