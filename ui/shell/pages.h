// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

class QWidget;

namespace slotscope {

class Page;
class Theme;

/// A page of the rail: the one place where pages are registered.
struct PageInfo
{
    QString id; ///< kept in settings and used by --tour
    QString title;
    QString icon;
    Page *(*make)(const Theme &theme, QWidget *parent);
};

/// All pages, in the order of the rail and of Ctrl+1 … 9. Only pages that exist.
[[nodiscard]] QList<PageInfo> pageInfos();

} // namespace slotscope
