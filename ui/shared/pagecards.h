// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

#include <initializer_list>
#include <utility>

class QFrame;
class QLabel;
class QVBoxLayout;
class QWidget;

namespace slotscope {

class ElidedLabel;
class TableView;

/// The parts that cards of a page are put together from.
[[nodiscard]] QFrame *pageCard(QWidget *parent);
[[nodiscard]] QLabel *pageCardTitle(const QString &text, QWidget *parent);
[[nodiscard]] ElidedLabel *mutedLabel(QWidget *parent);
/// A card's head of 46 px above what fills it; `stretched` takes what room the others leave.
QVBoxLayout *layOutCard(QFrame *card, const QList<QWidget *> &head, QWidget *stretched);
/// Rows of a page's table; `widths` of columns, `stretched` takes the rest.
void dressPageTable(TableView *table, int rowHeight, int stretched, std::initializer_list<std::pair<int, int>> widths);

} // namespace slotscope
