// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/elementdelegate.h"

#include "core/models/collectionmodel.h"
#include "ui/shared/badge.h"
#include "ui/shared/theme.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

QString notAScore(const QString &text)
{
    return ElementDelegate::tr("“%1” is not a score: enter a number such as 1.5, or inf.").arg(text.left(40));
}

} // namespace

ElementDelegate::ElementDelegate(const Theme &theme, QObject *parent) : QStyledItemDelegate(parent), m_theme(theme) { }

void ElementDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    painter->save();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, tokens.sel);
    else if (option.state & QStyle::State_MouseOver)
        painter->fillRect(option.rect, tokens.raised);
    painter->setPen(tokens.grid);
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    const QVariant was = index.data(CollectionModel::WasRole);
    if (was.isValid())
        painter->fillRect(QRect(option.rect.left() + 2, option.rect.top(), 3, option.rect.height()), tokens.accentMark);
    const bool number = index.data(NumberRole).toBool();
    const bool isLast = index.column() == index.model()->columnCount() - 1;
    QRect area = option.rect.adjusted(index.column() == 0 ? 16 : 10, 0, isLast ? -16 : -8, 0);
    if (was.isValid()) {
        const QString words = CollectionModel::tr("was %1").arg(was.toString().left(24));
        painter->setFont(Theme::smallFont());
        painter->setPen(tokens.faint);
        const int width = QFontMetrics(Theme::smallFont()).horizontalAdvance(words);
        if (width < area.width() / 2) {
            painter->drawText(area, int(Qt::AlignVCenter | (number ? Qt::AlignLeft : Qt::AlignRight)), words);
            area.adjust(number ? width + 8 : 0, 0, number ? 0 : -width - 8, 0);
        }
    }
    const QFont font = index.data(MonospaceRole).toBool() ? Theme::monoFont() : Theme::textFont();
    const auto tone = Tone(index.data(ToneRole).toInt());
    QString text = index.data().toString();
    painter->setFont(font);
    painter->setPen(tone == Tone::Neutral ? tokens.text : toneColours(tokens, tone).text);
    if (text.isEmpty() && tone == Tone::Neutral && !number) {
        text = CollectionModel::tr("(empty)");
        painter->setPen(tokens.faint);
    }
    painter->drawText(area, int(Qt::AlignVCenter | (number ? Qt::AlignRight : Qt::AlignLeft)),
                      QFontMetrics(font).elidedText(text, Qt::ElideRight, area.width()));
    if (option.state & QStyle::State_HasFocus) {
        painter->setPen(tokens.accent);
        painter->drawLine(option.rect.topLeft(), option.rect.bottomLeft());
    }
    painter->restore();
}

void ElementDelegate::setEditorData(QWidget *editor, const QModelIndex &index) const
{
    if (!editor->property("filled").toBool())
        QStyledItemDelegate::setEditorData(editor, index);
    editor->setProperty("filled", true);
}

void ElementDelegate::setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const
{
    auto *collection = qobject_cast<CollectionModel *>(model);
    const auto *line = qobject_cast<QLineEdit *>(editor);
    if (!collection || !line)
        return;
    if (!collection->stageText(editor->property("name").toByteArray(), editor->property("was").value<ValueRow>(),
                               collection->columnAt(index.column()), line->text()))
        Q_EMIT refused(notAScore(line->text()));
}

bool ElementDelegate::eventFilter(QObject *object, QEvent *event)
{
    const auto *line = qobject_cast<QLineEdit *>(object);
    if (line && event->type() == QEvent::KeyPress && line->property("isScore").toBool()) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        const bool ends = key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Tab || key == Qt::Key_Backtab;
        if (ends && !storedScore(line->text().toUtf8().trimmed())) {
            Q_EMIT refused(notAScore(line->text()));
            return true;
        }
    }
    return QStyledItemDelegate::eventFilter(object, event);
}

QWidget *ElementDelegate::createEditor(QWidget *parent, const QStyleOptionViewItem &, const QModelIndex &index) const
{
    const auto *collection = qobject_cast<const CollectionModel *>(index.model());
    const ValueRow *row = collection ? collection->row(index.row()) : nullptr;
    if (!row)
        return nullptr;
    auto *line = new QLineEdit(parent);
    line->setProperty("name", index.data(CollectionModel::NameRole));
    line->setProperty("was", QVariant::fromValue(*row));
    line->setProperty("isScore", collection->columnAt(index.column()) == CollectionModel::Column::Score);
    line->setFont(Theme::monoFont());
    line->setStyleSheet(u"QLineEdit { min-height: 22px; max-height: 22px; padding: 0 6px; }"_s);
    return line;
}

} // namespace slotscope
