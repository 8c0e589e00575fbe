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

/// Helpers to build the cards of a page.
[[nodiscard]] QFrame *pageCard(QWidget *parent);
[[nodiscard]] QLabel *pageCardTitle(const QString &text, QWidget *parent);
[[nodiscard]] ElidedLabel *mutedLabel(QWidget *parent);
/// Lays out a card with a head of 46 px above its content; `stretched` takes the remaining space.
QVBoxLayout *layOutCard(QFrame *card, const QList<QWidget *> &head, QWidget *stretched);
/// Sets up the table of a page; `widths`: column widths, `stretched`: column that takes the rest.
void dressPageTable(TableView *table, int rowHeight, int stretched, std::initializer_list<std::pair<int, int>> widths);

} // namespace slotscope
