// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QColor>
#include <QRectF>
#include <QWidget>

class QPainter;

namespace slotscope {

class Theme;

/// Letter and colour of a key's type as reported by TYPE: S string, H hash, L list, U set, Z sorted set, X stream, J
/// JSON, M module type. "?" if it is not known yet.
struct TypeLook
{
    QString letter;
    QString word; ///< such as "sorted set"
    QColor colour;
};
[[nodiscard]] TypeLook typeLook(const QByteArray &typeWord, const Theme &theme);

/// Paints a badge of 18 px: the letter on a background of its colour.
void paintTypeBadge(QPainter &painter, const QRectF &rect, const QByteArray &typeWord, const Theme &theme);

class TypeBadge final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TypeBadge)
public:
    explicit TypeBadge(const Theme &theme, QWidget *parent = nullptr);
    void setTypeWord(const QByteArray &typeWord);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    QByteArray m_typeWord;
};

} // namespace slotscope
