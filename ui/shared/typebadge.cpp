// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/typebadge.h"

#include "ui/shared/theme.h"

#include <QCoreApplication>
#include <QPainter>

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

struct Look
{
    const char *type;
    char16_t letter;
    const char *word;
    QRgb dark, light;
};

constexpr std::array<Look, 8> looks{{
    {"string", u'S', QT_TRANSLATE_NOOP("TypeBadge", "string"), 0x6ea5ff, 0x1a5fd0},
    {"hash", u'H', QT_TRANSLATE_NOOP("TypeBadge", "hash"), 0xf0a548, 0x935600},
    {"list", u'L', QT_TRANSLATE_NOOP("TypeBadge", "list"), 0x7cc65a, 0x33691a},
    {"set", u'U', QT_TRANSLATE_NOOP("TypeBadge", "set"), 0x52bfe4, 0x0a6a8e},
    {"zset", u'Z', QT_TRANSLATE_NOOP("TypeBadge", "sorted set"), 0xee86b3, 0xab2b69},
    {"stream", u'X', QT_TRANSLATE_NOOP("TypeBadge", "stream"), 0xa698f0, 0x5945c6},
    {"ReJSON-RL", u'J', QT_TRANSLATE_NOOP("TypeBadge", "JSON"), 0x3fc2b2, 0x0d6f66},
    {"", u'M', QT_TRANSLATE_NOOP("TypeBadge", "module type"), 0xa3adba, 0x586370},
}};

} // namespace

TypeLook typeLook(const QByteArray &typeWord, const Theme &theme)
{
    if (typeWord.isEmpty() || typeWord == "none")
        return {u"?"_s, QString(), theme.tokens().muted};
    const Look *found = &looks.back();
    for (const Look &look : looks)
        if (typeWord == look.type)
            found = &look;
    const QString word = QCoreApplication::translate("TypeBadge", found->word);
    return {QString(QChar(found->letter)), found == &looks.back() ? QString::fromLatin1(typeWord) : word,
            QColor(theme.isDark() ? found->dark : found->light)};
}

void paintTypeBadge(QPainter &painter, const QRectF &rect, const QByteArray &typeWord, const Theme &theme)
{
    const TypeLook look = typeLook(typeWord, theme);
    QFont font = Theme::smallFont();
    font.setPixelSize(11);
    font.setWeight(QFont::Bold);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(mixed(theme.tokens().surface, look.colour, 0.16));
    painter.drawRoundedRect(rect, 4, 4);
    painter.setFont(font);
    painter.setPen(look.colour);
    painter.drawText(rect, Qt::AlignCenter, look.letter);
    painter.restore();
}

TypeBadge::TypeBadge(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setFixedSize(18, 18);
    setAccessibleName(tr("Type"));
}

void TypeBadge::setTypeWord(const QByteArray &typeWord)
{
    m_typeWord = typeWord;
    setToolTip(typeLook(typeWord, m_theme).word);
    setAccessibleName(toolTip().isEmpty() ? tr("Type") : toolTip());
    update();
}

void TypeBadge::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintTypeBadge(painter, rect(), m_typeWord, m_theme);
}

} // namespace slotscope
